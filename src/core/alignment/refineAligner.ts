import type { TokenPair } from './aligner.ts';
import type { AlignerModel } from './alignPair.ts';
import { buildCorpus } from './corpus.ts';
import type { Casing } from './corpus.ts';
import { defaultTraining, trainDirection } from './trainDirection.ts';
import type { DirectionModel, TrainingOptions } from './trainDirection.ts';
import { lookUp, sortTable, unseenProbability } from './translationTable.ts';
import type { TranslationTable } from './translationTable.ts';

/** A word of the model counts as if it had been seen this often before the document. */
const modelCount = 8;

/** A model that knows nothing: what refining starts from where no model ships for a language pair. */
export function emptyAligner(casing: Casing): AlignerModel {
  const { initialTension: tension, empty } = defaultTraining;
  const direction = (): DirectionModel => ({
    prior: { tension, empty },
    table: { rowStarts: new Int32Array(2), columns: new Int32Array(0), probabilities: new Float32Array(0) },
  });
  return { casing, sourceWords: [], targetWords: [], forward: direction(), backward: direction() };
}

/**
 * A model adapted to a document's own pairs, e.g. sources with all their candidates: EM on the pairs, where the model's
 * probabilities are prior counts of the table (8 · t(f|e) for a word it knows) and its tension is the start.
 * What the pairs do not hold keeps the model's values. Cost: EM on the pairs plus a copy of the table; 320 pairs of 20
 * words take about 0.2 s. @throws as `trainDirection`.
 */
export function refineAligner(model: AlignerModel, pairs: readonly TokenPair[], signal?: AbortSignal): AlignerModel {
  const corpus = buildCorpus(pairs, model.casing, { source: model.sourceWords, target: model.targetWords });
  const hooks = signal === undefined ? {} : { signal };
  const adapt = (known: DirectionModel, direction: 'forward' | 'backward'): DirectionModel => {
    const [given, made] = direction === 'forward' ? [corpus.source, corpus.target] : [corpus.target, corpus.source];
    const options: TrainingOptions = { ...defaultTraining, empty: known.prior.empty, initialTension: known.prior.tension };
    const priorCounts = (row: number, column: number): number => {
      const probability = lookUp(known.table, row, column);
      return probability > unseenProbability ? modelCount * probability : 0;
    };
    const found = trainDirection(given, made, options, { ...hooks, priorCounts });
    return { prior: found.prior, table: overlay(known.table, found.table, made.words.length) };
  };
  return {
    casing: model.casing,
    sourceWords: corpus.source.words,
    targetWords: corpus.target.words,
    forward: adapt(model.forward, 'forward'),
    backward: adapt(model.backward, 'backward'),
  };
}

/** The entries of both tables, those of `over` where both have one. */
function overlay(under: TranslationTable, over: TranslationTable, columnCount: number): TranslationTable {
  const rows = Math.max(under.rowStarts.length, over.rowStarts.length) - 1;
  const rowStarts = new Int32Array(rows + 1);
  const columns = new Int32Array(under.columns.length + over.columns.length);
  const probabilities = new Float64Array(columns.length);
  let length = 0;
  for (let row = 0; row < rows; row++) {
    const from = over.rowStarts[row] ?? 0;
    const to = over.rowStarts[row + 1] ?? from;
    const own = over.columns.subarray(from, to);
    columns.set(own, length);
    probabilities.set(over.probabilities.subarray(from, to), length);
    length += own.length;
    const taken = new Set(own);
    for (let entry = under.rowStarts[row] ?? 0; entry < (under.rowStarts[row + 1] ?? 0); entry++) {
      if (taken.has(under.columns[entry] ?? 0)) continue;
      columns[length] = under.columns[entry] ?? 0;
      probabilities[length++] = under.probabilities[entry] ?? 0;
    }
    rowStarts[row + 1] = length;
  }
  return sortTable({ rowStarts, columns: columns.subarray(0, length), probabilities: probabilities.subarray(0, length) }, columnCount, 0);
}
