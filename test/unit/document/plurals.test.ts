/** Plural forms: each language has its own, and a file gets those of its language. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isPluralElement, isSelectElement, parse as parseIcu, type MessageFormatElement } from '@formatjs/icu-messageformat-parser';
import fc from 'fast-check';
import { codecById } from '../../../src/core/document/codecs.ts';
import { maskSegment } from '../../../src/core/document/placeholders.ts';
import type { CodecId, ParsedDocument } from '../../../src/core/document/segment.ts';
import { composeTarget, spliceText } from '../../../src/core/document/target.ts';
import { insertionOf } from '../../../src/core/document/insertion.ts';
import { byKey, isAbsent, matchKeyed } from '../../../src/core/document/unitTarget.ts';
import { reframe } from '../../../src/core/document/units.ts';
import { pluralCategories } from '../../../src/core/text/plurals.ts';
import { failure, parse } from './formats/support.ts';

const keys = ({ segments }: ParsedDocument): readonly string[] => segments.map(({ unit }) => unit?.key ?? '');

/** The file with `text` for each key. */
function write(id: CodecId, file: string, target: string, texts: Readonly<Record<string, string>>): string {
  const document = parse({ id, target }, file);
  const unknown = Object.keys(texts).filter((key) => !keys(document).includes(key));
  assert.deepEqual(unknown, [], `keys are ${JSON.stringify(keys(document))}`);
  const encoded = document.segments.flatMap((segment) => {
    const text = texts[segment.unit?.key ?? ''];
    return text === undefined ? [] : [[segment.id, codecById(id).encode(text, segment)] as const];
  });
  return composeTarget(document, new Map(encoded), target).text;
}

const message = 'You have {count, plural, =0 {nothing} one {# file} other {# files}} in {folder}.';

describe('ICU messages', () => {
  const json = (text: string): string => JSON.stringify({ a: text });

  it('are cut into the branches of the target language, each a whole sentence', () => {
    const branches = (target: string): readonly string[] => parse({ id: 'json', target }, json(message)).segments.map((segment) => `${segment.unit?.key ?? ''} ${maskSegment(segment).text}`);
    assert.deepEqual(branches('ja'), ['a{count==0} You have nothing in ⟦1⟧.', 'a{count=other} You have ⟦1⟧ files in ⟦2⟧.']);
    assert.deepEqual(branches('cs'), [
      'a{count==0} You have nothing in ⟦1⟧.', 'a{count=one} You have ⟦1⟧ file in ⟦2⟧.', 'a{count=few} You have ⟦1⟧ files in ⟦2⟧.',
      'a{count=many} You have ⟦1⟧ files in ⟦2⟧.', 'a{count=other} You have ⟦1⟧ files in ⟦2⟧.',
    ]);
  });

  it('are written with the branches of the target language', () => {
    assert.equal(write('json', json(message), 'ja', { 'a{count==0}': '{folder}は空です。', 'a{count=other}': '{folder}に#個あります。' }), json('{count, plural, =0 {{folder}は空です。} other {{folder}に#個あります。}}'));
    assert.equal(write('json', json(message), 'pl', { 'a{count=few}': "# 'pliki' {x} nie są" }), json("You have {count, plural, =0 {nothing} one {# file} few {# 'pliki' '{'x'}' nie są} other {# files}} in {folder}."));
    assert.equal(write('json', json('{n, selectordinal, one {#st} other {#th}} place'), 'ja', { 'a{n=other}': '第#位' }), json('{n, selectordinal, other {第#位}}'));
    const nested = '{g, select, male {{n, plural, one {his cat} other {his # cats}}} other {their}}';
    assert.equal(write('json', json(nested), 'ja', { 'a{g=male,n=other}': '彼の#匹', 'a{g=other}': '彼らの' }), json('{g, select, male {{n, plural, other {彼の#匹}}} other {彼らの}}'));
    assert.equal(write('properties', `a=${message}\n`, 'ja', { 'a{count=other}': 'é\n' }), "a=You have {count, plural, =0 {nothing} other {é}}\n");
  });

  it('stay one text where their branches cannot be told apart', () => {
    for (const text of ['{a, plural, offset:1 other {{b, select, other {# x}} # of {b, plural, one {# y} other {# z}}}}', '{a, plural, one {x} other {y}', 'a, plural, one', '{a, plural, one {x}} {b, plural, one {y} other {z}}']) assert.deepEqual(keys(parse({ id: 'json', target: 'ja' }, json(text))), ['a'], text);
    const many = 'abcdef'.split('').map((name) => `{${name}, plural, one {x} other {y}}`).join(' ');
    assert.deepEqual(keys(parse({ id: 'json', target: 'en' }, json(many))), ['a'], 'more than people can read');
  });

  const words = fc.array(fc.constantFrom('a', 'B', ' ', "'", "''", '{', '}', '#', '<b>', '"', '\\', '日', '🙂', '\n'), { maxLength: 8 }).map((parts) => `x${parts.join('').replace(/\s+/gu, ' ')}y`);
  const source = fc.constantFrom(message, '{n,plural,offset:1 one{one}other{# files {n, number}}}', '{g, select, male {{n, plural, one {his # cat} other {his # cats}}} other {{n, plural, other {their # cats} one {their cat}}}} now', "It''s {n, selectordinal, one {#st} two {#nd} few {#rd} other {#th}} '{'x'}'");

  it('parse after any writing, and say what was written', () => {
    fc.assert(fc.property(source, fc.constantFrom('ja', 'en', 'cs', 'pl', 'ru', 'ar'), fc.array(words, { minLength: 12, maxLength: 12 }), fc.nat(4095), (text, target, texts, which) => {
      const document = parse({ id: 'json', target }, json(text));
      const chosen = new Map(document.segments.filter((_, index) => (which & (1 << index)) !== 0).map(({ id, unit }, index) => [id, { key: unit?.key, text: texts[index] ?? 'x' }] as const));
      const encoded = new Map(document.segments.flatMap((segment) => {
        const wanted = chosen.get(segment.id);
        return wanted === undefined ? [] : [[segment.id, codecById('json').encode(wanted.text, segment)] as const];
      }));
      const written = composeTarget(document, encoded, target).text;
      const value = (JSON.parse(written) as { a: string }).a;
      const elements = parseIcu(value, { ignoreTag: true });
      if (chosen.size < document.segments.length) return;
      for (const { type, names } of pluralsOf(elements)) assert.deepEqual(names.filter((name) => !name.startsWith('=')).sort(), [...pluralCategories(target, type)].sort(), value);
      const again = byKey(parse({ id: 'json', target }, written));
      for (const { key, text: wanted } of chosen.values()) assert.equal(again.get(key ?? '')?.source, wanted, value);
    }), { numRuns: 600 });
  });
});

