/** Characters that a file of a format cannot hold in any spelling: with one of them it could not be opened again. Pure. */
import type { Codec, CodecId } from './segment.ts';

const xmlFormats: ReadonlySet<CodecId> = new Set(['xliff', 'android', 'resx', 'stringsdict', 'tmx']);

/** NUL makes any file a binary one; half a surrogate pair has no form in any encoding. */
const nowhere = /[\0\p{Surrogate}]/gu;

/** XML 1.0, production 2: nor as a character reference. */
// eslint-disable-next-line no-control-regex -- these are what is looked for
const notInXml = /[\0-\x08\v\f\x0e-\x1f\p{Surrogate}\ufffe\uffff]/gu;

/** Those of a text, each once, as `U+001B`. Linear. */
export function unholdable({ id }: Pick<Codec, 'id'>, text: string): readonly string[] {
  const found = new Set(text.match(xmlFormats.has(id) ? notInXml : nowhere) ?? []);
  return [...found].map((character) => `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`);
}
