/** What gettext files say about an entry, what belongs to which, and what a template becomes. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { runInNewContext } from 'node:vm';
import { codecById } from '../../../src/core/document/codecs.ts';
import { pluralForms, pluralRules } from '../../../src/core/document/poHeader.ts';
import { composeTarget } from '../../../src/core/document/target.ts';
import { integerCategories } from '../../../src/core/text/plurals.ts';
import { parse, write } from './formats/support.ts';

const obsolete = 'msgid "First"\nmsgstr ""\n\n# lost\n#, fuzzy\n#~ msgid "Gone"\n#~ msgstr "無"\n\nmsgid "Last"\nmsgstr ""\n';

describe('entries of PO', () => {
  it('flags and comments above an obsolete entry are not those of the next', () => {
    const [, last] = parse({ id: 'po' }, obsolete).segments;
    assert.deepEqual([last?.unit?.state, last?.unit?.note], ['new', undefined]);
    assert.equal(write({ id: 'po' }, obsolete, { Last: '最後' }), obsolete.replace(/""\n$/u, '"最後"\n'));
  });

  it('a note has the context, the comments and the previous message', () => {
    const text = '# T\n#. D\n#: a.c:1\n#, fuzzy\n#| msgid "Old"\nmsgctxt "menu"\nmsgid "New"\nmsgstr "古"\n';
    assert.equal(parse({ id: 'po' }, text).segments[0]?.unit?.note, 'msgctxt: menu\nT\nD\n#| msgid "Old"');
  });
});

describe('a template', () => {
  const head = (fields: string): string => `# Ours\n#, fuzzy\nmsgid ""\nmsgstr ""\n${fields}\nmsgid "%d file"\nmsgid_plural "%d files"\nmsgstr[0] ""\nmsgstr[1] ""\n`;
  const template = head('"Project-Id-Version: x\\n"\n"Language: \\n"\n"Content-Type: text/plain; charset=CHARSET\\n"\n"Plural-Forms: nplurals=INTEGER; plural=EXPRESSION;\\n"\n');
  const retarget = (text: string, language: string, path = 'a.pot'): string => codecById('po').retarget?.(text, language, path) ?? '';

  it('becomes a file of its language; what it says already stays', () => {
    const polish = retarget(template, 'pl');
    assert.equal(polish, template.replace('#, fuzzy\n', '').replace('Language: ', 'Language: pl').replace('CHARSET', 'UTF-8').replace('nplurals=INTEGER; plural=EXPRESSION;', 'nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2);').replace('msgstr[1] ""\n', 'msgstr[1] ""\nmsgstr[2] ""\n'));
    assert.equal(retarget(template, 'ja').includes('msgstr[1]'), false);
    assert.equal(retarget(polish, 'pl'), polish);
    assert.equal(retarget(polish, 'ja'), retarget(template, 'ja'), 'what it says of another language does not');
    assert.equal(retarget(template, 'ja', 'a.po'), template, 'a file is no template');
    assert.match(retarget(template, 'zh-TW'), /Language: zh_TW\\n/u);
    assert.match(retarget(template, 'xx'), /nplurals=INTEGER/u, 'nobody knows how it counts');
  });

  it('is a file that msgfmt takes once it is translated', (t) => {
    if (spawnSync('msgfmt', ['--version']).status !== 0) {
      t.skip('needs the msgfmt program');
      return;
    }
    for (const language of ['ja', 'pl', 'ar', 'pt-BR', 'lv']) {
      const text = retarget(template, language);
      const document = parse({ id: 'po', target: language }, text);
      const { segments } = document;
      const forms = segments.map((segment, index) => codecById('po').encode(`%d 訳${index}`, segment));
      assert.equal(segments.length, integerCategories(language).length);
      const texts = new Map(segments.map(({ id }, index) => [id, forms[index] ?? '']));
      for (const written of [text, composeTarget(document, texts, language).text]) execFileSync('msgfmt', ['--check-format', '--check-domain', '--output-file=/dev/null', '-'], { input: written, stdio: 'pipe' });
    }
  });

  it('says in C what its rule is, and in every language what CLDR says', () => {
    for (const { forms, expression, select } of pluralRules) {
      const c = runInNewContext(`(n) => Number(${expression})`) as (n: number) => number;
      for (let n = 0; n <= 1000; n++) assert.equal(c(n), select(n), `${expression} for ${n}`);
      assert.ok(Array.from({ length: 1000 }, (_, n) => select(n)).every((form) => form >= 0 && form < forms));
    }
    for (const language of 'ar bg bn ca cs cy da de el en es et fa fi fr ga he hi hr hu hy id is it ja ka kk ko lt lv mk ms nb nl pl pt ro ru sk sl sr sv sw ta th tr uk ur uz vi zh'.split(' ')) assert.ok(pluralForms(language) !== undefined, language);
  });
});
