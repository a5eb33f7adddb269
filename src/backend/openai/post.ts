import type { Endpoint } from './endpointPool.ts';
import { RequestFailure } from './failure.ts';
import { Retries } from './retries.ts';
import type { SamplerParts } from './sampler.ts';

export interface PostTo {
  readonly parts: Pick<SamplerParts, 'http' | 'retry'>;
  readonly endpoint: Endpoint;
}

/** One request with a JSON body, in its turn and tried again as `Retries` says; the reply as text. @throws AppError `backend.*` */
export async function postJson({ parts, endpoint }: PostTo, call: { readonly url: string; readonly body: object }, signal: AbortSignal): Promise<string> {
  const retries = new Retries(parts.retry);
  for (;;) {
    const lease = await endpoint.limiter.acquire({ weight: 1, urgent: false, signal });
    try {
      return (await parts.http.text({ method: 'POST', ...call }, signal)).text;
    } catch (thrown) {
      if (!(thrown instanceof RequestFailure)) throw thrown;
      lease.end({ kind: thrown.kind === 'busy' ? 'busy' : 'failed' });
      await retries.wait(thrown, { reachedBefore: true, url: endpoint.url.root }, signal);
    } finally {
      lease.end({ kind: 'failed' });
    }
  }
}
