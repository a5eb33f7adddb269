import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { consistency } from '../../../src/core/quality/candidates.ts';
import { occurrences } from '../../../src/core/glossary/glossary.ts';
import type { CheckInput } from '../../../src/core/quality/check.ts';
import { checkTranslation } from '../../../src/core/quality/checks.ts';

type Options = Partial<CheckInput>;

const found = (source: string, translation: string, options: Options = {}): readonly string[] => (
  checkTranslation({ source, translation, sourceLanguage: 'en', targetLanguage: 'ja', ...options }).map(({ check }) => check)
);

/** Source, translation, what is found, and what else is known. */
const cases: readonly (readonly [source: string, translation: string, checks: readonly string[], options?: Options])[] = [
  ['Go', ' ', ['empty']],
  ['Please open the green door', 'Please open the green door', ['sameAsSource'], { targetLanguage: 'de' }],
  ['Please open the green door', 'Please open the green door', ['sameAsSource']],
  ['Please open the green door', 'Please open the red door now', ['language']],
  ['GitHub', 'GitHub', []],
  ['Hello %s and {0}', 'やあ{0}', ['placeholders']],
  ['Hello %s', 'やあ％ｓ', ['placeholders']],
  ['Hello {{name}}, %1$d %%', '{{name}}さん %1$d %%', []],
  ['{n, plural, one {# day} other {# days}}', '{n, plural, other {#日}}', []],
  ['{n, plural, one {# day} other {# days}}', '{m, plural, other {#日}}', ['placeholders', 'placeholders']],
  ['{n, plural, one {# day} other {# days}}', '{n, plural, one {# den} other {# dní}}', ['pluralForms', 'pluralForms'], { targetLanguage: 'cs' }],
  ['{n, plural, one {# day} other {# days}}', '{n, plural, other {#日}', ['placeholders', 'brackets']],
  ['A <b>bold</b> word', '<b>太い語', ['tags']],
  ['A <b>bold</b> <i>word</i>', '<b>太い<i></b>語</i>', ['tags']],
  ['In 1999 we had 12,345 cats', '1999年には猫が12345匹いた', []],
  ['In 1999 we had 12,345 cats', '当時は猫が１２３４５匹いた', ['numbers']],
  ['It costs 3.50 euro', 'Es kostet 3,50 Euro', [], { targetLanguage: 'de' }],
  ['Two thousand 2,000', '二千', []],
  ['See https://a.example/x.', '見る', ['addresses']],
  ['See https://a.example/x.', 'https://a.example/xを見る。', []],
  ['Go home', '帰る ', ['outerSpace']],
  ['Do you like the cat?', 'Du magst die Katze.', ['endPunctuation'], { targetLanguage: 'de' }],
  ['Do you like the cat?', '猫は好きですか。', []],
  ['A (small) cat', '（小さい猫', ['brackets']],
  ['A (small) cat', '（小さい)猫', []],
  ['The cat', 'Die die Katze', ['repeatedWord'], { targetLanguage: 'de' }],
  ['A cat', 'Eine  Katze', ['doubleSpace'], { targetLanguage: 'de' }],
  ['Save', '保存する', ['length'], { maxLength: 3 }],
  ['A long sentence that says quite a lot of things to people', '長', ['length']],
  ['Open the server', '開く', ['glossary'], { terms: [{ source: 'server', targets: ['サーバー'], forbidden: [] }] }],
  ['Open the servers', 'サーバを開く', ['glossary', 'glossary'], { terms: [{ source: 'server', targets: ['サーバー'], forbidden: ['サーバ'] }] }],
  ['One\nTwo', '一 二', ['lineBreaks']],
  ['One\\nTwo', '一', ['lineBreaks']],
  ['It rains a lot in this town', 'It rains very much in this town', ['language']],
  ['It rains', 'Sure, here is the translation: 雨', ['hallucination', 'language'].slice(0, 1), { targetLanguage: 'en' }],
  ['It rains', '雨が降る雨が降る雨が降る雨が降る雨が降る', ['hallucination']],
  ['It rains a lot', '雨', ['quickAccept'], { acceptance: { elapsedMs: 100, edited: false, mbr: 0.2 } }],
  ['It rains a lot', '雨', [], { acceptance: { elapsedMs: 100, edited: true, mbr: 0.2 } }],
  ['x', '雨です。雪です。寒いのである。暗かったのだ。', ['jaStyle']],
  ['x', '彼は「寒いのだ。暗いのだ。」と言いました。雪です。', []],
  ['x', 'ﾃｽﾄ', ['jaWidth']],
  ['x', '１２個と34個', ['jaWidth']],
  ['x', '本をを読む', ['jaParticle']],
  ['x', '雨でしょう。雪でしょう。風でしょう。嵐でしょう。', ['jaEnding']],
  ['x', '彼は「「はい」と言った」と言った', ['jaQuotes']],
  ['x', 'サーバとサーバー', ['jaSpelling']],
];

describe('checks', () => {
  for (const [source, translation, checks, options] of cases) {
    it(`${JSON.stringify(source)} → ${JSON.stringify(translation)}: ${checks.join(', ') || 'nothing'}`, () => {
      assert.deepEqual(found(source, translation, options), checks);
    });
  }

  it('mend what has one right form, and are content with it', () => {
    for (const [source, translation] of [['Hello %s', 'やあ％ｓ'], ['A cat', '猫 '], ['x', 'ﾃｽﾄ'], ['x', '本をを読む'], ['x', '１２個と34個']] as const) {
      const [finding] = checkTranslation({ source, translation, sourceLanguage: 'en', targetLanguage: 'ja' });
      assert.ok(finding?.fix !== undefined);
      assert.deepEqual(found(source, finding.fix), []);
    }
  });

  it('never throw, and point inside the translation', () => {
    const text = fc.string({ unit: 'grapheme' });
    fc.assert(fc.property(text, text, fc.constantFrom('ja', 'de', 'ar', 'cs', 'zh-Hant'), (source, translation, targetLanguage) => {
      for (const { range } of checkTranslation({ source, translation, sourceLanguage: 'en', targetLanguage })) {
        assert.ok(range === undefined || (0 <= range.start && range.start < range.end && range.end <= translation.length));
      }
    }));
  });

  it('find one source with two translations, and the reverse', () => {
    const items = [['1', 'Open', '開く'], ['2', 'Open', '開ける'], ['3', 'Close', '閉じる'], ['4', 'Shut', '閉じる'], ['5', 'Save', '保存']].map(([id = '', source = '', translation = '']) => ({ id, source, translation }));
    const result = consistency(items);
    assert.deepEqual([...result].map(([id, [finding]]) => [id, finding?.severity, finding?.detail]), [['1', 'warning', '開ける'], ['2', 'warning', '開く'], ['3', 'hint', 'Shut'], ['4', 'hint', 'Close']]);
  });

  it('see a term as a whole word', () => {
    const holds = (text: string, term: string): boolean => occurrences(text, term).length > 0;
    assert.ok(holds('The cats sleep', 'cat') && holds('猫を見る', '猫') && holds('use JSON', 'JSON'));
    assert.ok(!holds('concatenate', 'cat') && !holds('use json', 'JSON'));
  });
});
