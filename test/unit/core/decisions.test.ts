import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decisionsOf, namesIn, renderingOf, renders, stillStands, type AlignedPair } from '../../../src/core/prompting/decisions.ts';
import { pronounOf, registerOf, speaksOfItself, type Register } from '../../../src/core/prompting/voice.ts';
import type { TextPair } from '../../../src/core/prompting/context.ts';

const languages = { source: 'en', target: 'ja' };

/** An alignment by hand: which word of the source stands for which part of the target. */
function aligned(pair: TextPair, links: Readonly<Record<string, string>>): AlignedPair {
  const place = (text: string, parts: readonly string[]): { start: number; end: number }[] => parts.map((part) => ({ start: text.indexOf(part), end: text.indexOf(part) + part.length }));
  const [from, to] = [Object.keys(links), [...new Set(Object.values(links))]];
  const data = Float32Array.from(from.flatMap((word) => to.map((part) => (links[word] === part ? 0.9 : 0.05))));
  return { source: place(pair.source, from), target: place(pair.target, to), probabilities: { rows: from.length, cols: to.length, data } };
}

describe('names and terms', () => {
  it('are capitalised words that do not merely begin a sentence, and runs of katakana', () => {
    assert.deepEqual(namesIn('We saw Mary Ann and John in New York. It rained. "Paris is old," said John.', 'en'), ['Mary Ann', 'John', 'New York']);
    assert.deepEqual(namesIn('I met Anna.', 'en'), ['Anna']);
    assert.deepEqual(namesIn('昨日、メアリーはパリへ行った。ア', 'ja'), ['メアリー', 'パリ']);
    assert.deepEqual(namesIn('nothing here. Nothing there.', 'en'), []);
  });

  it('are runs of several words where every noun has a capital letter', () => {
    assert.deepEqual(namesIn('Gestern traf ich Anna Schmidt im Haus.', 'de'), ['Anna Schmidt']);
  });

  it('have a rendering without the particle that Korean writes to it', () => {
    const pair = { source: 'I met Anna.', target: '저는 안나를 만났습니다.' };
    assert.equal(renderingOf('Anna', pair, aligned(pair, { Anna: '안나를' })), '안나');
  });

  it('have the rendering that they are aligned with, to the ends of its katakana', () => {
    const pair = { source: 'I met Anna Smith.', target: '私はアンナ・スミスに会った。' };
    assert.equal(renderingOf('Anna Smith', pair, aligned(pair, { Anna: 'アンナ', Smith: 'スミス', met: '会った' })), 'アンナ・スミス');
    assert.equal(renderingOf('Anna', pair, aligned(pair, { Anna: 'アン' })), 'アンナ・スミス');
    const kanji = { source: 'We saw Tokyo.', target: '東京を見た。' };
    assert.equal(renderingOf('Tokyo', kanji, aligned(kanji, { Tokyo: '東京', saw: '見た' })), '東京');
    assert.equal(renderingOf('Tokyo', kanji, aligned(kanji, { saw: '見た' })), undefined, 'no link, no rendering');
  });

  it('are found as a whole only', () => {
    assert.ok(renders('ジョンに会う', 'ジョン'));
    assert.ok(renders('ジョン・スミスに会う', 'ジョン'));
    assert.ok(!renders('ジョーンズに会う', 'ジョン'));
    assert.ok(!renders('マリアに会う', 'マリ'));
  });
});

