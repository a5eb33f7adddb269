/** XLIFF 1.2 whose `seg-source` cuts a text: its segments are translated one by one, in one target. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { composeTarget } from '../../../../src/core/document/target.ts';
import { codecById } from '../../../../src/core/document/codecs.ts';
import { parse, write } from './support.ts';

const xliff = { id: 'xliff' as const, target: 'ja' };
const cut = '<seg-source>[<mrk mtype="seg" mid="1">It rains.</mrk> <g id="1"><mrk mtype="seg" mid="b&amp;2">It <x id="2"/>pours.</mrk></g>\n<mrk mtype="seg" mid="3">42</mrk> - </seg-source>';
const unit = (target: string, source = cut): string => `<xliff version="1.2"><file source-language="en" target-language="ja"><body>\r\n  <trans-unit id="u">\r\n    <source>[It rains. <g id="1">It <x id="2"/>pours.</g>\n42 - </source>\r\n    ${source}${target}\r\n    <note>n</note>\r\n  </trans-unit>\r\n</body></file></xliff>\r\n`;
const [one, two] = ['It rains.', 'It <x id="2"/>pours.'];
const written = (first: string, second: string): string => `[<mrk mtype="seg" mid="1">${first}</mrk> <g id="1"><mrk mtype="seg" mid="b&amp;2">${second}</mrk></g>\n<mrk mtype="seg" mid="3">42</mrk> - </target>`;
const found = (text: string): readonly unknown[] => parse(xliff, text).segments.map(({ source, unit: data }) => [data?.key, source, data?.existing]);
const untranslated = [['1/u/1', one, undefined], ['1/u/b&2', two, undefined]];

describe('seg-source', () => {
  for (const { name, target, before } of [
    { name: 'no target', target: '', before: '\r\n    <target' },
    { name: 'an empty target', target: '\r\n  <target xml:lang="ja"></target>', before: '\r\n  <target xml:lang="ja"' },
    { name: 'a self-closing target', target: '\r\n  <target state="new" />', before: '\r\n  <target' },
    { name: 'a target of white space', target: '<target>\n  </target>', before: '<target' },
    { name: 'a target that repeats the source', target: '\r\n  <target state="new">[It rains. <g id="1">It <x id="2"/>pours.</g>\n42 - </target>', before: '\r\n  <target' },
  ]) {
    it(`with ${name}: each segment is one of its own, and an accept makes the target like it`, () => {
      const text = unit(target);
      assert.deepEqual(found(text), untranslated);
      assert.equal(composeTarget(parse(xliff, text), new Map(), 'ja').text, text);
      const state = target.includes('"new"') ? 'new' : 'needs-translation';
      const tag = (value: string): string => (before.endsWith('<target') || !target.includes('state') ? `${before} state="${value}">` : before);
      assert.equal(write(xliff, text, { [two]: '<x id="2"/>大雨' }), unit(tag(state) + written('', '<x id="2"/>大雨')));
      const first = write(xliff, text, { [one]: '雨 & <' });
      assert.equal(first, unit(tag(state) + written('雨 &amp; &lt;', '')));
      assert.deepEqual(found(first), [['1/u/1', one, '雨 & <'], ['1/u/b&2', two, undefined]]);
      const both = write(xliff, first, { [one]: '雨', [two]: '大雨<x id="2"/>' });
      assert.equal(both, unit(tag('translated') + written('雨', '大雨<x id="2"/>')), 'a second accept replaces the first');
      assert.equal(write(xliff, text, { [one]: '雨', [two]: '大雨<x id="2"/>' }), both);
    });
  }

  it('with a target that has some of them: the others are added where they belong', () => {
    const text = unit('<target state="translated">“<mrk mid=\'b&amp;2\' mtype="seg" comment="c">大雨</mrk>”</target>');
    assert.deepEqual(found(text), [['1/u/1', one, undefined], ['1/u/b&2', two, '大雨']]);
    assert.equal(composeTarget(parse(xliff, text), new Map(), 'ja').text, text);
    assert.equal(write(xliff, text, { [one]: '雨' }), unit('<target state="translated"><mrk mtype="seg" mid="1">雨</mrk> “<mrk mid=\'b&amp;2\' mtype="seg" comment="c">大雨</mrk>\n<mrk mtype="seg" mid="3">42</mrk>”</target>'));
    const empty = unit('<target><mrk mtype="seg" mid="1"/>\n<mrk mtype="seg" mid="b&amp;2" ts="x" /> <mrk mtype="seg" mid="3"/></target>');
    assert.deepEqual(found(empty), untranslated);
    assert.equal(write(xliff, empty, { [two]: '大雨' }), unit('<target state="needs-translation"><mrk mtype="seg" mid="1"></mrk>\n<mrk mtype="seg" mid="b&amp;2" ts="x">大雨</mrk> <mrk mtype="seg" mid="3">42</mrk></target>'));
  });

  it('with a target in another order: each goes to its own', () => {
    const text = unit('<target state="translated"><mrk mtype="seg" mid="b&amp;2">大雨</mrk><mrk mtype="seg" mid="1">雨</mrk><mrk mtype="seg" mid="3">42</mrk></target>');
    assert.deepEqual(found(text), [['1/u/b&2', two, '大雨'], ['1/u/1', one, '雨']]);
    assert.equal(write(xliff, text, { [one]: '小雨' }), text.replace('>雨<', '>小雨<'));
  });

  it('with a target that is a text without marks: it stays one, as nobody can say which words are whose', () => {
    const text = unit('<target state="translated">雨。大雨<x id="2"/></target>');
    const whole = '[It rains. <g id="1">It <x id="2"/>pours.</g>\n42 -';
    assert.deepEqual(found(text), [['1/u', whole, '雨。大雨<x id="2"/>']]);
    assert.equal(write(xliff, text, { [whole]: '別の雨' }), text.replace('雨。大雨<x id="2"/>', '別の雨 '));
  });

  it('that names a segment twice, or one inside of another, is not followed', () => {
    const whole = '[It rains. <g id="1">It <x id="2"/>pours.</g>\n42 -';
    for (const odd of ['<seg-source><mrk mtype="seg" mid="1">A</mrk><mrk mtype="seg" mid="1">B</mrk></seg-source>', '<seg-source><mrk mtype="seg" mid="1">A<mrk mtype="seg" mid="2">B</mrk></mrk></seg-source>']) {
      assert.deepEqual(found(unit('', odd)), [['1/u', whole, undefined]]);
    }
  });

  it('the state of a target is that of its least finished part', () => {
    const text = (state: string, first: string, second: string): string => unit(`<target${state}>${written(first, second)}`);
    const stateOf = (before: string, texts: Readonly<Record<string, string>>, by: 'accepted' | 'filled' = 'accepted'): string => {
      const document = parse(xliff, before);
      const given = new Map(document.segments.flatMap((segment) => (texts[segment.source] === undefined ? [] : [[segment.id, codecById('xliff').encode(texts[segment.source] ?? '', segment)] as const])));
      const composed = composeTarget(document, given, 'ja', { given: (id) => (given.has(id) ? by : undefined), before: () => undefined }).text;
      return /<target([^>]*)>/u.exec(composed)?.[1]?.trim() ?? '';
    };
    const accepted = { [one]: '霧' };
    for (const [before, after] of [
      [text(' state="translated"', '雨', '嵐'), 'state="translated"'], [text(' state="final"', '雨', '嵐'), 'state="final"'], [text(' state="needs-l10n"', '雨', '嵐'), 'state="needs-l10n"'],
      [text(' state="new"', '雨', '嵐'), 'state="needs-review-translation"'], [text('', '雨', '嵐'), 'state="needs-review-translation"'], [text(' state="translated"', '雨', ''), 'state="needs-translation"'],
    ] as const) assert.equal(stateOf(before, accepted), after, before);
    assert.equal(stateOf(text('', '雨', '嵐'), { [one]: '雨' }), '', 'a confirmation says nothing where nothing was said');
    assert.equal(stateOf(text('', '雨', '嵐'), { [one]: '霧', [two]: '嵐' }), 'state="translated"');
    assert.equal(stateOf(text(' state="translated"', '雨', '嵐'), accepted, 'filled'), 'state="needs-review-translation"');
  });
});
