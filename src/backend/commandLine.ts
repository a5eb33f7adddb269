import { AppError } from '../core/errors.ts';

export interface CommandLine {
  readonly program: string;
  readonly args: readonly string[];
  /** From leading `NAME=value` words. */
  readonly env: Readonly<Record<string, string>>;
}

const word = /(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|((?:[^\s"'\\]|\\.)+))/suy;

/**
 * Splits a configured command without any shell: words, 'single' and "double" quotes, backslashes, leading assignments.
 * Nothing is expanded, so nothing in a path or a model's name can become a second command.
 * @throws AppError `input.invalid` for an open quote or an empty command
 */
export function parseCommandLine(text: string): CommandLine {
  const words = split(text);
  const firstOther = words.findIndex((each) => !/^[A-Za-z_]\w*=/u.test(each));
  const program = firstOther === -1 ? undefined : words[firstOther];
  if (program === undefined) throw invalid(text, 'it names no program');
  const env = Object.fromEntries(words.slice(0, firstOther).map((each) => {
    const at = each.indexOf('=');
    return [each.slice(0, at), each.slice(at + 1)];
  }));
  return { program, args: words.slice(firstOther + 1), env };
}

function split(text: string): string[] {
  const words: string[] = [];
  let current: string | undefined;
  for (let at = 0; at < text.length;) {
    if (/\s/u.test(text.charAt(at))) {
      if (current !== undefined) words.push(current);
      current = undefined;
      at += 1;
      continue;
    }
    word.lastIndex = at;
    const found = word.exec(text);
    if (found === null) throw invalid(text, `a quote or a backslash at character ${(at + 1).toString()} has no end`);
    const [whole, double, single, plain] = found;
    current = (current ?? '') + (single ?? unescaped(double ?? plain ?? ''));
    at += whole.length;
  }
  return current === undefined ? words : [...words, current];
}

/** Only before a quote, a space or itself: Windows paths keep their backslashes. */
function unescaped(text: string): string {
  return text.replaceAll(/\\(["'\s\\])/gu, '$1');
}

function invalid(text: string, reason: string): AppError {
  return new AppError('input.invalid', { where: `server command "${text}"`, reason });
}
