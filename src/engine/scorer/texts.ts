import type { LongTexts } from '../../protocol/engine.ts';
import type { TextTokenizer } from '../tokenizer.ts';

/** A text as rows of token ids between the model's control tokens. */
export interface ReadText {
  readonly rows: readonly (readonly number[])[];
  /** It had more tokens than one row holds: there are several rows, or, where `cut` was asked for, the rest is left out. */
  readonly long: boolean;
}

/** Of what a model reads at once. */
export interface Reading {
  /** Tokens of a row, the control tokens included. */
  readonly maxTokens: number;
  readonly long: LongTexts;
}

/** A text alone. Cut as transformers truncates; windows are of one size but for a token and do not overlap. */
export function readText(tokenizer: TextTokenizer, text: string, { maxTokens, long }: Reading): ReadText {
  const [first, last] = tokenizer.ends;
  const room = maxTokens - 2;
  const ids = tokenizer.encode(text);
  const row = (part: readonly number[]): readonly number[] => [first, ...part, last];
  const windows = Math.max(1, Math.ceil(ids.length / room));
  const rows = long === 'cut' ? [row(ids.slice(0, room))] : parts(ids, windows).map(row);
  return { rows, long: windows > 1 };
}

/**
 * `<s> first </s></s> second </s>`. Cut as unbabel-comet cuts: each alone, then the whole. In windows each of both texts is
 * divided into as many parts, and the parts are joined in their order: a translation says things in about its source's order.
 */
export function readJoined(tokenizer: TextTokenizer, texts: readonly [string, string], { maxTokens, long }: Reading): ReadText {
  const [begin, end] = tokenizer.ends;
  const [first, second] = [tokenizer.encode(texts[0]), tokenizer.encode(texts[1])];
  const row = (one: readonly number[], other: readonly number[]): number[] => [begin, ...one, end, end, ...other, end];
  const alone = maxTokens - 4;
  const fits = (count: number): boolean => {
    const [one, other] = [Math.ceil(first.length / count), Math.ceil(second.length / count)];
    return one <= alone && other <= alone && one + other <= alone;
  };
  if (long === 'cut') return { rows: [row(first.slice(0, alone), second.slice(0, alone)).slice(0, maxTokens)], long: !fits(1) };
  let windows = 1;
  while (!fits(windows)) windows++;
  const [ones, others] = [parts(first, windows), parts(second, windows)];
  return { rows: ones.map((one, at) => row(one, others[at] ?? [])), long: windows > 1 };
}

/** `count` parts in order whose lengths differ by at most one. */
function parts(ids: readonly number[], count: number): readonly (readonly number[])[] {
  return Array.from({ length: count }, (_, at) => ids.slice(Math.round((at * ids.length) / count), Math.round(((at + 1) * ids.length) / count)));
}

/**
 * The vector of each text: of several rows their mean, weighted by tokens. For a model that averages over tokens that is the
 * average over all of the text's tokens, each read within its window.
 * @param vectors row by row for the rows of all texts in their order, `width` numbers each
 */
export function pooled(texts: readonly ReadText[], { data, width }: { readonly data: Float32Array; readonly width: number }): Float32Array {
  const found = new Float32Array(texts.length * width);
  let row = 0;
  texts.forEach(({ rows }, text) => {
    const tokens = rows.reduce((sum, ids) => sum + ids.length, 0);
    for (const ids of rows) {
      const share = rows.length === 1 ? 1 : ids.length / tokens;
      for (let unit = 0; unit < width; unit++) found[text * width + unit] = (found[text * width + unit] ?? 0) + share * (data[row * width + unit] ?? NaN);
      row++;
    }
  });
  return found;
}
