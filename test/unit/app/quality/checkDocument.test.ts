import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { breather, checkTexts, FileChecker, judgedRoot } from '../../../../src/app/quality/checkFiles.ts';
import { judgedIn } from '../../../../src/app/quality/judgedIn.ts';
import { parseSource } from '../../../../src/app/openDocument.ts';
import { glossaryIn } from '../../../../src/app/glossaryFile.ts';
import { SegmentPlaces } from '../../../../src/app/quality/segmentPlaces.ts';
import { codecFor } from '../../../../src/core/document/codecs.ts';
import type { Place } from '../../../../src/core/document/place.ts';
import { Glossary } from '../../../../src/core/glossary/glossary.ts';
import type { Dismissal } from '../../../../src/core/judgment/events.ts';
import { packPlaces, type CheckedDocument, type CheckTexts, type PlacedFinding } from '../../../../src/protocol/checking.ts';
import { openWorkspaceStore } from '../../../../src/store/workspaceStore.ts';
import { FakeFileSystem, fakeParts } from '../../store/support/memoryFileSystem.ts';
import { buildDraft, buildSet, hashOf } from '../../support/judgmentBuilders.ts';
import { languages } from '../support.ts';

function check(path: string, source: string, target?: string, more: Partial<CheckTexts> = {}): Promise<CheckedDocument> {
  return checkTexts({ source: { path, text: source }, languages, ...(target === undefined ? {} : { target: { path: `ja.${path}`, text: target } }), ...more });
}

/** Place, severity and check of all findings. */
async function found(path: string, source: string, target?: string): Promise<readonly string[]> {
  const { findings } = await check(path, source, target);
  return findings.map(({ line, column, severity, check: id, detail }) => `${line}:${column} ${severity} ${id} ${detail}`.trim());
}

const catalogue = '{\n "a": "Hello %s",\n "b": "Open",\n "c": "Open",\n "d": "Untranslated"\n}';

