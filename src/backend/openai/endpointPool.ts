import type { Clock } from './clock.ts';
import type { EndpointUrl } from './endpointUrl.ts';
import { AdaptiveLimiter, type LimiterOptions } from './limiter.ts';

export interface Endpoint {
  readonly url: EndpointUrl;
  limiter: AdaptiveLimiter;
  /** It has answered at least once, so it is worth waiting for. */
  reached: boolean;
  /** Not asked before this time, unless all are away. */
  awayUntil: number;
}

const AWAY_MS = 5_000;

/** Several servers of one model (data parallel): work goes to the one with the least, those that are away rest a while. */
export class EndpointPool {
  readonly #clock: Clock;
  readonly endpoints: readonly Endpoint[];

  constructor(urls: readonly EndpointUrl[], limits: LimiterOptions, clock: Clock) {
    this.#clock = clock;
    this.endpoints = urls.map((url) => ({ url, limiter: new AdaptiveLimiter(limits), reached: false, awayUntil: Number.NEGATIVE_INFINITY }));
  }

  /** The least loaded endpoint that is not away; `preferred` as long as it is there, since it holds the prompt's prefix. */
  pick(preferred: Endpoint | undefined): Endpoint | undefined {
    const now = this.#clock.now();
    if (preferred !== undefined && preferred.awayUntil <= now) return preferred;
    const there = this.endpoints.filter((endpoint) => endpoint.awayUntil <= now);
    const from = there.length > 0 ? there : this.endpoints;
    return from.reduce<Endpoint | undefined>((best, next) => (best === undefined || next.limiter.load < best.limiter.load ? next : best), undefined);
  }

  answered(endpoint: Endpoint): void {
    endpoint.reached = true;
    endpoint.awayUntil = Number.NEGATIVE_INFINITY;
  }

  away(endpoint: Endpoint): void {
    endpoint.awayUntil = this.#clock.now() + AWAY_MS;
  }

  /** Any of them has answered before. */
  get reached(): boolean {
    return this.endpoints.some((endpoint) => endpoint.reached);
  }
}
