/** What tells texts of the same words apart. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { codecFor } from '../../../src/core/document/codecs.ts';
import { formOf, nameIn } from '../../../src/core/document/segmentPlace.ts';

/** Name and form of each segment, `name: form (numbers)`. */
function places(path: string, text: string, language: string): readonly string[] {
  const codec = codecFor(path);
  return codec.parse(text, { path, sourceLanguage: 'en', targetLanguage: language }).segments.flatMap(({ source, unit }) => {
    if (unit === undefined) return ['-'];
    const form = formOf(unit, language);
    return [`${nameIn(codec.id, unit, source) ?? '-'}${form === undefined ? '' : `: ${form.category} (${form.examples.join(' ')}${form.more ? ' ...' : ''})`}`];
  });
}

describe('what tells a text from others of the same words', () => {
  it('is its key, and the form of a plural with numbers that take it', () => {
    const text = JSON.stringify({ a_one: '{{count}} dog', a_other: '{{count}} dogs', m: '{n, plural, =0 {no dog} one {# dog} other {# dogs}}', list: { save: 'Save' } });
    assert.deepEqual(places('a.json', text, 'pl'), [
      'a_one: one (1)', 'a_few: few (2 3 4 22 ...)', 'a_many: many (0 5 6 7 ...)', 'a_other: other (0.1 0.5 1.5 2.5 ...)',
      'm{n==0}: =0 ()', 'm{n=one}: one (1)', 'm{n=few}: few (2 3 4 22 ...)', 'm{n=many}: many (0 5 6 7 ...)', 'm{n=other}: other (0.1 0.5 1.5 2.5 ...)', 'list.save',
    ]);
  });

  it('is what each of several numbers chooses', () => {
    const text = JSON.stringify({ m: '{b, plural, other {# cats}} and {a, plural, one {a dog} other {# dogs}}' });
    assert.deepEqual(places('a.json', text, 'en'), ['m{a=one,b=one}: b: one, a: one ()', 'm{a=other,b=one}: b: one, a: other ()', 'm{a=one,b=other}: b: other, a: one ()', 'm{a=other,b=other}: b: other, a: other ()']);
  });

  it('is counted by ordinals where the number is one', () => {
    const text = JSON.stringify({ a_ordinal_one: '{{count}}st dog', a_ordinal_other: '{{count}}th dog', m: '{n, selectordinal, one {#st dog} other {#th dog}}' });
    const forms = ['one (1 21 31 41 ...)', 'two (2 22 32 42 ...)', 'few (3 23 33 43 ...)', 'other (0 4 5 6 ...)'];
    assert.deepEqual(places('a.json', text, 'en-GB'), [
      ...['one', 'two', 'few', 'other'].map((form, index) => `a_ordinal_${form}: ${forms[index] ?? ''}`),
      ...['one', 'two', 'few', 'other'].map((form, index) => `m{n=${form}}: ${forms[index] ?? ''}`),
    ]);
  });

  it('is an id, the time of a cue, or nothing where the text is its own name', () => {
    assert.deepEqual(places('a.xlf', '<xliff version="1.2"><file source-language="en"><body><trans-unit id="menu.open"><source>Open</source></trans-unit></body></file></xliff>', 'ja'), ['menu.open']);
    assert.deepEqual(places('a.srt', '1\n00:00:01,000 --> 00:00:02,000\nOpen\n', 'ja'), ['00:00:01,000 --> 00:00:02,000']);
    assert.deepEqual(places('a.csv', 'id,source,target\nx1,Open,\n', 'ja'), ['x1']);
    assert.deepEqual(places('a.xcstrings', '{"sourceLanguage":"en","strings":{"Open":{}}}', 'ja'), ['-']);
    assert.deepEqual(places('ja.po', 'msgid "Open"\nmsgstr ""\n\nmsgid "%d dog"\nmsgid_plural "%d dogs"\nmsgstr[0] ""\n', 'ja'), ['-', '-: other (0 1 2 3 ...)']);
  });
});
