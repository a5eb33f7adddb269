/** What a run without a reviewer writes into its file, and what it leaves alone. */
import type { CandidateSet } from '../../core/candidate.ts';
import type { Segment } from '../../core/document/segment.ts';
import type { TextPair } from '../../core/prompting/context.ts';
import type { OpenedDocument } from '../openDocument.ts';
import { bestText } from './bestText.ts';

export interface MachineTexts {
  /** By segment, as they must stand in the file. */
  readonly texts: ReadonlyMap<string, string>;
  /** Those that have no candidate which kept all that must stay. */
  readonly left: readonly Segment[];
}

/** True where a bilingual file has a translation already, done or waiting for somebody: anything but the source copied there. */
export function holdsTranslation({ source, unit }: Segment): boolean {
  return unit?.existing !== undefined && unit.existing !== source;
}

/**
 * The best text of each segment that is to be written. Nobody has looked at them, so their states say that somebody has to.
 * Linear.
 * @param isWritten false for a segment that stays as it is though it has candidates
 */
export function machineTexts({ parsed, codec }: Pick<OpenedDocument, 'parsed' | 'codec'>, sets: readonly CandidateSet[], isWritten: (segment: Segment) => boolean): MachineTexts {
  const drawn = new Map(sets.map(({ segment, candidates }) => [segment.id, candidates]));
  const texts = new Map<string, string>();
  const left: Segment[] = [];
  for (const segment of parsed.segments) {
    const candidates = drawn.get(segment.id);
    if (candidates === undefined || !isWritten(segment)) continue;
    const text = bestText(candidates);
    if (text === undefined) left.push(segment);
    else texts.set(segment.id, codec.encode(text, segment, 'filled'));
  }
  return { texts, left };
}

/** The segments in front of one, with what the file has of them or else their best candidate; those without either are left out. */
export function earlierTexts(segments: readonly Segment[], drawn: ReadonlyMap<string, CandidateSet>, segment: string): readonly TextPair[] {
  return segments.slice(0, segments.findIndex(({ id }) => id === segment)).flatMap((before) => {
    const target = holdsTranslation(before) ? before.unit?.existing : bestText(drawn.get(before.id)?.candidates ?? []);
    return target === undefined ? [] : [{ source: before.source, target }];
  });
}
