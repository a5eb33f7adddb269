/** The file formats, by extension. Pure. */
import { AppError, assertNever } from '../errors.ts';
import { markdown } from './markdown.ts';
import { plainText } from './plainText.ts';
import type { Codec, CodecId } from './segment.ts';

export function allCodecs(): readonly Codec[] {
  return [plainText, markdown];
}

/** @throws AppError `document.noCodec` with the extensions that are known. */
export function codecFor(path: string): Codec {
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
  const codec = allCodecs().find(({ extensions }) => extensions.some((extension) => name.endsWith(extension)));
  if (codec !== undefined) return codec;
  throw new AppError('document.noCodec', { path, known: allCodecs().flatMap(({ extensions }) => extensions).join(', ') });
}

export function codecById(id: CodecId): Codec {
  switch (id) {
    case 'text': return plainText;
    case 'markdown': return markdown;
    default: return assertNever(id);
  }
}
