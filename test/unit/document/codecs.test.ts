import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { codecById, codecFor } from '../../../src/core/document/codecs.ts';
import { decodeBytes, encodeText } from '../../../src/core/document/encoding.ts';
import { AppError } from '../../../src/core/errors.ts';
import type { CodecId, ParsedDocument } from '../../../src/core/document/segment.ts';
import { composeTarget } from '../../../src/core/document/target.ts';
import { sharedData } from '../support/sharedData.ts';
import { documentText, uniformText } from './arbitraries.ts';

const ids: readonly CodecId[] = ['text', 'markdown'];

/** Documents without anything to translate have no segments. */
function parse(id: CodecId, text: string): ParsedDocument {
  try {
    return codecById(id).parse(text, { path: 'a', sourceLanguage: 'en' });
  } catch (error) {
    if (error instanceof AppError && error.code === 'document.empty') return { codec: id, text, segments: [] };
    throw error;
  }
}

function checkStructure({ text, segments }: ParsedDocument): void {
  let last = 0;
  segments.forEach((segment, index) => {
    const { range, gap, source, protectedSpans } = segment;
    assert.ok(last <= range.start && range.start < range.end, 'disjoint and in order');
    assert.equal(text.slice(range.start, range.end), source);
    assert.equal(source.trim(), source, 'no white space at the ends');
    const next = segments[index + 1];
    assert.ok(gap.start === range.end && (gap.end === gap.start || (next?.block === segment.block && gap.end === next.range.start)), 'gap leads to the next of the block');
    let spanEnd = 0;
    for (const span of protectedSpans) {
      assert.ok(spanEnd <= span.range.start && span.range.start < span.range.end && span.range.end <= source.length, 'spans lie inside');
      spanEnd = span.range.end;
    }
    last = range.end;
  });
  assert.equal(new Set(segments.map(({ id }) => id)).size, segments.length, 'ids are unique');
}

describe('codecs', () => {
  for (const id of ids) {
    it(`${id}: ranges are exact and writing nothing changes nothing`, () => {
      fc.assert(fc.property(fc.oneof(documentText, uniformText), fc.boolean(), (text, bom) => {
        const bytes = encodeText(text, { label: 'utf-8', bom });
        const decoded = decodeBytes(bytes, 'a');
        const document = parse(id, decoded.text);
        checkStructure(document);
        assert.deepEqual(encodeText(composeTarget(document, new Map(), 'ja').text, decoded.encoding), bytes);
      }), { numRuns: 300 });
    });

    it(`${id}: a source written back changes nothing, and encoding twice is encoding once`, () => {
      fc.assert(fc.property(uniformText, documentText, (text, translation) => {
        const document = parse(id, text);
        const codec = codecById(id);
        for (const segment of document.segments) {
          assert.equal(codec.encode(segment.source, segment), segment.source);
          const once = codec.encode(translation, segment);
          assert.ok(!/[\r\n]/u.test(once) || once === segment.source);
          assert.equal(codec.encode(once, segment), once);
        }
      }));
    });
  }

  it('finds a codec by extension and names those it knows', () => {
    assert.equal(codecFor('a/b.en.MD').id, 'markdown');
    assert.equal(codecFor('notes.txt').id, 'text');
    assert.throws(() => codecFor('a.xyz'), (error) => error instanceof AppError && error.code === 'document.noCodec' && /\.md.*\.markdown/u.test(error.message));
  });

  it('says that a file without a sentence is empty', () => {
    for (const id of ids) for (const text of ['', ' \n\n', '12\n', '---\n']) assert.throws(() => codecById(id).parse(text, { path: 'e.md', sourceLanguage: 'en' }), { code: 'document.empty', data: { path: 'e.md' } });
  });

  it('refuses Markdown that would take minutes', () => {
    assert.throws(() => codecById('markdown').parse('a'.repeat(10 * 1024 * 1024 + 1), { path: 'big.md', sourceLanguage: 'en' }), { code: 'document.tooLarge' });
  });

  it('reads a line of 100,000 characters in reasonable time', () => {
    for (const id of ids) {
      for (const [line, segments] of [['I have to go now. '.repeat(5556), 5556], ['word '.repeat(20_000), 1], ['a'.repeat(100_000), 1]] as const) {
        const start = process.cpuUsage();
        assert.equal(parse(id, line).segments.length, segments);
        const { user } = process.cpuUsage(start);
        assert.ok(user < 2e6, `${id} took ${user / 1000} ms of CPU time`);
      }
    }
  });

  it('leaves real files as they are', (t) => {
    const folder = sharedData('l10n-files');
    if (folder === undefined) {
      t.skip('needs ../shared/data/l10n-files');
      return;
    }
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /\.(?:md|srt|txt)$/u.test(name));
    assert.ok(files.length > 50);
    let segments = 0;
    for (const file of files) {
      const bytes: Uint8Array = new Uint8Array(readFileSync(join(folder, file)));
      const { text, encoding } = decodeBytes(bytes, file);
      const document = parse(file.endsWith('.md') ? 'markdown' : 'text', text);
      checkStructure(document);
      segments += document.segments.length;
      assert.deepEqual(encodeText(composeTarget(document, new Map(), 'ja').text, encoding), bytes, file);
    }
    assert.ok(segments > 500, `${segments} segments`);
  });
});