describe('the checks of a document', () => {
  it('look at a resource file by its keys, and tell the place in it', async () => {
    const findings = await found('en.json', catalogue, '{\n "c": "開ける",\n "b": "開く",\n "a": "こんにちは"\n}');
    assert.deepEqual(findings, ['4:8 error placeholders %s', '3:8 warning consistency 開ける', '2:8 warning consistency 開く']);
  });

  it('name the plural forms that a file lacks, message by message and entry by entry', async () => {
    const source = '{\n "m": "{n, plural, one {# file} other {# files}}",\n "d_one": "{{count}} day",\n "d_other": "{{count}} days"\n}';
    const target = '{\n "m": "{n, plural, one {# plik} few {# pliki} other {# pliku}}",\n "d_one": "{{count}} dzień",\n "d_few": "{{count}} dni",\n "d_other": "{{count}} dnia"\n}';
    const { findings } = await check('en.json', source, target, { languages: { source: 'en', target: 'pl' } });
    const forms = findings.filter(({ check: id }) => id === 'pluralForms');
    assert.deepEqual(forms.map(({ line, severity, detail }) => `${line} ${severity} ${detail}`), ['2 error many', '5 error many']);
  });

  it('tell once that a translated message has lost an argument that branches, as an error where its number is shown', async () => {
    const lost = async (source: string, target: string): Promise<readonly string[]> => {
      const text = (message: string): string => JSON.stringify({ a: message, b: 'Open' }, null, 1);
      return (await found('en.json', text(source), text(target).replace('Open', '開く'))).filter((line) => line.includes(' placeholders '));
    };
    const cats = '{n, plural, one {# cat} other {# cats}}';
    const both = `${cats} and {m, plural, one {# dog} other {# dogs}}`;
    assert.deepEqual(await lost(both, '{n, plural, other {#匹の猫}}と犬'), ['2:8 error placeholders {m}']);
    assert.deepEqual(await lost(both, '猫と犬'), ['2:8 error placeholders {n, number}', '2:8 error placeholders {m}']);
    assert.deepEqual(await lost(`{g, select, male {He} other {They}} has ${cats}`, '{n, plural, other {猫が#匹います}}'), ['2:8 warning placeholders {g}']);
    assert.deepEqual(await lost('{n, plural, one {The file} other {All files}} of {m, plural, one {{m} dog} other {{m} dogs}}', '犬{m}匹のファイル'), ['2:8 warning placeholders {n}']);
    for (const whole of ['{n, plural, other {#匹の猫}}と{m, plural, other {#匹の犬}}', '{n, plural, other {#匹の猫と{m, plural, other {#匹の犬}}}}', '{n, number}匹の猫と{m, number}匹の犬']) assert.deepEqual((await lost(both, whole)).filter((line) => /\{[nm]\}$/u.test(line)), [], whole);
    assert.deepEqual(await lost(both, both), []);
  });

  it('ask for the plural forms of a message once one of them is translated', async () => {
    const source = '{\n "a": "Hello",\n "m": "{n, plural, one {# file} other {# files}} in {place}",\n "d_one": "{{count}} day",\n "d_other": "{{count}} days"\n}';
    const forms = async (target: string): Promise<readonly string[]> => {
      const { findings } = await check('en.json', source, target, { languages: { source: 'en', target: 'pl' } });
      return findings.filter(({ check: id }) => id === 'pluralForms').map(({ line, detail }) => `${line} ${detail}`);
    };
    assert.deepEqual(await forms(source.replace('Hello', 'Witaj')), []);
    assert.deepEqual(await forms(source.replace('Hello', 'Witaj').replace('# file}', '# plik}').replace('{{count}} days', '{{count}} dni')), ['3 few', '3 many', '5 few', '5 many']);
  });

  it('look at the targets of a bilingual file, and leave out what is not translated', async () => {
    const unit = (id: number, source: string, target: string): string => `<trans-unit id="${id}"><source>${source}</source>${target}</trans-unit>\n`;
    const text = `<xliff version="1.2"><file source-language="en" target-language="ja"><body>\n${unit(1, 'See <x id="1"/> now', '<target>見る</target>')}${unit(2, 'Go', '')}${unit(3, 'Go {0}', '<target state="translated">{0}へ行く</target>')}</body></file></xliff>`;
    assert.deepEqual(await found('a.xlf', text), ['2:64 error tags <x id="1"/>']);
  });

  it('miss inline code, and where links and images lead, in a translated Markdown file', async () => {
    const source = '# Start\n\nRun `npm start` now. See [the guide](docs/guide.en.md#first "Guide") and ![a cat](cat.png).\n\nIt stays `here`.\n\n- Open [the page](page.md)\n- Visit [us](https://a.example/b)\n';
    const markup = async (target: string): Promise<readonly string[]> => (await found('a.md', source, target)).filter((line) => /placeholders|addresses/u.test(line));
    const good = '# はじめ\n\n今すぐ`npm start`を実行します。[ガイド](docs/guide.ja.md#最初 "案内")と![猫](cat.png)を見てください。\n\nそれは`here`に残ります。\n\n- [ページ](page.md)を開く\n- [私たち](https://a.example/b)を訪ねる\n';
    assert.deepEqual(await markup(good), []);
    assert.deepEqual(await markup(good.replace('`npm start`', '`npm 開始`')), ['3:4 error placeholders `npm start`']);
    assert.deepEqual(await markup(good.replace('`here`', 'ここ')), ['5:1 error placeholders `here`']);
    assert.deepEqual(await markup(good.replace('cat.png', 'dog.png').replace('docs/guide', 'doc/guide')), ['3:28 warning placeholders docs/guide.en.md#first', '3:58 warning placeholders cat.png']);
    assert.deepEqual(await markup(good.replace('[ページ](page.md)', 'ページ').replace('a.example/b', 'a.example/c')), ['7:3 error placeholders page.md', '8:3 warning addresses https://a.example/b']);
    assert.deepEqual(await markup(good.replace('します。', 'します、').replace('![猫](cat.png)', '猫')), ['3:1 error placeholders cat.png'], 'sentences that were joined');
  });

  it('say of a text that is still the source nothing but that', async () => {
    const sources = '{\n "a": "I have to get up early tomorrow.",\n "b": "I have to get up early tomorrow.",\n "c": "Open"\n}';
    const half = '{\n "a": "明日は早く起きる。",\n "b": "I have to get up early tomorrow.",\n "c": "Open"\n}';
    assert.deepEqual(await found('en.json', sources, half), ['3:8 warning sameAsSource']);
    const letter = 'It was raining all day. I stayed at home and read. Then it was dark outside again.\n';
    assert.deepEqual(await found('a.md', letter, '雨だった。昼も。 It was raining all day.\n'), []);
    assert.deepEqual(await found('a.md', letter, '雨だった。 昼もだ。 And so: I stayed at home and read.\n'), []);
  });

  it('look at running text sentence by sentence', async () => {
    assert.deepEqual(await found('a.md', '# Rain\n\nSee `x` and https://a.example now.\n', '# 雨\n\n見る。\n'), ['3:1 warning addresses https://a.example', '3:1 error placeholders `x`']);
  });

  it('look at a block as a whole, on its first sentence, where the translation has another number of sentences', async () => {
    const { findings } = await check('a.md', 'See you.\n\nI read 30 books. It *rains*.\n', 'またね。\n\n本を読むと雨が降る。\n');
    assert.deepEqual(findings.map(({ line, column, end, check: id, detail, source }) => [line, column, end.column, id, detail, source]), [[3, 1, 11, 'numbers', '30', 'I read 30 books. It *rains*.']]);
  });

  it('point at the stretch of the target, name the line of the source, and mend what has one right form', async () => {
    const target = '# 雨\r\n\r\n本をを読む。\r\n';
    const { findings: [finding] } = await check('a.md', '# Rain\n\n\nI read a book.\n', target);
    assert.ok(finding?.edit !== undefined);
    assert.deepEqual([finding.check, finding.line, finding.column, finding.end, finding.sourceLine], ['jaParticle', 3, 2, { line: 3, column: 4 }, 4]);
    const { range, before, text } = finding.edit;
    assert.equal(target.slice(range.start, range.end), before);
    assert.equal(target.slice(0, range.start) + text + target.slice(range.end), '# 雨\r\n\r\n本を読む。\r\n');
  });

  it('offer no edit where the file spells the text in another way, and then point at all of it', async () => {
    const { findings: [finding] } = await check('en.json', '{"a": "A \\"book\\""}', '{"a": "\\"この\\" 本をを読む"}');
    assert.deepEqual([finding?.check, finding?.edit, finding?.column], ['jaParticle', undefined, 8]);
  });

  it('tell where each translation stands', async () => {
    const { places } = await check('a.md', '# Rain\n\nIt rains.\n', '# 雨\n\n雨が降る。\n');
    assert.deepEqual([...places.spans], [1, 3, 1, 4, 3, 1, 3, 6]);
  });

  it('do not tell again what was dismissed, but tell it of another text', async () => {
    const [first] = (await check('en.json', catalogue, '{"a": "こんにちは"}')).findings;
    assert.ok(first !== undefined);
    const dismissal: Dismissal = { check: 'placeholders', detail: '%s', reason: 'it is optional' };
    const after = async (dismissed: Dismissal): Promise<readonly PlacedFinding[]> => (await check('en.json', catalogue, '{"a": "こんにちは"}', { dismissed: new Map([[first.segment, [dismissed]]]) })).findings;
    assert.deepEqual(await after(dismissal), []);
    assert.equal((await after({ ...dismissal, detail: '%d' })).length, 1);
  });

  it('hold each translation to the terms of its own source, of terms inside each other to the longest', async () => {
    const glossary = new Glossary([{ source: 'mail', targets: ['メール'], forbidden: [] }, { source: 'mail server', targets: ['メールサーバー'], forbidden: ['郵便'] }, { source: 'dog', targets: ['犬'], forbidden: [] }]);
    const { findings } = await check('en.json', '{"a": "The mail server", "b": "My mail", "c": "A cat"}', '{"a": "郵便サーバー", "b": "手紙", "c": "猫"}', { glossary });
    assert.deepEqual(findings.map(({ check: id, source, detail }) => `${id} ${source} ${detail}`), ['glossary The mail server mail server → メールサーバー', 'glossary The mail server ✗ 郵便', 'glossary My mail mail → メール']);
  });

  it('can be cancelled between segments', async () => {
    const many = Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`k${String(index)}`, `Text number ${String(index)} of many`]));
    const abort = new AbortController();
    const source = { path: 'en.json', text: JSON.stringify(many) };
    const running = checkTexts({ source, target: { path: 'ja.json', text: source.text.replaceAll('Text', '文') }, languages }, breather(abort.signal));
    abort.abort();
    await assert.rejects(running, { name: 'AbortError' });
  });
});

