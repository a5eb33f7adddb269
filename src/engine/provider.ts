import { AppError } from '../core/errors.ts';
import type { Provider } from '../protocol/engine.ts';

export interface Opened<T> {
  readonly opened: T;
  readonly provider: Provider;
  /** Why it is not the one that was asked for. */
  readonly note?: string;
}

/**
 * Opens a model with the provider that was asked for; one that is missing, has no device or cannot run the graph gives way
 * to the CPU, with the reason. A model that the CPU cannot run either is an error of the model.
 * @param open tries the model out, and rejects where the provider cannot run it. @throws what it throws with the CPU
 */
export async function openWithProvider<T>(wanted: Provider, open: (provider: Provider) => Promise<T>): Promise<Opened<T>> {
  if (wanted === 'cpu') return { opened: await open('cpu'), provider: 'cpu' };
  try {
    return { opened: await open(wanted), provider: wanted };
  } catch (thrown) {
    return { opened: await open('cpu'), provider: 'cpu', note: `${wanted}: ${reasonOf(thrown)}` };
  }
}

/** Where in onnxruntime's own source a condition did not hold, before the sentence that says what is wrong. */
const assertion = /^\/onnxruntime_src\/.* was false\. /u;

function isModelInvalid(thrown: unknown): thrown is AppError<'engine.modelInvalid'> {
  return thrown instanceof AppError && thrown.code === 'engine.modelInvalid';
}

function reasonOf(thrown: unknown): string {
  const reason = isModelInvalid(thrown) ? thrown.data.reason : String(thrown);
  return (reason.split('\n', 1)[0] ?? reason).replace(assertion, '').trim();
}
