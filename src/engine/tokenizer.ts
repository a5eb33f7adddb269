import { Tokenizer } from '@huggingface/tokenizers';
import { AppError } from '../core/errors.ts';

/** Text to token ids and back, from a Hugging Face `tokenizer.json`. */
export class TextTokenizer {
  readonly #tokenizer: Tokenizer;
  readonly #longestToken: number;
  /** Control tokens as they are written, such as `<|end|>`: a text that holds one would steer the model. */
  readonly specialTokens: readonly string[];

  /** @throws whatever the library throws when the JSON is not a tokenizer */
  constructor(json: object, config: object) {
    this.#tokenizer = new Tokenizer(json, config);
    const added = [...this.#tokenizer.get_added_tokens_decoder().values()];
    this.#longestToken = [...this.#tokenizer.get_vocab().keys()].reduce((most, token) => Math.max(most, token.length), 1);
    this.specialTokens = added.filter((token) => token.special).map((token) => token.content);
  }

  /**
   * A text has at least so many tokens: no token stands for more UTF-16 units than it is written with. Tells at once that
   * a file of megabytes does not fit, which tokenising it would take many seconds to find out.
   */
  leastTokens(text: string): number {
    return Math.ceil(text.length / this.#longestToken);
  }

  /** No token is added; control tokens in the text are recognised. */
  encode(text: string): number[] {
    return this.#tokenizer.encode(text, { add_special_tokens: false }).ids;
  }

  /** The control token that the tokenizer puts before every text, such as `<s>`; null: it puts none. */
  get leading(): number | null {
    const [first] = this.#tokenizer.encode(' ', { add_special_tokens: true }).ids;
    return first === undefined || first === this.encode(' ')[0] ? null : first;
  }

  /** Control tokens that stand before and after one text, such as `<s>` and `</s>`. @throws AppError `engine.modelInvalid` */
  get ends(): readonly [number, number] {
    const [first, last, ...more] = this.#tokenizer.encode('', { add_special_tokens: true }).ids;
    if (first !== undefined && last !== undefined && more.length === 0) return [first, last];
    throw new AppError('engine.modelInvalid', { path: 'tokenizer.json', reason: 'it does not put one control token before and one after a text' });
  }

  /** Control tokens are left out; bytes that are not UTF-8 become U+FFFD. */
  decode(ids: readonly number[]): string {
    return ids.length === 0 ? '' : this.#tokenizer.decode([...ids], { skip_special_tokens: true, clean_up_tokenization_spaces: false });
  }
}

/** A text that was cut after some byte of a character, without the U+FFFD that stands for the rest of it. */
export function trimCutCharacter(text: string): string {
  return text.replace(/\uFFFD+$/u, '');
}
