/** What a translated file lacks comes into it in whatever order it is translated, and nothing else in the file changes. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { codecById } from '../../../src/core/document/codecs.ts';
import { insertionOf } from '../../../src/core/document/insertion.ts';
import type { CodecId, ParsedDocument, Segment } from '../../../src/core/document/segment.ts';
import { spliceText } from '../../../src/core/document/target.ts';
import { byKey } from '../../../src/core/document/unitTarget.ts';
import { reframe } from '../../../src/core/document/units.ts';
import { AppError } from '../../../src/core/errors.ts';
import { parse } from './formats/support.ts';
import { skeletons } from './formats/skeletons.ts';

interface Given {
  readonly id: CodecId;
  readonly source: string;
  readonly target: string;
  readonly language: string;
}

function parsed({ id, language }: Given, text: string): ParsedDocument {
  try {
    return parse({ id, target: language }, text);
  } catch (error) {
    if (error instanceof AppError && error.code === 'document.empty') return { codec: id, text, segments: [] };
    throw error;
  }
}

/** The target after a translation of one segment, as an accept writes it. */
function accepted(given: Given, target: string, segment: Segment, text: string): string {
  const source = parsed(given, given.source);
  const there = parsed(given, target);
  const encoded = codecById(given.id).encode(text, segment);
  const found = byKey(there).get(segment.unit?.key ?? '');
  if (found !== undefined) return spliceText(target, found.range, reframe(encoded, segment, found));
  const insertion = insertionOf(segment, encoded, source, { parsed: there, path: 'a' });
  assert.ok(insertion.text.includes(target.slice(insertion.range.start, insertion.range.end).trim()), 'nothing but blanks is lost');
  return spliceText(target, insertion.range, insertion.text);
}

function one(given: Given, source: string, text: string): string {
  const segment = parsed(given, given.source).segments.find((candidate) => candidate.source === source);
  return accepted(given, given.target, segment ?? assert.fail(source), text);
}

const android = skeletons.android?.[0] ?? '';
const yaml = 'ja:\n  rain: It rains\n  menu:\n    file:\n      open: Open\n      close: Close\n    edit: Edit\n  list:\n    - One\n    - Two\n  last: The end\n';
const json = '{\n  "rain": "It rains",\n  "menu": {\n    "file": {\n      "open": "Open",\n      "close": "Close"\n    },\n    "edit": "Edit"\n  },\n  "list": ["One", "Two"],\n  "last": "The end"\n}\n';
const plurals = '<resources>\n    <string name="a">Rain</string>\n    <plurals name="days">\n        <item quantity="one">%d day</item>\n        <item quantity="other">%d days</item>\n    </plurals>\n    <string-array name="list">\n        <item>First</item>\n        <item>Second</item>\n    </string-array>\n</resources>\n';

