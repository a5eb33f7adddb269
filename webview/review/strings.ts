/** Texts of the review view: localised by the host, English where it sent none. */
import type { ReviewCommand } from '../../src/protocol/review.ts';
import { reviewStrings } from '../../src/protocol/reviewStrings.ts';
import { localisedTexts, type TextsOf } from '../../src/protocol/texts.ts';

export type StringKey = keyof typeof reviewStrings;
export type Texts = TextsOf<StringKey>;

/** The texts of a session. */
export function textsOf(localised: Readonly<Record<string, string>>): Texts {
  return localisedTexts(reviewStrings, localised);
}

/** Name of a command in help; the nine digit commands share one. */
export function commandText(texts: Texts, command: ReviewCommand): string {
  return texts(isDigit(command) ? 'command.accept' : `command.${command}`);
}

type DigitCommand = Extract<ReviewCommand, `accept${1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9}`>;

function isDigit(command: ReviewCommand): command is DigitCommand {
  return /^accept[1-9]$/u.test(command);
}
