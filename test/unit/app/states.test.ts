/** What a format says of a text's state: written when a text is accepted, not when one is rejected, put back by undo. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FakeFileSystem } from '../store/support/memoryFileSystem.ts';
import { openFile, textOf, translate } from './support.ts';

interface Case {
  readonly name: string;
  readonly file: string;
  readonly before: string;
  readonly after: string;
}

const unit1 = (attributes: string, target: string): string => `<xliff version="1.2"><file source-language="en" target-language="ja"><body>\r\n<trans-unit id="1"${attributes}><source>One</source>${target}</trans-unit>\r\n</body></file></xliff>`;
const unit2 = (attributes: string, target: string): string => `<xliff version="2.1" srcLang="en" trgLang="ja"><file id="f"><unit id="u">\n<segment${attributes}><source>One</source>${target}</segment>\n</unit></file></xliff>\n`;
const message = (head: string, text: string): string => `msgid ""\nmsgstr "Language: ja\\n"\n\n${head}msgid "One"\nmsgstr ${text}\n`;
const catalogue = (ja: string): string => `{\n  "sourceLanguage" : "en",\n  "strings" : { "One" : { "extractionState" : "manual", "localizations" : { "ja" : { "stringUnit" : ${ja} } } } }\n}\n`;

const cases: readonly Case[] = [
  { name: 'XLIFF 1.2 without a target', file: 'a.xlf', before: unit1('', ''), after: unit1('', '<target state="translated">One一</target>') },
  ...(['new', 'needs-translation', 'needs-adaptation', 'needs-l10n', 'needs-review-adaptation', 'needs-review-l10n', 'needs-review-translation', 'translated'] as const).map((state): Case => (
    { name: `XLIFF 1.2 ${state}`, file: 'a.xlf', before: unit1('', `<target state="${state}" xml:lang='ja'>旧</target>`), after: unit1('', '<target state="translated" xml:lang=\'ja\'>One一</target>') })),
  ...(['final', 'signed-off'] as const).map((state): Case => (
    { name: `XLIFF 1.2 ${state}`, file: 'a.xlf', before: unit1('', `<target state="${state}">旧</target>`), after: unit1('', `<target state="${state}">One一</target>`) })),
  { name: 'XLIFF 1.2 approved, empty target', file: 'a.xlf', before: unit1(' approved="yes"', '<target/>'), after: unit1(' approved="yes"', '<target state="translated">One一</target>') },
  { name: 'XLIFF 2 without a state', file: 'a.xlf', before: unit2('', ''), after: unit2(' state="reviewed"', '\n<target>One一</target>').replace('\n<target>', '<target>') },
  { name: 'XLIFF 2 initial', file: 'a.xlf', before: unit2(' id="s" state="initial" subState="x:mt"', '<target>旧</target>'), after: unit2(' id="s" state="reviewed"', '<target>One一</target>') },
  { name: 'XLIFF 2 translated', file: 'a.xlf', before: unit2(' state="translated" subState="x:mt" id="s"', '<target>旧</target>'), after: unit2(' state="reviewed" id="s"', '<target>One一</target>') },
  { name: 'XLIFF 2 reviewed', file: 'a.xlf', before: unit2(' state="reviewed" subState="x:two"', '<target>旧</target>'), after: unit2(' state="reviewed" subState="x:two"', '<target>One一</target>') },
  { name: 'XLIFF 2 final', file: 'a.xlf', before: unit2(' state="final"', '<target>旧</target>'), after: unit2(' state="final"', '<target>One一</target>') },
  { name: 'PO fuzzy', file: 'ja.po', before: message('#, fuzzy\n#| msgid "Won"\n', '"旧"'), after: message('#| msgid "Won"\n', '"One一"') },
  { name: 'PO fuzzy among other flags', file: 'ja.po', before: message('# n\n#, c-format, fuzzy, no-wrap\n', '""\n"旧"'), after: message('# n\n#, c-format, no-wrap\n', '"One一"') },
  { name: 'PO without a flag', file: 'ja.po', before: message('', '""'), after: message('', '"One一"') },
  ...(['new', 'needs_review', 'translated'] as const).map((state): Case => (
    { name: `string catalogue ${state}`, file: 'a.xcstrings', before: catalogue(`{ "state" : "${state}", "value" : "旧" }`), after: catalogue('{ "state" : "translated", "value" : "One一" }') })),
  { name: 'string catalogue, state behind the value', file: 'a.xcstrings', before: catalogue('{ "value" : "旧", "state" : "needs_review" }'), after: catalogue('{ "value" : "One一", "state" : "translated" }') },
  { name: 'TMX', file: 'a.tmx', before: '<tmx version="1.4"><header srclang="en"/><body><tu><tuv xml:lang="en"><seg>One</seg></tuv><tuv xml:lang="ja" changedate="x"><seg>旧</seg></tuv></tu></body></tmx>', after: '<tmx version="1.4"><header srclang="en"/><body><tu><tuv xml:lang="en"><seg>One</seg></tuv><tuv xml:lang="ja" changedate="x"><seg>One一</seg></tuv></tu></body></tmx>' },
  { name: 'CSV', file: 'a.csv', before: 'source;target\r\nOne;"旧"\r\n', after: 'source;target\r\nOne;"One一"\r\n' },
];

describe('the state of a segment', () => {
  for (const { name, file, before, after } of cases) {
    it(`${name}: accept writes it, reject does not, undo puts every byte back`, async () => {
      const fs = new FakeFileSystem();
      const path = `/ws/${file}`;
      await fs.writeAtomic(path, Buffer.from(before));
      const { session } = await translateFile(fs, file);
      const [view] = session.views();
      const hash = view?.candidates.find(({ existing }) => existing === undefined)?.hash;
      assert.ok(view !== undefined && hash !== undefined);
      const act = (what: Parameters<typeof session.act>[0]['what']): Promise<unknown> => session.act({ segment: view.id, order: [hash], elapsedMs: 1, what });
      await act({ act: 'reject', candidate: hash });
      assert.equal(textOf(fs, path), before);
      await act({ act: 'undo' });
      await act({ act: 'accept', candidate: hash });
      assert.equal(textOf(fs, path), after);
      await act({ act: 'undo' });
      assert.equal(textOf(fs, path), before);
    });
  }
});

describe('the state of a text that was filled in from a repeat', () => {
  const twice1 = '<xliff version="1.2"><file source-language="en" target-language="ja"><body>\n<trans-unit id="1"><source>One</source></trans-unit>\n<trans-unit id="2"><source>One</source><target state="new"/></trans-unit>\n</body></file></xliff>\n';
  const twice2 = '<xliff version="2.1" srcLang="en" trgLang="ja"><file id="f"><unit id="u"><segment><source>One</source></segment></unit><unit id="v"><segment state="initial"><source>One</source></segment></unit></file></xliff>\n';
  const twicePo = 'msgid ""\nmsgstr "Language: ja\\n"\n\nmsgid "One"\nmsgstr ""\n\n#: b.c:1\n#, c-format\nmsgctxt "b"\nmsgid "One"\nmsgstr ""\n';
  const twiceXc = '{ "sourceLanguage" : "en", "strings" : { "a" : { "localizations" : { "en" : { "stringUnit" : { "state" : "translated", "value" : "One" } } } }, "b" : { "localizations" : { "en" : { "stringUnit" : { "state" : "translated", "value" : "One" } }, "ja" : { "stringUnit" : { "value" : "", "state" : "new" } } } } } }\n';
  for (const { name, file, text, filled, confirmed } of [
    { name: 'XLIFF 1.2', file: 'a.xlf', text: twice1, filled: '<target state="needs-review-translation">One一</target>', confirmed: '<target state="translated">One一</target></trans-unit>\n</body>' },
    { name: 'XLIFF 2', file: 'a.xlf', text: twice2, filled: '<unit id="v"><segment state="translated"><source>One</source><target>One一</target>', confirmed: '<unit id="v"><segment state="reviewed"><source>One</source><target>One一</target>' },
    { name: 'PO', file: 'ja.po', text: twicePo, filled: '#: b.c:1\n#, fuzzy, c-format\nmsgctxt "b"\nmsgid "One"\nmsgstr "One一"', confirmed: '#: b.c:1\n#, c-format\nmsgctxt "b"\nmsgid "One"\nmsgstr "One一"' },
    { name: 'string catalogue', file: 'a.xcstrings', text: twiceXc, filled: '{ "value" : "One一", "state" : "needs_review" }', confirmed: '{ "value" : "One一", "state" : "translated" }' },
  ]) {
    it(`${name}: says that somebody has to look at it, until it is confirmed; undo puts every byte back`, async () => {
      const fs = new FakeFileSystem();
      await fs.writeAtomic(`/ws/${file}`, Buffer.from(text));
      const { session } = await translateFile(fs, file);
      const [first, second] = session.views();
      const hash = first?.candidates.find(({ existing }) => existing === undefined)?.hash;
      assert.ok(first !== undefined && second !== undefined && hash !== undefined);
      const act = (segment: string, what: Parameters<typeof session.act>[0]['what']): Promise<unknown> => session.act({ segment, order: [hash], elapsedMs: 1, what });
      await act(first.id, { act: 'accept', candidate: hash });
      const path = `/ws/${file}`;
      assert.ok(textOf(fs, path).includes(filled), textOf(fs, path));
      const before = textOf(fs, path);
      await act(second.id, { act: 'confirm' });
      assert.ok(textOf(fs, path).includes(confirmed), textOf(fs, path));
      await act(second.id, { act: 'undo' });
      assert.equal(textOf(fs, path), before);
      await act(first.id, { act: 'undo' });
      assert.equal(textOf(fs, path), text);
    });
  }
});

async function translateFile(fs: FakeFileSystem, file: string): ReturnType<typeof openFile> {
  const bench = await openFile(fs, file, file);
  await translate(bench);
  return bench;
}
