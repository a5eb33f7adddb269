import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { deserializeAligner } from '../core/alignment/alignerFile.ts';
import type { Alignment, Coverage, TokenPair } from '../core/alignment/aligner.ts';
import { PairAligner } from '../core/alignment/alignPair.ts';
import { coverage, possibleOmissions } from '../core/alignment/coverage.ts';
import { emptyAligner } from '../core/alignment/refineAligner.ts';
import { trainAligner } from '../core/alignment/trainAligner.ts';
import type { Candidate } from '../core/candidate.ts';
import { AppError } from '../core/errors.ts';
import { pickStability } from '../core/ranking/adaptive.ts';
import { foldCandidates } from '../core/ranking/fold.ts';
import type { Matrix } from '../core/matrix.ts';
import { withChrf } from '../core/ranking/chrfBeside.ts';
import { chrfUtility, rankCandidates } from '../core/ranking/rankCandidates.ts';
import { matrixFor, setAsideUnscored } from '../core/ranking/unscored.ts';
import { Tokenizer, type WordToken } from '../core/text/tokens.ts';
import type { AlignmentView } from '../protocol/review.ts';
import type { LanguagePair, ModelAlignments, RankParams, WorkerContract } from '../protocol/worker.ts';
import { ChrfUtility } from '../scoring/chrfUtility.ts';
import { StatisticalAligner } from '../scoring/statisticalAligner.ts';
import { Memory } from './ranking/memory.ts';

type Calls = WorkerContract['calls'];

/** Floats of utility matrices, and candidates whose coverage is known, that are kept for the next ranking. */
const keptUtilities = 4_000_000;
const keptCoverages = 20_000;

const manifestSchema = v.object({
  kind: v.literal('aligner'),
  name: v.string(),
  sourceLanguage: v.string(),
  targetLanguage: v.string(),
  files: v.object({ model: v.object({ path: v.string() }) }),
});

/** What the compute worker does: ranking and alignment, with the aligner that fits the language pair. */
export class ComputeHandlers {
  readonly #tokenizer = new Tokenizer();
  readonly #version: string;
  /** What ships or was pointed at, and what documents taught it, by language pair. */
  readonly #trained = new Map<string, StatisticalAligner>();
  readonly #refined = new Map<string, StatisticalAligner>();
  readonly #utilities = new Memory<Matrix>(keptUtilities);
  #covered = new Memory<readonly Coverage[]>(keptCoverages);

  constructor(version: string) {
    this.#version = version;
  }

  async loadAligner({ folder }: Calls['loadAligner']['params']): Promise<Calls['loadAligner']['result']> {
    const manifest = await readManifest(folder);
    const path = join(folder, manifest.files.model.path);
    const aligner = new StatisticalAligner(deserializeAligner(await readModelFile(path), path), { modelName: manifest.name });
    this.#covered = new Memory<readonly Coverage[]>(keptCoverages);
    this.#trained.set(pairKey({ source: manifest.sourceLanguage, target: manifest.targetLanguage }), aligner);
    return { signature: aligner.signature };
  }

  async rank(params: RankParams, { signal }: { readonly signal: AbortSignal }): Promise<readonly Candidate[]> {
    const { source, languages, settings, utilities } = params;
    const given = foldCandidates(params.candidates);
    const texts = given.map(({ text }) => text);
    const chrf = await this.#chrf(utilities === undefined ? chrfUtility(settings) : 'chrf', texts, signal);
    const beside = withChrf(given, utilities === undefined ? undefined : { matrix: chrf, settings });
    const { candidates: folded, utilityMatrix } = setAsideUnscored(beside, utilities === undefined ? chrf : matrixFor(texts, utilities));
    if (params.alignments === undefined && !this.#knows(languages)) return rankCandidates(folded, { utilityMatrix, settings });
    const covered = await this.#coverages(source, texts, languages, params.alignments);
    const omitted = possibleOmissions(covered, folded.map(({ count }) => count));
    const marked = folded.map((candidate, index) => ({ ...candidate, scores: { ...candidate.scores, omittedWords: omitted[index]?.length ?? 0 } }));
    return rankCandidates(marked, { utilityMatrix, coverage: covered, settings });
  }

  utilities({ utility, texts }: Calls['utilities']['params'], { signal }: { readonly signal: AbortSignal }): Promise<Matrix> {
    return this.#chrf(utility, texts, signal);
  }

  async stability({ candidates, adaptive }: Calls['stability']['params'], { signal }: { readonly signal: AbortSignal }): Promise<number> {
    const sound = foldCandidates(candidates).filter(({ issues = [] }) => issues.length === 0);
    const matrix = await this.#chrf(adaptive.utility, sound.map(({ text }) => text), signal);
    return pickStability({ size: sound.length, data: matrix.data }, sound.map(({ count }) => count), adaptive.resamples);
  }

  async alignment({ source, target, languages, others, alignments }: Calls['alignment']['params']): Promise<AlignmentView> {
    const aligner = this.#alignerFor(languages);
    const pair = { source: this.#tokens(source, languages.source), target: this.#tokens(target, languages.target) };
    const [alignment] = alignments === undefined ? await aligner.align([textsOf(pair)], never) : alignmentsFor([target], alignments);
    if (alignment === undefined) throw new AppError('protocol.failed', { name: 'alignment', reason: 'the aligner gave no answer' });
    const own = coverage(pair.source, pair.target, alignment.links);
    const rest = await this.#coverages(source, others.map(({ text }) => text), languages, alignments);
    const omitted = possibleOmissions([own, ...rest], [1, ...others.map(({ count }) => count)])[0];
    return {
      source: pair.source.map(tokenView),
      target: pair.target.map(tokenView),
      probabilities: alignment.probabilities,
      uncoveredSource: omitted ?? [],
      uncoveredTarget: own.uncoveredTarget,
      aligner: alignments?.aligner ?? aligner.label,
      confidence: alignments?.confidence ?? aligner.confidence,
    };
  }

  refine({ languages, pairs }: Calls['refine']['params']): Calls['refine']['result'] {
    const tokens = pairs.map((pair): TokenPair => textsOf({
      source: this.#tokens(pair.source, languages.source),
      target: this.#tokens(pair.target, languages.target),
    }));
    const refined = this.#base(languages).refined(tokens);
    this.#refined.set(pairKey(languages), refined);
    this.#covered = new Memory<readonly Coverage[]>(keptCoverages);
    return { signature: refined.signature };
  }

  alignCorpus({ pairs, align }: Calls['alignCorpus']['params'], context: CorpusContext): Calls['alignCorpus']['result'] {
    const model = trainAligner(pairs, { onProgress: (done, total) => { context.progress({ done, total }); }, signal: context.signal });
    const aligner = new PairAligner(model);
    return pairs.slice(0, align).map((pair) => aligner.align(pair).links);
  }

  /** Kept, so that a segment that is ranked again with other settings costs next to nothing. */
  async #chrf(name: 'chrf' | 'chrf++', texts: readonly string[], signal: AbortSignal): Promise<Matrix> {
    const key = JSON.stringify([name, ...texts]);
    const matrix = this.#utilities.get(key) ?? await new ChrfUtility(name, this.#version).pairwise({ source: '', hypotheses: texts, references: texts }, signal);
    this.#utilities.set(key, matrix, matrix.data.length);
    return matrix;
  }

  // Source, targets and their languages belong together; `given` is in place of aligning them here.
  async #coverages(source: string, targets: readonly string[], languages: LanguagePair, given?: ModelAlignments): Promise<readonly Coverage[]> {
    if (given !== undefined) return this.#cover(source, targets, languages, alignmentsFor(targets, given));
    const key = JSON.stringify([pairKey(languages), source, ...targets]);
    const covered = this.#covered.get(key) ?? await this.#cover(source, targets, languages);
    this.#covered.set(key, covered, targets.length);
    return covered;
  }

