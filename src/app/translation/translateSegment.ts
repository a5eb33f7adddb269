import type { Backend, BackendDescription, GeneratedText } from '../../backend/backend.ts';
import type { Candidate, CandidateIssue, CandidateSet, SegmentRef, Signature, Steering, UsedContext } from '../../core/candidate.ts';
import { inspectCandidate, maskSegment, unmask, type MaskedText } from '../../core/document/placeholders.ts';
import type { SegmentText } from '../../core/document/segment.ts';
import { canonicalJson } from '../../core/canonicalJson.ts';
import { sha256Hex } from '../../core/hash.ts';
import { memoryCandidate, memoryExample, memoryText } from '../../core/memory/fit.ts';
import { promptTerms, type FoundTerm, type Glossary } from '../../core/glossary/glossary.ts';
import type { MemoryMatch } from '../../core/memory/unit.ts';
import type { TextPair } from '../../core/prompting/context.ts';
import type { Computing } from '../compute.ts';
import { samplingFor, type RunSettings } from '../settings.ts';
import { contextDecisions, documentContext, isDocumentMode, type Earlier } from './documentContext.ts';
import { projectParts, projectSignature } from './promptSettings.ts';
import { usedTerms, withTermFaults } from './terms.ts';
import { asInterim, byChrf, usesModel } from '../../core/ranking/chrfBeside.ts';
import { adaptiveOf, drawing } from './adaptiveDrawing.ts';
import { givenAuxiliary, type AuxiliaryMatches } from './auxiliary.ts';
import { withLogProbs, type ForeignText, type OnScoringFailure } from './foreignScores.ts';
import { askTeachers, type OnTeacherFailure, type TaughtText, type Teacher } from './teachers.ts';
import { steeredContext, steeredSeed } from './steering.ts';

/** What all segments of one run share. */
export interface RunContext {
  readonly backend: Backend;
  readonly description: BackendDescription;
  readonly compute: Computing;
  readonly settings: RunSettings;
  /** Signature of the aligner in use. */
  readonly aligner: string;
  readonly version: string;
  /** Matches of a segment, best first, and how many of them go into the prompt at most. */
  readonly memory?: { readonly matches: (segment: string, signal: AbortSignal) => Promise<readonly MemoryMatch[]>; readonly examples: number };
  /** For PMP-O: matches in the auxiliary language. */
  readonly auxiliary?: AuxiliaryMatches;
  readonly glossary?: Glossary;
  /** For document mode. */
  readonly earlier?: Earlier;
  readonly teachers?: readonly Teacher[];
  readonly onTeacherFailure?: OnTeacherFailure;
  readonly onScoringFailure?: OnScoringFailure;
}

export interface SegmentJob {
  readonly segment: SegmentText;
  readonly ref: SegmentRef;
  /** Present when a reviewer asked for these candidates, who is waiting for them. */
  readonly steering?: Steering;
}

/** Candidates so far, in rank order; `complete` once and last. */
export type OnCandidates = (candidates: readonly Candidate[], complete: boolean) => void;

/** Ranking again for every sample would cost more than it shows. */
const rankEveryMs = 250;

/**
 * One segment through the whole method: mask, sample, restore, fold, rank. The first candidate is told as soon as it exists;
 * later ones at most four times a second, ranked. Cancelled runs reject with an AbortError.
 */
export async function translateSegment(run: RunContext, job: SegmentJob, onCandidates: OnCandidates, signal: AbortSignal): Promise<CandidateSet> {
  const masked = maskSegment(job.segment);
  const stream = new RankedStream(run, job.ref, onCandidates, signal);
  const sampling = samplingFor(run.settings, run.description.defaults);
  const inDocument = await documentContext(run, job.ref.id, masked.text);
  const matches = await run.memory?.matches(job.ref.id, signal) ?? [];
  const examples = examplesFor(run, matches);
  const found = run.glossary?.in(job.segment.source) ?? [];
  const terms = run.description.parts.includes('terms') ? promptTerms(found) : [];
  const context = { ...projectParts(run), ...await givenAuxiliary(run, job, signal), ...(inDocument !== undefined && { previous: inDocument.previous }), ...(terms.length > 0 && { terms }), ...(examples.length > 0 && { memory: examples }), ...steeredContext(job.steering, masked) };
  const request = {
    segmentKey: job.ref.id,
    source: masked.text,
    sourceLanguage: job.ref.sourceLanguage,
    targetLanguage: job.ref.targetLanguage,
    sampling,
    seed: steeredSeed(run.settings.seed, job.steering),
    context,
    urgent: job.steering !== undefined,
  };
  const adaptive = adaptiveOf(run.settings, job.steering);
  const own = drawing(run, { request, adaptive, candidate: (text) => candidateFrom(text, masked, run.description), onText: (text) => { stream.add(candidateFrom(text, masked, run.description)); } }, signal);
  const [outcome, taught] = await Promise.all([own, askTeachers(run.teachers ?? [], request, run.onTeacherFailure ?? (() => undefined), signal)]);
  const all = [
    ...[...outcome.texts].sort((a, b) => a.index - b.index).map((text) => candidateFrom(text, masked, run.description)),
    ...await withLogProbs(run, { request, outcome }, [
      ...taught.map((text) => taughtText(text, masked)),
      ...matches.map((match) => ({ candidate: memoryCandidate(match, job.segment), masked: memoryText(match.unit, masked) })),
    ], signal),
  ];
  const candidates = await stream.finish(withTermFaults(all, found, job.ref));
  const used = inDocument && { ...inDocument.used, decisions: await contextDecisions(run.compute, job.ref, inDocument.previous) };
  return { segment: job.ref, candidates, signature: signatureOf(run, outcome.promptHash, { steering: job.steering, context: used, examples, terms: found }) };
}

