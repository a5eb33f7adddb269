/** Document mode: earlier segments with their translations in the prompt, as many as fit; what was cut is told. */
import type { BackendDescription } from '../../backend/backend.ts';
import type { CandidateSet, SegmentRef, UsedContext } from '../../core/candidate.ts';
import { canonicalJson } from '../../core/canonicalJson.ts';
import { sha256Hex } from '../../core/hash.ts';
import { estimateTokens, fitPrevious } from '../../core/prompting/budget.ts';
import type { TextPair } from '../../core/prompting/context.ts';
import { decisionsOf, stillStands, type Decisions } from '../../core/prompting/decisions.ts';
import { inTurns } from '../breath.ts';
import type { Computing } from '../compute.ts';
import type { RunSettings } from '../settings.ts';

/** Segments before one with their accepted translations, or else their best candidates; newest first, made as they are asked for. */
export type Earlier = (segment: string) => Iterable<TextPair>;

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

/** Undefined outside document mode. What was cut of a long document is counted in turns of the event loop. */
export async function documentContext(parts: ContextParts, segment: string, source: string): Promise<DocumentContext | undefined> {
  const previous = fittingPrevious(parts, segment, source);
  if (previous === undefined) return undefined;
  let all = 0;
  await inTurns(parts.earlier?.(segment) ?? [], () => { all++; });
  return { previous, used: { previous: previous.length, cut: Math.max(0, all - previous.length), hash: hashOf(previous) } };
}

/** Earlier segments that fit into the prompt, oldest first; undefined outside document mode. Costs as much as fits, however long the document is. */
export function fittingPrevious(parts: ContextParts, segment: string, source: string, count = estimateTokens): readonly TextPair[] | undefined {
  if (parts.earlier === undefined || !isDocumentMode(parts)) return undefined;
  const { contextLength, defaults } = parts.description;
  const room = contextLength === undefined ? Number.POSITIVE_INFINITY : contextLength - defaults.maxTokens - count(source) - FRAME_TOKENS;
  return fitPrevious(parts.earlier(segment), Math.max(0, Math.min(parts.settings.contextTokens, room)), count);
}

function hashOf(previous: readonly TextPair[]): string {
  return sha256Hex(canonicalJson(previous)).slice(0, 12);
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
  const now = fittingPrevious(parts, segment.id, segment.source);
  const then = signature.context;
  const isSame = then?.hash === (now && hashOf(now));
  if (isSame || then?.decisions === undefined || now === undefined) return isSame;
  const languages = { source: segment.sourceLanguage, target: segment.targetLanguage };
  return stillStands(then.decisions, segment.source, now, languages);
}
