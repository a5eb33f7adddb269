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

/** Does something with each of many, in as many turns of the event loop as that takes. */
export async function inTurns<T>(items: Iterable<T>, work: (item: T) => void): Promise<void> {
  const breath = new Breath();
  for (const item of items) {
    work(item);
    if (breath.isDue) await breath.taken();
  }
}

/** Those of many that pass, likewise. */
export async function filteredInTurns<T>(items: Iterable<T>, passes: (item: T) => boolean): Promise<readonly T[]> {
  const found: T[] = [];
  await inTurns(items, (item) => { if (passes(item)) found.push(item); });
  return found;
}