/** Memory matches for the prompt, if this model's has a place for them. */
function examplesFor({ memory, description }: RunContext, matches: readonly MemoryMatch[]): readonly TextPair[] {
  if (memory === undefined || !description.parts.includes('memory')) return [];
  return matches.flatMap(({ unit }) => memoryExample(unit) ?? []).slice(0, memory.examples);
}

function candidateFrom(text: GeneratedText, masked: MaskedText, description: BackendDescription): Candidate {
  const restored = unmask(text.text, masked);
  const cut: readonly CandidateIssue[] = text.finish === 'length' ? [{ kind: 'truncated', detail: `${text.tokens ?? ''} tokens` }] : [];
  const issues = [...restored.issues, ...inspectCandidate(restored.text), ...cut];
  return {
    text: restored.text,
    count: 1,
    origin: description.adapter ?? description.model,
    scores: {},
    ...(text.logProb === undefined ? {} : { logProb: text.logProb }),
    ...(text.tokens === undefined ? {} : { tokens: text.tokens }),
    ...(issues.length === 0 ? {} : { issues }),
  };
}

/** What the teacher thinks of its own text is not what the model does. */
function taughtText({ teacher, text }: TaughtText, masked: MaskedText): ForeignText {
  const { logProb: _, tokens: __, ...candidate } = candidateFrom(text, masked, teacher.description);
  return { candidate: { ...candidate, teacher: true }, masked: text.text };
}

interface SegmentPart {
  readonly steering?: Steering | undefined;
  readonly context?: UsedContext | undefined;
  readonly examples?: readonly TextPair[];
  readonly terms?: readonly FoundTerm[];
}

/** How the sets of a run are made; `of` is what differs from segment to segment. */
export function signatureOf(run: Omit<RunContext, 'backend' | 'compute'>, promptHash: string, of: SegmentPart = {}): Signature {
  const { description, settings } = run;
  const { steering, examples = [], terms = [] } = of;
  const adaptive = adaptiveOf(settings, steering);
  const context = of.context ?? (isDocumentMode(run) ? { previous: 0, cut: 0, hash: '' } : undefined);
  return {
    backend: description.name,
    model: description.model,
    revision: description.revision,
    ...(description.adapter === undefined ? {} : { adapter: description.adapter }),
    promptFamily: description.promptFamily,
    promptHash,
    sampling: samplingFor(settings, description.defaults),
    ...(adaptive === undefined ? {} : { adaptive }),
    seed: steeredSeed(settings.seed, steering),
    ...(steering === undefined ? {} : { steering }),
    ...(run.teachers === undefined || run.teachers.length === 0 ? {} : { teachers: run.teachers.map((teacher) => teacher.description.model) }),
    ...(context === undefined ? {} : { context }),
    ...projectSignature(run),
    ...(terms.length === 0 ? {} : { terms: usedTerms(terms) }),
    ...(examples.length === 0 ? {} : { memory: { examples: examples.length, hash: sha256Hex(canonicalJson(examples)).slice(0, 12) } }),
    ranking: settings.ranking,
    aligner: run.aligner,
    version: run.version,
  };
}

/** Ranks what has arrived, one ranking at a time, never more often than `rankEveryMs`. */
class RankedStream {
  readonly #run: RunContext;
  readonly #ref: SegmentRef;
  readonly #onCandidates: OnCandidates;
  readonly #signal: AbortSignal;
  readonly #arrived: Candidate[] = [];
  #last = 0;
  #ranking: Promise<void> | undefined;

  constructor(run: RunContext, ref: SegmentRef, onCandidates: OnCandidates, signal: AbortSignal) {
    this.#run = run;
    this.#ref = ref;
    this.#onCandidates = onCandidates;
    this.#signal = signal;
  }

  add(candidate: Candidate): void {
    this.#arrived.push(candidate);
    if (this.#arrived.length === 1) {
      this.#last = Date.now(); // one candidate needs no ranking
      this.#onCandidates([candidate], false);
    }
    if (this.#ranking !== undefined || Date.now() - this.#last < rankEveryMs) return;
    this.#last = Date.now();
    // A failed interim ranking is no loss: the final one reports it.
    this.#ranking = this.#rankSoFar([...this.#arrived])
      .then((ranked) => { this.#onCandidates(ranked, false); }, () => undefined)
      .finally(() => { this.#ranking = undefined; });
  }

  async finish(all: readonly Candidate[]): Promise<readonly Candidate[]> {
    await this.#ranking;
    if (usesModel(this.#run.settings.ranking)) this.#onCandidates(await this.#rankSoFar(all), false);
    const ranked = await this.#rank(all);
    this.#onCandidates(ranked, true);
    return ranked;
  }

  /** A model scores only the finished set: until then chrF orders, and the scores are named so. */
  async #rankSoFar(candidates: readonly Candidate[]): Promise<readonly Candidate[]> {
    const { ranking } = this.#run.settings;
    return usesModel(ranking) ? asInterim(await this.#rank(candidates, byChrf(ranking))) : this.#rank(candidates);
  }

  #rank(candidates: readonly Candidate[], settings = this.#run.settings.ranking): Promise<readonly Candidate[]> {
    const languages = { source: this.#ref.sourceLanguage, target: this.#ref.targetLanguage };
    return this.#run.compute.rank({ source: this.#ref.source, languages, candidates, settings }, this.#signal);
  }
}
