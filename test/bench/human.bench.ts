import { bootstrapInterval, bySource } from '../../src/core/evaluation/interval.ts';
import { sharedData } from '../unit/support/sharedData.ts';
import type { Bench, Emit } from './support/figures.ts';
import { describe } from './support/human/features.ts';
import { crossValidated, type Target } from './support/human/ridge.ts';
import { esaOfFirst, esaOfPick, mean, omissionAuc, pairs, readSegments, type Described, type Pair } from './support/human/segments.ts';

/** What the pick is worth to people. Scores below 60 count as 60, so that a handful of disasters does not decide the weights. */
const quality: Target = {
  of: ({ esa }) => Math.max(esa, 60),
  quality: (segments, scores) => mean(segments.map((segment, at) => esaOfPick(segment, scores[at] ?? []))),
};

const omission: Target = {
  of: ({ omits }) => -Number(omits),
  quality: (segments, scores) => omissionAuc(segments, scores).auc,
};

interface Gain {
  /** The document, which all its segments and languages are drawn with. */
  readonly source: string;
  readonly gain: number;
}

interface Scored {
  readonly pair: Pair;
  readonly segments: readonly Described[];
  readonly scores: readonly (readonly number[])[];
}

function scoreAll(together: readonly Described[], target: Target): Scored[] {
  const scores = crossValidated(together, target);
  return pairs.map((pair) => {
    const own = together.flatMap((segment, at) => (segment.pair === pair ? [{ segment, row: scores[at] ?? [] }] : []));
    return { pair, segments: own.map(({ segment }) => segment), scores: own.map(({ row }) => row) };
  });
}

/**
 * chrF-MBR against a combination of features that need no model, on scores by people. The combination is fitted, so it is
 * only ever applied to documents and systems that it has not seen. A pick is a text: its score is the mean over all
 * candidates with that text, and ties count as the mean of the tied; `.first` takes the first of them, as was published.
 */
function humanScores(together: readonly Described[], emit: Emit): void {
  const gains = scoreAll(together, quality).map(({ pair, segments, scores }) => {
    const figure = (name: string, values: readonly number[]): void => { emit({ name: `human.${pair}.${name}`, value: mean(values), unit: 'ESA', n: values.length }); };
    const baseline = segments.map((segment) => esaOfPick(segment, segment.mbr));
    const ours = segments.map((segment, at) => esaOfPick(segment, scores[at] ?? []));
    figure('chrf-mbr.first.esa', segments.map((segment) => esaOfFirst(segment, segment.mbr)));
    figure('chrf-mbr.esa', baseline);
    figure('ours.esa', ours);
    const found = segments.map(({ document }, at): Gain => ({ source: document, gain: (ours[at] ?? NaN) - (baseline[at] ?? NaN) }));
    printGain(`human.${pair}.gain`, found, emit);
    return found;
  });
  printGain('human.pooled.gain', gains.flat(), emit);
}

/** How well a low score tells a candidate that leaves something out, from its siblings. */
function omissions(together: readonly Described[], emit: Emit): void {
  for (const { pair, segments, scores } of scoreAll(together, omission)) {
    const ours = omissionAuc(segments, scores);
    const baseline = omissionAuc(segments, segments.map(({ mbr }) => mbr));
    emit({ name: `omission.${pair}.auc`, value: ours.auc, unit: 'AUC', n: ours.pairs });
    emit({ name: `omission.${pair}.chrf-mbr.auc`, value: baseline.auc, unit: 'AUC', n: baseline.pairs });
  }
}

/** Mean gain with its 95 % interval; documents are drawn, in the pooled figure with all their languages. */
function printGain(name: string, gains: readonly Gain[], emit: Emit): void {
  const documents = bySource(gains).map((group) => group.map(({ gain }) => gain));
  const statistic = (drawn: readonly (readonly number[])[]): number => mean(drawn.flat());
  const figure = (part: string, value: number): void => { emit({ name: `${name}${part}`, value, unit: 'ESA', n: gains.length }); };
  const interval = bootstrapInterval(documents, statistic, { resamples: 2000 });
  figure('', statistic(documents));
  if (interval === undefined) return;
  figure('.low', interval.low);
  figure('.high', interval.high);
}

/** Both benches look at the same features, which take a minute to find. */
function humanBenches(): Bench[] {
  let described: readonly Described[] | undefined;
  const over = (prefix: string, work: (segments: readonly Described[], emit: Emit) => void): Bench => ({
    prefix,
    group: 'human-scores',
    run: (emit) => new Promise((resolve) => {
      const folder = sharedData('wmt24-esa');
      if (folder === undefined) emit({ name: prefix, skipped: 'needs ../shared/data/wmt24-esa' });
      else work(described ??= pairs.flatMap((pair) => describe(readSegments(folder, pair))), emit);
      resolve();
    }),
  });
  return [over('human.', humanScores), over('omission.', omissions)];
}

export const benches: readonly Bench[] = humanBenches();
