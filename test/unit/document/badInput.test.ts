/** What a broken or hostile file does: it is refused with its place, or read and written as it was; it never hangs or throws something else. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { codecById } from '../../../src/core/document/codecs.ts';
import { decodeBytes, encodeText } from '../../../src/core/document/encoding.ts';
import type { CodecId, ParsedDocument } from '../../../src/core/document/segment.ts';
import { composeTarget, spliceText } from '../../../src/core/document/target.ts';
import { AppError } from '../../../src/core/errors.ts';
import { skeletons } from './formats/skeletons.ts';
import { failure, parse, withoutFlags } from './formats/support.ts';

const running: Partial<Record<CodecId, readonly string[]>> = {
  text: ['It rains. It pours.\nMore.\n\nTwo\n'],
  markdown: ['# Rain\n\nIt *rains*. It `pours`.\n\n- One\n- Two\n\n| a | b |\n|---|---|\n| One | Two |\n'],
  mdx: ['import A from "./a"\n\n# Rain {x}\n\nIt <B>rains</B>.\n\n<A />\n'],
  html: ['<!doctype html>\n<title>Rain</title>\n<p title="A tip">It <b>rains</b> &amp; pours.\n<ul>\n<li>One\n<li>Two\n</ul>\n'],
};
const files = [...Object.entries(skeletons), ...Object.entries(running)].flatMap(([id, texts]) => texts.map((text) => ({ id: id as CodecId, text })));

const xml: Readonly<Record<string, { readonly id: CodecId; readonly root: string; readonly open: string; readonly close: string }>> = {
  xliff1: { id: 'xliff', root: 'xliff', open: '<xliff version="1.2"><file source-language="en" target-language="ja"><body><trans-unit id="1"><source>', close: '</source></trans-unit></body></file></xliff>' },
  xliff2: { id: 'xliff', root: 'xliff', open: '<xliff version="2.0" srcLang="en" trgLang="ja"><file id="f"><unit id="u"><segment><source>', close: '</source></segment></unit></file></xliff>' },
  android: { id: 'android', root: 'resources', open: '<resources><string name="a">', close: '</string></resources>' },
  resx: { id: 'resx', root: 'root', open: '<root><data name="a"><value>', close: '</value></data></root>' },
  stringsdict: { id: 'stringsdict', root: 'plist', open: '<plist><dict><key>a</key><dict><key>other</key><string>', close: '</string></dict></dict></plist>' },
  tmx: { id: 'tmx', root: 'tmx', open: '<tmx><header/><body><tu><tuv xml:lang="en"><seg>', close: '</seg></tuv></tu></body></tmx>' },
};

function identical(document: ParsedDocument, text: string): void {
  assert.equal(composeTarget(document, new Map(), 'ja').text, text);
}

/** A located error, or a document that is written as it was. */
function refusedOrKept(id: CodecId, text: string): void {
  try {
    identical(parse({ id, target: 'ja' }, text), text);
  } catch (error) {
    assert.ok(error instanceof AppError && ['document.syntax', 'document.empty'].includes(String(error.code)), `${id}: ${String(error)}`);
    if (error.code === 'document.syntax') assert.match(failure({ id, target: 'ja' }, text), /^[1-9]\d*:[1-9]\d* ./u);
  }
}

describe('XML that is broken or hostile', () => {
  for (const [name, { id, root, open, close }] of Object.entries(xml)) {
    it(`${name}: entities are refused, whatever they are for`, () => {
      const bomb = Array.from({ length: 9 }, (_, level) => `<!ENTITY l${level + 1} "${`&l${level};`.repeat(10)}">`).join('\n');
      for (const [declarations, reference] of [
        [`<!ENTITY l0 "lol">\n${bomb}`, '&l9;'], ['<!ENTITY x SYSTEM "file:///etc/passwd">', '&x;'], ['<!ENTITY x PUBLIC "a" "http://127.0.0.1/a">', '&x;'], ['<!ENTITY % x SYSTEM "http://127.0.0.1/a"> %x;', 'A'],
      ] as const) assert.match(failure({ id, target: 'ja' }, `<?xml version="1.0"?>\n<!DOCTYPE ${root} [\n${declarations}]>${open}A${reference}${close}`), /^3:1 the file declares an XML entity/u);
      assert.match(failure({ id, target: 'ja' }, `${open}A &nbsp; B${close}`), /^1:\d+ undefined entity/u);
    });

    it(`${name}: mismatched, doubled and missing tags have their place`, () => {
      assert.match(failure({ id, target: 'ja' }, `${open}\nA <b>B</i>${close}`), /^2:11 unexpected close tag/u);
      assert.match(failure({ id, target: 'ja' }, `${open}A${close}\n<a/>`), /^2:\d+ /u);
      assert.match(failure({ id, target: 'ja' }, `${open}A <b c="1" c="2">B</b>${close}`), /^1:\d+ duplicate attribute/u);
      assert.match(failure({ id, target: 'ja' }, `${open}A < B${close}`), /^1:\d+ /u);
    });

    it(`${name}: an encoding that the bytes have not is refused`, () => {
      assert.match(failure({ id, target: 'ja' }, `<?xml version="1.0" encoding="Shift_JIS"?>${open}雨${close}`), /^1:\d+ the file says that it is Shift_JIS, but it is Unicode/u);
      assert.equal(failure({ id, target: 'ja' }, `<?xml version="1.0" encoding="Shift_JIS"?>${open}Rain${close}`), 'no error', 'ASCII is the same in both');
    });

    it(`${name}: elements ten thousand deep`, () => {
      refusedOrKept(id, `${open}A ${'<b>'.repeat(10_000)}B${'</b>'.repeat(10_000)}${close}`);
    });
  }
});

