/** Document mode: earlier segments with their translations in the prompt, as many as fit; what was cut is told. */
import type { BackendDescription } from '../../backend/backend.ts';
import type { CandidateSet, SegmentRef, UsedContext } from '../../core/candidate.ts';
import { canonicalJson } from '../../core/canonicalJson.ts';
import { sha256Hex } from '../../core/hash.ts';
import { estimateTokens, fitPrevious } from '../../core/prompting/budget.ts';
import type { TextPair } from '../../core/prompting/context.ts';
import { decisionsOf, stillStands, type Decisions } from '../../core/prompting/decisions.ts';
import type { Computing } from '../compute.ts';
import type { RunSettings } from '../settings.ts';

/** Segments before one with their accepted translations, or else their best candidates; oldest first. */
export type Earlier = (segment: string) => readonly TextPair[];

interface ContextParts {
  readonly description: BackendDescription;
  readonly settings: RunSettings;
  readonly earlier?: Earlier;
}

export interface DocumentContext {
  readonly previous: readonly TextPair[];
  readonly used: UsedContext;
}

/** What else a prompt holds: the family's own words, roles and marks. */
const FRAME_TOKENS = 200;

/** True when earlier segments go into the prompt: asked for, and the model's prompt has a place for them. */
export function isDocumentMode({ description, settings, earlier }: ContextParts): boolean {
  return earlier !== undefined && settings.contextTokens > 0 && description.parts.includes('previous');
}

/** Undefined outside document mode. */
export function documentContext(parts: ContextParts, segment: string, source: string): DocumentContext | undefined {
  if (parts.earlier === undefined || !isDocumentMode(parts)) return undefined;
  const { contextLength, defaults } = parts.description;
  const room = contextLength === undefined ? Number.POSITIVE_INFINITY : contextLength - defaults.maxTokens - estimateTokens(source) - FRAME_TOKENS;
  const budget = Math.max(0, Math.min(parts.settings.contextTokens, room));
  const { context, cut } = fitPrevious({ previous: parts.earlier(segment) }, budget, estimateTokens);
  const previous = context.previous ?? [];
  return { previous, used: { previous: previous.length, cut, hash: sha256Hex(canonicalJson(previous)).slice(0, 12) } };
}

/** What the earlier segments decide for this one, with links by the aligner in use. */
export function contextDecisions(compute: Computing, { source, sourceLanguage, targetLanguage }: SegmentRef, previous: readonly TextPair[]): Promise<Decisions> {
  const languages = { source: sourceLanguage, target: targetLanguage };
  return decisionsOf(source, previous, languages, (pair) => compute.alignment({ ...pair, languages, others: [] }));
}

/**
 * Whether a set would be asked for in the same voice now: no name in it, first person or register that earlier segments
 * decide has been decided otherwise since. Where only words of earlier segments changed, the set stays.
 */
export function isFresh(parts: ContextParts, { segment, signature }: CandidateSet): boolean {
  const now = documentContext(parts, segment.id, segment.source);
  const then = signature.context;
  if (then?.decisions === undefined || now === undefined) return then?.hash === now?.used.hash;
  const languages = { source: segment.sourceLanguage, target: segment.targetLanguage };
  return then.hash === now.used.hash || stillStands(then.decisions, segment.source, now.previous, languages);
}
