import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { codecFor } from '../../../src/core/document/codecs.ts';
import { markdown } from '../../../src/core/document/markdown.ts';
import { inspectCandidate, maskSegment, unmask, type MaskedText } from '../../../src/core/document/placeholders.ts';
import { softBreaks } from '../../../src/core/document/normalise.ts';
import { AppError } from '../../../src/core/errors.ts';
import type { Segment } from '../../../src/core/document/segment.ts';
import { documentText } from './arbitraries.ts';

function parse(text: string): readonly Segment[] {
  try {
    return markdown.parse(text, { path: 'a', sourceLanguage: 'en' }).segments;
  } catch (error) {
    if (error instanceof AppError && error.code === 'document.empty') return [];
    throw error;
  }
}

function mask(text: string): MaskedText {
  const [segment] = parse(text);
  assert.ok(segment);
  return maskSegment(segment);
}

const code = mask('Run `npm start` now.');
const strong = mask('Be **very** quick.');
const link = mask('See [the shop](http://s) today.');
const issues = (candidate: string, masked: MaskedText): readonly string[] => unmask(candidate, masked).issues.map(({ kind, detail }) => `${kind} ${detail}`);

describe('placeholders', () => {
  it('restores what it masked, line breaks apart', () => {
    fc.assert(fc.property(documentText, (text) => {
      for (const segment of parse(text)) {
        const masked = maskSegment(segment);
        const restored = unmask(masked.text, masked);
        assert.deepEqual(restored.issues, []);
        if (masked.spans.every((span) => !/[\r\n]/u.test(span.text)) && !/[\p{Script=Hiragana}\p{Script=Katakana}]/u.test(segment.source)) {
          assert.equal(restored.text, segment.source.replace(softBreaks(segment.kind), ' '));
        }
      }
    }), { numRuns: 300 });
  });

  it('reads the brackets and digits that models write instead', () => {
    for (const candidate of ['今⟦1⟧する', '今⟦ 1 ⟧する', '今［１］する', '今【1】する', '今[[1]]する', '今 ⟦１⟧ する', '今[1]する']) {
      assert.deepEqual(unmask(candidate, code), { text: '今`npm start`する', issues: [] }, candidate);
    }
  });

  it('takes [1] for a reference where the source has one', () => {
    const masked = mask('Run `npm` as in [1] now.');
    assert.deepEqual(issues('[1]のように', masked), ['placeholderMissing ⟦1⟧ `npm`']);
  });

  it('reports what is lost, doubled or unknown', () => {
    assert.deepEqual(issues('今する', code), ['placeholderMissing ⟦1⟧ `npm start`']);
    assert.deepEqual(issues('⟦1⟧と⟦1⟧', code), ['placeholderExtra ⟦1⟧ `npm start`']);
    assert.deepEqual(issues('⟦1⟧と⟦7⟧', code), ['placeholderExtra ⟦7⟧']);
    assert.deepEqual(issues('店を見る', link), ['placeholderMissing ⟦1⟧ [']);
    assert.deepEqual(issues('⟦1⟧店を見る', link), ['placeholderMissing ⟦2⟧ ](http://s)']);
  });

  it('reports a line break at an end, where the file would lose it', () => {
    const [segment] = codecFor('a.json').parse('{"a":"One\\nTwo {x}"}', { path: 'a.json', sourceLanguage: 'en' }).segments;
    const masked = maskSegment(segment ?? assert.fail());
    assert.equal(masked.text, 'One⟦1⟧Two ⟦2⟧');
    assert.deepEqual(issues('一⟦1⟧二⟦2⟧', masked), []);
    assert.deepEqual(issues('⟦2⟧⟦1⟧一', masked), []);
    for (const candidate of ['⟦1⟧一二⟦2⟧', ' ⟦1⟧ ⟦2⟧一二', '⟦2⟧一二⟦1⟧ ']) assert.deepEqual(issues(candidate, masked), ['placeholderMissing ⟦1⟧ \n'], candidate);
  });

  it('takes a cue of a subtitle that lost a line break, and no other span, for whole', () => {
    for (const [path, text] of [['a.srt', '1\n00:00:01,000 --> 00:00:02,000\n<i>One\nTwo</i>\n'], ['a.vtt', 'WEBVTT\n\n00:01.000 --> 00:02.000\n<i>One\nTwo</i>\n']] as const) {
      const [segment] = codecFor(path).parse(text, { path, sourceLanguage: 'en' }).segments;
      const masked = maskSegment(segment ?? assert.fail());
      assert.equal(masked.text, '⟦1⟧One⟦2⟧Two⟦3⟧');
      for (const candidate of ['⟦1⟧一二⟦3⟧', '⟦1⟧一⟦2⟧二⟦3⟧', '⟦2⟧⟦1⟧一二⟦3⟧']) assert.deepEqual(issues(candidate, masked), [], candidate);
      assert.equal(unmask('⟦1⟧一二⟦3⟧', masked).text, '<i>一二</i>');
      assert.deepEqual(issues('⟦1⟧一⟦2⟧二', masked), ['placeholderMissing ⟦3⟧ </i>']);
    }
  });

  it('drops an emphasis that was lost by half or wholly', () => {
    for (const candidate of ['とても速く', '⟦1⟧とても速く', 'とても⟦2⟧速く']) assert.deepEqual(unmask(candidate, strong), { text: 'とても速く', issues: [] });
  });

  it('puts back a pair around the whole segment', () => {
    assert.deepEqual(unmask('急いで。', mask('**Be quick.** Go on.')), { text: '**急いで。**', issues: [] });
    assert.deepEqual(unmask('The shop', mask('Go. [The shop](u)\n\n')), { text: 'The shop', issues: [] });
  });

  it('turns a pair that is the wrong way round', () => {
    assert.deepEqual(unmask('⟦2⟧店⟦1⟧を見る', link), { text: '[店](http://s)を見る', issues: [] });
  });

  it('fits spaces: none beside Japanese, none inside markers', () => {
    assert.equal(unmask('今 ⟦1⟧ を実行', code).text, '今`npm start`を実行');
    assert.equal(unmask('Run ⟦1⟧ に', code).text, 'Run `npm start`に');
    assert.equal(unmask('Sei⟦1⟧ sehr ⟦2⟧schnell.', strong).text, 'Sei **sehr** schnell.');
    assert.equal(unmask('Führe ⟦1⟧ aus.', code).text, 'Führe `npm start` aus.');
    assert.equal(unmask('⟦1⟧「速く」⟦2⟧ して', strong).text, '**「速く」** して', 'without the space this would be no emphasis');
    const two = mask('Run `a` `b` now.');
    assert.equal(unmask('今 ⟦1⟧ ⟦2⟧ する', two).text, '今`a` `b`する');
  });

  it('protects marks that the source itself has', () => {
    const masked = mask('A ⟦1⟧ mark and `code`.');
    assert.equal(masked.text, 'A ⟦1⟧ mark and ⟦2⟧.');
    assert.deepEqual(unmask('⟦2⟧と⟦1⟧', masked), { text: '`code`と⟦1⟧', issues: [] });
  });

  it('never fails, whatever the candidate', () => {
    fc.assert(fc.property(fc.array(fc.oneof(fc.string(), fc.constantFrom('⟦1⟧', '⟦2⟧', '⟦', '[1]', ' ', 'あ', '⟦99⟧'))).map((parts) => parts.join('')), fc.constantFrom(code, strong, link), (candidate, masked) => {
      assert.equal(typeof unmask(candidate, masked).text, 'string');
    }));
  });

  it('finds empty texts and control characters', () => {
    assert.deepEqual(inspectCandidate(' \n'), [{ kind: 'empty', detail: '' }]);
    assert.deepEqual(inspectCandidate('a\u001b[31mb\u202e'), [{ kind: 'controlCharacters', detail: 'U+001B U+202E' }]);
    assert.deepEqual(inspectCandidate('a\u202eb', 'source with \u202e'), []);
    assert.deepEqual(inspectCandidate('普通の文。\t\n👩‍👩‍👧'), []);
  });
});
