import type { TextTokenizer } from '../tokenizer.ts';

export interface Cut {
  readonly ids: readonly number[];
  /** The text had more tokens than were kept. */
  readonly cut: boolean;
}

/** A text between the model's control tokens, cut at `maxTokens` with both of them in it, as transformers truncates. */
export function cutText(tokenizer: TextTokenizer, text: string, maxTokens: number): Cut {
  const [first, last] = tokenizer.ends;
  const room = maxTokens - 2;
  const ids = tokenizer.encode(text);
  return { ids: [first, ...ids.slice(0, room), last], cut: ids.length > room };
}

/** `<s> first </s></s> second </s>`, each cut alone and the whole cut at `maxTokens`, as unbabel-comet joins them. */
export function joinTexts(tokenizer: TextTokenizer, [first, second]: readonly [string, string], maxTokens: number): Cut {
  const [one, other] = [cutText(tokenizer, first, maxTokens - 2), cutText(tokenizer, second, maxTokens - 2)];
  const [, last] = tokenizer.ends;
  const ids = [...one.ids, last, ...other.ids.slice(1)];
  return { ids: ids.slice(0, maxTokens), cut: one.cut || other.cut || ids.length > maxTokens };
}
