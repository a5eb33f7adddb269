import { AppError } from '../errors.ts';
import { buildCooccurrence } from './cooccurrence.ts';
import type { Cooccurrence } from './cooccurrence.ts';
import type { CorpusSide } from './corpus.ts';
import { diagonalFeature, fillPrior, updateTension } from './diagonal.ts';
import type { DiagonalPrior, LengthCounts } from './diagonal.ts';
import { digamma } from './digamma.ts';
import { sortTable } from './translationTable.ts';
import type { TranslationTable } from './translationTable.ts';

/** One direction of the aligner: P(made sentence, links | given sentence). */
export interface DirectionModel {
  readonly prior: DiagonalPrior;
  readonly table: TranslationTable;
}

export interface TrainingOptions {
  /** EM iterations, 1 to 100. */
  readonly iterations: number;
  /** Variational Bayes with a symmetric Dirichlet of this concentration; 0 is plain EM. */
  readonly alpha: number;
  readonly empty: number;
  readonly initialTension: number;
  /** Tension follows the data from the second iteration on. */
  readonly fitTension: boolean;
  /**
   * Equal words of both languages count as if they had been seen aligned this often: names, numbers, code. It goes
   * beyond fast_align (0 is its model) and is worth 0.3 points of AER in ja-en and 1.5 in en-fr (test/bench/align.bench.ts).
   */
  readonly equalWords: number;
  /** Entries below this are left out of the trained table, 0 to 1. */
  readonly prune: number;
}

/** fast_align's recommended settings (-d -o -v), and equal words. */
export const defaultTraining: TrainingOptions = {
  iterations: 5,
  alpha: 0.01,
  empty: 0.08,
  initialTension: 4,
  fitTension: true,
  equalWords: 1,
  prune: 0,
};

/** Expected counts known before the corpus is seen, a table entry each: how a shipped model is refined. */
export type PriorCounts = (row: number, column: number) => number;

export interface TrainingHooks {
  /** After each iteration; log-likelihood of the corpus (natural log) under the parameters the iteration began with. */
  readonly onProgress?: (done: number, total: number, logLikelihood: number) => void;
  readonly signal?: AbortSignal;
  readonly priorCounts?: PriorCounts;
}

/**
 * IBM model 2 with a diagonal prior (Dyer, Chahuneau and Smith 2013), trained by EM with mean-field variational Bayes
 * on the table (their section 2.2): t(f|e) = exp(ψ(c_ef + α) − ψ(Σ_f (c_ef + α))). Swap the sides for the reverse
 * direction; both can run in workers at once. Cost: linear in the cells each iteration, memory of `Cooccurrence` plus
 * 16 bytes an entry. 50,000 pairs of 8 and 11 words take about 2 s.
 * @throws AppError `ranking.badSettings` for options out of range; the signal's reason when it aborts.
 */
export function trainDirection(given: CorpusSide, made: CorpusSide, options = defaultTraining, hooks: TrainingHooks = {}): DirectionModel {
  checkOptions(options);
  const table = buildCooccurrence(given, made);
  const probabilities = new Float64Array(table.columns.length).fill(1 / Math.max(1, made.words.length));
  const counts = new Float64Array(table.columns.length);
  const priors = priorCountsOf(table, { given, made, equalWords: options.equalWords, known: hooks.priorCounts });
  startFromPrior(table, priors, probabilities);
  const lengths = countLengths(given, made);
  let prior: DiagonalPrior = { tension: options.initialTension, empty: options.empty };
  for (let iteration = 0; iteration < options.iterations; iteration++) {
    hooks.signal?.throwIfAborted();
    counts.set(priors);
    const pass = expectation({ given, made, cells: table.cells, probabilities, counts }, prior);
    hooks.onProgress?.(iteration + 1, options.iterations, pass.logLikelihood);
    maximise(table, counts, probabilities, options.alpha);
    if (options.fitTension && iteration > 0) {
      prior = { ...prior, tension: updateTension(prior.tension, pass.meanFeature, lengths) };
    }
  }
  return { prior, table: sortTable({ ...table, probabilities }, made.words.length, options.prune) };
}

interface Pass {
  readonly given: CorpusSide;
  readonly made: CorpusSide;
  readonly cells: Int32Array;
  readonly probabilities: Float64Array;
  readonly counts: Float64Array;
}

