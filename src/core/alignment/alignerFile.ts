import { AppError } from '../errors.ts';
import { sha256Hex } from '../hash.ts';
import type { AlignerModel } from './alignPair.ts';
import { ByteReader, ByteWriter } from './byteStream.ts';
import type { DirectionModel } from './trainDirection.ts';
import type { TranslationTable } from './translationTable.ts';

/**
 * The file of a trained aligner: `ILALIGN`, a version byte, the SHA-256 of the rest, then casing, both vocabularies
 * (UTF-8) and both directions. A table row is its length, the gaps between its columns, and one byte a
 * probability: −ln p in steps of 1/16, so that a value comes back within 3.2 % and what is below e^−15.9 is left out.
 */
const magic = 'ILALIGN';
const version = 1;
const digestLength = 64;
const stepsPerNat = 16;

/**
 * The model as bytes. `leastProbability` prunes entries of words; those of the empty word all stay. Cost: linear.
 */
export function serializeAligner(model: AlignerModel, leastProbability: number): Uint8Array {
  const body = new ByteWriter();
  body.byte(model.casing === 'lower' ? 1 : 0);
  writeWords(body, model.sourceWords);
  writeWords(body, model.targetWords);
  writeDirection(body, model.forward, leastProbability);
  writeDirection(body, model.backward, leastProbability);
  const bytes = body.take();
  const file = new ByteWriter();
  file.bytes(new TextEncoder().encode(magic));
  file.byte(version);
  file.bytes(new TextEncoder().encode(sha256Hex(bytes)));
  file.bytes(bytes);
  return file.take();
}

/** @throws AppError `engine.modelInvalid` naming `path` where the bytes are not a whole model of this version. */
export function deserializeAligner(file: Uint8Array, path: string): AlignerModel {
  const invalid = (reason: string, cause?: unknown): AppError => new AppError('engine.modelInvalid', { path, reason }, cause);
  const headerLength = magic.length + 1 + digestLength;
  if (new TextDecoder().decode(file.subarray(0, magic.length)) !== magic) throw invalid('it is not an aligner model');
  if (file[magic.length] !== version) throw invalid(`its format is version ${String(file[magic.length])}, not ${String(version)}`);
  const body = file.subarray(headerLength);
  const digest = new TextDecoder().decode(file.subarray(magic.length + 1, headerLength));
  if (digest !== sha256Hex(body)) throw invalid('it is incomplete or damaged');
  try {
    return readModel(new ByteReader(body));
  } catch (error) {
    if (error instanceof RangeError) throw invalid(error.message, error);
    throw error;
  }
}

function readModel(reader: ByteReader): AlignerModel {
  const casing = reader.byte() === 1 ? 'lower' : 'asIs';
  const sourceWords = readWords(reader);
  const targetWords = readWords(reader);
  const forward = readDirection(reader, sourceWords.length + 1, targetWords.length);
  const backward = readDirection(reader, targetWords.length + 1, sourceWords.length);
  if (reader.rest > 0) throw new RangeError('it has bytes after its end');
  return { casing, sourceWords, targetWords, forward, backward };
}

function writeWords(writer: ByteWriter, words: readonly string[]): void {
  const encoder = new TextEncoder();
  writer.integer(words.length);
  for (const word of words) {
    const bytes = encoder.encode(word);
    writer.integer(bytes.length);
    writer.bytes(bytes);
  }
}

function readWords(reader: ByteReader): string[] {
  const decoder = new TextDecoder();
  const words: string[] = [];
  for (let count = reader.integer(); count > 0; count--) words.push(decoder.decode(reader.bytes(reader.integer())));
  return words;
}

function writeDirection(writer: ByteWriter, { prior, table }: DirectionModel, least: number): void {
  writer.integer(Math.round(prior.tension * 1e4));
  writer.integer(Math.round(prior.empty * 1e4));
  for (let row = 0; row + 1 < table.rowStarts.length; row++) {
    const kept: number[] = [];
    for (let entry = table.rowStarts[row] ?? 0; entry < (table.rowStarts[row + 1] ?? 0); entry++) {
      const probability = table.probabilities[entry] ?? 0;
      if (stepsOf(probability) <= 255 && (row === 0 || probability >= least)) kept.push(entry);
    }
    writer.integer(kept.length);
    let previous = 0;
    for (const entry of kept) {
      const column = table.columns[entry] ?? 0;
      writer.integer(column - previous);
      writer.byte(stepsOf(table.probabilities[entry] ?? 0));
      previous = column;
    }
  }
}

function readDirection(reader: ByteReader, rows: number, columnCount: number): DirectionModel {
  const prior = { tension: reader.integer() / 1e4, empty: reader.integer() / 1e4 };
  const rowStarts = new Int32Array(rows + 1);
  const columns: number[] = [];
  const probabilities: number[] = [];
  for (let row = 0; row < rows; row++) {
    let column = 0;
    for (let count = reader.integer(); count > 0; count--) {
      column += reader.integer();
      if (column >= columnCount) throw new RangeError('a table names a word that is not there');
      columns.push(column);
      probabilities.push(Math.exp(-reader.byte() / stepsPerNat));
    }
    rowStarts[row + 1] = columns.length;
  }
  const table: TranslationTable = { rowStarts, columns: Int32Array.from(columns), probabilities: Float32Array.from(probabilities) };
  return { prior, table };
}

function stepsOf(probability: number): number {
  return probability >= 1 ? 0 : Math.round(-Math.log(probability) * stepsPerNat);
}
