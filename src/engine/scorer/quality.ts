import type { QualityScores } from '../../protocol/engine.ts';
import type { OrtModule } from '../binding.ts';
import type { RunsOn } from '../decoder.ts';
import type { CometWork } from './comet.ts';
import { RowGraph } from './rowGraph.ts';
import type { ScorerFolder } from './scorerFolder.ts';
import { pooled, readJoined } from './texts.ts';

/** CometKiwi (Rei et al. 2022; unbabel-comet's UnifiedMetric): quality of a translation without a reference. */
export class QualityScorer {
  readonly kind = 'cometkiwi';
  readonly #folder: ScorerFolder<'cometkiwi'>;
  readonly #graph: RowGraph;

  private constructor(folder: ScorerFolder<'cometkiwi'>, graph: RowGraph) {
    this.#folder = folder;
    this.#graph = graph;
  }

  /** @throws AppError `engine.modelInvalid` */
  static async open(ort: OrtModule, found: ScorerFolder<'cometkiwi'>, runsOn: RunsOn): Promise<QualityScorer> {
    const place = { folder: found.folder, file: found.manifest.files.quality.path };
    return new QualityScorer(found, await RowGraph.open(ort, place, { outputs: ['score'], ...runsOn }));
  }

  /** A score a text, about 0 to 1 and not clipped; of a text in windows the mean of theirs, weighted by tokens. Cost: one pass of the encoder a distinct text, source included. */
  async quality(source: string, texts: readonly string[], work: CometWork): Promise<QualityScores> {
    const distinct = [...new Set(texts)];
    const rows = new Map(distinct.map((text, row) => [text, row]));
    const { padTokenId, maxTokens } = this.#folder.manifest;
    const read = distinct.map((text) => readJoined(this.#folder.tokenizer, [text, source], { maxTokens, long: work.long }));
    const found = pooled(read, await this.#graph.vectors(read.flatMap((text) => text.rows.map((ids) => ({ ids }))), { ...work, padTokenId }));
    return { scores: Float32Array.from(texts, (text) => found[rows.get(text) ?? 0] ?? NaN), long: read.filter(({ long }) => long).length };
  }

  async release(): Promise<void> {
    await this.#graph.release();
  }
}
