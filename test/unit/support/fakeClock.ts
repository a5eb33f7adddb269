import type { Clock } from '../../../src/backend/openai/clock.ts';
import { systemClock } from '../../../src/backend/openai/clock.ts';

/** Sleeps end at once and are written down; watchdogs and the time itself are real. */
export class ImpatientClock implements Clock {
  readonly slept: number[] = [];
  #skipped = 0;

  now(): number {
    return systemClock.now() + this.#skipped;
  }

  async sleep(ms: number, signal: AbortSignal): Promise<void> {
    this.slept.push(ms);
    this.#skipped += ms;
    await systemClock.sleep(1, signal);
  }

  after(ms: number, callback: () => void): () => void {
    return systemClock.after(ms, callback);
  }
}
