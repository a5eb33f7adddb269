/** Settles what of a document is held out when it comes in, and remembers that it came in. */
import { sourceKey } from '../../core/evaluation/heldOut.ts';
import { takeIn } from '../../core/evaluation/intake.ts';
import { shortHash } from '../../core/hash.ts';
import type { FileSystem } from '../../store/fileSystem.ts';
import type { WorkspaceStore } from '../../store/workspaceStore.ts';
import type { SourceDocument } from '../openDocument.ts';
import { trainedSources } from '../training/trainedSources.ts';

export interface IntakeParts {
  readonly fs: FileSystem;
  readonly store: WorkspaceStore;
  readonly document: Pick<SourceDocument, 'key' | 'segments'>;
  /** Of all sources of the workspace, 0 to 0.5. */
  readonly share: number;
}

/**
 * Adds to what the workspace holds out. Where the document has the sources that it had when it last came in, nothing is
 * looked at again: what is held out stays, and what is not may have been judged. Judged and trained sources, in whichever
 * document, are never held out any more.
 * @throws AppError `store.diskFull`, `store.unwritable`
 */
export async function takeInDocument({ fs, store, document, share }: IntakeParts): Promise<void> {
  if (share <= 0) return;
  const keys = new Set(document.segments.map(({ source }) => sourceKey(source)));
  const hash = shortHash([...keys].sort().join('\n'));
  const intakes = await store.heldOut.intakes();
  if (intakes.get(document.key)?.hash === hash) return;
  const before = [...intakes.values()].filter((record) => record.document !== document.key);
  const [judged, trained] = [await judgedContents(store), await trainedSources(fs, store.root)];
  const used = new Set(document.segments.filter(({ id }) => judged.has(contentOf(id))).map(({ source }) => sourceKey(source)));
  const fresh = takeIn({
    document: document.key, sources: document.segments.map(({ source }) => source), share, heldOut: await store.heldOut.sources(),
    isUsed: (source) => used.has(sourceKey(source)) || trained.has(sourceKey(source)),
    before: { documents: before.length, sources: before.reduce((sum, { sources }) => sum + sources, 0) },
  });
  await store.heldOut.add(fresh);
  await store.heldOut.addIntake({ document: document.key, sources: keys.size, hash });
}

async function judgedContents(store: WorkspaceStore): Promise<ReadonlySet<string>> {
  return new Set((await store.events()).map(({ segment }) => contentOf(segment)));
}

/** Ids of equal sources begin alike (`segmentIds`). */
function contentOf(segment: string): string {
  const end = segment.lastIndexOf('-');
  return end < 0 ? segment : segment.slice(0, end);
}
