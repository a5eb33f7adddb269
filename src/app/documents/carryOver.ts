import { composeTarget, locateSegments } from '../../core/document/target.ts';
import { reattach } from '../../core/document/segmentId.ts';
import type { ParsedDocument } from '../../core/document/segment.ts';
import type { LanguagePair } from '../../protocol/worker.ts';
import type { DocumentState, TargetMemory } from '../../store/documentState.ts';
import type { OpenedDocument } from '../openDocument.ts';

/** The memory under the ids of the source as it is now; segments that are gone are left out. */
export function reattached(state: DocumentState, parsed: ParsedDocument): TargetMemory {
  const now = reattach(state.segments, parsed.segments);
  const moved = (texts: ReadonlyMap<string, string>): ReadonlyMap<string, string> => new Map([...texts].flatMap(([id, text]) => {
    const to = now.get(id);
    return to === undefined ? [] : [[to, text] as const];
  }));
  return { written: moved(state.written), existing: moved(state.existing), acknowledged: moved(state.acknowledged) };
}

/**
 * The source was edited since the target was written. Where people changed the target only inside segments, their texts are
 * carried to the new source; where they changed anything else, undefined: somebody has to decide.
 */
export function carryOver(document: OpenedDocument, languages: LanguagePair, state: DocumentState, actual: string): TargetMemory | undefined {
  const before = document.codec.parse(state.source, { path: document.key, sourceLanguage: languages.source });
  const texts = new Map(state.written);
  const written = composeTarget(before, state.written, languages.target);
  for (const [id, located] of locateSegments(written, actual)) {
    const range = written.ranges.get(id);
    if (located.text !== written.text.slice(range?.start, range?.end)) texts.set(id, located.text);
  }
  if (composeTarget(before, texts, languages.target).text !== actual) return undefined;
  return reattached({ ...state, written: texts }, document.parsed);
}