  async #cover(source: string, targets: readonly string[], languages: LanguagePair, given?: readonly Alignment[]): Promise<readonly Coverage[]> {
    const from = this.#tokens(source, languages.source);
    const to = targets.map((target) => this.#tokens(target, languages.target));
    const alignments = given ?? await this.#alignerFor(languages).align(to.map((target) => textsOf({ source: from, target })), never);
    return alignments.map(({ links }, index) => coverage(from, to[index] ?? [], links));
  }

  #tokens(text: string, language: string): readonly WordToken[] {
    return this.#tokenizer.wordTokens(text, language);
  }

  /** Whether any text of this pair was learned from: an aligner that knows nothing would call every word uncovered. */
  #knows(languages: LanguagePair): boolean {
    const key = pairKey(languages);
    return this.#refined.has(key) || this.#trained.has(key);
  }

  #alignerFor(languages: LanguagePair): StatisticalAligner {
    return this.#refined.get(pairKey(languages)) ?? this.#base(languages);
  }

  #base(languages: LanguagePair): StatisticalAligner {
    return this.#trained.get(pairKey(languages)) ?? new StatisticalAligner(emptyAligner('lower'), { modelName: 'none' });
  }
}

/** Alignment of one segment is over before anybody could cancel it. */
const never = new AbortController().signal;

/** @throws AppError `protocol.failed` for a text that was not aligned */
function alignmentsFor(texts: readonly string[], given: ModelAlignments): readonly Alignment[] {
  const found = new Map(given.texts.map((text, index) => [text, given.alignments[index]]));
  return texts.map((text) => {
    const alignment = found.get(text);
    if (alignment !== undefined) return alignment;
    throw new AppError('protocol.failed', { name: given.aligner, reason: `it gave no alignment of "${text}"` });
  });
}

interface CorpusContext {
  readonly signal: AbortSignal;
  progress(value: Calls['alignCorpus']['progress']): void;
}

interface TokenizedPair {
  readonly source: readonly WordToken[];
  readonly target: readonly WordToken[];
}

function textsOf({ source, target }: TokenizedPair): TokenPair {
  return { source: source.map(({ text }) => text), target: target.map(({ text }) => text) };
}

function tokenView({ text, start, end }: WordToken): AlignmentView['source'][number] {
  return { text, start, end };
}

/** Regions and scripts share a model: `en-GB` uses that of `en`. */
function pairKey({ source, target }: LanguagePair): string {
  return [source, target].map((tag) => tag.toLowerCase().split('-')[0]).join(' ');
}

async function readManifest(folder: string): Promise<v.InferOutput<typeof manifestSchema>> {
  const path = join(folder, 'manifest.json');
  const text = new TextDecoder().decode(await readModelFile(path));
  try {
    return v.parse(manifestSchema, JSON.parse(text));
  } catch (thrown) {
    throw new AppError('engine.modelInvalid', { path, reason: thrown instanceof Error ? thrown.message : String(thrown) }, thrown);
  }
}

async function readModelFile(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (thrown) {
    throw new AppError('engine.modelMissing', { path }, thrown);
  }
}
