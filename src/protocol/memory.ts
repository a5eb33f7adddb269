/** Contract between `app/` and the thread that holds translation memories: an import of hours must not keep ranking waiting. Pure: no VS Code, no Node, no DOM. */
import type { WireError } from '../core/errors.ts';
import type { ConcordanceQuery, FoundSpans } from '../core/memory/phrase.ts';
import type { MatchLimits, MemoryMatch, MemoryPlace, MemoryQuery, MemoryUnit } from '../core/memory/unit.ts';

/** Which memory: a workspace folder's, of one direction. */
export interface MemoryName {
  /** Absolute path of the workspace folder. */
  readonly root: string;
  readonly source: string;
  readonly target: string;
}

export interface ConcordanceHit extends FoundSpans {
  readonly unit: MemoryUnit;
  /** Of a judged unit: the segment. Absent: it was imported. */
  readonly place?: MemoryPlace;
}

/** What a search has found since it told last, and how far it is. */
export interface ConcordanceProgress {
  readonly hits: readonly ConcordanceHit[];
  /** Units searched so far, and all. */
  readonly done: number;
  readonly total: number;
}

export interface ConcordanceResult {
  /** Units of the memory. */
  readonly total: number;
  /** The search ended at its limit: there may be more. */
  readonly more: boolean;
}

export interface ImportedPair {
  readonly source: string;
  readonly target: string;
  readonly units: number;
}

export interface ImportResult {
  readonly pairs: readonly ImportedPair[];
  /** Units without a text in two languages. */
  readonly skipped: number;
}

/** What the thread offers. */
export interface MemoryContract {
  readonly calls: MemoryCalls;
  readonly events: Record<string, never>;
}

/** `app/` offers nothing to it. */
export interface MemoryClientContract {
  readonly calls: Record<string, never>;
  readonly events: Record<string, never>;
}

// an interface has no index signature, which a contract needs
export type MemoryCalls = {
  /** Matches of each source, best first. `problems`: what opening the memory found. */
  readonly memoryQuery: {
    params: MemoryName & { readonly queries: readonly MemoryQuery[]; readonly limits: MatchLimits };
    result: { readonly matches: readonly (readonly MemoryMatch[])[]; readonly problems: readonly WireError[] };
    progress: never;
  };
  /** A segment was judged: its unit, in the place of an earlier one of the same place, or undefined when nothing is accepted there any more. */
  readonly memoryPut: { params: MemoryName & { readonly place: MemoryPlace; readonly unit?: MemoryUnit }; result: null; progress: never };
  /** Units that hold a text, each told once as it is found: judged ones first, then imported ones in the order of their files. */
  readonly memoryConcordance: { params: MemoryName & ConcordanceQuery & { readonly limit: number }; result: ConcordanceResult; progress: ConcordanceProgress };
  /** Directions in which a folder's memory has units: those judged, then those imported. */
  readonly memoryPairs: { params: { readonly root: string }; result: readonly { readonly source: string; readonly target: string }[]; progress: never };
  /** Progress in bytes of the file. */
  readonly memoryImport: { params: { readonly root: string; readonly file: string; readonly only?: { readonly source: string; readonly target: string } }; result: ImportResult; progress: { readonly done: number; readonly total: number } };
  readonly memoryExport: { params: MemoryName & { readonly file: string; readonly version: string }; result: { readonly units: number }; progress: { readonly done: number } };
};
