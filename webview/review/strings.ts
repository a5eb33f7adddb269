/** Texts of the review view: localised by the host, English where it sent none. */
import type { ReviewCommand } from '../../src/protocol/review.ts';
import { reviewStrings } from '../../src/protocol/reviewStrings.ts';

export type StringKey = keyof typeof reviewStrings;
export type Texts = (key: StringKey, values?: Readonly<Record<string, string | number>>) => string;

/** The texts of a session: localised where the host sent one, English elsewhere. */
export function textsOf(localised: Readonly<Record<string, string>>): Texts {
  return (key, values) => {
    const pattern = localised[key] ?? reviewStrings[key];
    if (values === undefined) return pattern;
    return pattern.replace(/\{(\w+)\}/gu, (whole, name: string) => String(values[name] ?? whole));
  };
}

/** Name of a command in help; the nine digit commands share one. */
export function commandText(texts: Texts, command: ReviewCommand): string {
  return texts(isDigit(command) ? 'command.accept' : `command.${command}`);
}

type DigitCommand = Extract<ReviewCommand, `accept${1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9}`>;

function isDigit(command: ReviewCommand): command is DigitCommand {
  return /^accept[1-9]$/u.test(command);
}
