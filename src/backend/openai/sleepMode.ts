/**
 * vLLM's sleep mode: weights go to the CPU's memory and the GPU is free until the server is woken. The endpoints exist where it
 * was started with `--enable-sleep-mode` and `VLLM_SERVER_DEV_MODE=1`.
 */
import { AppError } from '../../core/errors.ts';
import { parseEndpoint } from './endpointUrl.ts';
import { connectionFailure } from './failure.ts';
import type { Fetch } from './http.ts';

export interface ServerLook {
  /** Something answers that offers models. */
  readonly answers: boolean;
  readonly canSleep: boolean;
}

const askMs = 2_000;
/** Copying the weights of a large model. */
const moveMs = 120_000;

/** Asks, and changes nothing. @throws AppError `input.invalid` */
export async function lookAtServer(url: string, fetch: Fetch): Promise<ServerLook> {
  const { root, api } = parseEndpoint(url);
  const [models, sleeping] = await Promise.all([`${api}/models`, `${root}/is_sleeping`].map((path) => statusOf(path, fetch)));
  // one that wants a key runs as well
  return { answers: models === 200 || models === 401, canSleep: sleeping === 200 };
}

/** @throws AppError `backend.refused`, `backend.unreachable`, `backend.untrusted`, `input.invalid` */
export async function putToSleep(url: string, fetch: Fetch): Promise<void> {
  await post(`${parseEndpoint(url).root}/sleep?level=1`, fetch);
}

/** @throws AppError `backend.refused`, `backend.unreachable`, `backend.untrusted`, `input.invalid` */
export async function wakeUp(url: string, fetch: Fetch): Promise<void> {
  await post(`${parseEndpoint(url).root}/wake_up`, fetch);
}

async function statusOf(url: string, fetch: Fetch): Promise<number | undefined> {
  try {
    const reply = await fetch(url, { signal: AbortSignal.timeout(askMs) });
    await reply.body?.cancel();
    return reply.status;
  } catch {
    return undefined; // nobody is there
  }
}

async function post(url: string, fetch: Fetch): Promise<void> {
  const reply = await fetch(url, { method: 'POST', signal: AbortSignal.timeout(moveMs) }).catch((thrown: unknown) => {
    throw connectionFailure(url, thrown).error;
  });
  const body = await reply.text();
  if (!reply.ok) throw new AppError('backend.refused', { url, status: reply.status, body: body.slice(0, 300) });
}
