import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { documentFindings, type DocumentItem } from '../../../src/core/quality/document.ts';

/** One sentence a segment, in one paragraph unless said otherwise. */
function items(translations: readonly string[], change: Partial<DocumentItem> = {}): readonly DocumentItem[] {
  return translations.map((translation, index) => ({ id: String(index + 1), source: `source ${String(index)}`, translation, block: 0, kind: 'sentence', ...change }));
}

function found(translations: readonly string[], change: Partial<DocumentItem> = {}, language = 'ja'): readonly string[] {
  return [...documentFindings(items(translations, change), language)].flatMap(([id, findings]) => findings.map(({ check, detail }) => `${id} ${check} ${detail}`));
}

describe('checks of a whole document', () => {
  const polite = ['雨です。', '雪が降りました。', '寒いですね。'];

  it('find the sentence whose style is not that of the others, one sentence a segment', () => {
    assert.deepEqual(found([...polite, '風も強いのである。']), ['4 jaStyle です・ます 3 / である 1']);
    assert.deepEqual(found(['雨だ。', '雪が降った。', '寒いのである。', '風もあります。']), ['4 jaStyle です・ます 1 / である 3']);
    assert.deepEqual(found(polite), []);
    assert.deepEqual(found(['雨です。', '雪が降った。', '寒いですね。']), [], 'two sentences are no style yet');
    assert.deepEqual(found([...polite, '彼は「寒いのだ。」と言いました。']), [], 'people speak in a style of their own');
  });

  it('leave headings, items and labels their own endings', () => {
    const heading = { ...items(['ファイルを開いた'])[0], id: '9', source: 'heading', kind: 'heading' } as const;
    assert.equal(documentFindings([...items(polite), heading as DocumentItem], 'ja').size, 0);
    assert.deepEqual(found(['保存します。', '開きました。', '閉じます。', '削除した。', '削除する'], { kind: 'string' }), ['4 jaStyle です・ます 3 / である 1']);
  });

  it('find the rarer spelling of a word, wherever it stands', () => {
    assert.deepEqual(found(['サーバーを見ます。', 'サーバーを開きます。', 'サーバを閉じます。']), ['3 jaSpelling サーバー / サーバ']);
    assert.deepEqual(found(['問い合わせる', '問合せる'], { kind: 'string' }), ['2 jaSpelling 問い合わせ / 問合せ']);
    assert.deepEqual(found(['カバを見る', 'カバーを見る', 'ビルで', 'ビールを'], { kind: 'string' }), []);
  });

  it('find an ending that is heard once too often in a paragraph', () => {
    const row = ['雨でした。', '雪でした。', '風でした。', '嵐でした。'];
    assert.deepEqual(found(row), ['4 jaEnding でした']);
    assert.deepEqual([...documentFindings(items(row).map((item, index) => ({ ...item, block: index })), 'ja')], []);
    assert.deepEqual(found(['行きます。', '見ます。', '来ます。', '帰ります。', '寝ます。']), []);
  });

  it('look at the style of Japanese alone, and at consistency in any language', () => {
    assert.deepEqual(found([...polite, '風も強いのである。'], {}, 'zh'), []);
    const twice = [{ ...items(['Öffnen'])[0], source: 'Open' }, { ...items(['Auf'])[0], id: '2', source: 'Open' }] as readonly DocumentItem[];
    assert.deepEqual([...documentFindings(twice, 'de')].map(([id, [finding]]) => `${id} ${finding?.detail ?? ''}`), ['1 Auf', '2 Öffnen']);
  });
});
