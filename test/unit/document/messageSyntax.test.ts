/** Messages with branches that stay one text: their syntax is protected, and what breaks it is found. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parse as parseIcu } from '@formatjs/icu-messageformat-parser';
import { codecById } from '../../../src/core/document/codecs.ts';
import { messageSyntax } from '../../../src/core/document/messageSyntax.ts';
import { maskSegment, unmask } from '../../../src/core/document/placeholders.ts';
import type { ParsedDocument, Segment } from '../../../src/core/document/segment.ts';
import { composeTarget } from '../../../src/core/document/target.ts';
import { checkTranslation } from '../../../src/core/quality/checks.ts';
import { parse } from './formats/support.ts';

const two = '{a, plural, =0 {no cats} one {one cat} other {# cats}} and {b, plural, one {one <b>dog</b>} other {# dogs}} in {place}';
const inner = '{a, plural, one {# box} other {# boxes of {b, plural, one {# pen} other {# pens}}}}';
const choice = "There {0,choice,0#are no files|1#is one file|1<are {0,number,integer} files} in ''{1}''.";

/** The pieces of a text between its protected spans. */
const words = (text: string): string => maskSegment(only(text)).text;

/** YAML is read without a look at messages: all of one stays one text. */
const file = (text: string): ParsedDocument => parse({ id: 'yaml', target: 'ja' }, `a: ${JSON.stringify(text)}\n`);

function only(text: string): Segment {
  const { segments } = file(text);
  assert.equal(segments.length, 1, JSON.stringify(segments.map(({ source }) => source)));
  return segments[0] ?? assert.fail();
}

describe('syntax of messages', () => {
  it('is masked, and the words of all branches are left', () => {
    assert.equal(words(two), '⟦1⟧no cats⟦2⟧one cat⟦3⟧⟦4⟧ cats⟦5⟧ and ⟦6⟧one ⟦7⟧dog⟦8⟧⟦9⟧⟦10⟧ dogs⟦11⟧ in ⟦12⟧');
    assert.equal(words(inner), '⟦1⟧⟦2⟧ box⟦3⟧⟦4⟧ boxes of ⟦5⟧⟦6⟧ pen⟦7⟧⟦8⟧ pens⟦9⟧⟦10⟧');
    assert.equal(words(choice), "There ⟦1⟧are no files⟦2⟧is one file⟦3⟧are ⟦4⟧ files⟦5⟧ in ''⟦6⟧''.");
  });

  it('is masked in every format', () => {
    const entity = parse({ id: 'xliff', target: 'ja' }, `<xliff version="1.2"><file source-language="en"><body><trans-unit id="1"><source>${inner}</source></trans-unit></body></file></xliff>`).segments[0] ?? assert.fail();
    assert.equal(maskSegment(entity).text, words(inner));
    const android = parse({ id: 'android', target: 'ja' }, `<resources><string name="a">${inner}</string></resources>`).segments[0] ?? assert.fail();
    assert.equal(maskSegment(android).text, words(inner));
    const java = parse({ id: 'properties', target: 'ja' }, `a=${choice}\n`).segments[0] ?? assert.fail();
    assert.equal(maskSegment(java).text, words(choice));
  });

  it('is none where a text has no branches or does not parse', () => {
    for (const text of ['', '{a}', '{a, number}', 'a, plural, one', '{a, plural, one {x} other {y}', '{0,choice,0#a|b}', '{0,choice,0#a', '{0,choice,0#a}}', 'in { the, choice, of } words']) assert.deepEqual(messageSyntax(text), [], text);
    assert.equal(messageSyntax("it's {0,choice,0#a|1#b}").length, 3, 'a lone apostrophe quotes nothing where a message would be lost by it');
    assert.equal(messageSyntax("{0,choice,0#a'|'b|1#c}").length, 3);
  });

  it('that a model moves to where it makes no message is an issue; whole branchings may change places', () => {
    for (const text of [two, inner, choice]) {
      const masked = maskSegment(only(text));
      assert.deepEqual(unmask(masked.text, masked), { text, issues: [] });
      const swapped = masked.text.replace('⟦1⟧', '⟦x⟧').replace('⟦2⟧', '⟦1⟧').replace('⟦x⟧', '⟦2⟧');
      assert.deepEqual(unmask(swapped, masked).issues.map(({ kind }) => kind), ['placeholderMissing'], swapped);
    }
    const masked = maskSegment(only('{a, plural, one {x} other {y}} in {b, plural, one {v} other {w}}'));
    assert.deepEqual(unmask('⟦4⟧あ⟦5⟧い⟦6⟧の⟦1⟧う⟦2⟧え⟦3⟧', masked), { text: '{b, plural, one {あ} other {い}}の{a, plural, one {う} other {え}}', issues: [] });
  });

  it('survives any translation of the words, in file and message', () => {
    const word = fc.array(fc.constantFrom('訳', 'x', ' ', '"', '<', '&', '\\', '。'), { maxLength: 5 }).map((parts) => `訳${parts.join('')}x`);
    fc.assert(fc.property(fc.constantFrom(two, inner), fc.array(word, { minLength: 12, maxLength: 12 }), (text, texts) => {
      const segment = only(text);
      const masked = maskSegment(segment);
      let at = 0;
      const { text: translation, issues } = unmask(masked.text.replace(/[^⟦⟧]+(?=⟦|$)(?!\d*⟧)/gu, () => texts[at++ % texts.length] ?? ''), masked);
      assert.deepEqual(issues, []);
      const written = composeTarget(file(text), new Map([[segment.id, codecById('yaml').encode(translation, segment)]]), 'ja').text;
      const value = parse({ id: 'yaml', target: 'ja' }, written).segments[0]?.source ?? '';
      assert.equal(value, translation);
      assert.equal(messageSyntax(value).length, messageSyntax(text).length);
      parseIcu(value, { ignoreTag: true });
    }));
  });
});

