import { Tokenizer } from '@huggingface/tokenizers';
import { AppError } from '../core/errors.ts';

/** Text to token ids and back, from a Hugging Face `tokenizer.json`. */
export class TextTokenizer {
  readonly #tokenizer: Tokenizer;
  readonly #wordPieces: boolean;
  readonly #longestToken: number;
  /** Control tokens as they are written, such as `<|end|>`: a text that holds one would steer the model. */
  readonly specialTokens: readonly string[];

  /** @throws whatever the library throws when the JSON is not a tokenizer */
  constructor(json: object, config: object) {
    this.#tokenizer = new Tokenizer(json, config);
    this.#wordPieces = modelType(json) === 'WordPiece';
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

  /**
   * The tokens of a text with the characters that each stands for; no token is added. `unit` numbers the stretches that the
   * tokenizer never cuts across: BERT's words, punctuation and Chinese characters, else what stands between white space.
   * Where a unit's tokens are not written as it is, each of them stands for the whole unit.
   */
  pieces(text: string): Piece[] {
    const units = [...text.matchAll(this.#wordPieces ? bertUnit : spacedUnit)];
    return units.flatMap(({ 0: written, index: start }, unit) => {
      const { ids, tokens } = this.#tokenizer.encode(written, { add_special_tokens: false });
      const shown = tokens.map((token) => token.replace(this.#wordPieces ? /^##/u : /\u2581/gu, ''));
      const exact = shown.join('') === written;
      let at = start;
      return ids.map((id, index): Piece => {
        if (!exact) return { id, start, end: start + written.length, unit };
        const from = at;
        at += shown[index]?.length ?? 0;
        // A mark of a word's beginning alone stands for the word's first character.
        return { id, start: from, end: at === from ? from + firstCharacter(written).length : at, unit };
      });
    });
  }

  /** Control tokens around two joined texts: before the first, between them, and after the second. @throws AppError `engine.modelInvalid` */
  get joints(): { readonly before: readonly number[]; readonly between: readonly number[]; readonly after: readonly number[] } {
    const [first, last] = this.ends;
    const { length } = this.encode('a');
    const joined = this.#tokenizer.encode('a', { text_pair: 'a', add_special_tokens: true }).ids;
    const between = joined.slice(1 + length, -1 - length);
    if (joined[0] === first && joined.at(-1) === last && between.length > 0) return { before: [first], between, after: [last] };
    throw new AppError('engine.modelInvalid', { path: 'tokenizer.json', reason: 'it does not join two texts' });
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

/** A token and the characters that it stands for, in UTF-16 units. */
export interface Piece {
  readonly id: number;
  readonly start: number;
  readonly end: number;
  readonly unit: number;
}

/** What BERT takes for Chinese characters, each a unit of its own. */
const chinese = '\\u4e00-\\u9fff\\u3400-\\u4dbf\\uf900-\\ufaff\\u{20000}-\\u{2a6df}\\u{2a700}-\\u{2ceaf}\\u{2f800}-\\u{2fa1f}';
const punctuation = '!-/:-@[-`{-~\\p{P}';
const bertUnit = new RegExp(`[${chinese}${punctuation}]|[^\\s${chinese}${punctuation}]+`, 'gu');
const spacedUnit = /\S+/gu;

function firstCharacter(text: string): string {
  return String.fromCodePoint(text.codePointAt(0) ?? 0);
}

function modelType(json: object): unknown {
  const model: unknown = 'model' in json ? json.model : undefined;
  return typeof model === 'object' && model !== null && 'type' in model ? model.type : undefined;
}

/** A text that was cut after some byte of a character, without the U+FFFD that stands for the rest of it. */
export function trimCutCharacter(text: string): string {
  return text.replace(/\uFFFD+$/u, '');
}
