import { AppError } from '../../core/errors.ts';
import type { Clock } from './clock.ts';
import type { RequestFailure } from './failure.ts';

export interface RetryPolicy {
  /** Tries after 429 or 503 before `backend.busy`. */
  readonly busyAttempts: number;
  /** How long a server that has answered before may be away (a restart). */
  readonly patienceMs: number;
  readonly firstDelayMs: number;
  readonly maxDelayMs: number;
}

export const defaultRetryPolicy: RetryPolicy = { busyAttempts: 8, patienceMs: 60_000, firstDelayMs: 500, maxDelayMs: 15_000 };

export interface RetryParts {
  readonly policy: RetryPolicy;
  readonly clock: Clock;
  /** 0 to 1; spreads the tries of many requests. */
  readonly random: () => number;
}

/** Decides, for one logical request, whether and when it is tried again. */
export class Retries {
  readonly #parts: RetryParts;
  #busy = 0;
  #away = 0;
  #awaySince: number | undefined;
  #secondChances = 1;

  constructor(parts: RetryParts) {
    this.#parts = parts;
  }

  /** Something came through: the server is there. */
  progressed(): void {
    this.#busy = 0;
    this.#away = 0;
    this.#awaySince = undefined;
  }

  /** Waits until the next try is due. @throws AppError the failure's own, when another try would not help. */
  async wait(failure: RequestFailure, known: { readonly reachedBefore: boolean; readonly url: string }, signal: AbortSignal): Promise<void> {
    switch (failure.kind) {
      case 'refused': throw failure.error;
      case 'busy': return this.#waitBusy(failure, known.url, signal);
      case 'connection': return this.#waitAway(failure, known.reachedBefore, signal);
      case 'server':
      case 'reply':
      case 'stall':
        if (this.#secondChances === 0) throw failure.error;
        this.#secondChances -= 1;
        return this.#parts.clock.sleep(this.#delay(0), signal);
    }
  }

  async #waitBusy(failure: RequestFailure, url: string, signal: AbortSignal): Promise<void> {
    this.#busy += 1;
    if (this.#busy > this.#parts.policy.busyAttempts) throw new AppError('backend.busy', { url, attempts: this.#busy }, failure);
    const own = this.#delay(this.#busy - 1);
    await this.#parts.clock.sleep(Math.max(failure.detail.retryAfterMs ?? 0, own), signal);
  }

  async #waitAway(failure: RequestFailure, reachedBefore: boolean, signal: AbortSignal): Promise<void> {
    const now = this.#parts.clock.now();
    this.#awaySince ??= now;
    if (!reachedBefore || now - this.#awaySince > this.#parts.policy.patienceMs) throw failure.error;
    await this.#parts.clock.sleep(this.#delay(this.#away), signal);
    this.#away += 1;
  }

  /** Doubles from try to try; between half and all of that, at random. */
  #delay(tries: number): number {
    const { policy, random } = this.#parts;
    const full = Math.min(policy.maxDelayMs, policy.firstDelayMs * 2 ** tries);
    return full * (0.5 + random() / 2);
  }
}
