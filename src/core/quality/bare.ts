import { textSpans } from '../document/messageSyntax.ts';
import { countGraphemes } from '../text/graphemes.ts';

/** A text without placeholders and tags; a blank stands for each. Linear. */
export function bare(text: string): string {
  let result = '';
  let at = 0;
  for (const { range } of textSpans(text)) {
    result += `${text.slice(at, range.start)} `;
    at = range.end;
  }
  return result + text.slice(at);
}

/** Characters that a reader sees: graphemes without tags and inline codes, which take no room on a screen. Linear. */
export function shownLength(text: string, language: string): number {
  const tags = textSpans(text).filter(({ kind }) => kind === 'html');
  return countGraphemes(tags.reduceRight((rest, { range }) => rest.slice(0, range.start) + rest.slice(range.end), text), language);
}
