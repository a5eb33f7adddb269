import { textSpans } from '../document/messageSyntax.ts';

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
