import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { auxiliaryFor, auxiliaryLanguages } from '../../../../src/core/prompting/auxiliary.ts';

/** Table 12 of arXiv 2511.07003 as one string, so that a slip in the table and in the test would have to be the same one. */
const table = 'es→pt de→nl fr→it it→fr nl→de pl→cs bg→ru cs→pl da→nb fa→ar fi→hu hi→bn hu→fi id→nl nb→da ro→it sk→cs sv→nb uk→ru vi→fr '
  + 'az→tr hr→cs is→da jv→id kk→ru ky→ru lo→th mr→hi ms→id ne→hi ps→fa tg→ru tl→id ug→fa ur→fa uz→fr';

describe('auxiliary languages of PMP', () => {
  it('are the 36 of the paper', () => {
    const printed = Object.entries(auxiliaryLanguages).map(([language, auxiliary]) => `${language}→${auxiliary}`).join(' ');
    assert.equal(printed, table);
    assert.equal(Object.keys(auxiliaryLanguages).length, 36);
  });

  it('English <-> X by the table, both ways, any region', () => {
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