describe('the checker of files', () => {
  it('reads files and journals, and takes the text of an editor before that on disk', async () => {
    const fs = new FakeFileSystem();
    for (const [name, text] of [['en.json', catalogue], ['ja.json', '{"a": "こんにちは"}']] as const) await fs.writeAtomic(`/ws/${name}`, Buffer.from(text));
    const checker = new FileChecker(fakeParts(fs));
    const files = { root: '/ws', languages, source: { path: '/ws/en.json', name: 'en.json' }, target: { path: '/ws/ja.json', name: 'ja.json' } };
    const [finding] = (await checker.check(files)).findings;
    assert.deepEqual([finding?.check, finding?.detail], ['placeholders', '%s']);
    assert.deepEqual((await checker.check({ ...files, target: { ...files.target, unsaved: '{"a": "%sさん"}' } })).findings, []);
    const draft = { reviewer: 'anna', document: 'en.json', segment: finding?.segment ?? '', sourceLanguage: 'en', targetLanguage: 'ja' };
    await openWorkspaceStore('/ws', fakeParts(fs, 'w2')).record({ ...draft, act: 'dismiss', check: 'placeholders', detail: '%s', reason: 'optional' });
    assert.deepEqual((await checker.check(files)).findings, []);
    await assert.rejects(checker.check({ ...files, target: { path: '/ws/de.json', name: 'de.json' } }), { code: 'document.notFound', data: { path: 'de.json' } });
  });
});

