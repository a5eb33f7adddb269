import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { AppError } from '../../../src/core/errors.ts';
import { allLanguages, findLanguage, languageOfFile, parseLanguage, sourceLanguageOf, targetPath, writesWithoutSpaces } from '../../../src/core/text/languages.ts';

describe('languages', () => {
  it('are the 60 of LMT, each found by its own tag', () => {
    const languages = allLanguages();
    assert.equal(languages.length, 60);
    assert.equal(new Set(languages.map(({ code }) => code)).size, 60);
    for (const language of languages) assert.deepEqual(parseLanguage(language.tag), language);
  });

  it('have the names that LMT was trained with', () => {
    const names = ['el', 'he', 'nb', 'km', 'ky', 'ug', 'yue', 'mvf', 'tl', 'ja'].map((tag) => parseLanguage(tag).lmtName);
    assert.deepEqual(names, ['Modern Greek', 'Modern Hebrew', 'Norwegian Bokmål', 'Central Khmer', 'Kirghiz', 'Uighur', 'Yue Chinese', 'Inner Mongolian', 'Tagalog', 'Japanese']);
  });

  it('are read from tags in any form', () => {
    assert.deepEqual(['JA', 'ja_jp', 'zh-hant', 'zh-TW', 'no', 'iw', 'fil', 'cmn', 'pt-br'].map((tag) => parseLanguage(tag).tag), ['ja', 'ja-JP', 'zh-Hant', 'zh-TW', 'nb', 'he', 'tl', 'zh', 'pt-BR']);
    assert.equal(parseLanguage('zh-TW').script, 'Hant');
    assert.equal(parseLanguage('zh-Hant').name, 'Traditional Chinese');
  });

  it('know script and direction', () => {
    assert.deepEqual(['ar', 'he', 'fa', 'ur', 'ps', 'ug'].map((tag) => parseLanguage(tag).direction), Array.from({ length: 6 }, () => 'rtl'));
    assert.equal(parseLanguage('ja').direction, 'ltr');
    assert.deepEqual(['ja', 'zh', 'th', 'ko', 'en', 'xx'].map(writesWithoutSpaces), [true, true, true, false, false, false]);
  });

  it('are refused with what comes close', () => {
    assert.equal(findLanguage('tlh'), undefined);
    assert.throws(() => parseLanguage('japanese'), { code: 'language.unknown', data: { tag: 'japanese', known: 'ja (Japanese), jv (Javanese)' } });
    for (const tag of ['', 'xx', '!', '--']) assert.throws(() => parseLanguage(tag), (error) => error instanceof AppError && /ja \(Japanese\)/u.test(error.message), tag);
  });
});

describe('file names', () => {
  it('tell the language', () => {
    const paths = ['letter.en.md', 'docs/en/x.md', 'en.md', 'x.zh-Hant.txt', 'a/ja/b/c.md', 'letter.md', 'my/x.md', 'It.md', 'docs/en/a.fr.md', 'a.b.md'];
    assert.deepEqual(paths.map(languageOfFile), ['en', 'en', 'en', 'zh-Hant', 'ja', undefined, undefined, undefined, 'fr', undefined]);
  });

  it('that are words say nothing: in.md is a file of input, not Indonesian', () => {
    const paths = ['in.md', 'in.po', 'letter.in.md', 'is.txt', 'my.html', 'he.json', 'it.md', 'x.is.md', 'docs/en/in.md'];
    assert.deepEqual(paths.map(languageOfFile), [undefined, undefined, undefined, undefined, undefined, 'he', 'it', 'is', 'en']);
    assert.equal(sourceLanguageOf('in.md', 'ja', undefined), 'en');
    assert.equal(targetPath('in.md', 'en', 'ja'), 'in.ja.md');
  });

  it('of absolute paths are names alone: the folders around a project say nothing', () => {
    const paths = ['/home/sk/project/letter.md', '/home/sk/project/letter.en.md', 'C:\\sk\\x.md', 'C:/sk/x.md', '/home/sk/fr.po', '/srv/ja'];
    assert.deepEqual(paths.map(languageOfFile), [undefined, 'en', undefined, undefined, 'fr', undefined]);
    assert.equal(sourceLanguageOf('/home/sk/project/letter.md', 'ja', undefined), 'en');
    assert.equal(targetPath('/home/en/project/letter.md', 'en', 'ja'), '/home/en/project/letter.ja.md');
    assert.equal(targetPath('/home/en/project/letter.en.md', 'en', 'ja'), '/home/en/project/letter.ja.md');
  });

  it('that say the target language belong to bilingual files and say nothing of the source', () => {
    assert.deepEqual(['ja.po', 'messages.ja.xlf', 'fr.po', 'letter.po'].map((path) => sourceLanguageOf(path, 'ja', undefined)), ['en', 'en', 'en', 'en']);
    assert.equal(sourceLanguageOf('ja.po', 'ja', 'de'), 'de');
  });

  it('lead to the target', () => {
    const pairs = [['samples/letter.en.md', 'samples/letter.ja.md'], ['docs/en/x.md', 'docs/ja/x.md'], ['letter.md', 'letter.ja.md'], ['en.md', 'ja.md'], ['a/README', 'a/README.ja'], ['a.b/.env', 'a.b/.env.ja'], ['docs/fr/x.md', 'docs/fr/x.ja.md']];
    for (const [from = '', to] of pairs) assert.equal(targetPath(from, 'en', 'ja'), to);
    assert.equal(targetPath('x.en-US.md', 'en', 'ja'), 'x.ja.md');
  });
});
