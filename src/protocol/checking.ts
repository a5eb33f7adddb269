/** QA of a whole file, between `app/` and its compute worker. Pure: no VS Code, no Node, no DOM. */
import type { RankingSettings } from '../core/candidate.ts';
import type { TextRange } from '../core/document/segment.ts';
import type { Place } from '../core/document/place.ts';
import type { Dismissal } from '../core/judgment/events.ts';
import type { WireError } from '../core/errors.ts';
import type { Glossary } from '../core/glossary/glossary.ts';
import type { CheckInput, Finding } from '../core/quality/check.ts';

interface NamedText {
  /** Named in errors; the name tells the format. */
  readonly path: string;
  readonly text: string;
}

/** How a text that stands as it was drawn came to be accepted. */
export interface Acceptance {
  readonly text: string;
  /** From the segment being shown to the key. */
  readonly elapsedMs: number;
  /** Of the candidate among its own, 0 to 1. */
  readonly mbr: number;
  readonly utility: RankingSettings['utility'];
}

/** A source with its translation, as texts. */
export interface CheckTexts {
  readonly source: NamedText;
  /** Absent: the source is bilingual and holds its translations itself. */
  readonly target?: NamedText;
  readonly languages: { readonly source: string; readonly target: string };
  readonly glossary?: Glossary;
  /** By segment. */
  readonly dismissed?: ReadonlyMap<string, readonly Dismissal[]>;
  /** Of texts that were accepted fast, by segment. */
  readonly acceptances?: ReadonlyMap<string, Acceptance>;
}

/** A file to read; `unsaved` is what an editor has of it that is not on disk. */
export interface NamedFile {
  /** Absolute. */
  readonly path: string;
  /** Relative to the workspace folder, with `/`: the name in journals and messages. */
  readonly name: string;
  readonly unsaved?: string;
}

/** A source with its translation, as files; what reviewers dismissed and accepted is read from the journals of the folder. */
export interface CheckFiles extends Pick<CheckTexts, 'languages'> {
  /** The workspace folder, absolute. */
  readonly root: string;
  readonly source: NamedFile;
  readonly target?: NamedFile;
  /** Absolute path of the glossary that translations are held to. */
  readonly glossary?: string;
}

export interface Span {
  readonly start: Place;
  /** Exclusive. */
  readonly end: Place;
}

/** A finding with its place in the file that holds the translation. */
export interface PlacedFinding extends Finding, Place {
  readonly segment: string;
  readonly source: string;
  readonly translation: string;
  readonly end: Place;
  /** Of the segment in the source file, 1-based. */
  readonly sourceLine: number;
  /** Mends the target file; only where the file spells the text as people read it. Offsets of the target text. */
  readonly edit?: { readonly range: TextRange; readonly before: string; readonly text: string };
}

export interface CheckedDocument {
  /** In document order. */
  readonly findings: readonly PlacedFinding[];
  readonly places: PackedPlaces;
  /** Why a part of the checks was left out: a glossary that cannot be read. */
  readonly problem?: WireError;
}

/**
 * Where each translation stands in the target text, in the order of that text: ids a line each, and four numbers for each of
 * them, start line and column and end line and column. Packed, since a file may have 60,000 of them and the other side looks
 * at a few.
 */
export interface PackedPlaces {
  readonly segments: string;
  readonly spans: Uint32Array;
}

/** Candidates of one segment. */
export interface CheckCandidates {
  readonly texts: readonly string[];
  readonly about: Omit<CheckInput, 'translation'>;
}

/** n log n. */
export function packPlaces(places: ReadonlyMap<string, Span>): PackedPlaces {
  const sorted = [...places].sort(([, { start: a }], [, { start: b }]) => a.line - b.line || a.column - b.column);
  const numbers = sorted.flatMap(([, { start, end }]) => [start.line, start.column, end.line, end.column]);
  return { segments: sorted.map(([id]) => id).join('\n'), spans: Uint32Array.from(numbers) };
}