function pluralsOf(elements: readonly MessageFormatElement[]): readonly { readonly type: 'cardinal' | 'ordinal'; readonly names: readonly string[] }[] {
  return elements.flatMap((element) => {
    if (!isPluralElement(element) && !isSelectElement(element)) return [];
    const inner = Object.values(element.options).flatMap(({ value }) => pluralsOf(value));
    return isPluralElement(element) ? [{ type: element.pluralType ?? 'cardinal', names: Object.keys(element.options) }, ...inner] : inner;
  });
}

describe('plural entries', () => {
  const android = '<resources>\n  <plurals name="d">\n    <item quantity="one">%d day</item>\n    <item quantity="other">%d days</item>\n  </plurals>\n</resources>\n';
  const i18next = '{\n  "d_one": "{{count}} day",\n  "d_other": "{{count}} days",\n  "choose_one": "Choose one"\n}\n';
  const rails = 'en:\n  d:\n    one: "%{count} day"\n    other: "%{count} days"\n  e: End\n';
  const apple = '<plist>\n<dict>\n<key>d</key>\n<dict>\n  <key>one</key>\n  <string>%d day</string>\n  <key>other</key>\n  <string>%d days</string>\n</dict>\n</dict>\n</plist>\n';
  const catalogue = '{ "sourceLanguage" : "en", "strings" : { "d" : { "localizations" : {\n "en" : { "variations" : { "plural" : {\n  "one" : { "stringUnit" : { "state" : "translated", "value" : "%d day" } },\n  "other" : { "stringUnit" : { "state" : "translated", "value" : "%d days" } }\n } } },\n "LL" : { "variations" : { "plural" : {\n  "one" : { "stringUnit" : { "state" : "new", "value" : "" } },\n  "other" : { "stringUnit" : { "state" : "new", "value" : "" } }\n } } } } } } }\n';

  it('that only the target language has are added beside the others', () => {
    assert.equal(write('android', android, 'pl', { 'd/few': '%d dni', 'd/other': '%d dnia' }), android.replace('    <item quantity="other">%d days', '    <item quantity="few">%d dni</item>\n    <item quantity="other">%d dnia'));
    assert.equal(write('json', i18next, 'pl', { d_few: '{{count}} dni', d_many: '{{count}} dni' }), i18next.replace('  "d_other"', '  "d_few": "{{count}} dni",\n  "d_many": "{{count}} dni",\n  "d_other"'));
    assert.equal(write('yaml', rails, 'ru', { 'd.few': '%{count} дня' }), rails.replace('    other:', '    few: "%{count} дня"\n    other:'));
    assert.equal(write('stringsdict', apple, 'pl', { 'd/few': '%d dni' }), apple.replace('  <key>other', '  <key>few</key>\n  <string>%d dni</string>\n  <key>other'));
    const polish = catalogue.replace('LL', 'pl');
    const written = write('xcstrings', polish, 'pl', { 'd\0variations\0plural\0few': '%d dni' });
    const forms = (JSON.parse(written) as { strings: { d: { localizations: { pl: { variations: { plural: object } } } } } }).strings.d.localizations.pl.variations.plural;
    assert.deepEqual(forms, { one: { stringUnit: { state: 'new', value: '' } }, few: { stringUnit: { state: 'translated', value: '%d dni' } }, other: { stringUnit: { state: 'new', value: '' } } });
  });

  it('of a string catalogue are all there at once; those that are not translated say that they are new', () => {
    const key = 'd\0variations\0plural\0other';
    const bare = catalogue.replace(/,\n "LL"[^]*$/u, '\n } } } }\n');
    const forms = ['few', 'many', 'one', 'other'];
    assert.deepEqual(keys(parse({ id: 'xcstrings', target: 'pl' }, bare)), forms.map((form) => `d\0variations\0plural\0${form}`));
    const written = write('xcstrings', bare, 'pl', { [key]: '%d dnia' });
    assert.deepEqual((JSON.parse(written) as { strings: { d: { localizations: { pl: object } } } }).strings.d.localizations.pl, { variations: { plural: Object.fromEntries(forms.map((form) => [form, { stringUnit: form === 'other' ? { state: 'translated', value: '%d dnia' } : { state: 'new', value: form === 'one' ? '%d day' : '%d days' } }])) } });
    assert.equal(parse({ id: 'xcstrings', target: 'pl' }, written).segments.length, pluralCategories('pl').length);
  });

  it('that the target language has not go when the other is written', () => {
    assert.equal(write('android', android, 'ja', { 'd/other': '%d日' }), android.replace(/<item quantity="one">.*\n\s*/u, '').replace('%d days', '%d日'));
    assert.equal(write('json', i18next, 'ja', { d_other: '{{count}}日' }), i18next.replace(/"d_one".*\n\s*/u, '').replace('{{count}} days', '{{count}}日'));
    assert.equal(write('yaml', rails, 'ja', { 'd.other': '%{count}日' }), rails.replace(/one:.*\n\s*/u, '').replace('%{count} days', '%{count}日'));
    assert.equal(write('stringsdict', apple, 'ja', { 'd/other': '%d日' }), apple.replace(/<key>one.*\n.*\n\s*/u, '').replace('%d days', '%d日'));
    const behind = '{"d_other":"{{count}} days","d_one":"{{count}} day"}';
    assert.equal(write('json', behind, 'ja', { d_other: '{{count}}日' }), '{"d_other":"{{count}}日"}');
    const noted = android.replace('<item quantity="other"', '<!-- n -->\n    <item quantity="other"');
    assert.equal(write('android', noted, 'ja', { 'd/other': '%d日' }), noted.replace('%d days', '%d日'), 'a comment is not thrown away');
  });

  it('are left alone where nobody asks for a language, and where a name only ends like one', () => {
    assert.deepEqual(keys(parse({ id: 'json' }, i18next)), ['d_one', 'd_other', 'choose_one']);
    assert.deepEqual(keys(parse({ id: 'json', target: 'ja' }, i18next)), ['d_other', 'choose_one']);
    assert.deepEqual(keys(parse({ id: 'json', target: 'de' }, i18next)), ['d_one', 'd_other', 'choose_one']);
  });

  it('are found in a file of the target language, whatever its own order and forms', () => {
    const source = parse({ id: 'json', target: 'pl' }, i18next);
    const sorted = '{"d_few":"{{count}} dni","d_one":"{{count}} dzień","d_other":"{{count}} dnia"}';
    const target = parse({ id: 'json', target: 'pl' }, sorted);
    const texts = matchKeyed(source, target, false);
    assert.equal(texts.size, 3);
    assert.match(composeTarget(source, texts, 'pl').text, /"d_one": "\{\{count\}\} dzień",\n {2}"d_few": "\{\{count\}\} dni",\n {2}"d_other": "\{\{count\}\} dnia"/u);
    const many = source.segments.find(({ unit }) => unit?.key === 'd_many') ?? assert.fail();
    const there = byKey(target).get('d_many') ?? assert.fail();
    assert.ok(isAbsent(many) && isAbsent(there));
    assert.equal(spliceText(sorted, there.range, reframe(codecById('json').encode('wiele', many), many, there)), sorted.replace('"d_other"', '"d_many":"wiele", "d_other"'));
    const none = parse({ id: 'json', target: 'pl' }, '{"choose_one":"Wybierz"}');
    const put = insertionOf(many, codecById('json').encode('wiele', many), source, { parsed: none, path: 'pl.json' });
    assert.equal(spliceText(none.text, put.range, put.text), '{"d_many": "wiele", "choose_one":"Wybierz"}');
  });
});

