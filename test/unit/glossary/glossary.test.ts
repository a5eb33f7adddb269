import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Glossary, occurrences, promptTerms, termsIn } from '../../../src/core/glossary/glossary.ts';
import { readGlossary } from '../../../src/core/glossary/read.ts';
import { checkTranslation } from '../../../src/core/quality/checks.ts';
import { AppError } from '../../../src/core/errors.ts';

const languages = { source: 'en', target: 'ja' };
const at = (text: string, term: string) => occurrences(text, term).map(({ start, end }) => text.slice(start, end));

describe('a term in a text', () => {
  it('is a whole word in any case, with its plural, of one word or several', () => {
    assert.deepEqual(at('Files in a file, profile, FILE.', 'file'), ['Files', 'file', 'FILE']);
    assert.deepEqual(at('A status  bar and statusbars', 'status bar'), ['status  bar']);
    assert.deepEqual(at('class and classes', 'class'), ['class', 'classes']);
  });

  it('counts case where the term has capitals inside', () => {
    assert.deepEqual(at('JSON, json', 'JSON'), ['JSON']);
    assert.deepEqual(at('GitHub and github', 'GitHub'), ['GitHub']);
  });

  it('may stand next to anything in scripts without spaces', () => {
    assert.deepEqual(at('新しいファイルを開く', 'ファイル'), ['ファイル']);
    assert.deepEqual(at('JSONを読む', 'JSON'), ['JSON']);
  });

  it('is where it says it is, whatever the term', () => {
    fc.assert(fc.property(fc.string(), fc.string(), fc.string({ minLength: 1 }).filter((text) => text.trim() === text), (before, after, term) => {
      const text = `${before} ${term} ${after}`;
      for (const { start, end } of occurrences(text, term)) assert.ok(start >= 0 && end <= text.length && end > start);
      assert.ok(occurrences(` ${term} `, term).length > 0);
    }));
  });
});

describe('a glossary', () => {
  it('finds the longest of terms inside each other, in the order of the text', () => {
    const glossary = readGlossary('source,target\nbar,バー\nstatus bar,ステータスバー\nopen,開く\n', 'g.csv', languages);
    const found = termsIn('Open the status bar', glossary);
    assert.deepEqual(found.map(({ term }) => term.source), ['open', 'status bar']);
    assert.deepEqual(promptTerms(found), [{ source: 'open', target: '開く' }, { source: 'status bar', target: 'ステータスバー' }]);
  });

  it('finds by the beginnings of terms what comparing with each would find', () => {
    const word = fc.constantFrom('a', 'ab', 'abc', 'b c', '犬', '犬小屋', 'File', 'status bar');
    fc.assert(fc.property(fc.uniqueArray(word), fc.array(word), (names, words) => {
      const terms = names.map((source) => ({ source, targets: ['x'], forbidden: [] }));
      const text = words.join(' ');
      assert.deepEqual(new Glossary(terms).in(text), termsIn(text, terms));
    }));
  });

  it('is read from CSV by names or languages, several texts in a cell, rows of one term together', () => {
    const glossary = readGlossary('ja;en;forbidden;note\n"ユーザー|利用者";user;ユーザ;長音を付ける\nお客様;user;;\n;empty;;\n', 'g.csv', languages);
    assert.deepEqual(glossary, [{ source: 'user', targets: ['ユーザー', '利用者', 'お客様'], forbidden: ['ユーザ'], note: '長音を付ける' }]);
    assert.throws(() => readGlossary('a,b\n1,2\n', 'g.csv', languages), (error) => error instanceof AppError && error.code === 'document.syntax');
  });

  for (const [version, text] of [['2', `<?xml version="1.0"?><martif type="TBX-Basic" xml:lang="en"><text><body>
<termEntry id="1"><descrip type="definition">who uses it</descrip><langSet xml:lang="en-US"><tig><term>user</term></tig></langSet>
<langSet xml:lang="ja"><tig><term>ユーザー</term><termNote type="administrativeStatus">preferredTerm-admn-sts</termNote></tig>
<tig><term>ユーザ</term><termNote type="administrativeStatus">deprecatedTerm-admn-sts</termNote></tig></langSet></termEntry></body></text></martif>`],
  ['3', `<tbx style="dct" type="TBX-Basic" xml:lang="en"><text><body>
<conceptEntry id="1"><descrip type="definition">who uses it</descrip><langSec xml:lang="en"><termSec><term>user</term></termSec></langSec>
<langSec xml:lang="ja"><termSec><term>ユーザー</term></termSec><termSec><term>ユーザ</term><termNote type="administrativeStatus">supersededTerm-admn-sts</termNote></termSec></langSec></conceptEntry></body></text></tbx>`]] as const) {
    it(`is read from TBX ${version}`, () => {
      assert.deepEqual(readGlossary(text, 'g.tbx', languages), [{ source: 'user', targets: ['ユーザー'], forbidden: ['ユーザ'], note: 'who uses it' }]);
    });
  }

  it('that is broken says where', () => {
    assert.throws(() => readGlossary('<tbx><text></tbx>', 'g.tbx', languages), (error) => error instanceof AppError && error.code === 'document.syntax');
    assert.throws(() => readGlossary('<html/>', 'g.tbx', languages), (error) => error instanceof AppError && error.code === 'document.syntax');
    assert.throws(() => readGlossary('source,target\n"open', 'g.csv', languages), (error) => error instanceof AppError && error.code === 'document.syntax');
  });

  it('is what the check of terms goes by: missing and forbidden ones', () => {
    const terms = readGlossary('source,target,forbidden\nuser,ユーザー,ユーザ\n', 'g.csv', languages);
    const check = (translation: string) => checkTranslation({ source: 'Two users wait.', translation, sourceLanguage: 'en', targetLanguage: 'ja', terms })
      .filter((finding) => finding.check === 'glossary').map(({ detail }) => detail);
    assert.deepEqual(check('二人のユーザーが待つ。'), []);
    assert.deepEqual(check('二人の利用者が待つ。'), ['user → ユーザー']);
    assert.deepEqual(check('二人のユーザが待つ。'), ['user → ユーザー', '✗ ユーザ']);
  });
});