describe('the glossary of a folder', () => {
  it('holds its files to its terms, is read again when it changes, and takes nothing from the other checks where it is broken', async () => {
    const fs = new FakeFileSystem();
    const write = (name: string, text: string): Promise<void> => fs.writeAtomic(`/ws/${name}`, Buffer.from(text));
    await write('en.json', '{"a": "A dog %s"}');
    await write('ja.json', '{"a": "猫"}');
    const checker = new FileChecker(fakeParts(fs));
    const glossary = '/ws/.interlinear/glossary.csv';
    const files = { root: '/ws', languages, source: { path: '/ws/en.json', name: 'en.json' }, target: { path: '/ws/ja.json', name: 'ja.json' }, glossary };
    const details = async (): Promise<readonly string[]> => (await checker.check(files)).findings.map(({ detail }) => detail);
    await write('.interlinear/glossary.csv', 'source,target\ndog,犬\n');
    assert.deepEqual(await details(), ['%s', 'dog → 犬']);
    await write('.interlinear/glossary.csv', 'source,target\ndog,わんこ\n');
    assert.deepEqual(await details(), ['%s', 'dog → わんこ']);
    await write('.interlinear/glossary.csv', 'no columns\n');
    const { findings, problem } = await checker.check(files);
    assert.deepEqual([findings.map(({ check: id }) => id), problem?.code], [['placeholders'], 'document.syntax']);
  });

  it('is the one that is named, else the first usual one that is there', async () => {
    const fs = new FakeFileSystem();
    assert.equal(await glossaryIn(fs, '/ws', undefined), undefined);
    await fs.writeAtomic('/ws/.interlinear/glossary.tbx', Buffer.from('<tbx/>'));
    assert.equal(await glossaryIn(fs, '/ws', undefined), '/ws/.interlinear/glossary.tbx');
    await fs.writeAtomic('/ws/.interlinear/glossary.csv', Buffer.from('source,target\n'));
    assert.equal(await glossaryIn(fs, '/ws', undefined), '/ws/.interlinear/glossary.csv');
    assert.deepEqual([await glossaryIn(fs, '/ws', 'terms.csv'), await glossaryIn(fs, '/ws', '/else/terms.tbx')], ['/ws/terms.csv', '/else/terms.tbx']);
  });
});

