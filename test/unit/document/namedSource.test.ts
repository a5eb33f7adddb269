import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AppError } from '../../../src/core/errors.ts';
import { codecFor } from '../../../src/core/document/codecs.ts';
import { sourceLanguageIn } from '../../../src/core/document/namedSource.ts';

const from = (path: string, head: string, target = 'ja', byDefault?: string): string => sourceLanguageIn({ codec: codecFor(path), path, head }, target, byDefault);

const file1 = (source: string, target?: string): string => `<file original="a" source-language="${source}"${target === undefined ? '' : ` target-language="${target}"`} datatype="plaintext"><body/></file>`;
const xliff1 = (...files: readonly string[]): string => `<?xml version="1.0"?>\n<!-- <file source-language="it"> --><xliff version="1.2">${files.join('')}</xliff>`;
const header = (...lines: readonly string[]): string => `# head\nmsgid ""\nmsgstr ""\n${lines.map((line) => `"${line}\\n"\n`).join('')}\nmsgid "Language: fr"\nmsgstr ""\n`;

describe('the source language that a bilingual file names', () => {
  for (const [name, path, text, expected] of [
    ['XLIFF 1.2', 'a.xlf', xliff1(file1('de-DE')), 'de-DE'],
    ['XLIFF 1.2: of the file that is for the target', 'a.xlf', xliff1(file1('fr', 'es'), file1('de', 'ja')), 'de'],
    ['XLIFF 1.2: of the first where none is for the target', 'a.xlf', xliff1(file1('fr', 'es'), file1('de', 'it')), 'fr'],
    ['XLIFF 2', 'a.xliff', '<xliff xmlns="urn:oasis:names:tc:xliff:document:2.0" version="2.0" srcLang=\'de\' trgLang="ja"><file id="f"/></xliff>', 'de'],
    ['TMX', 'a.tmx', '<tmx version="1.4"><header creationtool="x" srclang="DE"/><body/></tmx>', 'de'],
    ['TMX of any language', 'a.tmx', '<tmx version="1.4"><header srclang="*all*"/><body/></tmx>', 'en'],
    ['a string catalogue', 'a.xcstrings', '{\n  "sourceLanguage" : "de",\n  "strings" : {}\n}', 'de'],
    ['PO', 'a.po', header('Language: ja', 'X-Source-Language: de_AT'), 'de-AT'],
    ['PO: only its header counts', 'a.po', `${header('Language: ja')}\nmsgid "x"\nmsgstr ""\n"X-Source-Language: de\\n"\n`, 'en'],
    ['a language that is not known', 'a.xlf', xliff1(file1('x-klingon')), 'en'],
    ['none', 'fr.xlf', xliff1('<file>'), 'fr'],
    ['a name that says otherwise', 'fr.xlf', xliff1(file1('de')), 'de'],
    ['the head of a file that goes on', 'a.xlf', xliff1(file1('de')).slice(0, -20), 'de'],
  ] as const) {
    it(name, () => { assert.equal(from(path, text), expected); });
  }

  it('wins over the folder\'s default, which wins where the file names none', () => {
    assert.equal(from('a.xlf', xliff1(file1('de')), 'ja', 'es'), 'de');
    assert.equal(from('a.md', 'source-language="de"', 'ja', 'es'), 'es');
  });

  it('is not taken from the name of a PO file, which is that of its translations', () => {
    assert.deepEqual(['fr.po', 'locale/fr/LC_MESSAGES/app.po'].map((path) => from(path, header('Language: fr'))), ['en', 'en']);
    assert.equal(from('fr.po', header('Language: fr'), 'ja', 'de'), 'de');
  });
});

describe('a PO file for another language than the one asked for', () => {
  const text = (language: string): string => `${header(`Language: ${language}`)}\nmsgid "One"\nmsgstr ""\n`;
  const parse = (language: string, path = 'fr.po', targetLanguage = 'ja'): number => codecFor(path).parse(text(language), { path, sourceLanguage: 'en', targetLanguage }).segments.length;

  it('is refused with both languages and the place that says so', () => {
    assert.throws(() => parse('fr_FR'), (error) => error instanceof AppError && error.code === 'document.syntax' && /"line":4,.*into fr_FR, not ja/u.test(error.message));
  });

  it('is read where the header says the same, nothing or no language', () => {
    assert.deepEqual(['ja_JP', '', 'LANGUAGE', 'Japanese'].map((language) => parse(language)), [2, 2, 2, 2]);
    assert.equal(parse('es_419', 'es.po', 'es'), 2);
  });

  it('is a template: it becomes one of the language, whatever it says', () => {
    assert.equal(parse('en', 'app.pot'), 2);
    const made = codecFor('app.pot').retarget?.(text('en'), 'ja', 'app.pot') ?? '';
    assert.match(made, /"Language: ja\\n"/u);
    assert.match(made, /msgid "Language: fr"/u);
  });
});
