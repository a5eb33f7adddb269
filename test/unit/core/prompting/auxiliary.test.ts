import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { auxiliaryFor, auxiliaryLanguages } from '../../../../src/core/prompting/auxiliary.ts';
import { allLanguages } from '../../../../src/core/text/languages.ts';

/** Table 12 of arXiv 2511.07003 as one string, so that a slip in the table and in the test would have to be the same one. */
const table = 'es→pt de→nl fr→it it→fr nl→de pl→cs bg→ru cs→pl da→nb fa→ar fi→hu hi→bn hu→fi id→nl nb→da ro→it sk→cs sv→nb uk→ru vi→fr '
  + 'az→tr hr→cs is→da jv→id kk→ru ky→ru lo→th mr→hi ms→id ne→hi ps→fa tg→ru tl→id ug→fa ur→fa uz→fr';

describe('auxiliary languages of PMP', () => {
  it('are the 36 of the paper', () => {
    const printed = Object.entries(auxiliaryLanguages).map(([language, auxiliary]) => `${language}→${auxiliary}`).join(' ');
    assert.equal(printed, table);
    assert.equal(Object.keys(auxiliaryLanguages).length, 36);
  });

  it('English <-> X by the table, each of the 36, both ways', () => {
    for (const [language = '', auxiliary = ''] of table.split(' ').map((entry) => entry.split('→'))) {
      assert.deepEqual(auxiliaryFor('en', language), { kind: 'auxiliary', language: auxiliary }, language);
      assert.deepEqual(auxiliaryFor(language, 'en'), { kind: 'auxiliary', language: auxiliary }, language);
    }
  });

  it('the 23 others of LMT have none with English, and 58 have English with Chinese', () => {
    const without = 'ar bn el ja ko pt ru th tr am bo he hy ka km mvf my si sw ta te yue zh'.split(' ');
    const others = allLanguages().map(({ code }) => code).filter((code) => code !== 'en');
    assert.deepEqual(others.filter((code) => auxiliaryFor('en', code).kind === 'none').toSorted(), without.toSorted());
    assert.equal(others.length - without.length, 36);
    for (const code of others.filter((other) => other !== 'zh')) {
      assert.deepEqual([auxiliaryFor('zh', code), auxiliaryFor(code, 'zh')], [{ kind: 'auxiliary', language: 'en' }, { kind: 'auxiliary', language: 'en' }], code);
    }
  });

  it('of any region', () => {
    assert.deepEqual(auxiliaryFor('en', 'ky'), { kind: 'auxiliary', language: 'ru' });
    assert.deepEqual(auxiliaryFor('uz', 'en-GB'), { kind: 'auxiliary', language: 'fr' });
  });

  it('Chinese <-> X through English', () => {
    assert.deepEqual(auxiliaryFor('zh', 'ja'), { kind: 'auxiliary', language: 'en' });
    assert.deepEqual(auxiliaryFor('ko', 'zh-Hant'), { kind: 'auxiliary', language: 'en' });
  });

  it('English with Japanese, Chinese, Korean has none, and says so', () => {
    for (const language of ['ja', 'zh', 'ko']) {
      const choice = auxiliaryFor('en', language);
      assert.ok(choice.kind === 'none' && choice.reason.includes(language), language);
    }
    assert.equal(auxiliaryFor('ja', 'ko').kind, 'none');
    assert.equal(auxiliaryFor('en', 'constructor').kind, 'none');
  });
});
