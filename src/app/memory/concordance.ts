/** Every unit that holds a text, with where it stands. */
import type { MemoryUnit } from '../../core/memory/unit.ts';
import type { ConcordanceHit, TextSpan } from '../../protocol/memory.ts';
import { linesOf, parseUnit } from '../../store/memory/unitFile.ts';
import type { WorkspaceMemory } from './workspaceMemory.ts';

/** Judged units first, then imported ones in the order of their files. Case and width do not count. Reads the files as a whole. */
export async function concordance(memory: WorkspaceMemory, text: string, { limit, signal }: { readonly limit: number; readonly signal?: AbortSignal }): Promise<readonly ConcordanceHit[]> {
  const needle = folded(text).trim();
  const hits: ConcordanceHit[] = [];
  if (needle === '') return hits;
  const add = (unit: MemoryUnit | undefined): boolean => {
    const hit = unit === undefined ? undefined : hitIn(unit, needle);
    if (hit !== undefined) hits.push(hit);
    return hits.length >= limit;
  };
  for (const unit of memory.judged()) if (add(unit)) return hits;
  const escaped = JSON.stringify(needle).slice(1, -1);
  for (const { path, head } of memory.imported) {
    for await (const lines of linesOf(path, signal)) {
      for (const { line, number } of lines) {
        if (number > 1 && folded(line).includes(escaped) && add(parseUnit(line, head.origin))) return hits;
      }
    }
  }
  return hits;
}

function hitIn(unit: MemoryUnit, needle: string): ConcordanceHit | undefined {
  const [inSource, inTarget] = [spansOf(unit.source, needle), spansOf(unit.target, needle)];
  return inSource.length + inTarget.length === 0 ? undefined : { unit, inSource, inTarget };
}

function folded(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}

/** Stretches of a text that fold to the needle, in UTF-16 units of the text itself. */
function spansOf(text: string, needle: string): readonly TextSpan[] {
  const whole = folded(text);
  if (!whole.includes(needle)) return [];
  if (whole.length === text.length) return found(whole, needle, (at) => at);
  // folding changed lengths: character by character, with the place of each
  let mapped = '';
  const places: number[] = [];
  let at = 0;
  for (const character of text) {
    const own = folded(character);
    for (let i = 0; i < own.length; i++) places.push(at);
    mapped += own;
    at += character.length;
  }
  places.push(text.length);
  return found(mapped, needle, (index) => places[index] ?? text.length);
}

function found(haystack: string, needle: string, placeOf: (index: number) => number): readonly TextSpan[] {
  const spans: TextSpan[] = [];
  for (let at = haystack.indexOf(needle); at >= 0; at = haystack.indexOf(needle, at + needle.length)) {
    spans.push({ start: placeOf(at), end: placeOf(at + needle.length) });
  }
  return spans;
}
