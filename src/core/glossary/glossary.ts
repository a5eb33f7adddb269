/** Terms of a project for one direction, and where they stand in a text. Pure. */
import type { TextRange } from '../document/segment.ts';
import type { Term } from '../quality/check.ts';
import type { TextPair } from '../prompting/context.ts';

/** A term with what a person wants to know of it. */
export interface GlossaryTerm extends Term {
  readonly note?: string;
}

export interface FoundTerm {
  readonly term: GlossaryTerm;
  /** In the source. */
  readonly range: TextRange;
}

/** Scripts whose words have borders that count. Kana and Han may stand next to anything. */
const bordered = /[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{N}]/u;

/** English plurals: the one ending that is taken for the same word. */
const plural = /^(?:e?s)(?![\p{L}\p{N}])/u;

/**
 * Where a term stands: as whole words where words have borders, an English plural included; other inflections of one word are
 * not known here, so a term list names them. White space may differ. Case counts only in terms with capitals inside or all
 * over (names of interfaces).
 */
export function occurrences(text: string, term: string): readonly TextRange[] {
  if (term.trim() === '') return [];
  const exact = /\p{Ll}\p{Lu}|^\p{Lu}{2,}/u.test(term);
  const spelled = term.trim().split(/\s+/u).map((word) => word.replace(/[\\^$.*+?()[\]{}|]/gu, '\\$&')).join('\\s+');
  const found: TextRange[] = [];
  for (const { index, 0: match } of text.matchAll(new RegExp(spelled, exact ? 'gu' : 'giu'))) {
    const end = index + match.length;
    const ending = plural.exec(text.slice(end))?.[0].length ?? 0;
    const open = !joins(text.charAt(index - 1), match.charAt(0));
    if (open && (ending > 0 || !joins(match.slice(-1), text.charAt(end)))) found.push({ start: index, end: end + (joins(match.slice(-1), text.charAt(end)) ? ending : 0) });
  }
  return found;
}

function joins(before: string, after: string): boolean {
  return bordered.test(before) && bordered.test(after);
}

/** Terms by how they begin, so that a text is searched for those alone that may stand in it. */
export class Glossary {
  readonly #byStart = new Map<string, GlossaryTerm[]>();

  /** @param terms as read, each source once */
  constructor(terms: readonly GlossaryTerm[]) {
    for (const term of terms) {
      const start = startOf(term.source, 0);
      const known = this.#byStart.get(start);
      if (known === undefined) this.#byStart.set(start, [term]);
      else known.push(term);
    }
  }

  /** As `termsIn`. Cost: the length of the source, and the terms that begin as any of its words. */
  in(source: string): readonly FoundTerm[] {
    const near = new Set<GlossaryTerm>();
    for (let at = 0; at < source.length; at++) {
      for (const start of [source.charAt(at).toLowerCase(), startOf(source, at)]) for (const term of this.#byStart.get(start) ?? []) near.add(term);
    }
    return near.size === 0 ? [] : termsIn(source, [...near]);
  }

  /** The terms of a source, each once: what its translation is held to. Cost: as `in`. */
  termsOf(source: string): readonly GlossaryTerm[] {
    return [...new Set(this.in(source).map(({ term }) => term))];
  }
}

/** Two characters: the shortest terms of scripts without spaces have as many, and one alone stands everywhere. */
function startOf(text: string, at: number): string {
  const start = text.slice(at, at + 2).toLowerCase();
  return /\s$/u.test(start) ? start.slice(0, 1) : start;
}

/** Terms that a source holds, in its order; of terms inside each other the longest. Cost: terms times the source's length. */
export function termsIn(source: string, glossary: readonly GlossaryTerm[]): readonly FoundTerm[] {
  const all = glossary.flatMap((term) => occurrences(source, term.source).map((range): FoundTerm => ({ term, range })));
  all.sort((a, b) => (b.range.end - b.range.start) - (a.range.end - a.range.start) || a.range.start - b.range.start);
  const kept: FoundTerm[] = [];
  for (const found of all) if (kept.every(({ range }) => range.end <= found.range.start || found.range.end <= range.start)) kept.push(found);
  return kept.sort((a, b) => a.range.start - b.range.start);
}

/** What the prompt of a source says of its terms: each once, with its first translation. */
export function promptTerms(found: readonly FoundTerm[]): readonly TextPair[] {
  const pairs = new Map<string, TextPair>();
  for (const { term: { source, targets: [target] } } of found) if (target !== undefined) pairs.set(source, { source, target });
  return [...pairs.values()];
}
