/**
 * What no person writes and the parser cannot take: its time grows with the square of the markers and lines of one block
 * (measured: 25,000 emphases in a line take 9 s), and its stack with the depth of lists. Pure.
 */

/** Where a text goes beyond a limit, and what to do about it. */
export interface Excess {
  readonly offset: number;
  readonly reason: string;
}

const maxMarks = 5000;
const maxLines = 10_000;
const maxDepth = 200;

/** What inline markup begins or ends with. */
const marks = /(?:\*+|_+|~+|\[|<|`+)/gu;
const containers = /^[ \t]*(?:(?:>|(?:[-+*]|\d{1,9}[.)])(?=[ \t]|$))[ \t]*)+/u;
const fence = /^ {0,3}(?:`{3,}(?!.*`)|~{3,})/u;
const heading = /^ {0,3}#{1,6}(?:[ \t]|$)/u;

interface Counted {
  readonly lines: number;
  readonly marks: number;
}

const nothing: Counted = { lines: 0, marks: 0 };

/**
 * The first place of a text where a block holds more than the parser can take: more than 5,000 markers, more than 10,000
 * lines, or more than 200 lists and quotes in one another. Code and HTML blocks may hold any number. Linear.
 */
export function excessIn(text: string, from = 0): Excess | undefined {
  let counted = nothing;
  let open: 'fence' | 'html' | undefined;
  for (const line of text.slice(from).matchAll(/([^\r\n]*)(\r\n|\n|\r|$)/gu)) {
    const content = line[1] ?? '';
    const offset = from + line.index;
    const depth = depthOf(content);
    const isFence = fence.test(content);
    if (open === 'fence' || isFence) {
      open = isFence && open === 'fence' ? undefined : 'fence';
      counted = nothing;
    } else if (content.trim() === '') {
      open = undefined;
      counted = nothing;
    } else if (open === 'html' || /^ {0,3}<[A-Za-z/!?]/u.test(content)) {
      open = 'html';
    } else {
      if (depth > maxDepth) return { offset, reason: `lists and quotes are nested more than ${maxDepth} deep here: take some levels out` };
      if (depth > 0 || content.includes('|') || heading.test(content)) counted = nothing;
      const excess = excessOf(counted, content, offset);
      if (excess !== undefined) return excess;
      counted = { lines: counted.lines + 1, marks: counted.marks + marksIn(content) };
    }
  }
  return undefined;
}

/** Containers that begin in a line, and those around an item that its indent tells of: each takes two columns at least. */
function depthOf(line: string): number {
  const found = containers.exec(line)?.[0];
  return found === undefined ? 0 : (found.match(/>|[-+*]|\d+[.)]/gu)?.length ?? 0) + (found.length - found.trimStart().length >> 1);
}

function marksIn(line: string): number {
  return line.match(marks)?.length ?? 0;
}

/** With one line more than what is counted. */
function excessOf(counted: Counted, line: string, offset: number): Excess | undefined {
  if (counted.lines >= maxLines) return { offset, reason: `this paragraph has more than ${maxLines} lines: divide it by a blank line` };
  const left = maxMarks - counted.marks;
  if (marksIn(line) <= left) return undefined;
  const mark = [...line.matchAll(marks)][left];
  return { offset: offset + (mark?.index ?? 0), reason: `this paragraph has more than ${maxMarks} marks of emphasis, links, code or HTML: divide it by a blank line` };
}
