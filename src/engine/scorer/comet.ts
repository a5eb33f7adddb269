import { join } from 'node:path';
import { abortError } from '../../protocol/channel.ts';
import type { LongTexts, UtilityScores } from '../../protocol/engine.ts';
import type { OrtModule } from '../binding.ts';
import type { RunsOn } from '../decoder.ts';
import { Graph } from './graph.ts';
import { RowGraph, type RowWork } from './rowGraph.ts';
import type { ScorerFolder } from './scorerFolder.ts';
import { pooled, readText } from './texts.ts';

/** Unordered pairs of one run of the estimator: the 3,072 floats of its inner layer take 3 MB a direction, which stays in most caches. */
const pairsAtOnce = 256;

export interface CometWork extends Pick<RowWork, 'signal' | 'onRows'> {
  readonly long: LongTexts;
}

/**
 * COMET-22 as a utility (Rei et al. 2022; unbabel-comet's RegressionMetric): every distinct text is encoded once, then the
 * estimator scores pairs. Its first layer is split by feature block: W_mt·mt + W_ps(mt∘src) + W_ds|mt − src| and W_ref·ref
 * once a text, and W_pr(mt∘ref) + W_dr|mt − ref|, which is the same both ways, once an unordered pair. The scores are
 * unbabel-comet's but for rounding.
 */
export class CometScorer {
  readonly kind = 'comet';
  readonly #folder: ScorerFolder<'comet'>;
  readonly #encoder: RowGraph;
  readonly #sides: Graph;
  readonly #pairs: Graph;

  private constructor(folder: ScorerFolder<'comet'>, graphs: { readonly encoder: RowGraph; readonly sides: Graph; readonly pairs: Graph }) {
    this.#folder = folder;
    this.#encoder = graphs.encoder;
    this.#sides = graphs.sides;
    this.#pairs = graphs.pairs;
  }

  /** @throws AppError `engine.modelInvalid` */
  static async open(ort: OrtModule, found: ScorerFolder<'comet'>, runsOn: RunsOn): Promise<CometScorer> {
    const { folder, manifest: { files } } = found;
    const encoder = await RowGraph.open(ort, { folder, file: files.encoder.path }, { outputs: ['embedding'], ...runsOn });
    const sides = await Graph.open(ort, join(folder, files.sides.path), { inputs: ['texts', 'source'], outputs: ['as_mt', 'as_ref'], ...runsOn });
    const pairs = await Graph.open(ort, join(folder, files.pairs.path), { inputs: ['texts', 'as_mt', 'as_ref', 'a', 'b'], outputs: ['forward', 'backward'], ...runsOn });
    return new CometScorer(found, { encoder, sides, pairs });
  }

  /**
   * U of every text (rows) against every text (columns), given the source. Cost: one encoding a distinct text, half an estimator a pair.
   */
  async utilities(source: string, texts: readonly string[], work: CometWork): Promise<UtilityScores> {
    const started = performance.now();
    const distinct = [...new Set([source, ...texts])];
    const rows = new Map(distinct.map((text, row) => [text, row]));
    const { padTokenId, maxTokens } = this.#folder.manifest;
    const read = distinct.map((text) => readText(this.#folder.tokenizer, text, { maxTokens, long: work.long }));
    const encoded = await this.#encoder.vectors(read.flatMap((text) => text.rows.map((ids) => ({ ids }))), { ...work, padTokenId });
    const encodedAt = performance.now();
    const scores = await this.#scorePairs({ data: pooled(read, encoded), width: encoded.width }, distinct.length, work.signal);
    const stats = { encodeMs: encodedAt - started, pairsMs: performance.now() - encodedAt };
    const places = texts.map((text) => rows.get(text) ?? 0);
    const data = Float32Array.from({ length: texts.length ** 2 }, (_, cell) => {
      const [row = 0, column = 0] = [places[Math.floor(cell / texts.length)], places[cell % texts.length]];
      return scores[row * distinct.length + column] ?? NaN;
    });
    return { matrix: { rows: texts.length, cols: texts.length, data }, long: read.filter(({ long }) => long).length, stats };
  }

  async release(): Promise<void> {
    for (const graph of [this.#encoder, this.#sides, this.#pairs]) await graph.release();
  }

  /** Scores of all ordered pairs; the source is row 0. */
  async #scorePairs({ data, width }: { readonly data: Float32Array; readonly width: number }, size: number, signal: AbortSignal): Promise<Float32Array> {
    const texts = this.#sides.floats(data, [size, width]);
    const [asMt = new Float32Array(0), asRef = new Float32Array(0)] = await this.#sides.run({ texts, source: this.#sides.floats(data.slice(0, width), [1, width]) }, ['as_mt', 'as_ref']);
    const dims = [size, asMt.length / size];
    const fixed = { texts, as_mt: this.#pairs.floats(asMt, dims), as_ref: this.#pairs.floats(asRef, dims) };
    const pairs = unorderedPairs(size);
    const scores = new Float32Array(size * size);
    for (let from = 0; from < pairs.a.length; from += pairsAtOnce) {
      if (signal.aborted) throw abortError();
      const [a, b] = [pairs.a.slice(from, from + pairsAtOnce), pairs.b.slice(from, from + pairsAtOnce)];
      const index = (rows: BigInt64Array): InstanceType<OrtModule['Tensor']> => new this.#pairs.ort.Tensor('int64', rows, [rows.length]);
      const [forward, backward] = await this.#pairs.run({ ...fixed, a: index(a), b: index(b) }, ['forward', 'backward']);
      a.forEach((row, at) => {
        scores[Number(row) * size + Number(b[at])] = forward?.[at] ?? NaN;
        scores[Number(b[at]) * size + Number(row)] = backward?.[at] ?? NaN;
      });
    }
    return scores;
  }
}

/** All a <= b below `size`. */
function unorderedPairs(size: number): { readonly a: BigInt64Array; readonly b: BigInt64Array } {
  const a = new BigInt64Array((size * (size + 1)) / 2);
  const b = new BigInt64Array(a.length);
  let at = 0;
  for (let row = 0; row < size; row++) {
    for (let column = row; column < size; column++) {
      a[at] = BigInt(row);
      b[at++] = BigInt(column);
    }
  }
  return { a, b };
}
