import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkDocument } from '../../../src/app/checkDocument.ts';
import { parseAs, type OpenedDocument } from '../../../src/app/openDocument.ts';
import { codecFor } from '../../../src/core/document/codecs.ts';
import { languages } from './support.ts';

function opened(key: string, text: string): OpenedDocument {
  const codec = codecFor(key);
  return { path: `/ws/${key}`, key, encoding: { label: 'utf-8', bom: false }, codec, parsed: parseAs(codec, text, { path: key, languages }) };
}

/** Place, severity and check of all findings. */
function found(source: OpenedDocument, target?: string): readonly string[] {
  const parsed = target === undefined ? source.parsed : parseAs(source.codec, target, { path: 'target', languages });
  return checkDocument({ document: source, target: parsed, languages }).map(({ line, column, severity, check, detail }) => `${line}:${column} ${severity} ${check} ${detail}`.trim());
}

describe('the checks of a document', () => {
  it('look at a resource file by its keys, and tell the place in it', () => {
    const source = opened('en.json', '{\n "a": "Hello %s",\n "b": "Open",\n "c": "Open",\n "d": "Untranslated"\n}');
    assert.deepEqual(found(source, '{\n "c": "開ける",\n "b": "開く",\n "a": "こんにちは"\n}'), ['4:8 error placeholders %s', '3:8 warning consistency 開ける', '2:8 warning consistency 開く']);
  });

  it('name the plural forms that a file lacks, message by message and entry by entry', () => {
    const polish = { source: 'en', target: 'pl' };
    const codec = codecFor('en.json');
    const read = (text: string): ReturnType<typeof parseAs> => parseAs(codec, text, { path: 'a.json', languages: polish });
    const source = read('{\n "m": "{n, plural, one {# file} other {# files}}",\n "d_one": "{{count}} day",\n "d_other": "{{count}} days"\n}');
    const target = read('{\n "m": "{n, plural, one {# plik} few {# pliki} other {# pliku}}",\n "d_one": "{{count}} dzień",\n "d_few": "{{count}} dni",\n "d_other": "{{count}} dnia"\n}');
    const document: OpenedDocument = { path: '/ws/en.json', key: 'en.json', encoding: { label: 'utf-8', bom: false }, codec, parsed: source };
    const findings = checkDocument({ document, target, languages: polish }).filter(({ check }) => check === 'pluralForms');
    assert.deepEqual(findings.map(({ line, severity, detail }) => `${line} ${severity} ${detail}`), ['2 error many', '5 error many']);
  });

  it('look at the targets of a bilingual file, and leave out what is not translated', () => {
    const unit = (id: number, source: string, target: string): string => `<trans-unit id="${id}"><source>${source}</source>${target}</trans-unit>\n`;
    const text = `<xliff version="1.2"><file source-language="en" target-language="ja"><body>\n${unit(1, 'See <x id="1"/> now', '<target>見る</target>')}${unit(2, 'Go', '')}${unit(3, 'Go {0}', '<target state="translated">{0}へ行く</target>')}</body></file></xliff>`;
    assert.deepEqual(found(opened('a.xlf', text)), ['2:56 error tags <x id="1"/>']);
  });

  it('look at running text sentence by sentence', () => {
    assert.deepEqual(found(opened('a.md', '# Rain\n\nSee `x` and https://a.example now.\n'), '# 雨\n\n見る。\n'), ['3:1 warning addresses https://a.example']);
  });
});
