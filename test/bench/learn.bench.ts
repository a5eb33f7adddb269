import { figuresOf } from '../../scripts/learn/figures.ts';
import { learn } from '../../scripts/learn/learn.ts';
import { ensurePython, trainerEnvironment } from '../../scripts/support/python.ts';
import { inRoot } from '../../scripts/support/root.ts';
import type { Bench } from './support/figures.ts';

const note = (line: string): void => { console.error(line); };

/** The loop of `npm run demo:learn`: some minutes on two cores. */
export const benches: readonly Bench[] = [{
  prefix: 'learn.',
  run: async (emit) => {
    const learned = await learn({
      folder: inRoot('build', 'learnBench'), note, config: inRoot('scripts', 'learn', 'polite.yaml'), candidates: 16, heldOut: 1000, draws: 4,
      python: await ensurePython(trainerEnvironment, note), signal: new AbortController().signal,
    });
    for (const figure of figuresOf(learned)) emit(figure);
  },
}];