describe('voice', () => {
  it('first person: the last one that is said, and only as a word', () => {
    assert.equal(pronounOf('俺は行く。', 'ja'), '俺');
    assert.equal(pronounOf('僕も私も行く。', 'ja'), '私');
    assert.equal(pronounOf('私たちは行く。', 'ja'), '私たち');
    assert.equal(pronounOf('公私の別がある。', 'ja'), undefined);
    assert.equal(pronounOf('ich gehe', 'de'), undefined);
  });

  it('register: how most sentences end, quotations apart', () => {
    assert.equal(registerOf('雨が降っています。家にいました。', 'ja'), 'polite');
    assert.equal(registerOf('雨が降る。家にいたよ。', 'ja'), 'plain');
    assert.equal(registerOf('「行きます」と彼は言った。', 'ja'), 'plain');
    assert.equal(registerOf('手紙', 'ja'), undefined);
    assert.equal(registerOf('雨です。寒い。', 'ja'), undefined, 'neither is in the majority');
    assert.equal(registerOf('It rains.', 'en'), undefined);
  });

  const registers: readonly (readonly [language: string, text: string, register: Register | undefined])[] = [
    ['ko', '비가 옵니다. 집에 있었어요.', 'polite'], ['ko', '비가 온다. 집에 있었어.', 'plain'], ['ko', '편지', undefined],
    ['de', 'Bringen Sie bitte Ihre Kamera mit.', 'polite'], ['de', 'Bring bitte deine Kamera mit, wenn du kommst.', 'plain'], ['de', 'Sie schläft.', undefined], ['de', 'Es regnet.', undefined],
    ['fr', 'Apportez votre appareil, si vous venez.', 'polite'], ['fr', 'Apporte tes photos, si tu viens.', 'plain'], ['fr', 'T’es là ?', 'plain'], ['fr', 'Il pleut.', undefined],
    ['es', 'Traiga la cámara, si usted viene.', 'polite'], ['es', 'Trae tu cámara, si tú vienes.', 'plain'], ['es', 'Llueve.', undefined],
    ['zh', '请您带上相机。', 'polite'], ['zh-Hant', '請你帶上相機。', 'plain'], ['zh', '下雨了。', undefined],
    ['nl', 'Brengt u uw camera mee?', 'polite'], ['nl', 'Breng je camera mee.', 'plain'],
    ['ru', 'Возьмите вашу камеру.', 'polite'], ['ru', 'Возьми твою камеру, если ты придёшь.', 'plain'],
  ];
  for (const [language, text, register] of registers) {
    it(`register in ${language}: ${text}`, () => { assert.equal(registerOf(text, language), register); });
  }

  it('first person where a language has several: forms of one are the same', () => {
    assert.equal(pronounOf('저는 갑니다.', 'ko'), '저');
    assert.equal(pronounOf('제가 갑니다.', 'ko'), '저');
    assert.equal(pronounOf('내가 간다.', 'ko-KR'), '나');
    assert.equal(pronounOf('비가 온다.', 'ko'), undefined);
    assert.equal(pronounOf('je vais', 'fr'), undefined);
  });

  it('a source that speaks of nobody asks for no first person', () => {
    assert.deepEqual(['I see.', 'Anna slept.'].map((text) => speaksOfItself(text, 'en')), [true, false]);
    assert.deepEqual(['Das ist mein Haus.', 'Anna schlief.'].map((text) => speaksOfItself(text, 'de')), [true, false]);
    assert.deepEqual(["J'ai faim.", 'Anna dormait.'].map((text) => speaksOfItself(text, 'fr')), [true, false]);
    assert.equal(speaksOfItself('眠った。', 'ja'), true, 'it may');
  });
});

describe('what earlier segments decide', () => {
  const met = { source: 'I met Anna.', target: '僕はアンナに会いました。' };
  const alignments: string[] = [];
  const decide = (source: string, previous: readonly TextPair[]): ReturnType<typeof decisionsOf> => {
    alignments.length = 0;
    return decisionsOf(source, previous, languages, (pair) => {
      alignments.push(pair.source);
      return Promise.resolve(aligned(pair, { Anna: /アンナ|アナ/u.exec(pair.target)?.[0] ?? '' }));
    });
  };

  it('is what the newest of them says; only pairs with one of its names are aligned', async () => {
    const previous = [met, { source: 'It was late.', target: '遅かった。' }];
    assert.deepEqual(await decide('My friend Anna slept.', previous), { names: [{ source: 'Anna', target: 'アンナ' }], pronoun: '僕', register: 'plain' });
    assert.deepEqual(alignments, ['I met Anna.']);
    assert.deepEqual(await decide('The dog slept.', previous), { names: [], register: 'plain' });
    assert.deepEqual(alignments, []);
  });

  it('no longer stands when a name, a first person or the register reads otherwise; other words do not matter', async () => {
    const source = 'My friend Anna slept.';
    const then = await decide(source, [met]);
    const stands = (target: string): boolean => stillStands(then, source, [{ source: met.source, target }], languages);
    assert.ok(stands(met.target));
    assert.ok(stands('僕は昨日、アンナに会ったのです。'));
    assert.ok(!stands('僕はアナに会いました。'), 'another name');
    assert.ok(!stands('俺はアンナに会いました。'), 'another first person');
    assert.ok(!stands('僕はアンナに会った。'), 'another register');
  });

  it('stands by the words of address as well: from du to Sie', async () => {
    const german = { source: 'en', target: 'de' };
    const [du, sie] = ['Wie geht es dir?', 'Wie geht es Ihnen?'].map((target) => [{ source: 'How are you?', target }]);
    assert.ok(du !== undefined && sie !== undefined);
    const then = await decisionsOf('Bring it.', du, german, () => Promise.reject(new Error('no name, no alignment')));
    assert.deepEqual(then, { names: [], register: 'plain' });
    assert.ok(stillStands(then, 'Bring it.', du, german));
    assert.ok(!stillStands(then, 'Bring it.', sie, german));
  });

  it('a first person does not concern a source that does not speak in one', async () => {
    const source = 'Anna slept.';
    const then = await decide(source, [met]);
    assert.ok(stillStands(then, source, [{ source: met.source, target: '俺はアンナに会いました。' }], languages));
  });
});
