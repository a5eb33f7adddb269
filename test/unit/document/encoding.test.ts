import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { AppError } from '../../../src/core/errors.ts';
import { decodeBytes, encodeText, maxDocumentBytes, newlineKind, workspaceEditSafety, type TextEncodingInfo } from '../../../src/core/document/encoding.ts';

const encodings: readonly TextEncodingInfo[] = [
  { label: 'utf-8', bom: false }, { label: 'utf-8', bom: true }, { label: 'utf-16le', bom: true }, { label: 'utf-16be', bom: true },
];
const text = fc.string({ unit: 'binary' }).map((value) => value.replace(/\0/gu, '').replace(/\p{Surrogate}/gu, '').replace(/^\uFEFF+/u, ''));
const utf8 = (value: string): Uint8Array => new TextEncoder().encode(value);
const fails = (bytes: readonly number[], code: string, offset: number): void => {
  assert.throws(() => decodeBytes(Uint8Array.from(bytes), 'a.txt'), { code, message: new RegExp(`"path":"a\\.txt","offset":${offset}[,}]`, 'u') });
};

describe('encoding', () => {
  it('decodes what it encoded, byte by byte', () => {
    fc.assert(fc.property(text, fc.constantFrom(...encodings), (value, encoding) => {
      const bytes = encodeText(value, encoding);
      const decoded = decodeBytes(bytes, 'a.txt');
      assert.deepEqual(decoded, { text: value, encoding });
      assert.deepEqual(encodeText(decoded.text, decoded.encoding), bytes);
    }));
  });

  it('encodes what it decoded, whatever the bytes, or refuses them', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 12 }), (bytes) => {
      let decoded;
      try {
        decoded = decodeBytes(bytes, 'a.txt');
      } catch (error) {
        assert.ok(error instanceof AppError);
        assert.match(error.message, /^document\.(?:encoding|binary) /u);
        return;
      }
      assert.deepEqual(encodeText(decoded.text, decoded.encoding), bytes);
    }), { numRuns: 500 });
  });

  it('names the byte where UTF-8 breaks', () => {
    fails([0x61, 0xff], 'document.encoding', 1);
    fails([0xe3, 0x81, 0x82, 0xe3, 0x81], 'document.encoding', 3);
    fails([0x61, 0xed, 0xa0, 0x80], 'document.encoding', 1);
    fails([0xc0, 0x80], 'document.encoding', 0);
    fails([0xef, 0xbb, 0xbf, 0x62, 0x80], 'document.encoding', 4);
    fails([0xf4, 0x90, 0x80, 0x80], 'document.encoding', 0);
  });

  it('names the byte where UTF-16 breaks', () => {
    fails([0xff, 0xfe, 0x61, 0x00, 0x00, 0xd8], 'document.encoding', 4);
    fails([0xfe, 0xff, 0x00, 0x61, 0x00], 'document.encoding', 4);
  });

  it('takes a NUL for a sign of a binary file', () => {
    fails([0x61, 0x00, 0x62], 'document.binary', 1);
    fails([0xff, 0xfe, 0x61, 0x00, 0x00, 0x00], 'document.binary', 4);
  });

  it('refuses files over the limit and takes those at it', () => {
    const bytes = new Uint8Array(maxDocumentBytes + 1).fill(0x61);
    assert.throws(() => decodeBytes(bytes, 'big.txt'), { code: 'document.tooLarge', data: { path: 'big.txt', bytes: maxDocumentBytes + 1, limit: maxDocumentBytes } });
    assert.equal(decodeBytes(bytes.subarray(1), 'big.txt').text.length, maxDocumentBytes);
  });

  it('writes no text that has no encoding', () => {
    assert.throws(() => encodeText('a\ud800', { label: 'utf-8', bom: false }), { code: 'input.invalid' });
  });

  it('tells the kind of newline', () => {
    const kinds = [['a', 'none'], ['a\nb\n', 'lf'], ['a\r\nb', 'crlf'], ['a\r\nb\n', 'mixed'], ['a\rb', 'mixed'], ['a\n\rb', 'mixed']] as const;
    for (const [value, kind] of kinds) assert.equal(newlineKind(value), kind, JSON.stringify(value));
  });

  it('trusts the editor with one kind of newline only', () => {
    const safety = (value: string): unknown => workspaceEditSafety(utf8(value), decodeBytes(utf8(value), 'a'));
    assert.deepEqual(safety('\uFEFFa\r\nb\r\n'), { safe: true });
    assert.deepEqual(safety('a\nb'), { safe: true });
    assert.deepEqual(safety('a\r\nb\n'), { safe: false, reason: 'mixedNewlines' });
    assert.deepEqual(safety('a\rb\n'), { safe: false, reason: 'bareCr' });
    assert.deepEqual(workspaceEditSafety(utf8('ab'), decodeBytes(utf8('ac'), 'a')), { safe: false, reason: 'encoding' });
  });
});
