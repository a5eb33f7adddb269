/** Values that are written as one, as `Frame` says. Pure. */
import type { Frame, FrameHead, ParsedDocument, Segment, Standing } from './segment.ts';

/** Who answers for the texts of a file, by segment. */
export interface Standings {
  /** For a text that is given; undefined for one that is put back. */
  readonly given: (segment: string) => Standing | undefined;
  /** For a text that stands in the file as it was read. */
  readonly before: (segment: string) => Standing | undefined;
}

/** Texts as the file spells them, and who answers for them. */
export interface GivenTexts extends Standings {
  readonly texts: ReadonlyMap<string, string>;
}

/** The segments of one frame as they are written, in order, with what stands around and between them: one piece more. */
export interface FramedGroup {
  readonly pieces: readonly string[];
  readonly texts: readonly string[];
}

/** The whole of a frame with one accepted text in it, the others as they are. */
export function framedText(document: ParsedDocument, segment: Segment, frame: Frame, encoded: string): string {
  const group = document.segments.filter((other) => isFramedBy(other, frame));
  const only = (id: string): Standing | undefined => (id === segment.id ? 'accepted' : undefined);
  const { pieces, texts } = framedGroup(document, group, frame, { texts: new Map([[segment.id, encoded]]), given: only, before: () => undefined });
  return pieces.map((piece, index) => piece + (texts[index] ?? '')).join('');
}

function isFramedBy(segment: Segment | undefined, { range }: Frame): boolean {
  const own = segment?.unit?.frame?.range;
  return own?.start === range.start && own.end === range.end;
}

/** The segments that share the frame of the one at `index`, from there on. */
export function framedFrom(segments: readonly Segment[], index: number, frame: Frame): readonly Segment[] {
  let end = index + 1;
  while (isFramedBy(segments[end], frame)) end++;
  return segments.slice(index, end);
}

/** As the group stands in the file while nothing else is given for it, else as its frame says. */
export function framedGroup({ text }: ParsedDocument, segments: readonly Segment[], frame: Frame, given: GivenTexts): FramedGroup {
  const places = segments.map((segment) => placeOf(text, segment, frame, given));
  if (places.every(({ standing, text: own, there }) => standing === undefined && own === there)) {
    const pieces = [...segments, undefined].map((segment, index) => text.slice(segments[index - 1]?.range.end ?? frame.range.start, segment?.range.start ?? frame.range.end));
    return { pieces, texts: places.map(({ there }) => there) };
  }
  return { pieces: piecesOf(frame, headOf(frame, places), new Set(segments.map(({ unit }) => unit?.frame?.place))), texts: places.map(({ written }) => written) };
}

interface Place {
  readonly standing: Standing | undefined;
  /** What the file has there, what is given, and how that is written. */
  readonly there: string;
  readonly text: string;
  readonly written: string;
  readonly progress: Exclude<keyof FrameHead, 'blank' | 'confirmed'>;
}

// The four are what a place is made of.
function placeOf(file: string, { id, range, unit }: Segment, frame: Frame, { texts, given, before }: GivenTexts): Place {
  const there = file.slice(range.start, range.end);
  const text = texts.get(id) ?? there;
  const own = frame.own[unit?.frame?.place ?? 0] ?? '';
  const written = !texts.has(id) ? own : text === '' ? (frame.empty ?? own) : text;
  const isTheirs = text === there;
  const standing = given(id);
  const by = standing ?? before(id);
  const isDone = by === 'accepted' || (by === undefined && isTheirs && unit?.existing !== undefined && (unit.state === 'translated' || unit.state === 'final'));
  const isNew = written === frame.empty || (isTheirs && unit?.existing === undefined);
  return { standing, there, text, written, progress: isDone ? 'done' : by === undefined && isNew ? 'new' : 'needsReview' };
}

function headOf({ head, empty }: Frame, places: readonly Place[]): string {
  if (places.every(({ written }) => written === empty)) return head.blank;
  const isConfirmation = places.every(({ standing, there, text }) => text === there && standing !== 'filled');
  if (isConfirmation && head.confirmed !== undefined) return head.confirmed;
  return head[places.some(({ progress }) => progress === 'new') ? 'new' : places.some(({ progress }) => progress === 'needsReview') ? 'needsReview' : 'done'];
}

/** Places without a segment are part of the pieces. */
function piecesOf({ behind, own }: Frame, head: string, places: ReadonlySet<number | undefined>): readonly string[] {
  const pieces: string[] = [];
  let piece = head;
  for (const [place, next] of behind.entries()) {
    if (places.has(place)) {
      pieces.push(piece);
      piece = next;
    } else piece += (own[place] ?? '') + next;
  }
  return [...pieces, piece];
}
