import { AppError } from '../../core/errors.ts';
import type { CallContext } from '../../protocol/channel.ts';
import type { AlignParams, EngineContract, LoadedScorer, ScoreProgress, ScorerKind, ScoreTextsParams } from '../../protocol/engine.ts';
import { EmbeddingAligner } from '../aligner/embedding.ts';
import { SpanAligner } from '../aligner/span.ts';
import type { Binding, OrtModule } from '../binding.ts';
import { CometScorer } from './comet.ts';
import { QualityScorer } from './quality.ts';
import type { RowWork } from './rowGraph.ts';
import { readScorerFolder, type ScorerFolder } from './scorerFolder.ts';

type Calls = EngineContract['calls'];
type Scorer = CometScorer | QualityScorer | EmbeddingAligner | SpanAligner;

interface Entry {
  readonly scorer: Scorer;
  readonly described: LoadedScorer;
  readonly folder: string;
}

/** Metrics and aligners that are loaded, by handle. */
export class Scorers {
  readonly #parts: { readonly binding: Binding; readonly threads: number; readonly now: () => number };
  readonly #newHandle: () => number;
  readonly #entries = new Map<number, Entry>();

  constructor(parts: { readonly binding: Binding; readonly threads: number; readonly now: () => number }, newHandle: () => number) {
    this.#parts = parts;
    this.#newHandle = newHandle;
  }

  async load(folder: string): Promise<LoadedScorer> {
    for (const entry of this.#entries.values()) if (entry.folder === folder) return entry.described;
    const { now, threads } = this.#parts;
    const started = now();
    const ort = await this.#parts.binding.module();
    const found = await readScorerFolder(folder);
    const { kind, name, revision, licence } = found.manifest;
    const scorer = await openScorer(ort, found, threads);
    const handle = this.#newHandle();
    const described = { handle, kind, name, revision, licence, loadMs: now() - started };
    this.#entries.set(handle, { scorer, described, folder });
    return described;
  }

  utilities(params: ScoreTextsParams, context: CallContext<ScoreProgress>): Promise<Calls['utilities']['result']> {
    const scorer = this.#scorer(params.model);
    if (scorer.kind !== 'comet') throw wrongKind('comet', scorer.kind);
    return scorer.utilities(params.source, params.texts, { ...workOf(params.texts.length, context), long: params.long ?? 'windows' });
  }

  quality(params: ScoreTextsParams, context: CallContext<ScoreProgress>): Promise<Calls['quality']['result']> {
    const scorer = this.#scorer(params.model);
    if (scorer.kind !== 'cometkiwi') throw wrongKind('cometkiwi', scorer.kind);
    return scorer.quality(params.source, params.texts, { ...workOf(params.texts.length, context), long: params.long ?? 'windows' });
  }

  align({ model, pairs, rule = 'average' }: AlignParams, context: CallContext<ScoreProgress>): Promise<Calls['align']['result']> {
    const scorer = this.#scorer(model);
    switch (scorer.kind) {
      case 'awesome': return scorer.align(pairs, workOf(pairs.length, context));
      case 'wspalign': return scorer.align(pairs, rule, { signal: context.signal, onRows: (done, total) => { context.progress({ done, total }); } });
      default: throw wrongKind('awesome or wspalign', scorer.kind);
    }
  }

  async unload(handle: number): Promise<void> {
    const entry = this.#entries.get(handle);
    this.#entries.delete(handle);
    await entry?.scorer.release();
  }

  #scorer(handle: number): Scorer {
    const entry = this.#entries.get(handle);
    if (entry !== undefined) return entry.scorer;
    throw new AppError('input.invalid', { where: 'model', reason: `no metric or aligner ${String(handle)} is loaded` });
  }
}

function openScorer(ort: OrtModule, { folder, tokenizer, manifest }: ScorerFolder, threads: number): Promise<Scorer> {
  switch (manifest.kind) {
    case 'comet': return CometScorer.open(ort, { folder, tokenizer, manifest }, threads);
    case 'cometkiwi': return QualityScorer.open(ort, { folder, tokenizer, manifest }, threads);
    case 'awesome': return EmbeddingAligner.open(ort, { folder, tokenizer, manifest }, threads);
    case 'wspalign': return SpanAligner.open(ort, { folder, tokenizer, manifest }, threads);
  }
}

/** Rows are of texts, of which the caller knows how many there are. */
function workOf(total: number, { signal, progress }: CallContext<ScoreProgress>): Pick<RowWork, 'signal' | 'onRows'> {
  return { signal, onRows: (done, rows) => { progress({ done: Math.floor((done * total) / rows), total }); } };
}

function wrongKind(wanted: string, found: ScorerKind): AppError {
  return new AppError('input.invalid', { where: 'model', reason: `it is a ${found} model, ${wanted} is needed` });
}