describe('translations in a file', () => {
  const at = (line: number, column: number): Place => ({ line, column });
  const places = new SegmentPlaces(packPlaces(new Map([['b', { start: at(3, 1), end: at(3, 6) }], ['a', { start: at(1, 3), end: at(2, 4) }], ['c', { start: at(3, 6), end: at(3, 9) }]])));
  const touched = (...[line, column, endLine, endColumn]: readonly [number, number, number, number]): readonly string[] => places.touchedBy({ start: at(line, column), end: at(endLine, endColumn) });

  it('are found by a range that holds a part of them, or by a place at their border', () => {
    assert.deepEqual([touched(1, 1, 1, 3), touched(1, 1, 1, 4), touched(2, 4, 3, 1), touched(2, 3, 3, 7), touched(3, 9, 9, 1)], [[], ['a'], [], ['a', 'b', 'c'], []]);
    assert.deepEqual([touched(3, 6, 3, 6), touched(2, 9, 2, 9), touched(1, 3, 1, 3)], [['b', 'c'], [], ['a']]);
  });
});

describe('acceptances on disk', () => {
  it('tell of a weak candidate that was accepted before it could be read, while its text stands', async () => {
    const fs = new FakeFileSystem();
    const store = openWorkspaceStore('/ws', fakeParts(fs, 'w1'));
    await fs.writeAtomic('/ws/en.json', Buffer.from('{"a": "It is raining cats and dogs today."}'));
    const { id, source } = parseSource(codecFor('en.json'), '{"a": "It is raining cats and dogs today."}', { path: 'en.json', languages }).segments[0] ?? { id: '', source: '' };
    const weak = buildSet(['雨だ。'], { id, source, document: 'en.json' });
    const set = { ...weak, candidates: weak.candidates.map((candidate) => ({ ...candidate, scores: { mbr: 0.2 } })) };
    const accept = (elapsedMs: number): Promise<unknown> => store.record(buildDraft({ act: 'accept', candidate: hashOf('雨だ。') }, { segment: id, document: 'en.json' }), { set, shown: { order: [hashOf('雨だ。')], blind: false, elapsedMs } });
    const checker = new FileChecker(fakeParts(fs));
    const files = { root: '/ws', languages, source: { path: '/ws/en.json', name: 'en.json' }, target: { path: '/ws/ja.json', name: 'ja.json' } };
    const told = async (translation: string): Promise<readonly string[]> => {
      await fs.writeAtomic('/ws/ja.json', Buffer.from(JSON.stringify({ a: translation })));
      return (await checker.check(files)).findings.map(({ check: name, detail }) => `${name} ${detail}`);
    };
    await accept(400);
    assert.deepEqual(await told('雨だ。'), ['quickAccept 0.4 s']);
    assert.deepEqual(await told('雨が降る。'), [], 'it was edited since');
    await accept(9_000);
    assert.deepEqual(await told('雨だ。'), []);
  });
});

describe('dismissals on disk', () => {
  it('are found in the folder above the file, by document and language, and undo takes them back', async () => {
    const fs = new FakeFileSystem();
    const store = openWorkspaceStore('/ws', fakeParts(fs, 'w1'));
    const base = { reviewer: 'anna', document: 'a/en.json', segment: 's-1', sourceLanguage: 'en', targetLanguage: 'ja' };
    const { id } = await store.record({ ...base, act: 'dismiss', check: 'numbers', detail: '12', reason: 'spelled out' });
    assert.equal(await judgedRoot(fs, '/ws/a/en.json'), '/ws');
    assert.equal(await judgedRoot(fs, '/other/en.json'), undefined);
    assert.deepEqual([...(await judgedIn(store, 'a/en.json', 'ja')).dismissed], [['s-1', [{ check: 'numbers', detail: '12', reason: 'spelled out' }]]]);
    assert.equal((await judgedIn(store, 'a/en.json', 'de')).dismissed.size, 0);
    await store.record({ ...base, act: 'undo', of: id });
    assert.equal((await judgedIn(store, 'a/en.json', 'ja')).dismissed.size, 0);
    await assert.rejects(store.record({ ...base, act: 'dismiss', check: 'numbers', detail: '12', reason: ' ' }), { code: 'input.invalid' });
  });
});