describe('an entry that a translated file lacks', () => {
  it('Android: plurals and arrays come whole, beside their neighbours', () => {
    const given = { id: 'android', source: plurals, target: '<resources>\n    <string name="a">雨</string>\n</resources>\n', language: 'ja' } as const;
    assert.equal(one(given, '%d days', '%d日'), '<resources>\n    <string name="a">雨</string>\n    <plurals name="days">\n        <item quantity="other">%d日</item>\n    </plurals>\n</resources>\n');
    assert.equal(one(given, 'Second', '二'), '<resources>\n    <string name="a">雨</string>\n    <string-array name="list">\n        <item>First</item>\n        <item>二</item>\n    </string-array>\n</resources>\n');
    assert.equal(one({ ...given, language: 'fr' }, '%d day', '%d jour'), '<resources>\n    <string name="a">雨</string>\n    <plurals name="days">\n        <item quantity="one">%d jour</item>\n        <item quantity="other">%d days</item>\n    </plurals>\n</resources>\n');
    assert.equal(one({ ...given, target: '<resources>\n</resources>\n' }, 'Rain', '雨'), '<resources>\n    <string name="a">雨</string>\n</resources>\n');
  });

  it('JSON and YAML: comes with what it stands in, without the other values of that', () => {
    assert.equal(one({ id: 'json', source: json, target: '{\n  "last": "終"\n}\n', language: 'ja' }, 'Close', '閉'), '{\n  "menu": {\n    "file": {\n      "close": "閉"\n    }\n  },\n  "last": "終"\n}\n');
    assert.equal(one({ id: 'json', source: json, target: '{}', language: 'ja' }, 'Two', '二'), '{\n  "list": ["One", "二"]\n}');
    assert.equal(one({ id: 'yaml', source: yaml, target: 'ja:\n  rain: 雨 # wet\n  last: 終\n', language: 'ja' }, 'Close', '閉じる'), 'ja:\n  rain: 雨 # wet\n  menu:\n    file:\n      close: 閉じる\n  last: 終\n');
    assert.equal(one({ id: 'yaml', source: yaml, target: 'ja:\n  last: 終\n', language: 'ja' }, 'Two', '二'), 'ja:\n  list:\n    - One\n    - 二\n  last: 終\n');
  });

  it('leaves comments with the entries that they are about', () => {
    const three = '{\n  "a": "One",\n  "b": "Two",\n  "c": "Three"\n}\n';
    for (const [target, expected] of [
      ['{\n  "a": "一", // keep\n  "c": "三" // last\n}\n', '{\n  "a": "一", // keep\n  "b": "二",\n  "c": "三" // last\n}\n'],
      ['{\n  "a": "一" // keep\n}\n', '{\n  "a": "一", // keep\n  "b": "二"\n}\n'],
      ['{\n  "a": "一", /* keep */\n}\n', '{\n  "a": "一", /* keep */\n  "b": "二",\n}\n'],
      ['{\n  // about c\n  /* and\n     more */\n  "c": "三"\n}\n', '{\n  "b": "二",\n  // about c\n  /* and\n     more */\n  "c": "三"\n}\n'],
    ] as const) assert.equal(one({ id: 'json', source: three, target, language: 'ja' }, 'Two', '二'), expected);
    const strings = '"a" = "One";\n"b" = "Two";\n"c" = "Three";\n';
    assert.equal(one({ id: 'strings', source: strings, target: '"a" = "一"; // x\n', language: 'ja' }, 'Two', '二'), '"a" = "一"; // x\n"b" = "二";\n');
    assert.equal(one({ id: 'strings', source: strings, target: '/* File */\n\n/* About\n   c */\n"c" = "三";\n', language: 'ja' }, 'Two', '二'), '/* File */\n\n"b" = "二";\n/* About\n   c */\n"c" = "三";\n');
    assert.equal(one({ id: 'properties', source: 'a=One\nb=Two\nc=Three\n', target: '# file\nx=y\n# c\nc=三\n', language: 'ja' }, 'Two', '二'), '# file\nx=y\nb=二\n# c\nc=三\n');
    const resources = (entries: string): string => `<resources>\n    ${entries}\n</resources>\n`;
    const android = resources('<string name="a">One</string>\n    <string name="b">Two</string>\n    <string name="c">Three</string>');
    assert.equal(one({ id: 'android', source: android, target: resources('<string name="a">一</string> <!-- z -->'), language: 'ja' }, 'Two', '二'), resources('<string name="a">一</string> <!-- z -->\n    <string name="b">二</string>'));
    assert.equal(one({ id: 'android', source: android, target: resources('<!-- c -->\n    <string name="c">三</string>'), language: 'ja' }, 'Two', '二'), resources('<string name="b">二</string>\n    <!-- c -->\n    <string name="c">三</string>'));
  });

  it('ARB: what is said of a message stays behind it', () => {
    const arb = '{\n  "a": "One",\n  "@a": {\n    "description": "x"\n  },\n  "b": "Two"\n}\n';
    const target = '{\n  "a": "一",\n  "@a": {\n    "description": "x"\n  }\n}\n';
    const [, second] = parse({ id: 'json', path: 'a.arb', target: 'ja' }, arb).segments;
    const { range, text } = insertionOf(second ?? assert.fail(), '二', parse({ id: 'json', path: 'a.arb', target: 'ja' }, arb), { parsed: parse({ id: 'json', path: 'a.arb', target: 'ja' }, target), path: 'a' });
    assert.equal(spliceText(target, range, text), target.replace('  }\n}', '  },\n  "b": "二"\n}'));
  });

  it('flat files: stands at the end where no neighbour is there, even of an empty file', () => {
    assert.equal(one({ id: 'strings', source: '"a" = "One";\n', target: '/* ja */\n', language: 'ja' }, 'One', '一'), '/* ja */\n"a" = "一";\n');
    assert.equal(one({ id: 'properties', source: 'a=One\n', target: 'b=二', language: 'ja' }, 'One', '一'), 'b=二\na=一\n');
    assert.equal(one({ id: 'properties', source: 'a=One\r\n', target: '', language: 'ja' }, 'One', '一'), 'a=一\r\n');
  });

  const files: readonly Given[] = [
    { id: 'android', source: plurals, target: '<resources>\r\n</resources>\r\n', language: 'ja' },
    { id: 'android', source: android, target: '<?xml version="1.0"?>\n<resources xmlns:xliff="urn:x">\n  <!-- ours -->\n  <string name="other">他</string>\n</resources>\n', language: 'pl' },
    { id: 'json', source: json, target: '{}', language: 'ja' },
    { id: 'json', source: json, target: '{\n  // ours\n  "menu": {"edit": "編"},\n  "own": "他",\n}\n', language: 'ja' },
    { id: 'json', source: skeletons.json?.[0] ?? '', target: '{\n}\n', language: 'fr' },
    { id: 'yaml', source: yaml, target: 'ja:\n  last: "終"   # end\n', language: 'ja' },
    { id: 'yaml', source: yaml, target: 'ja:\n  menu:\n    own: 他\n', language: 'ja' },
    { id: 'resx', source: skeletons.resx?.[0] ?? '', target: '<?xml version="1.0"?>\n<root>\n</root>\n', language: 'ja' },
    { id: 'strings', source: skeletons.strings?.[0] ?? '', target: '/* none */', language: 'ja' },
    { id: 'stringsdict', source: skeletons.stringsdict?.[0] ?? '', target: '<?xml version="1.0"?>\n<plist version="1.0">\n<dict>\n</dict>\n</plist>\n', language: 'pl' },
    { id: 'properties', source: skeletons.properties?.[0] ?? '', target: '# none\n', language: 'ja' },
  ];
  for (const [index, given] of files.entries()) {
    it(`${given.id} (${index}): all come, in any order, and read back`, () => {
      const { segments } = parsed(given, given.source);
      assert.ok(segments.length > 0);
      fc.assert(fc.property(fc.shuffledSubarray([...segments], { minLength: 1 }), (order) => {
        let text = given.target;
        const wanted = new Map<string, string>();
        for (const [number, segment] of order.entries()) {
          text = accepted(given, text, segment, `訳${number} ${segment.protectedSpans.map(({ range }) => segment.source.slice(range.start, range.end)).join(' ')}x`);
          const last = byKey(parsed(given, text)).get(segment.unit?.key ?? '') ?? assert.fail(`${segment.unit?.key ?? ''} is not there:\n${text}`);
          wanted.set(segment.unit?.key ?? '', last.source);
          assert.ok(last.source.startsWith(`訳${number} `), `${String(segment.unit?.key)}: ${last.source}\n${text}`);
        }
        const there = byKey(parsed(given, text));
        for (const [key, value] of wanted) assert.equal(there.get(key)?.source, value, text);
        for (const [key, { source }] of byKey(parsed(given, given.target))) if (!wanted.has(key)) assert.equal(there.get(key)?.source, source);
      }), { numRuns: 60, includeErrorInReport: true });
    });
  }
});