describe('ids and keys that are there twice', () => {
  for (const [id, text, message] of [
    ['xliff', '<xliff version="1.2"><file source-language="en"><body>\n<trans-unit id="a"><source>A</source></trans-unit>\n<trans-unit id="a"><source>B</source></trans-unit></body></file></xliff>', /^3:1 the id "a"/u],
    ['xliff', '<xliff version="2.0" srcLang="en" trgLang="ja"><file id="f">\n<unit id="a"><segment><source>A</source></segment></unit>\n<unit id="a"><segment><source>B</source></segment></unit></file></xliff>', /^1:\d+ the id "a" of a unit/u],
    ['po', 'msgctxt "c"\nmsgid "a"\nmsgstr ""\n\nmsgctxt "c"\nmsgid "a"\nmsgstr ""\n', /^5:1 the message "c \/ a" is there twice \(first in line 1\)/u],
    ['android', '<resources>\n<string name="a">A</string>\n<string name="a">B</string></resources>', /^3:1 the name "a"/u],
    ['resx', '<root>\n<data name="a"><value>A</value></data>\n<data name="a"><value>B</value></data></root>', /^3:1 the name "a"/u],
    ['json', '{\n"a": "A", "b": {"a": "B",\n"a": "C"}}', /^3:1 the key "a"/u],
    ['xcstrings', '{"strings": {"A": {},\n"A": {}}}', /^2:1 the key "A"/u],
    ['yaml', 'a: A\nb:\n  a: B\n  a: C\n', /^4:3 Map keys must be unique/u],
    ['strings', '"a" = "A";\n"a" = "B";', /^2:1 the key "a"/u],
    ['stringsdict', '<plist><dict><key>a</key><dict><key>one</key><string>A</string>\n<key>one</key><string>B</string></dict></dict></plist>', /^2:1 the key "one"/u],
  ] as const) it(`${id}: are refused with the place of the second`, () => { assert.match(failure({ id, target: 'ja' }, text), message); });

  it('properties: Java takes the last, so both are kept apart', () => {
    assert.deepEqual(parse({ id: 'properties' }, 'a=One\na=Two\n').segments.map(({ unit }) => unit?.key), ['a', 'a#2']);
  });
});