describe('plural forms of PO', () => {
  const file = (forms: string, entry: string): string => `msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n${forms}"\n\nmsgid "%d day"\nmsgid_plural "%d days"\n${entry}`;
  const two = 'msgstr[0] ""\nmsgstr[1] ""\n';

  it('are as many as the header says, else as the language has for whole numbers', () => {
    const found = (forms: string, target: string): readonly unknown[] => parse({ id: 'po', target }, file(forms, two)).segments.map(({ source, unit }) => [source, unit?.plural]);
    assert.deepEqual(found('Language: pl\\nPlural-Forms: nplurals=3; plural=(n==1 ? 0 : 1);\\n', 'pl'), [['%d day', 'one'], ['%d days', 'few'], ['%d days', 'many']]);
    assert.deepEqual(found('Plural-Forms: nplurals=INTEGER; plural=EXPRESSION;\\n', 'ja'), [['%d days', 'other']]);
    assert.deepEqual(found('', 'cs'), [['%d day', 'one'], ['%d days', 'few'], ['%d days', 'other']]);
    assert.deepEqual(found('Plural-Forms: nplurals=2; plural=n != 1;\\n', 'de'), [['%d day', 'one'], ['%d days', 'other']]);
  });

  it('are added behind the last, and left out where a template has too many', () => {
    const polish = 'Plural-Forms: nplurals=3; plural=0;\\n';
    const message2 = '%d day\u0004';
    const flagged = (text: string): string => text.replace('msgid "%d day"', '#, fuzzy\nmsgid "%d day"');
    assert.equal(write('po', file(polish, two), 'pl', { [`${message2}2`]: '%d dni' }), flagged(file(polish, 'msgstr[0] ""\nmsgstr[1] ""\nmsgstr[2] "%d dni"\n')));
    assert.equal(write('po', file('', 'msgstr[0] "%d день"\n'), 'ru', { [`${message2}2`]: '%d дней' }), flagged(file('', 'msgstr[0] "%d день"\nmsgstr[1] ""\nmsgstr[2] "%d дней"\n')), 'those between come with it');
    assert.equal(write('po', file('', two), 'ja', { '%d day': '%d日' }), file('', 'msgstr[0] "%d日"\n'));
  });

  it('come with their message where a file has none of it, and say that the others are not done', () => {
    const source = parse({ id: 'po', target: 'ru' }, file('', 'msgstr[0] ""\n'));
    const none = parse({ id: 'po', target: 'ru' }, 'msgid "Other"\nmsgstr ""\n');
    const put = insertionOf(source.segments[2] ?? assert.fail(), '"%d дней"', source, { parsed: none, path: 'ru.po' });
    assert.equal(spliceText(none.text, put.range, put.text), 'msgid "Other"\nmsgstr ""\n\n#, fuzzy\nmsgid "%d day"\nmsgid_plural "%d days"\nmsgstr[0] ""\nmsgstr[1] ""\nmsgstr[2] "%d дней"\n');
  });

  it('that the header does not declare are refused with their place', () => {
    assert.match(failure({ id: 'po' }, file('Plural-Forms: nplurals=1; plural=0;\\n', two)), /^4:1 a message has 2 plural forms, but the header says nplurals=1/u);
  });
});
