import type { SegmentRef } from '../core/candidate.ts';
import { codecFor, isRunningText } from '../core/document/codecs.ts';
import { inlineSpans } from '../core/document/inlineSpans.ts';
import { maskSegment } from '../core/document/placeholders.ts';
import type { Segment } from '../core/document/segment.ts';
import type { MaskedForExport } from '../core/preference/exportTrl.ts';
import { exportPairs, type ExportResult } from '../store/exportPairs.ts';
import type { FileSystem } from '../store/fileSystem.ts';
import type { Watch } from '../store/watch.ts';
import type { WorkspaceStore } from '../store/workspaceStore.ts';

export interface ExportRequest {
  /** Absolute: a `.jsonl` file, or a folder. */
  readonly out: string;
  readonly version: string;
  /** Also pairs of accepted over merely seen: a class of its own. */
  readonly acceptedOverSeen: boolean;
  /** Also pairs of held-out sources. */
  readonly withHeldOut?: boolean;
}

/** Exports pairs as the model sees texts: with inline code, links and tags masked. @throws AppError `store.*`, `input.invalid` */
// The fourth follows work that may be long.
export function exportPreferencePairs(store: WorkspaceStore, fs: FileSystem, request: ExportRequest, watch: Watch = {}): Promise<ExportResult> {
  return exportPairs(store, fs, { ...request, mask: maskForExport }, watch);
}

/** How many were left out, all reasons together. */
export function droppedCount({ card }: Pick<ExportResult, 'card'>): number {
  return Object.values(card.dropped).reduce((sum, count) => sum + count, 0);
}

/** Rebuilds what the model saw of a segment; undefined where its source alone does not parse to the same segment. */
export function maskForExport(ref: SegmentRef): MaskedForExport | undefined {
  const codec = codecFor(ref.document);
  if (!isRunningText(codec)) return maskValue(ref.source);
  const { segments } = codec.parse(ref.source, { path: ref.document, sourceLanguage: ref.sourceLanguage });
  const [segment, ...others] = segments;
  if (segment === undefined || others.length > 0 || segment.source !== ref.source) return undefined;
  return maskOf(segment);
}

/** The value of a resource holds all its placeholders in itself. */
function maskValue(source: string): MaskedForExport {
  return maskOf({ source, protectedSpans: inlineSpans(source, []), kind: 'string' });
}

function maskOf(segment: Pick<Segment, 'source' | 'protectedSpans' | 'kind'>): MaskedForExport {
  const spans = segment.protectedSpans.map(({ range }) => segment.source.slice(range.start, range.end));
  return { source: maskSegment(segment).text, target: (text) => maskTarget(text, spans) };
}

/** Puts the placeholders where the protected texts stand; each must be there once for each span. */
function maskTarget(text: string, spans: readonly string[]): string | undefined {
  let masked = text;
  for (const [index, span] of spans.entries()) {
    const at = masked.indexOf(span);
    if (at < 0) return undefined;
    masked = `${masked.slice(0, at)}⟦${index + 1}⟧${masked.slice(at + span.length)}`;
  }
  return masked;
}
