/** The demo's result under the names of the bench. */
import type { Learned } from './learn.ts';

export interface LearnFigure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly n: number;
}

export function figuresOf({ gate: { measured }, trainSeconds, judgments }: Learned): readonly LearnFigure[] {
  const { winRate, accuracy, chrf, chrfPreferred } = measured;
  return [
    ...(winRate === undefined ? [] : [{ name: 'learn.winrate.low', value: 100 * winRate.result.interval.low, unit: '%', n: winRate.result.n }]),
    ...(accuracy === undefined ? [] : [{ name: 'learn.pair-accuracy.gain', value: 100 * accuracy.change, unit: 'points', n: accuracy.pairs }]),
    ...(chrf === undefined ? [] : [{ name: 'learn.chrf.change', value: chrf.change, unit: 'chrF', n: chrf.n }]),
    ...(chrfPreferred === undefined ? [] : [{ name: 'learn.chrf-preferred.change', value: chrfPreferred.change, unit: 'chrF', n: chrfPreferred.n }]),
    { name: 'learn.train.s', value: trainSeconds, unit: 's', n: judgments },
  ];
}
