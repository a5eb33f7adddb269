/** What every structured codec must do, whatever its format. */
import assert from 'node:assert/strict';
import { codecById } from '../../../../src/core/document/codecs.ts';
import { AppError } from '../../../../src/core/errors.ts';
import type { CodecId, ParsedDocument, Segment } from '../../../../src/core/document/segment.ts';
import { composeTarget } from '../../../../src/core/document/target.ts';

export interface Parsing {
  readonly id: CodecId;
  readonly path?: string;
  readonly target?: string;
}

export function parse({ id, path = 'a', target }: Parsing, text: string): ParsedDocument {
  return codecById(id).parse(text, { path, sourceLanguage: 'en', ...(target === undefined ? {} : { targetLanguage: target }) });
}

/** The file with each segment (by its source) replaced. */
export function write(parsing: Parsing, text: string, translations: Readonly<Record<string, string>>): string {
  const document = parse(parsing, text);
  const codec = codecById(parsing.id);
  const texts = new Map(document.segments.flatMap((segment) => {
    const translation = translations[segment.source];
    return translation === undefined ? [] : [[segment.id, codec.encode(translation, segment)] as const];
  }));
  assert.equal(texts.size, Object.keys(translations).length, `sources are ${JSON.stringify(document.segments.map(({ source }) => source))}`);
  return composeTarget(document, texts, 'ja').text;
}

/** The error's place and reason. */
export function failure(parsing: Parsing, text: string): string {
  try {
    parse(parsing, text);
  } catch (error) {
    if (error instanceof AppError && error.code === 'document.syntax') {
      const { line, column, reason } = error.data as { line: number; column: number; reason: string };
      return `${line}:${column} ${reason}`;
    }
    throw error;
  }
  return 'no error';
}

/** Without the lines that only say that a message is fuzzy: one with a form that is not done is. */
export function withoutFlags(text: string): string {
  return text.replace(/^#, fuzzy\r?\n/gmu, '');
}

/** What a file says of a segment after it was written. */
export function reading(id: CodecId, { source, unit }: Segment): string {
  return codecById(id).bilingual === true ? (unit?.existing ?? '') : source;
}