describe('patterns of dates', () => {
  it('are masked whole, and leave no words', () => {
    const rails = 'en:\n  a: "%Y-%m-%d"\n  b: "%B %d"\n  c: "%a, %d %b %Y %H:%M:%S %z"\n  d: "%-d de %B de %Y"\n  e: "%B"\n  f: "On %d %s"\n  g: "100 % B"\n  h: "Up 5%Yes"\n  i: "%d at %H:%M %p"\n';
    const shown = parse({ id: 'yaml', target: 'ja' }, rails).segments.map((segment) => `${segment.unit?.key ?? ''}: ${maskSegment(segment).text}`);
    assert.deepEqual(shown, ['d: ⟦1⟧ de ⟦2⟧ de ⟦3⟧', 'f: On ⟦1⟧ ⟦2⟧', 'g: 100 % B', 'h: Up 5%Yes', 'i: ⟦1⟧ at ⟦2⟧']);
  });

  it('may be those of the language in a translation, but patterns', () => {
    assert.deepEqual(broken('%d de %B de %Y', '%Y年%-m月%d日'), []);
    assert.deepEqual(broken('%d de %B de %Y', '年月日'), ['%d %B %Y']);
    assert.deepEqual(broken('%d de %B de %Y', '%Y年%ｍ月'), ['%d %B %Y']);
    assert.deepEqual(broken('%d of %s', '%s'), ['%d']);
    assert.deepEqual(broken('%b after %d', '%dの後'), ['%b'], 'Java');
  });
});

const broken = (source: string, translation: string): readonly string[] => checkTranslation({ source, translation, sourceLanguage: 'en', targetLanguage: 'en' }).filter(({ check }) => check === 'placeholders').map(({ detail }) => detail);

describe('checks of messages', () => {
  it('find selectors that were translated, and a lost other', () => {
    const source = '{g, select, male {his} female {her} other {their}} {n, plural, one {cat} other {cats}}';
    assert.deepEqual(broken(source, '{g, select, male {彼の} other {その}}{n, plural, few {x} =3 {三匹} other {猫}}'), []);
    assert.deepEqual(broken(source, '{g, select, 男 {彼の} other {その}}{n, plural, other {猫}}'), ['{g 男}']);
    assert.deepEqual(broken(source, '{g, select, male {彼の} その他 {その}}{n, plural, other {猫}}'), ['{g その他}', '{g other}']);
    assert.deepEqual(broken(source, '{g, select, other {その}}{n, plural, autre {猫} other {猫}}'), ['{plural autre}']);
  });

  it('warn of a lone apostrophe where the source doubles its own', () => {
    const found = (source: string, translation: string): readonly unknown[] => checkTranslation({ source, translation, sourceLanguage: 'en', targetLanguage: 'fr' }).filter(({ check }) => check === 'placeholders').map(({ severity, fix }) => [severity, fix]);
    assert.deepEqual(found("It''s {0}", "C'est l'{0}"), [['warning', "C''est l''{0}"]]);
    assert.deepEqual(found("It''s {0}", "C'est {0} d'ici"), [['warning', "C''est {0} d''ici"]]);
    assert.deepEqual(found("It''s {0}", "C''est '{'x'}' {0}"), []);
    for (const [source, translation] of [["It''s {0}", "C''est {0}"], ["It''s so", "C'est"], ["It's {0}", "C'est {0}"], ['So {0}', "C'est {0}"]] as const) assert.deepEqual(found(source, translation), [], source);
  });

  it('of choice compare its limits, not its words', () => {
    assert.deepEqual(broken('{0,choice,0#no|1#one|1<{0} files}', '{0,choice,0#無し|1#一つ|1<{0}個}'), []);
    assert.deepEqual(broken('{0,choice,0#no|1#one}', '{0,choice,0#無し|2#一つ}'), ['|1#', '|2#']);
    assert.ok(broken('{0,choice,0#no|1#one}', '{0,choice,0#無し|1#一つ').length > 0);
  });
});
