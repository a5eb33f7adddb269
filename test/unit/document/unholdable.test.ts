import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { allCodecs } from '../../../src/core/document/codecs.ts';
import { decodeBytes, encodeText } from '../../../src/core/document/encoding.ts';
import { composeTarget } from '../../../src/core/document/target.ts';
import { unholdable } from '../../../src/core/document/unholdable.ts';
import { skeletons } from './formats/skeletons.ts';

const suspects = [...Array.from({ length: 32 }, (_, code) => String.fromCharCode(code)), '\u007f', '\u0085', '\u2028', '\u202e', '\ufeff', '\ufffe', '\ud83d', '\udc36'];
const options = { path: 'a', sourceLanguage: 'en', targetLanguage: 'ja' };

describe('characters that a file cannot hold', () => {
  it('are named once', () => {
    assert.deepEqual(unholdable({ id: 'android' }, 'a\u001b[31mb\u001b\0🐶\ud83d'), ['U+001B', 'U+0000', 'U+D83D']);
    assert.deepEqual(unholdable({ id: 'markdown' }, 'a\u001b[31m\u202e🐶'), []);
    assert.deepEqual(unholdable({ id: 'json' }, 'a\0'), ['U+0000']);
  });

  for (const codec of allCodecs()) {
    it(`${codec.id}: with any other the written file opens again`, () => {
      const text = skeletons[codec.id]?.[0] ?? 'It rains.\n';
      const document = codec.parse(text, options);
      const [segment] = document.segments;
      assert.ok(segment !== undefined);
      for (const character of suspects) {
        const translation = `雨${character}が降る`;
        if (unholdable(codec, translation).length > 0) continue;
        const written = composeTarget(document, new Map([[segment.id, codec.encode(translation, segment)]]), 'ja').text;
        const { text: again } = decodeBytes(encodeText(written, { label: 'utf-8', bom: false }), 'a');
        assert.ok(codec.parse(again, options).segments.length > 0, JSON.stringify(character));
      }
    });
  }
});
