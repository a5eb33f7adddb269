/** What a server lists now, by one request. */
import * as v from 'valibot';
import { parseEndpoint } from './endpointUrl.ts';
import type { Fetch } from './http.ts';
import { modelList, parseJson } from './schemas.ts';

const askMs = 10_000;

/** Empty where it does not answer: whoever asks it next says why. @throws AppError `input.invalid` */
export async function modelNames(url: string, apiKey: string | undefined, fetch: Fetch): Promise<readonly string[]> {
  const { api } = parseEndpoint(url);
  try {
    const reply = await fetch(`${api}/models`, { headers: apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }, signal: AbortSignal.timeout(askMs) });
    const parsed = v.safeParse(modelList, parseJson(await reply.text()));
    return parsed.success ? (parsed.output.data ?? []).map(({ id }) => id) : [];
  } catch {
    return [];
  }
}
