/** Laws of all structured codecs, on random values in every place that a small file of each format has. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { codecById, codecFor } from '../../../../src/core/document/codecs.ts';
import { decodeBytes, encodeText } from '../../../../src/core/document/encoding.ts';
import type { CodecId, ParsedDocument } from '../../../../src/core/document/segment.ts';
import { composeTarget } from '../../../../src/core/document/target.ts';
import { AppError } from '../../../../src/core/errors.ts';
import { sharedData } from '../../support/sharedData.ts';
import { skeletons } from './skeletons.ts';
import { parse, reading, withoutFlags } from './support.ts';

const characters = fc.constantFrom('a', 'B', 'é', '雨', '。', ' ', ' ', '<', '>', '&', '"', "'", '\\', '\n', '\t', '{', '}', '%', '$', '#', '=', ':', ';', ',', '|', '-', '@', '?', '🙂', '\u00a0', ']]>', '-->', '&amp;', '<b>', '</b>', '%s', '{0}', '%1$@', '\\n', "''", '""', '/*', '//');
/** A translation that every format can hold: it begins and ends with a letter and has no blank lines. */
const translation = fc.array(characters, { maxLength: 10 }).map((parts) => `訳${parts.join('').replace(/\s*\n\s*/gu, '\n')}x`);

describe('structured codecs', () => {
  for (const [id, files] of Object.entries(skeletons) as [CodecId, readonly string[]][]) {
    it(`${id}: a translation that is written reads back as it was, and nothing else changes`, () => {
      const captions = id === 'srt' || id === 'vtt';
      fc.assert(fc.property(fc.constantFrom(...files), fc.array(translation, { minLength: 9, maxLength: 9 }), fc.nat(511), fc.boolean(), (file, texts, which, crlf) => {
        const text = crlf ? file.replaceAll('\n', '\r\n') : file;
        const document = parse({ id, target: 'ja' }, text);
        assert.equal(composeTarget(document, new Map(), 'ja').text, text);
        const chosen = document.segments.filter((_, index) => (which & (1 << index)) !== 0);
        const wanted = new Map(chosen.map((segment, index) => [segment.unit?.key, (texts[index] ?? 'x').replaceAll('-->', captions ? 'x' : '-->')]));
        const codec = codecById(id);
        const encoded = new Map(chosen.map((segment) => [segment.id, codec.encode(wanted.get(segment.unit?.key) ?? '', segment)]));
        const written = composeTarget(document, encoded, 'ja');
        checkBetween(document, written.text, encoded);
        const again = parse({ id, target: 'ja' }, written.text);
        assert.equal(again.segments.length, document.segments.length);
        again.segments.forEach((segment, index) => {
          const before = document.segments[index];
          assert.ok(before !== undefined);
          assert.equal(reading(id, segment), wanted.get(segment.unit?.key) ?? reading(id, before));
        });
      }), { numRuns: 200 });
    });

    it(`${id}: any damage is a located error or a document that is written as it was`, () => {
      fc.assert(fc.property(fc.constantFrom(...files), fc.nat(), fc.nat(12), fc.string({ unit: 'grapheme', maxLength: 3 }), (file, at, length, noise) => {
        const start = at % file.length;
        const text = (file.slice(0, start) + noise + file.slice(start + length)).replaceAll('\0', '');
        try {
          assert.equal(composeTarget(parse({ id, target: 'ja' }, text), new Map(), 'ja').text, text);
        } catch (error) {
          assert.ok(error instanceof AppError && ['document.syntax', 'document.empty'].includes(String(error.code)), String(error));
          if (error.code !== 'document.syntax') return;
          const { line, column } = error.data as { line: number; column: number };
          assert.ok(line >= 1 && column >= 1);
        }
      }), { numRuns: 300 });
    });
  }

  it('running text: any splice keeps what is around it', () => {
    const pieces = fc.constantFrom('# Rain\n\n', 'It rains. ', 'It *pours*. ', '- One\n', '- Two\n\n', '> See you.\n\n', '| a | b |\n|---|---|\n| One | Two |\n\n', '```\ncode\n```\n\n', '<b>bold</b> ', '<p>Para', '</p>\n', '&amp; ', '`x` ', '\n\n', '\r\n', '<br>', '[link](u) ', '雨だ。');
    fc.assert(fc.property(fc.constantFrom<CodecId>('text', 'markdown', 'mdx', 'html'), fc.array(pieces, { minLength: 1, maxLength: 14 }), fc.array(fc.nat(), { maxLength: 3 }), (id, parts, picks) => {
      const text = parts.join('');
      let document: ParsedDocument;
      try {
        document = parse({ id, target: 'en' }, text);
      } catch (error) {
        assert.ok(error instanceof AppError && ['document.syntax', 'document.empty'].includes(String(error.code)), String(error));
        return;
      }
      const chosen = [...new Set(picks.map((pick) => document.segments[pick % document.segments.length]))].filter((segment) => segment !== undefined);
      const encoded = new Map(chosen.map((segment) => [segment.id, codecById(id).encode('Wordy x', segment)] as const));
      const written = composeTarget(document, encoded, 'en');
      checkBetween(document, written.text, encoded);
      for (const { id: segment } of chosen) assert.equal(written.text.slice(written.ranges.get(segment)?.start, written.ranges.get(segment)?.end), encoded.get(segment));
      assert.equal(composeTarget(parse({ id, target: 'en' }, written.text), new Map(), 'en').text, written.text);
    }), { numRuns: 400 });
  });

  it('real files are written as they were, and broken ones are refused with a place', (t) => {
    const folder = sharedData('l10n-files');
    if (folder === undefined) {
      t.skip('needs ../shared/data/l10n-files');
      return;
    }
    const counts = { identical: 0, located: 0 };
    for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      if (!statSync(join(folder, file)).isFile() || /(?:LICENSE(?:\.md)?|NOTE\.txt|\.xsd)$/u.test(file)) continue;
      const bytes: Uint8Array = new Uint8Array(readFileSync(join(folder, file)));
      try {
        const { text, encoding } = decodeBytes(bytes, file);
        const document: ParsedDocument = codecFor(file).parse(text, { path: file, sourceLanguage: 'en' });
        assert.deepEqual(encodeText(composeTarget(document, new Map(), 'ja').text, encoding), bytes, file);
        counts.identical++;
      } catch (error) {
        if (error instanceof AppError && error.code === 'document.empty') continue;
        assert.ok(error instanceof AppError && error.code === 'document.syntax' && /invalid\/|error/u.test(file), `${file}: ${String(error)}`);
        counts.located++;
      }
    }
    assert.ok(counts.identical > 250 && counts.located >= 110, JSON.stringify(counts));
  });
});

/** Between the slots every character is where it was. */
function checkBetween({ text, segments }: ParsedDocument, written: string, encoded: ReadonlyMap<string, string>): void {
  let expected = '';
  let at = 0;
  for (const { id, range } of segments) {
    expected += text.slice(at, range.start) + (encoded.get(id) ?? text.slice(range.start, range.end));
    at = range.end;
  }
  assert.equal(withoutFlags(written), withoutFlags(expected + text.slice(at)));
}
