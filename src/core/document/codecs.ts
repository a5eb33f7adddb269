/** The file formats, by extension. Pure. */
import { AppError } from '../errors.ts';
import { android } from './android.ts';
import { appleStrings } from './appleStrings.ts';
import { csv } from './csv.ts';
import { html } from './html.ts';
import { json } from './json.ts';
import { markdown } from './markdown.ts';
import { mdx } from './mdx.ts';
import { plainText } from './plainText.ts';
import { po } from './po.ts';
import { properties } from './properties.ts';
import { resx } from './resx.ts';
import type { Codec, CodecId } from './segment.ts';
import { stringsdict } from './stringsdict.ts';
import { srt, vtt } from './subtitles.ts';
import { tmx } from './tmx.ts';
import { xcstrings } from './xcstrings.ts';
import { xliff } from './xliff.ts';
import { yaml } from './yaml.ts';

/** Total over the ids: a codec that is forgotten here does not compile. */
const codecs: Readonly<Record<CodecId, Codec>> = {
  text: plainText, markdown, mdx, html, xliff, po, android, properties, json, yaml, resx, strings: appleStrings, stringsdict, xcstrings, srt, vtt, csv, tmx,
};

export function allCodecs(): readonly Codec[] {
  return Object.values(codecs);
}

/** Android's resources are told by their folder as well: `values/anything.xml`. */
const androidFolder = /(?:^|\/)values(?:-[^/]+)?\/[^/]+\.xml$/u;

/** @throws AppError `document.noCodec` with the extensions that are known. */
export function codecFor(path: string): Codec {
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
  const fits = (extension: string): boolean => name.endsWith(extension) || (!extension.startsWith('.') && /^strings[\w-]*\.xml$/u.test(name));
  const codec = androidFolder.test(path) ? android : allCodecs().find(({ extensions }) => extensions.some(fits));
  if (codec !== undefined) return codec;
  throw new AppError('document.noCodec', { path, known: allCodecs().flatMap(({ extensions }) => extensions).join(', ') });
}

/** Formats whose segments are the file's own text, markup included: a segment of theirs can be parsed alone. */
export function isRunningText({ id }: Codec): boolean {
  return id === 'text' || id === 'markdown' || id === 'mdx' || id === 'html';
}

export function codecById(id: CodecId): Codec {
  return codecs[id];
}
