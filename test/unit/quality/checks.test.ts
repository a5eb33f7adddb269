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
  ['In 1999 it was over', '一方、1989年に終わった', ['numbers']],
  ['You have 5 apples', 'りんごが6個あります', ['numbers']],
  ['You have 5 apples', 'りんごが五個あります', []],
  ['You have 5 apples', 'Máš pět jablek', [], { targetLanguage: 'cs' }],
  ['Sales of 2.5 million', '売上250万', []],
  ['Sales of 120 million', '売上1億2000万', []],
  ['Sales of 34 trillion', '销售额34万亿', [], { targetLanguage: 'zh' }],
  ['Sales of 34 trillion', '销售额34亿', ['numbers'], { targetLanguage: 'zh' }],
  ['At 10:26 PM', 've 22:26', [], { targetLanguage: 'cs' }],
  ['At 10:26 PM', 've 22:36', ['numbers'], { targetLanguage: 'cs' }],
  ['There are 1,234.5 of 25', 'Existují 1 234,5 z 25', [], { targetLanguage: 'cs' }],
  ['There are 25 left', 'هناك ٢٥ متبقية', [], { targetLanguage: 'ar' }],
  ['There are 25 left', 'هناك ٢٦ متبقية', ['numbers'], { targetLanguage: 'ar' }],
  ['In the 1970s and 1981-87', 'V 70. letech a 1981–1987', [], { targetLanguage: 'cs' }],
  ['Press F4 or x86', 'F4かx86を押す', []],
  ['Glue it with e 6,000', 'E6000で貼る', []],
  ['Glue it with e 6,000', 'E6001で貼る', ['numbers']],
  ['It is about 14, 15 years old', '大概有十四五年了', [], { targetLanguage: 'zh' }],
  ['It is about 14, 16 years old', '大概有十四五年了', ['numbers'], { targetLanguage: 'zh' }],
  ['About 30 or 40 people', '三四十人', []],
  ['About 30 or 50 people', '三四十人', ['numbers']],
  ['It is 10-12 years old', '有十多年了', [], { targetLanguage: 'zh' }],
  ['It is 22 years old', '有十多年了', ['numbers'], { targetLanguage: 'zh' }],
  ['It was 16 times that', 'Je to šestnáctinásobek', [], { targetLanguage: 'cs' }],
  ['It was 16 times that', 'Je to patnáctinásobek', ['numbers'], { targetLanguage: 'cs' }],
  ['We saw 90 of them', 'Nous en avons vu quatre-vingt-dix', [], { targetLanguage: 'fr' }],
  ['We saw 91 of them', 'Nous en avons vu quatre-vingt-dix', ['numbers'], { targetLanguage: 'fr' }],
  ['See https://a.example/x.', '見る', ['addresses']],
  ['See https://a.example/x.', 'https://a.example/xを見る。', []],
  ['Go home', '帰る ', ['outerSpace']],
  ['Do you like the cat?', 'Du magst die Katze.', ['endPunctuation'], { targetLanguage: 'de' }],
  ['Do you like the cat?', '猫は好きですか。', []],
  ['Do you like the cat?', 'Du magst die Katze?', [], { targetLanguage: 'de' }],
  ['Do you like the cat?', 'Du magst die Katze', ['endPunctuation'], { targetLanguage: 'de' }],
  ['He said: "You like it?"', 'Er sagte: „Magst du es?“', [], { targetLanguage: 'de' }],
  ['Do you like the cat?', 'هل تحب القطة?', ['endPunctuation'], { targetLanguage: 'ar' }],
  ['Do you like the cat?', 'هل تحب القطة؟', [], { targetLanguage: 'ar' }],
  ['Do you like the cat?', 'Σου αρέσει η γάτα?', ['endPunctuation'], { targetLanguage: 'el' }],
  ['Do you like the cat?', 'Σου αρέσει η γάτα;', [], { targetLanguage: 'el' }],
  ['I like the cat.', 'Ես սիրում եմ կատուն.', ['endPunctuation'], { targetLanguage: 'hy' }],
  ['Do you like the cat?', 'Սիրո՞ւմ ես կատուն։', [], { targetLanguage: 'hy' }],
  ['Do you like the cat?', 'Tu aimes le chat?', ['endPunctuation'], { targetLanguage: 'fr' }],
  ['Do you like the cat?', 'Tu aimes le chat\u202f?', [], { targetLanguage: 'fr' }],
  ['Do you like the cat?', 'Tu aimes le chat?', [], { targetLanguage: 'fr-CA' }],
  ['Do you like the cat?', 'Te gusta el gato?', ['endPunctuation'], { targetLanguage: 'es' }],
  ['Do you like the cat?', '¿Te gusta el gato?', [], { targetLanguage: 'es' }],
  ['I like the cat.', '猫が好き.', ['endPunctuation']],
  ['I like the cat.', '我喜欢猫.', ['endPunctuation'], { targetLanguage: 'zh' }],
  ['Do you like the cat?', '고양이를 좋아해요.', [], { targetLanguage: 'ko' }],
  ['The steps are as follows:', 'Die Schritte sind folgende.', ['endPunctuation'], { targetLanguage: 'de' }],
  ['A (small) cat', '（小さい猫', ['brackets']],
  ['A (small) cat', '（小さい)猫', []],
  ['A (small) cat', 'Eine )kleine( Katze', ['brackets'], { targetLanguage: 'de' }],
  ['He said "hello"', 'Er sagte „hallo', ['brackets'], { targetLanguage: 'de' }],
  ['He said "hello"', 'Er sagte „hallo“', [], { targetLanguage: 'de' }],
  ['He said "hello"', 'Er sagte »hallo«', [], { targetLanguage: 'de' }],
  ['He said "hello"', 'Er sagte "hallo', ['brackets'], { targetLanguage: 'de' }],
  ['He said "hello"', '彼は「やあ』と言った', ['brackets', 'brackets']],
  ['He said: "We are done. They go on.', 'Er sagte: „Wir sind fertig. Sie machen weiter.', [], { targetLanguage: 'de' }],
  ['He said: "We are done. They go on.', '“我们完成了。”他说“他们继续。', [], { targetLanguage: 'zh' }],
  ['He said: "We are done. They go on.', 'Er sagte: „Wir sind fertig. Sie „machen weiter.', ['brackets'], { targetLanguage: 'de' }],
  ['He said: "We are done. They go on.', 'Er (sagte: „Wir sind fertig.', ['brackets'], { targetLanguage: 'de' }],
  ['1] A (small) cat', '1] Eine (kleine Katze', ['brackets'], { targetLanguage: 'de' }],
  ['1] A [small] cat', '1] Eine [kleine] Katze', [], { targetLanguage: 'de' }],
  ['a) cat (of 50 miles)', 'a) kočka (80 mil)', [], { targetLanguage: 'cs' }],
  ['The cat', 'Die die Katze', ['repeatedWord'], { targetLanguage: 'de' }],
  ['That that cat', 'Die die Katze', [], { targetLanguage: 'de' }],
  ['They met with theirs', 'Spojili se se svými', [], { targetLanguage: 'cs' }],
  ['They met with theirs', 'Spojili se se svými svými', ['repeatedWord'], { targetLanguage: 'cs' }],
  ['Slowly', 'Pelan-pelan', [], { targetLanguage: 'id' }],
  ['A cat', 'Eine  Katze', ['doubleSpace'], { targetLanguage: 'de' }],
  ['A  cat', 'Eine  Katze', [], { targetLanguage: 'de' }],
  ['Save', '保存する', ['length'], { maxLength: 3 }],
  ['A long sentence that says quite a lot of things to people', '長', ['length']],
  ['Save', '👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧', [], { maxLength: 3 }],
  ['<g id="1">Save</g>', '<g id="1">保存</g>', [], { maxLength: 2 }],
  ['<g id="1">Save</g>', '<g id="1">保存する</g>', ['length'], { maxLength: 2 }],
  ['Save all of them', 'नमस्ते', ['length'], { maxLength: 2, targetLanguage: 'hi' }],
  ['We will go there tomorrow if the weather permits', '明日は晴れれば行く', []],
  ['We will go there tomorrow if the weather permits', 'Wir gehen', ['length'], { targetLanguage: 'de' }],
  ['明日天気が良ければみんなで一緒に山へ行くつもりです', 'We all plan to go to the mountains tomorrow if the weather is good, and to come back late', [], { sourceLanguage: 'ja', targetLanguage: 'en' }],
  ['Open the server', '開く', ['glossary'], { terms: [{ source: 'server', targets: ['サーバー'], forbidden: [] }] }],
  ['Open the servers', 'サーバを開く', ['glossary', 'glossary'], { terms: [{ source: 'server', targets: ['サーバー'], forbidden: ['サーバ'] }] }],
  ['One\nTwo', '一 二', ['lineBreaks']],
  ['One\\nTwo', '一', ['lineBreaks']],
  ['One\\nTwo', '一\\n二', []],
  ['It rains a lot in this town', 'It rains very much in this town', ['language']],
  ['It rains a lot in this small town near the sea', 'Il pleut beaucoup dans cette petite ville au bord de la mer', ['language'], { targetLanguage: 'de' }],
  ['It rains a lot in this small town near the sea', 'It rains very much in that small old town by the cold northern sea', ['language'], { targetLanguage: 'de' }],
  ['It rains a lot in this small town near the sea', 'Es regnet viel in dieser kleinen Stadt am Meer', [], { targetLanguage: 'de' }],
  ['It rains a lot in this small town near the sea', 'Det regner mye i denne lille byen ved havet', [], { targetLanguage: 'nb' }],
  ['San Francisco, New York and Los Angeles', 'San Francisco, New York und Los Angeles', [], { targetLanguage: 'de' }],
  ['It rains a lot in this small town near the sea', '这个海边小镇经常下雨，天气潮湿，人们很少出门，街道安静无声，孩子们留在家里读书，老人喝茶聊天', ['language']],
  ['It rains', 'Sure, here is the translation: 雨', ['hallucination', 'language'].slice(0, 1), { targetLanguage: 'en' }],
  ['It rains', 'Please translate the following text into Japanese: 雨', ['language', 'hallucination']],
  ['Please translate the following text into Japanese', '以下の文を日本語に翻訳してください', [], {}],
  ['It rains', '雨が降ると、'.concat('人は傘をさし、店は軒を出し、道は光り、川は太り、子は跳ね、犬は濡れ、'.repeat(5).replace(/犬は濡れ/gu, (_, at: number) => `犬${String(at)}は濡れ`)), ['hallucination']],
  ['It rains', '雨が降る雨が降る雨が降る雨が降る雨が降る', ['hallucination']],
  ['It rains a lot', '雨', ['quickAccept'], { acceptance: { elapsedMs: 100, mbr: 0.2, utility: 'chrf' } }],
  ['It rains a lot', '雨', [], { acceptance: { elapsedMs: 2000, mbr: 0.2, utility: 'chrf' } }],
  ['It rains a lot', '雨', [], { acceptance: { elapsedMs: 100, mbr: 0.5, utility: 'chrf' } }],
  ['It rains a lot', '雨', ['quickAccept'], { acceptance: { elapsedMs: 100, mbr: 0.65, utility: 'comet' } }],
  ['x', '雨です。雪です。寒いのである。暗かったのだ。', ['jaStyle']],
  ['x', '彼は「寒いのだ。暗いのだ。」と言いました。雪です。', []],
  ['x', 'ﾃｽﾄ', ['jaWidth']],
  ['x', '１２個と34個', ['jaWidth']],
  ['x', '１２個と３４個', []],
  ['x', 'ＡＢＣとDEF', ['jaWidth']],
  ['x', 'ABCとDEF', []],
  ['x', '本をを読む', ['jaParticle']],
  ['x', '本を図書館を読む', ['jaParticle']],
  ['x', '本を読んで手紙を書く', []],
  ['x', '母は花が好き', []],
  ['x', '雨でしょう。雪でしょう。風でしょう。嵐でしょう。', ['jaEnding']],
  ['x', '行きました。見ました。買いました。帰りました。', ['jaEnding']],
  ['x', '行きます。見ます。買います。帰ります。', []],
  ['x', '雨でしょう。雪です。風でしょう。嵐でした。', []],
  ['x', '彼は「「はい」と言った」と言った', ['jaQuotes']],
  ['x', '彼は「『はい』と言った」と言った', []],
  ['x', 'サーバとサーバー', ['jaSpelling']],
  ['x', 'インターフェイスとインターフェース', ['jaSpelling']],
  ['x', 'ヴァイオリンとバイオリン', ['jaSpelling']],
  ['x', '様々な人とさまざまな物', ['jaSpelling']],
  ['x', 'カバとカバー、水を下さい、見てください', []],
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
