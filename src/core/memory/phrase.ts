/** What a concordance looks for, and where it stands in a text. Pure. */
import type { TextRange } from '../document/segment.ts';
import { graphemes } from '../text/graphemes.ts';

export type ConcordanceSide = 'both' | 'source' | 'target';

export interface ConcordanceQuery {
  readonly text: string;
  /** Where it must stand. What is looked for is marked on either side. */
  readonly side: ConcordanceSide;
  /** All words, in any order and on any of the sides, instead of the text as it stands. */
  readonly words: boolean;
  readonly matchCase: boolean;
}

export interface FoundSpans {
  readonly inSource: readonly TextRange[];
  readonly inTarget: readonly TextRange[];
}

/** Full and half width are alike (NFKC), and so are white space and the two small sigmas. Linear. */
export function folded(text: string, matchCase: boolean): string {
  return foldedLines(withoutControls(text), matchCase);
}

/** As `folded`, except for the ASCII controls, which stay: many texts joined by them are folded in a fraction of the time. */
export function foldedLines(text: string, matchCase: boolean): string {
  // the controls beyond ASCII, and the spaces that NFKC leaves
  const normal = text.normalize('NFKC').replace(/[\u007f-\u009f\u1680\u2028\u2029\ufeff]/g, ' ');
  return matchCase ? normal : normal.toLowerCase().replaceAll('ς', 'σ');
}

/** Blanks for the ASCII controls. */
export function withoutControls(text: string): string {
  // eslint-disable-next-line no-control-regex -- these are what is looked for
  return /[\u0000-\u001f]/.test(text) ? text.replace(/[\u0000-\u001f]/g, ' ') : text;
}

/** What each found unit has, folded; none for a blank text. */
export function needlesOf({ text, words, matchCase }: Omit<ConcordanceQuery, 'side'>): readonly string[] {
  const whole = folded(text, matchCase).trim();
  if (whole === '') return [];
  return words ? [...new Set(whole.split(/ +/u))] : [whole];
}

/** Where the needles stand in a unit; undefined where one of them is on none of the sides that count. Linear. */
export function findIn(unit: { readonly source: string; readonly target: string }, needles: readonly string[], { side, matchCase }: Pick<ConcordanceQuery, 'side' | 'matchCase'>): FoundSpans | undefined {
  const source = folded(unit.source, matchCase);
  const target = folded(unit.target, matchCase);
  const searched = [...(side === 'target' ? [] : [source]), ...(side === 'source' ? [] : [target])];
  if (needles.length === 0 || !needles.every((needle) => searched.some((text) => text.includes(needle)))) return undefined;
  return { inSource: spansOf(unit.source, source, { needles, matchCase }), inTarget: spansOf(unit.target, target, { needles, matchCase }) };
}

interface Looking {
  readonly needles: readonly string[];
  readonly matchCase: boolean;
}

/** Stretches of a text in UTF-16 units of its own, in order; those that touch or overlap are one. */
function spansOf(text: string, whole: string, { needles, matchCase }: Looking): readonly TextRange[] {
  if (!needles.some((needle) => whole.includes(needle))) return [];
  // lower case only ever lengthens
  const places = whole.length === text.length && text.normalize('NFKC') === text ? undefined : placesIn(text, matchCase);
  const haystack = places?.folded ?? whole;
  const found: TextRange[] = [];
  for (const needle of needles) {
    for (let at = haystack.indexOf(needle); at >= 0; at = haystack.indexOf(needle, at + needle.length)) {
      const end = at + needle.length;
      found.push(places === undefined ? { start: at, end } : { start: places.starts[at] ?? 0, end: places.ends[end - 1] ?? text.length });
    }
  }
  return joined(found);
}

/** Folding moves places: character by character, with the place of each. */
function placesIn(text: string, matchCase: boolean): { readonly folded: string; readonly starts: readonly number[]; readonly ends: readonly number[] } {
  const [starts, ends]: [number[], number[]] = [[], []];
  let whole = '';
  let at = 0;
  for (const character of graphemes(text)) {
    const own = folded(character, matchCase);
    for (let i = 0; i < own.length; i++) {
      starts.push(at);
      ends.push(at + character.length);
    }
    whole += own;
    at += character.length;
  }
  return { folded: whole, starts, ends };
}

function joined(spans: readonly TextRange[]): readonly TextRange[] {
  const result: TextRange[] = [];
  for (const span of [...spans].sort((a, b) => a.start - b.start)) {
    const last = result.at(-1);
    if (last !== undefined && span.start <= last.end) result[result.length - 1] = { start: last.start, end: Math.max(last.end, span.end) };
    else result.push(span);
  }
  return result;
}
