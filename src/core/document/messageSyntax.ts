/** What is syntax in a message with branches (ICU plural and select, Java choice), around the words that are translated. Pure. */
import { isPluralElement, isSelectElement, parse, TYPE, type Location, type MessageFormatElement } from '@formatjs/icu-messageformat-parser';
import { dateDirectives } from './dateFormat.ts';
import { inlineSpans } from './inlineSpans.ts';
import type { ProtectedSpan, TextRange } from './segment.ts';

/** The beginning of a branching; most texts have none. */
const branchingHead = /\{[^{}]*,\s*(?:plural|select|selectordinal|choice)\s*,/u;
const choiceHead = /\{\s*\w+\s*,\s*choice\s*,/uy;
/** Of a branch of `choice`: the number from which on it holds. */
const limit = /\s*[-+]?(?:\d+(?:\.\d+)?(?:[eE][-+]?\d+)?|∞)\s*[#<≤]/uy;

/**
 * In order: heads with the selector and the brace of their first branch (`{n, plural, one {`), what stands between two branches
 * (`} other {`), ends (`}}`), and in ICU messages arguments and `#`. Empty for a text without branches and for one that does
 * not parse. Linear.
 */
export function messageSyntax(text: string): readonly TextRange[] {
  if (!text.includes('{') || !branchingHead.test(text)) return [];
  return icuSyntax(text) ?? choiceSyntax(text, true) ?? choiceSyntax(text, false) ?? [];
}

/** Placeholders and tags of a text that has no codes of its own, with the syntax of its branches and of dates. */
export function textSpans(text: string): readonly ProtectedSpan[] {
  const syntax = messageSyntax(text);
  return inlineSpans(text, (syntax.length > 0 ? syntax : dateDirectives(text)).map((range): ProtectedSpan => ({ range, kind: 'placeholder' })));
}

/** The first piece of a source's syntax that a text has not in a place where it works; a text that is no message has none. */
export function lostSyntax(text: string, source: string): string | undefined {
  const left = syntaxTexts(text);
  return syntaxTexts(source).find((piece) => {
    const at = left.indexOf(piece);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

function syntaxTexts(message: string): string[] {
  return messageSyntax(message).map(({ start, end }) => message.slice(start, end));
}

function icuSyntax(text: string): readonly TextRange[] | undefined {
  try {
    return piecesOf(parse(text, { ignoreTag: true, requiresOtherClause: false, captureLocation: true }));
  } catch {
    return undefined;
  }
}

function piecesOf(elements: readonly MessageFormatElement[]): readonly TextRange[] {
  return elements.flatMap((element): readonly TextRange[] => {
    const { start, end } = placeOf(element);
    if (element.type === TYPE.literal) return [];
    if (!isPluralElement(element) && !isSelectElement(element)) return [{ start, end }];
    const pieces: TextRange[] = [];
    let at = start;
    for (const option of Object.values(element.options)) {
      const inside = placeOf(option);
      pieces.push({ start: at, end: inside.start + 1 }, ...piecesOf(option.value));
      at = inside.end - 1;
    }
    return [...pieces, { start: at, end }];
  });
}

function placeOf({ location }: { readonly location?: Location | null | undefined }): TextRange {
  return { start: location?.start.offset ?? 0, end: location?.end.offset ?? 0 };
}

/** java.text.ChoiceFormat. Text in apostrophes is none of it, where they quote. */
function choiceSyntax(text: string, quotes: boolean): readonly TextRange[] | undefined {
  const pieces: TextRange[] = [];
  const open: ('choice' | 'argument')[] = [];
  let quoted = false;
  for (let at = 0; at < text.length;) {
    const sign = text.charAt(at);
    let end = at + 1;
    if (sign === "'" && quotes) quoted = !quoted;
    else if (!quoted && sign === '{') {
      const head = matchAt(choiceHead, text, at);
      open.push(head === 0 ? 'argument' : 'choice');
      if (head > 0) end = endOfLimit(text, at + head);
    } else if (!quoted && sign === '|' && open.at(-1) === 'choice') end = endOfLimit(text, end);
    const isSyntax = !quoted && (end > at + 1 || (sign === '}' && open.at(-1) === 'choice'));
    if (!quoted && sign === '}' && open.pop() === undefined) return undefined;
    if (end < 0) return undefined;
    if (isSyntax) pieces.push({ start: at, end });
    at = end;
  }
  return open.length === 0 && !quoted ? pieces : undefined;
}

/** -1 where none stands there. */
function endOfLimit(text: string, at: number): number {
  const length = matchAt(limit, text, at);
  return length === 0 ? -1 : at + length;
}

function matchAt(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0].length ?? 0;
}
