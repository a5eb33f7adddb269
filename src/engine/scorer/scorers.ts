import { AppError } from '../../core/errors.ts';
import type { CallContext } from '../../protocol/channel.ts';
import type { AlignParams, EngineContract, LoadedScorer, Provider, ScoreProgress, ScorerKind, ScoreTextsParams } from '../../protocol/engine.ts';
import { EmbeddingAligner } from '../aligner/embedding.ts';
import { SpanAligner } from '../aligner/span.ts';
import type { Binding, OrtModule } from '../binding.ts';
import type { CheckedFiles } from '../checkedFiles.ts';
import type { RunsOn } from '../decoder.ts';
import { openWithProvider } from '../provider.ts';
import type { Resident, Shelf } from '../shelf.ts';
import { CometScorer } from './comet.ts';
import { QualityScorer } from './quality.ts';
import type { RowWork } from './rowGraph.ts';
import { readScorerFolder, type ScorerFolder } from './scorerFolder.ts';

type Calls = EngineContract['calls'];
export type Scorer = CometScorer | QualityScorer | EmbeddingAligner | SpanAligner;

/** A metric or an aligner in memory. */
export interface ScorerResident extends Resident {
  readonly kind: 'scorer';
  readonly model: Scorer;
  readonly described: LoadedScorer;
}

export interface ScorersParts {
  readonly binding: Binding;
  readonly threads: number;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  readonly checked: CheckedFiles;
}

/** Metrics and aligners, which share their memory with other models. */
export class Scorers<Other extends Resident & { readonly kind: string }> {
  readonly #parts: ScorersParts;
  readonly #shelf: Shelf<ScorerResident | Other>;

  constructor(parts: ScorersParts, shelf: Shelf<ScorerResident | Other>) {
    this.#parts = parts;
    this.#shelf = shelf;
  }

  async load(folder: string, wanted: Provider): Promise<LoadedScorer> {
    const key = `scorer ${wanted} ${folder}`;
    const known = this.#shelf.find(key);
    if (isScorer(known)) return known.described;
    const { now, threads, binding, checked } = this.#parts;
    const started = now();
    const ort = await binding.module();
    const found = await readScorerFolder(folder, checked);
    await this.#shelf.makeRoom(folder, found.bytes);
    const { opened: model, provider, note } = await openWithProvider(wanted, (runsOn) => tried(ort, found, { threads, provider: runsOn }));
    const { kind, name, revision, licence } = found.manifest;
    const about = { kind, name, revision, licence, provider, ...(note !== undefined && { providerNote: note }), loadMs: now() - started };
    const resident = (handle: number): ScorerResident => ({ kind: 'scorer', model, described: { handle, ...about } });
    return this.#shelf.put(key, found.bytes, resident).described;
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

  #scorer(handle: number): Scorer {
    const resident = this.#shelf.get(handle);
    if (isScorer(resident)) return resident.model;
    throw new AppError('input.invalid', { where: 'model', reason: `no metric or aligner ${String(handle)} is loaded` });
  }
}

function isScorer(resident: Resident & { readonly kind: string } | undefined): resident is ScorerResident {
  return resident?.kind === 'scorer';
}

/** With another provider than the CPU a small piece of work is done: some load a graph that they cannot run. */
async function tried(ort: OrtModule, found: ScorerFolder, runsOn: RunsOn): Promise<Scorer> {
  const scorer = await openScorer(ort, found, runsOn);
  try {
    if (runsOn.provider !== 'cpu') await tryOut(scorer);
    return scorer;
  } catch (thrown) {
    await scorer.release();
    throw thrown;
  }
}

async function tryOut(scorer: Scorer): Promise<void> {
  const { signal } = new AbortController();
  const pair = { source: ['a'], target: ['b'] };
  switch (scorer.kind) {
    case 'comet': await scorer.utilities('a', ['b'], { signal, long: 'cut' }); break;
    case 'cometkiwi': await scorer.quality('a', ['b'], { signal, long: 'cut' }); break;
    case 'awesome': await scorer.align([pair], { signal }); break;
    case 'wspalign': await scorer.align([pair], 'average', { signal }); break;
  }
}

function openScorer(ort: OrtModule, { manifest, ...found }: ScorerFolder, runsOn: RunsOn): Promise<Scorer> {
  switch (manifest.kind) {
    case 'comet': return CometScorer.open(ort, { ...found, manifest }, runsOn);
    case 'cometkiwi': return QualityScorer.open(ort, { ...found, manifest }, runsOn);
    case 'awesome': return EmbeddingAligner.open(ort, { ...found, manifest }, runsOn);
    case 'wspalign': return SpanAligner.open(ort, { ...found, manifest }, runsOn);
  }
}

/** Rows are of texts, of which the caller knows how many there are. */
function workOf(total: number, { signal, progress }: CallContext<ScoreProgress>): Pick<RowWork, 'signal' | 'onRows'> {
  return { signal, onRows: (done, rows) => { progress({ done: Math.floor((done * total) / rows), total }); } };
}

function wrongKind(wanted: string, found: ScorerKind): AppError {
  return new AppError('input.invalid', { where: 'model', reason: `it is a ${found} model, ${wanted} is needed` });
}
