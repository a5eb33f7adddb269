import type { OrtModule } from '../binding.ts';
import type { CometWork } from './comet.ts';
import { RowGraph } from './rowGraph.ts';
import type { ScorerFolder } from './scorerFolder.ts';
import { joinTexts } from './texts.ts';

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
  static async open(ort: OrtModule, found: ScorerFolder<'cometkiwi'>, threads: number): Promise<QualityScorer> {
    const place = { folder: found.folder, file: found.manifest.files.quality.path };
    return new QualityScorer(found, await RowGraph.open(ort, place, { outputs: ['score'], threads }));
  }

  /** A score a text, about 0 to 1 and not clipped. Cost: one pass of the encoder a distinct text, source included. */
  async quality(source: string, texts: readonly string[], work: CometWork): Promise<{ scores: Float32Array; cut: number }> {
    const distinct = [...new Set(texts)];
    const rows = new Map(distinct.map((text, row) => [text, row]));
    const { padTokenId, maxTokens } = this.#folder.manifest;
    const sequences = distinct.map((text) => joinTexts(this.#folder.tokenizer, [text, source], maxTokens));
    const { data } = await this.#graph.vectors(sequences, { ...work, padTokenId });
    return { scores: Float32Array.from(texts, (text) => data[rows.get(text) ?? 0] ?? NaN), cut: sequences.filter(({ cut }) => cut).length };
  }

  async release(): Promise<void> {
    await this.#graph.release();
  }
}
