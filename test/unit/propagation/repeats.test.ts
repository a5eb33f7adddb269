import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { codecFor } from '../../../src/core/document/codecs.ts';
import type { Segment } from '../../../src/core/document/segment.ts';
import { withNumbersOf } from '../../../src/core/propagation/numbers.ts';
import { Repeats, type NearFill } from '../../../src/core/propagation/repeats.ts';

function parsed(path: string, text: string): readonly Segment[] {
  return codecFor(path).parse(text, { path, sourceLanguage: 'en' }).segments;
}

/** Position in the document and text of each repeat of the first segment. */
function sameAsFirst(segments: readonly Segment[], translation: string): readonly string[] {
  const [first] = segments;
  return new Repeats(segments).same(first?.id ?? '', translation).map(({ segment, text }) => `${segments.findIndex(({ id }) => id === segment)} ${text}`);
}

function nearFirst(segments: readonly Segment[], translation: string, least: number): readonly NearFill[] {
  return new Repeats(segments).near(segments[0]?.id ?? '', translation, least);
}

describe('repeats of a segment', () => {
  it('are found whatever their white space, wrapping and composition, and not across case', () => {
    const segments = parsed('a.md', 'Read the\ncafe\u0301 menu.\n\nSomething else.\n\nRead the caf\u00e9  menu.\n\nREAD THE CAFÉ MENU.\n');
    assert.deepEqual(sameAsFirst(segments, '喫茶店の品書き。'), ['2 喫茶店の品書き。']);
  });

  it('keep their own placeholders, in the order of the translation', () => {
    const json = JSON.stringify({ a: '{0} of {name}', b: '{1} of {owner}', c: '{0} of all' });
    assert.deepEqual(sameAsFirst(parsed('a.json', json), '{name}の{0}'), ['1 {owner}の{1}']);
  });

  it('keep their own links and emphasis', () => {
    const segments = parsed('a.md', 'See [the **guide**](one.md).\n\nSee [the **guide**](two.md "Two").\n');
    assert.deepEqual(sameAsFirst(segments, '[**手引き**](one.md)を見よ。'), ['1 [**手引き**](two.md "Two")を見よ。']);
  });

  it('are not filled where a placeholder would be lost', () => {
    const json = JSON.stringify({ a: 'Delete {name}', b: 'Delete {other}' });
    assert.deepEqual(sameAsFirst(parsed('a.json', json), '削除'), []);
  });

  it('are no other plural forms of a message: those are near, each of its own', () => {
    const json = JSON.stringify({ a_one: '{{count}} dog', a_other: '{{count}} dogs', b_one: '{{count}} dog', b_other: '{{count}} dogs', title: '{{count}} dogs' });
    const segments = codecFor('a.json').parse(json, { path: 'a.json', sourceLanguage: 'en', targetLanguage: 'pl' }).segments;
    const repeats = new Repeats(segments);
    const key = (id: string): string => segments.find((segment) => segment.id === id)?.unit?.key ?? '';
    const few = segments.find(({ unit }) => unit?.key === 'a_few')?.id ?? assert.fail();
    const other = segments.find(({ unit }) => unit?.key === 'a_other')?.id ?? assert.fail();
    assert.deepEqual(repeats.same(few, '{{count}} psy').map(({ segment }) => key(segment)), ['b_few']);
    assert.deepEqual(repeats.same(other, '{{count}} psa').map(({ segment }) => key(segment)), ['b_other', 'title']);
    assert.deepEqual(repeats.near(few, '{{count}} psy', 99).map(({ segment, numbersOnly, score }) => [key(segment), numbersOnly, score]).sort(), ['a_many', 'a_other', 'b_many', 'b_other', 'title'].map((name) => [name, false, 99]));
  });

  it('are no other combinations of plural forms', () => {
    const both = '{a, plural, one {a cat} other {# cats}} and {b, plural, one {a dog} other {# dogs}}';
    const segments = codecFor('a.json').parse(JSON.stringify({ x: both, y: both }), { path: 'a.json', sourceLanguage: 'en', targetLanguage: 'pl' }).segments;
    const few = segments.find(({ unit }) => unit?.key === 'x{a=few,b=one}') ?? assert.fail();
    assert.deepEqual(new Repeats(segments).same(few.id, '{a, number} koty i pies').map(({ segment }) => segments.find(({ id }) => id === segment)?.unit?.key), ['y{a=few,b=one}']);
  });

  it('are near by score, numbers first and with their own numbers', () => {
    const json = JSON.stringify({ a: 'Page 3 of 10', b: 'Page 4 of 10', c: 'The file was saved to the folder', d: 'Page 3 of 10', e: 'Page 3 of 10 shown' });
    const found = nearFirst(parsed('a.json', json), '10ページ中３ページ目', 70);
    assert.deepEqual(found.map(({ text, numbersOnly }) => [text, numbersOnly]), [['10ページ中４ページ目', true], ['10ページ中３ページ目', false]]);
    assert.ok(found.every(({ score }) => score >= 70 && score < 100));
    assert.deepEqual(nearFirst(parsed('a.json', json), 'x', 95).map(({ numbersOnly }) => numbersOnly), [], 'a number that the translation lacks cannot be replaced');
  });
});

describe('numbers of another source', () => {
  it('take the place of those that differ, in the width that they stand in', () => {
    assert.equal(withNumbersOf('２０２４年5月', 'May 5, 2024', 'May 6, 2025'), '２０２５年6月');
    assert.equal(withNumbersOf('⟦1⟧は1,5秒', '⟦1⟧ takes 1,5 s', '⟦1⟧ takes 2,5 s'), '⟦1⟧は2,5秒');
  });

  it('are not guessed', () => {
    assert.equal(withNumbersOf('三つの話', '3 tales', '4 tales'), undefined, 'spelled out');
    assert.equal(withNumbersOf('3の3', '3 by 3', '3 by 4'), undefined, 'which is which');
    assert.equal(withNumbersOf('3話', '3 tales', '3 stories'), undefined, 'other words');
  });
});
