/** More candidates on request: another seed, an instruction, a beginning that the translation must go on from. */
import type { BackendDescription } from '../../backend/backend.ts';
import type { Steering } from '../../core/candidate.ts';
import { mark, type MaskedText } from '../../core/document/placeholders.ts';
import { AppError } from '../../core/errors.ts';
import type { PromptContext } from '../../core/prompting/context.ts';

/** What a reviewer asks for; nothing at all means more of the same. */
export type Wish = Omit<Steering, 'round'>;

/** Rounds of one segment draw from streams of their own. */
export function steeredSeed(seed: number, steering: Steering | undefined): number {
  return steering === undefined ? seed : (seed + Math.imul(steering.round, 0x9e3779b1)) >>> 0;
}

/** The prompt's parts for a wish; a beginning is masked as the source is. */
export function steeredContext(steering: Steering | undefined, masked: MaskedText): PromptContext {
  if (steering === undefined) return {};
  const { instruction, prefix } = steering;
  return {
    ...(instruction !== undefined && { instruction }),
    ...(prefix !== undefined && { prefix: maskBeginning(prefix, masked) }),
  };
}

/** Spans that the beginning already holds become marks; the rest is still to be written. */
function maskBeginning(prefix: string, { spans }: MaskedText): string {
  let text = prefix;
  for (const span of spans) {
    const at = text.indexOf(span.text);
    if (at >= 0) text = `${text.slice(0, at)}${mark(span.number)}${text.slice(at + span.text.length)}`;
  }
  return text;
}

/** @throws AppError `backend.cannotSteer` when the model's prompt has no place for the wish */
export function checkWish({ model, parts }: Pick<BackendDescription, 'model' | 'parts'>, { instruction, prefix }: Wish): void {
  if (instruction !== undefined && !parts.includes('instruction')) throw new AppError('backend.cannotSteer', { model, what: 'instructions' });
  if (prefix !== undefined && !parts.includes('prefix')) throw new AppError('backend.cannotSteer', { model, what: 'a given beginning' });
}

/** The instruction to word a part of a candidate anew. */
export function rewriteInstruction(candidate: string, part: string, how: string): string {
  const wanted = how.trim() === '' ? 'Word it differently' : how.trim();
  return `In the translation "${candidate}" rewrite only the part "${part}": ${wanted}. Keep the rest as it is.`;
}
