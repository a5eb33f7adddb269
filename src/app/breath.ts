import { setImmediate } from 'node:timers/promises';

/** Longest stretch of work between two turns of the event loop, in milliseconds: decisions.md 3 allows 10. */
const stretch = 6;

/** For work over long lists where keys must still be heard: asks for a turn of the event loop every few milliseconds. */
export class Breath {
  #since = performance.now();

  get isDue(): boolean {
    return performance.now() - this.#since > stretch;
  }

  async taken(): Promise<void> {
    await setImmediate();
    this.#since = performance.now();
  }
}
