/** Messages whose branchings stand side by side or share a number: every combination is a sentence, and the message means the same. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isPluralElement, isSelectElement, parse as parseIcu, TYPE, type MessageFormatElement } from '@formatjs/icu-messageformat-parser';
import fc from 'fast-check';
import { codecById } from '../../../src/core/document/codecs.ts';
import { maskSegment } from '../../../src/core/document/placeholders.ts';
import type { ParsedDocument } from '../../../src/core/document/segment.ts';
import { composeTarget } from '../../../src/core/document/target.ts';
import { byKey } from '../../../src/core/document/unitTarget.ts';
import { pluralCategories } from '../../../src/core/text/plurals.ts';
import { parse } from './formats/support.ts';

const json = (text: string): string => `{"a": ${JSON.stringify(text)}}\n`;
const read = (text: string, target: string): ParsedDocument => parse({ id: 'json', target }, text);

function write(file: string, target: string, texts: Readonly<Record<string, string>>): string {
  const document = read(file, target);
  const encoded = document.segments.flatMap((segment) => {
    const text = texts[(segment.unit?.key ?? '').slice(1)];
    return text === undefined ? [] : [[segment.id, codecById('json').encode(text, segment)] as const];
  });
  assert.equal(encoded.length, Object.keys(texts).length, JSON.stringify(document.segments.map(({ unit }) => unit?.key)));
  return composeTarget(document, new Map(encoded), target).text;
}

const shown = (message: string, target: string): readonly string[] => read(json(message), target).segments.map((segment) => `${(segment.unit?.key ?? '').slice(1)} ${maskSegment(segment).text}`);

const pets = '{a, plural, =0 {no cats} one {one cat} other {# cats}} and {b, plural, one {one dog} other {# dogs}} in {place}';
const verb = 'There {n, plural, one {is} other {are}} {n, plural, =0 {no files} one {# file} other {# files}}.';
const boxes = '{a, plural, one {# box} other {# boxes of {b, plural, one {# pen} other {# pens}}}}';
const guests = '{n, plural, offset:1 =0 {Nobody} =1 {{name}} other {{name} and # more}} {g, select, male {liked his} other {liked their}} photo';
const messages = [
  pets, verb, boxes, guests,
  "{n, plural, other {'{'# days}} and {n, selectordinal, one {#st} other {#th}} o''clock {x, number}",
  'Item #{id} \'#\' {g, select, male {{n, plural, one {his # cat} other {his # cats}}} other {cats}} | {n, plural, one {a} other {b}}',
  '{n, plural, one {{g, select, a {# x} other {# y}}} other {{g, select, other {# z}}}}',
];

describe('branchings side by side', () => {
  it('are cut into their combinations, each a whole sentence', () => {
    assert.deepEqual(shown(pets, 'ja'), ['{a==0,b=other} no cats and ⟦1⟧ dogs in ⟦2⟧', '{a=other,b=other} ⟦1⟧ cats and ⟦2⟧ dogs in ⟦3⟧']);
    assert.equal(shown(pets, 'pl').length, 20);
    assert.deepEqual(shown(boxes, 'en'), ['{a=one} ⟦1⟧ box', '{a=other,b=one} ⟦1⟧ boxes of ⟦2⟧ pen', '{a=other,b=other} ⟦1⟧ boxes of ⟦2⟧ pens']);
  });

  it('of one argument are chosen once, with the numbers that either names', () => {
    assert.deepEqual(shown(verb, 'en'), ['{n==0} There are no files.', '{n=one} There is ⟦1⟧ file.', '{n=other} There are ⟦1⟧ files.']);
    assert.deepEqual(shown(verb, 'ja'), ['{n==0} There are no files.', '{n=other} There are ⟦1⟧ files.']);
  });

  it('are written with the first of them, and then one by one', () => {
    const once = write(json(pets), 'ja', { '{a=other,b=other}': '{place}に猫{a, number}匹と犬#匹' });
    assert.equal(once, json('{a, plural, =0 {{b, plural, other {no cats and # dogs in {place}}}} other {{b, plural, other {{place}に猫{a, number}匹と犬#匹}}}}'));
    assert.equal(write(once, 'ja', { '{a==0,b=other}': '{place}に犬#匹' }), json('{a, plural, =0 {{b, plural, other {{place}に犬#匹}}} other {{b, plural, other {{place}に猫{a, number}匹と犬#匹}}}}'));
    assert.equal(composeTarget(read(json(pets), 'ja'), new Map(), 'ja').text, json(pets), 'nothing is rewritten before');
  });

  it('of a message that the file spells with escapes, or with too few branches, are cut too', () => {
    assert.deepEqual(read('{"a": "\\u007bn, plural, one {# caf\\u00e9} other {# caf\\u00e9s}}"}', 'en').segments.map(({ source }) => source), ['# café', '# cafés']);
    assert.deepEqual(shown('{n, plural, other {#個}}あります', 'en'), ['{n=one} ⟦1⟧個あります', '{n=other} ⟦1⟧個あります']);
    const polish = write(json('{n, plural, other {#個}}'), 'pl', { '{n=few}': '# pliki' });
    assert.equal(polish, json('{n, plural, one {#個} few {# pliki} many {#個} other {#個}}'));
  });

  it('mean the same in another shape', () => {
    const numbers = fc.constantFrom(0, 1, 2, 3, 5, 11, 21, 1.5);
    fc.assert(fc.property(fc.constantFrom(...messages), numbers, numbers, fc.constantFrom('male', 'a', 'x'), (message, a, b, g) => {
      const document = read(json(message), 'en');
      const all = new Map(document.segments.map((segment) => [segment.id, codecById('json').encode(segment.source, segment)]));
      const values = { a, b, n: a, g, place: 'P', name: 'N', x: 7, id: 3 };
      assert.equal(say((JSON.parse(composeTarget(document, all, 'en').text) as { a: string }).a, values), say(message, values), composeTarget(document, all, 'en').text);
    }), { numRuns: 500 });
  });

  const words = fc.array(fc.constantFrom('a', 'B', ' ', "'", "''", '{', '}', '#', '<b>', '"', '\\', '日', '🙂', '\n', '|'), { maxLength: 8 }).map((parts) => `x${parts.join('').replace(/\s+/gu, ' ')}y`);

  it('parse after any writing, have the branches of the language and the arguments, and say what was written', () => {
    fc.assert(fc.property(fc.constantFrom(...messages), fc.constantFrom('ja', 'en', 'cs', 'pl', 'ru', 'ar'), fc.array(words, { minLength: 48, maxLength: 48 }), fc.bigInt(0n, (1n << 48n) - 1n), (message, target, texts, which) => {
      const document = read(json(message), target);
      const isOne = document.segments.length === 1 && document.segments[0]?.unit?.branch === undefined;
      assert.equal(isOne, false, message);
      const chosen = new Map(document.segments.flatMap((segment, index) => ((which >> BigInt(index)) & 1n) === 1n ? [[segment.id, { segment, text: texts[index] ?? 'x' }] as const] : []));
      const written = composeTarget(document, new Map([...chosen].map(([id, { segment, text }]) => [id, codecById('json').encode(text, segment)])), target);
      const value = (JSON.parse(written.text) as { a: string }).a;
      const elements = parseIcu(value, { ignoreTag: true });
      if (chosen.size === 0) {
        assert.equal(written.text, json(message));
        return;
      }
      assert.deepEqual(new Set(pluralsOf(elements).map(({ name }) => name)), new Set(pluralsOf(parseIcu(message, { ignoreTag: true })).map(({ name }) => name)));
      const anew = document.segments.some(({ unit }) => unit?.branch?.anew !== undefined);
      if (anew) for (const { type, names } of pluralsOf(elements)) assert.deepEqual(names.filter((name) => !name.startsWith('=')).sort(), [...pluralCategories(target, type)].sort(), value);
      const again = byKey(read(written.text, target));
      for (const { segment, text } of chosen.values()) {
        const range = written.ranges.get(segment.id);
        assert.ok(written.text.slice(range?.start, range?.end).includes('x'));
        assert.equal(again.get(segment.unit?.key ?? '')?.source, text, value);
      }
    }), { numRuns: 600 });
  });
});

function pluralsOf(elements: readonly MessageFormatElement[]): readonly { readonly name: string; readonly type: 'cardinal' | 'ordinal'; readonly names: readonly string[] }[] {
  return elements.flatMap((element) => {
    if (!isPluralElement(element) && !isSelectElement(element)) return [];
    const inner = Object.values(element.options).flatMap(({ value }) => pluralsOf(value));
    return isPluralElement(element) ? [{ name: element.value, type: element.pluralType ?? 'cardinal', names: Object.keys(element.options) }, ...inner] : inner;
  });
}

type Values = Readonly<Record<string, string | number>>;

/** What a formatter makes of a message in English. */
function say(message: string, values: Values): string {
  const format = (elements: readonly MessageFormatElement[], number: number | undefined): string => elements.map((element): string => {
    if (element.type === TYPE.literal) return element.value;
    if (element.type === TYPE.pound) return String(number);
    const value = values['value' in element ? element.value : ''];
    if (isSelectElement(element)) return format((element.options[String(value)] ?? element.options['other'])?.value ?? [], undefined);
    if (!isPluralElement(element)) return String(value);
    const rest = Number(value) - element.offset;
    const branch = element.options[`=${String(value)}`] ?? element.options[new Intl.PluralRules('en', { type: element.pluralType ?? 'cardinal' }).select(rest)] ?? element.options['other'];
    return format(branch?.value ?? [], rest);
  }).join('');
  return format(parseIcu(message, { ignoreTag: true }), undefined);
}
