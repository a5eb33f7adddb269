/** Where the journal's files are and what their damaged parts are called. */
import { sha256Hex } from '../core/hash.ts';
import type { BadLine } from './jsonLines.ts';
import type { StoreFolder } from './storeFolder.ts';

/** Absolute paths of the journals of all reviewers and writers, sorted. */
export async function listJournals(folder: StoreFolder): Promise<readonly string[]> {
  const paths: string[] = [];
  for (const reviewer of await folder.fs.list(folder.path('judgments'))) {
    if (reviewer.kind !== 'folder') continue;
    for (const file of await folder.fs.list(folder.path('judgments', reviewer.name))) {
      const isJournal = file.kind === 'file' && file.name.endsWith('.jsonl');
      if (isJournal) paths.push(folder.path('judgments', reviewer.name, file.name));
    }
  }
  return paths.sort();
}

/** `anna~w1-2026-11-21.jsonl.torn-1f3a9c0e`: the same bytes of the same file have one name. */
export function quarantineName(shown: string, kind: BadLine['kind'], bytes: Uint8Array): string {
  const file = shown.split('/').slice(-2).join('~');
  return `${file}.${kind}-${sha256Hex(bytes).slice(0, 8)}`;
}