/** E-step: adds posteriors to the counts. Returns the log-likelihood and the posterior mean of h a made token. */
function expectation(pass: Pass, prior: DiagonalPrior): { logLikelihood: number; meanFeature: number } {
  const { given, made, cells, probabilities, counts } = pass;
  const weights = new Float64Array(longest(given) + 1);
  let cell = 0;
  let logLikelihood = 0;
  let feature = 0;
  for (let pair = 0; pair + 1 < made.starts.length; pair++) {
    const n = (given.starts[pair + 1] ?? 0) - (given.starts[pair] ?? 0);
    const m = (made.starts[pair + 1] ?? 0) - (made.starts[pair] ?? 0);
    for (let j = 1; j <= m; j++, cell += n + 1) {
      fillPrior(weights, prior, j / m, n);
      let total = 0;
      for (let i = 0; i <= n; i++) {
        const weight = (weights[i] ?? 0) * (probabilities[cells[cell + i] ?? 0] ?? 0);
        weights[i] = weight;
        total += weight;
      }
      logLikelihood += Math.log(total);
      const scale = 1 / total;
      for (let i = 0; i <= n; i++) {
        const posterior = (weights[i] ?? 0) * scale;
        const entry = cells[cell + i] ?? 0;
        counts[entry] = (counts[entry] ?? 0) + posterior;
        if (i > 0) feature += posterior * diagonalFeature(i, j, n, m);
      }
    }
  }
  return { logLikelihood, meanFeature: feature / Math.max(1, made.tokens.length) };
}

function maximise(table: Cooccurrence, counts: Float64Array, probabilities: Float64Array, alpha: number): void {
  for (let row = 0; row + 1 < table.rowStarts.length; row++) {
    const from = table.rowStarts[row] ?? 0;
    const to = table.rowStarts[row + 1] ?? 0;
    let total = 0;
    for (let entry = from; entry < to; entry++) total += (counts[entry] ?? 0) + alpha;
    const logTotal = total > 0 && alpha > 0 ? digamma(total) : 0;
    for (let entry = from; entry < to; entry++) {
      const count = counts[entry] ?? 0;
      if (alpha > 0) probabilities[entry] = Math.exp(digamma(count + alpha) - logTotal);
      else probabilities[entry] = total > 0 ? count / total : 0;
    }
  }
}

interface PriorSources {
  readonly given: CorpusSide;
  readonly made: CorpusSide;
  readonly equalWords: number;
  readonly known: PriorCounts | undefined;
}

function priorCountsOf(table: Cooccurrence, { given, made, equalWords, known }: PriorSources): Float64Array {
  const counts = new Float64Array(table.columns.length);
  const madeIds = new Map(made.words.map((word, id) => [word, id]));
  for (let row = 0; row + 1 < table.rowStarts.length; row++) {
    const word = row === 0 ? undefined : given.words[row - 1];
    const equal = word === undefined ? undefined : madeIds.get(word);
    for (let entry = table.rowStarts[row] ?? 0; entry < (table.rowStarts[row + 1] ?? 0); entry++) {
      const column = table.columns[entry] ?? 0;
      counts[entry] = (known?.(row, column) ?? 0) + (column === equal ? equalWords : 0);
    }
  }
  return counts;
}

/** Entries with prior counts begin with their share of the row, if that is above the flat start of all the others. */
function startFromPrior(table: Cooccurrence, priors: Float64Array, probabilities: Float64Array): void {
  for (let row = 0; row + 1 < table.rowStarts.length; row++) {
    const from = table.rowStarts[row] ?? 0;
    const to = table.rowStarts[row + 1] ?? 0;
    let total = 1;
    for (let entry = from; entry < to; entry++) total += priors[entry] ?? 0;
    for (let entry = from; entry < to; entry++) {
      const share = (priors[entry] ?? 0) / total;
      if (share > (probabilities[entry] ?? 0)) probabilities[entry] = share;
    }
  }
}

function countLengths(given: CorpusSide, made: CorpusSide): LengthCounts {
  const counts = new Map<number, { made: number; given: number; pairs: number }>();
  for (let pair = 0; pair + 1 < made.starts.length; pair++) {
    const n = (given.starts[pair + 1] ?? 0) - (given.starts[pair] ?? 0);
    const m = (made.starts[pair + 1] ?? 0) - (made.starts[pair] ?? 0);
    const key = m * 2 ** 26 + n;
    const known = counts.get(key);
    if (known === undefined) counts.set(key, { made: m, given: n, pairs: 1 });
    else known.pairs++;
  }
  return counts;
}

function longest(side: CorpusSide): number {
  let most = 0;
  for (let pair = 0; pair + 1 < side.starts.length; pair++) {
    most = Math.max(most, (side.starts[pair + 1] ?? 0) - (side.starts[pair] ?? 0));
  }
  return most;
}

function checkOptions(options: TrainingOptions): void {
  const check = (name: string, value: number, ok: boolean, allowed: string): void => {
    if (!ok) throw new AppError('ranking.badSettings', { name, value: String(value), allowed });
  };
  check('iterations', options.iterations, Number.isInteger(options.iterations) && options.iterations >= 1 && options.iterations <= 100, '1 to 100');
  check('alpha', options.alpha, options.alpha >= 0 && Number.isFinite(options.alpha), '0 or more');
  check('empty', options.empty, options.empty > 0 && options.empty < 1, 'between 0 and 1');
  check('initialTension', options.initialTension, options.initialTension >= 0.1 && options.initialTension <= 14, '0.1 to 14');
  check('equalWords', options.equalWords, options.equalWords >= 0 && Number.isFinite(options.equalWords), '0 or more');
  check('prune', options.prune, options.prune >= 0 && options.prune < 1, '0 to below 1');
}
