import { abortError } from '../../protocol/channel.ts';

export interface LimiterOptions {
  /** Sequences under way at first, at least and at most. */
  readonly initial: number;
  readonly max: number;
}

export interface AcquireOptions {
  readonly weight: number;
  readonly urgent: boolean;
  readonly signal: AbortSignal;
}

export type LeaseEnd = { readonly kind: 'ok'; readonly firstByteMs: number } | { readonly kind: 'busy' } | { readonly kind: 'failed' };

export interface Lease {
  /** Call once. */
  end(how: LeaseEnd): void;
}

interface Waiting {
  readonly weight: number;
  readonly start: () => void;
}

/** A first byte that comes this much later than the best one means a queue on the server. */
const SLOW_FACTOR = 4;
const SLOW_FLOOR_MS = 1_500;

/**
 * How many sequences one server is given at once. Additive increase, multiplicative decrease (Chiu and Jain 1989), with a
 * doubling start as in TCP: grows while the limit is what holds us back, halves on 429 and 503, yields a little when first
 * bytes get late. A decrease counts once for all requests that were under way together.
 */
export class AdaptiveLimiter {
  readonly #max: number;
  readonly #queue: Waiting[] = [];
  #limit: number;
  #running = 0;
  #waitingWeight = 0;
  #epoch = 0;
  #startPhase = true;
  #bestFirstByteMs = Number.POSITIVE_INFINITY;

  constructor(options: LimiterOptions) {
    this.#max = Math.max(1, options.max);
    this.#limit = Math.min(Math.max(1, options.initial), this.#max);
  }

  get limit(): number {
    return Math.floor(this.#limit);
  }

  /** Work given to this server, waiting included, in parts of what it can take. */
  get load(): number {
    return (this.#running + this.#waitingWeight) / this.#limit;
  }

  /** Resolves in order, urgent ones first; rejects with an AbortError. A weight above the limit runs alone. */
  acquire({ weight, urgent, signal }: AcquireOptions): Promise<Lease> {
    if (signal.aborted) return Promise.reject(abortError());
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.#queue.splice(this.#queue.indexOf(waiting), 1);
        this.#waitingWeight -= weight;
        reject(abortError());
      };
      const start = (): void => {
        signal.removeEventListener('abort', leave);
        this.#waitingWeight -= weight;
        resolve(this.#lease(weight));
      };
      const waiting = { weight, start };
      signal.addEventListener('abort', leave, { once: true });
      this.#waitingWeight += weight;
      if (urgent) this.#queue.unshift(waiting);
      else this.#queue.push(waiting);
      this.#admit();
    });
  }

  #admit(): void {
    for (let next = this.#queue[0]; next !== undefined; next = this.#queue[0]) {
      if (this.#running > 0 && this.#running + next.weight > this.#limit) return;
      this.#queue.shift();
      next.start();
    }
  }

  #lease(weight: number): Lease {
    this.#running += weight;
    const epoch = this.#epoch;
    let open = true;
    return {
      end: (how) => {
        if (!open) return;
        open = false;
        this.#learn(how, weight, epoch);
        this.#running -= weight;
        this.#admit();
      },
    };
  }

  #learn(how: LeaseEnd, weight: number, epoch: number): void {
    if (how.kind === 'failed') return;
    if (how.kind === 'busy') { this.#shrink(0.5, epoch); return; }
    this.#bestFirstByteMs = Math.min(this.#bestFirstByteMs, how.firstByteMs);
    const late = how.firstByteMs > SLOW_FLOOR_MS + SLOW_FACTOR * this.#bestFirstByteMs;
    if (late) { this.#shrink(0.9, epoch); return; }
    const heldBack = this.#queue.length > 0 || this.#running + weight > this.#limit;
    if (heldBack) this.#limit = Math.min(this.#max, this.#limit + (this.#startPhase ? weight : weight / this.#limit));
  }

  #shrink(factor: number, epoch: number): void {
    this.#startPhase = false;
    if (epoch !== this.#epoch) return;
    this.#epoch += 1;
    this.#limit = Math.max(1, this.#limit * factor);
  }
}