describe('every format', () => {
  it('cut off anywhere: a place, or what is there', () => {
    for (const { id, text } of files) for (let length = 0; length < text.length; length += Math.max(1, Math.floor(text.length / 150))) refusedOrKept(id, text.slice(0, length));
  });

  it('with all kinds of newlines in one file: each stays, and only the written range changes', () => {
    for (const { id, text } of files) {
      let line = 0;
      const mixed = text.replaceAll('\n', () => (line++ % 2 === 0 ? '\r\n' : '\n'));
      const document = parse({ id, target: 'ja' }, mixed);
      identical(document, mixed);
      assert.equal(document.segments.length, parse({ id, target: 'ja' }, text).segments.length, id);
      for (const segment of document.segments) {
        const encoded = codecById(id).encode('訳x', segment);
        assert.equal(withoutFlags(composeTarget(document, new Map([[segment.id, encoded]]), 'en').text), withoutFlags(spliceText(mixed, segment.range, encoded)), id);
      }
    }
  });

  it('with half a character: no codec breaks on it, and no bytes come of it', () => {
    for (const { id, text } of files) {
      for (const half of ['\ud83d', '\udc00']) {
        const at = parse({ id, target: 'ja' }, text).segments[0]?.range.end ?? 0;
        const broken = spliceText(text, { start: at, end: at }, half);
        refusedOrKept(id, broken);
        assert.throws(() => encodeText(broken, { label: 'utf-8', bom: false }), { code: 'input.invalid' });
      }
    }
    assert.throws(() => decodeBytes(new Uint8Array([0xff, 0xfe, 0x3d, 0xd8, 0x41, 0x00]), 'a'), { code: 'document.encoding' });
    assert.throws(() => decodeBytes(new Uint8Array([0x61, 0xed, 0xa0, 0xbd, 0x62]), 'a'), { code: 'document.encoding' });
    assert.throws(() => decodeBytes(Buffer.concat([Buffer.from('雨\r\nCaf'), Buffer.from([0xe9, 0x0a])]), 'a'), { code: 'document.encoding', data: { path: 'a', offset: 8, line: 2, column: 4 } });
  });

  const words = 'It rains and pours. '.repeat(50_000).trimEnd();
  const long: readonly (readonly [CodecId, string])[] = [
    ...Object.values(xml).map(({ id, open, close }) => [id, open + words + close] as const),
    ['po', `msgid "${words}"\nmsgstr ""\n`], ['json', `{"a": "${words}"}`], ['yaml', `a: ${words}\n`], ['properties', `a=${words}`], ['strings', `"a" = "${words}";`], ['xcstrings', `{"strings":{"${words}":{}}}`],
    ['srt', `1\n00:00:01,000 --> 00:00:02,000\n${words}\n`], ['vtt', `WEBVTT\n\n00:01.000 --> 00:02.000\n${words}\n`], ['csv', `source,target\n"${words}",\n`],
    ['text', words], ['markdown', words], ['mdx', words], ['html', `<p>${words}</p>`],
  ];
  for (const [id, text] of long) {
    it(`${id}: a line of a million characters`, { timeout: 60_000 }, () => {
      const document = parse({ id, target: 'ja' }, text);
      assert.ok(document.segments.length >= 1);
      identical(document, text);
    });
  }

  it('nested ten thousand deep', () => {
    const deep = 10_000;
    refusedOrKept('json', `${'['.repeat(deep)}"One"${']'.repeat(deep)}`);
    refusedOrKept('json', `${'{"a":'.repeat(deep)}"One"${'}'.repeat(deep)}`);
    refusedOrKept('xcstrings', `{"strings":{"a":${'{"a":'.repeat(deep)}"One"${'}'.repeat(deep)}}}`);
    refusedOrKept('yaml', `a: ${'['.repeat(deep)}One${']'.repeat(deep)}\n`);
    refusedOrKept('html', `${'<div>'.repeat(deep)}One`);
    refusedOrKept('json', JSON.stringify({ a: `${'{a, select, other {'.repeat(deep)}One${'}}'.repeat(deep)}` }));
    refusedOrKept('yaml', `a: &a [One]\n${Array.from({ length: 40 }, (_, level) => `a${level}: &a${level} [${`*a${level === 0 ? '' : level - 1},`.repeat(9)}]`).join('\n')}\n`);
  });
});

describe('Markdown that no parser takes', () => {
  for (const id of ['markdown', 'mdx'] as const) {
    it(`${id}: is refused at once, where it goes too far`, { timeout: 20_000 }, () => {
      for (const [text, message] of [
        [`# Rain\n\n${'*a* '.repeat(25_000)}\n`, /^3:10001 .*5000 marks/u],
        [`x ${'[a](b) '.repeat(6000)}\n`, /^1:35003 .*5000 marks/u],
        [`A\n\n${'It *rains*.\n'.repeat(3000)}`, /^2503:4 .*divide it by a blank line/u],
        [`A\n\n${'rain\n'.repeat(20_000)}`, /^10003:1 .*10000 lines/u],
        [`A\n\n${'> '.repeat(5000)}B\n`, /^3:1 .*nested more than 200 deep/u],
        [`A\n\n${'- '.repeat(5000)}B\n`, /^3:1 .*nested more than 200 deep/u],
        [Array.from({ length: 600 }, (_, level) => `${'  '.repeat(level)}- a`).join('\n'), /^201:1 .*nested more than 200 deep/u],
      ] as const) assert.match(failure({ id }, text), message);
    });
  }

  it('what is long and plain is read: blanks, blocks of code, tables, lists', { timeout: 60_000 }, () => {
    for (const text of [
      `a${' '.repeat(500_000)}b\n`, `${'*'.repeat(200_000)} a\n`, `A\n\n\`\`\`\n${'*a* _b_\n'.repeat(12_000)}\`\`\`\n`, `A\n\n<table>\n${'<tr><td>a_b</td></tr>\n'.repeat(3000)}</table>\n`,
      `|a|b|\n|-|-|\n${'|c_d|*e*|\n'.repeat(3000)}`, '- *a* *b*\n'.repeat(3000),
    ]) identical(parse({ id: 'markdown' }, text), text);
  });
});
