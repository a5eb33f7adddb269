import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import fc from 'fast-check';
import { MemoryHandlers } from '../../../src/app/memory/memoryHandlers.ts';
import { contextHash } from '../../../src/core/memory/context.ts';
import { tmxHead, tmxTail, tmxUnit } from '../../../src/core/memory/tmxExport.ts';
import { TmxImport, type TmxRow } from '../../../src/core/memory/tmxImport.ts';
import type { MemoryQuery, ProposedUnit } from '../../../src/core/memory/unit.ts';
import { AppError } from '../../../src/core/errors.ts';
import { nodeStoreParts, openWorkspaceStore } from '../../../src/store/workspaceStore.ts';
import { candidateHash } from '../../../src/core/hash.ts';
import { buildSet } from '../support/judgmentBuilders.ts';

const folders: string[] = [];
after(() => { for (const folder of folders) rmSync(folder, { recursive: true, force: true }); });

function workspace(): string {
  const folder = mkdtempSync(join(tmpdir(), 'interlinear-memory-'));
  folders.push(folder);
  return folder;
}

const tmx = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE tmx SYSTEM "tmx14.dtd">
<tmx version="1.4"><header srclang="en-US" segtype="sentence" datatype="plaintext" adminlang="en" o-tmf="x" creationtool="x" creationtoolversion="1"/>
<body>
<tu tuid="1"><tuv xml:lang="en-US"><seg>Open the file.</seg></tuv><tuv xml:lang="ja"><seg>ファイルを開きます。</seg></tuv><tuv xml:lang="de"><seg>Öffnen Sie die Datei.</seg></tuv></tu>
<tu><prop type="prev">Save it.</prop><prop type="next">Done.</prop><tuv xml:lang="en"><seg>Open the file.</seg></tuv><tuv xml:lang="ja-JP"><seg>ファイルを開く。</seg></tuv></tu>
<tu><tuv xml:lang="en"><seg>Press <bpt i="1">&lt;b&gt;</bpt>{0}<ept i="1">&lt;/b&gt;</ept> &amp; wait.</seg></tuv><tuv xml:lang="ja"><seg><bpt i="1">&lt;b&gt;</bpt>{0}<ept i="1">&lt;/b&gt;</ept>を押して待つ。</seg></tuv></tu>
<tu><tuv xml:lang="en"><seg>Only here</seg></tuv></tu>
</body></tmx>
`;

const never = new AbortController().signal;
const context = { signal: never, progress: () => undefined };

async function imported(root: string, text = tmx): Promise<MemoryHandlers> {
  const file = join(root, 'shared.tmx');
  writeFileSync(file, text);
  const handlers = new MemoryHandlers();
  await handlers.memoryImport({ root, file }, context);
  return handlers;
}

async function ask(handlers: MemoryHandlers, root: string, query: MemoryQuery, least = 50) {
  const { matches, problems } = await handlers.memoryQuery({ root, source: 'en', target: 'ja', queries: [query], limits: { count: 5, least } }, context);
  return { matches: (matches[0] ?? []).map(({ kind, score, unit }) => ({ kind, score, target: unit.target })), problems };
}

async function accept(root: string, at: { readonly segment: string; readonly source: string; readonly target: string }, leastBad = false): Promise<void> {
  const store = openWorkspaceStore(root, nodeStoreParts());
  const set = buildSet([at.target], { id: at.segment, source: at.source });
  await store.record({
    act: 'accept', candidate: candidateHash(at.target), ...(leastBad && { leastBad }), reviewer: 'tester', document: set.segment.document, segment: at.segment,
    sourceLanguage: 'en', targetLanguage: 'ja', context: { previous: contextHash('Before.') },
  }, { set, shown: { order: [candidateHash(at.target)], blind: false, elapsedMs: 5 } });
}

describe('an imported memory', () => {
  it('gives exact matches, those in the same place first, and fuzzy ones with their score', async () => {
    const root = workspace();
    const handlers = await imported(root);
    assert.deepEqual((await ask(handlers, root, { source: 'Open  the file.' })).matches.map(({ kind, score }) => [kind, score]), [['exact', 100], ['exact', 100]]);
    const placed = await ask(handlers, root, { source: 'Open the file.', context: { previous: contextHash('Save it.'), next: contextHash('Done.') } });
    assert.deepEqual(placed.matches[0], { kind: 'context', score: 100, target: 'ファイルを開く。' });
    assert.deepEqual((await ask(handlers, root, { source: 'Close the file.' })).matches.map(({ score }) => score), [75, 75]);
    assert.deepEqual((await ask(handlers, root, { source: 'Press <i>{name}</i> & wait.' })).matches, [{ kind: 'fuzzy', score: 99, target: '<b>{0}</b>を押して待つ。' }]);
    assert.deepEqual((await ask(handlers, root, { source: 'Something else entirely' })).matches, []);
  });

  it('is one file a direction, imported again in its place', async () => {
    const root = workspace();
    await imported(root);
    await imported(root, tmx.replace('ファイルを開きます。', '開いてください。'));
    const names = readdirSync(join(root, '.interlinear/memory')).filter((name) => name.endsWith('.jsonl'));
    assert.deepEqual(names.sort(), ['shared.en-US.de.jsonl', 'shared.en-US.ja.jsonl']);
    assert.match(readFileSync(join(root, '.interlinear/memory/shared.en-US.ja.jsonl'), 'utf8'), /開いてください/u);
  });

  it('makes a damaged index again and says so, and tells of lines that are no units', async () => {
    const root = workspace();
    await imported(root);
    const index = join(root, '.interlinear/memory/index/shared.en-US.ja.idx');
    truncateSync(index, readFileSync(index).length - 4);
    const found = await ask(new MemoryHandlers(), root, { source: 'Open the file.' });
    assert.equal(found.matches.length, 2);
    assert.deepEqual(found.problems.map(({ code }) => code), ['memory.rebuilt']);
    assert.deepEqual((await ask(new MemoryHandlers(), root, { source: 'Open the file.' })).problems, []);
    const bytes = readFileSync(index);
    bytes[bytes.length - 3] = (bytes[bytes.length - 3] ?? 0) ^ 1;
    writeFileSync(index, bytes);
    assert.deepEqual((await ask(new MemoryHandlers(), root, { source: 'Open the file.' })).problems.map(({ code }) => code), ['memory.rebuilt']);
    const units = join(root, '.interlinear/memory/shared.en-US.ja.jsonl');
    writeFileSync(units, `${readFileSync(units, 'utf8')}half a li`);
    const torn = await ask(new MemoryHandlers(), root, { source: 'Open the file.' });
    assert.deepEqual(torn.problems.map(({ code }) => code), ['memory.badLines']);
    assert.equal(torn.matches.length, 2);
  });

  it('leaves nothing behind when its file ends too early, declares entities, or the work is cancelled', async () => {
    const root = workspace();
    await assert.rejects(imported(root, tmx.slice(0, -40)), (error) => error instanceof AppError && error.code === 'document.syntax');
    await assert.rejects(imported(root, tmx.replace('"tmx14.dtd">', '"x" [<!ENTITY a "b">]>')), (error) => error instanceof AppError && error.code === 'document.syntax' && error.data !== undefined);
    await assert.rejects(imported(root, tmx.replace('<tmx version="1.4">', '<xliff>')), (error) => error instanceof AppError && error.code === 'document.syntax');
    writeFileSync(join(root, 'shared.tmx'), tmx);
    await assert.rejects(new MemoryHandlers().memoryImport({ root, file: join(root, 'shared.tmx') }, { ...context, signal: AbortSignal.abort() }));
    const memory = join(root, '.interlinear/memory');
    mkdirSync(memory, { recursive: true });
    assert.deepEqual(readdirSync(memory), []);
  });
});

describe('judged segments', () => {
  it('are in memory with their place, follow later judgments, and are not there when they were the least bad', async () => {
    const root = workspace();
    await accept(root, { segment: 's1', source: 'I have a dog.', target: '犬を飼っている。' });
    await accept(root, { segment: 's2', source: 'I have a cat.', target: '猫。' }, true);
    const handlers = new MemoryHandlers();
    const name = { root, source: 'en', target: 'ja' };
    assert.deepEqual((await ask(handlers, root, { source: 'I have a cat.' })).matches, [{ kind: 'fuzzy', score: 80, target: '犬を飼っている。' }]);
    assert.equal((await ask(handlers, root, { source: 'I have a dog.', context: { previous: contextHash('Before.') } })).matches[0]?.kind, 'context');
    const place = { document: 'letter.en.md', segment: 's1' };
    await handlers.memoryPut({ ...name, place, unit: { source: 'I have a dog.', target: 'うちに犬がいる。', origin: 'letter.en.md' } });
    assert.deepEqual((await ask(handlers, root, { source: 'I have a dog.' })).matches.map(({ target }) => target), ['うちに犬がいる。']);
    await handlers.memoryPut({ ...name, place });
    assert.deepEqual((await ask(handlers, root, { source: 'I have a dog.' })).matches, []);
  });

  it('that a training job holds out are kept out', async () => {
    const root = workspace();
    await accept(root, { segment: 's1', source: 'I have {0} dogs.', target: '犬を{0}匹飼っている。' });
    const job = join(root, '.interlinear/jobs/one');
    mkdirSync(job, { recursive: true });
    writeFileSync(join(job, 'heldout.jsonl'), `${JSON.stringify({ source: 'I have ⟦1⟧ dogs.', chosen: 'a', rejected: 'b' })}\n`);
    assert.deepEqual((await ask(new MemoryHandlers(), root, { source: 'I have {0} dogs.' })).matches, []);
    rmSync(job, { recursive: true });
    assert.equal((await ask(new MemoryHandlers(), root, { source: 'I have {0} dogs.' })).matches.length, 1);
  });

  it('forgets at once what is held out when another document comes in', async () => {
    const root = workspace();
    await accept(root, { segment: 's1', source: 'I have {0} dogs.', target: '犬を{0}匹飼っている。' });
    const handlers = new MemoryHandlers();
    assert.equal((await ask(handlers, root, { source: 'I have {0} dogs.' })).matches.length, 1);
    await openWorkspaceStore(root, nodeStoreParts()).heldOut.add(['I have {0} dogs.']);
    assert.deepEqual((await ask(handlers, root, { source: 'I have {0} dogs.' })).matches, []);
  });
});

describe('what a file proposes for its own texts', () => {
  const proposal = (source: string, target: string, score?: number): ProposedUnit => ({ unit: { source, target, origin: 'TM' }, ...(score !== undefined && { score }) });

  it('stands among the memory\'s matches by its score, behind equal ones, once a text', async () => {
    const root = workspace();
    await accept(root, { segment: 's1', source: 'I have a dog.', target: '犬を飼っている。' });
    const proposed = [proposal('I have a dog.', '犬がいる。'), proposal('I have a dog.', '犬を飼っている。'), proposal('I have a cat.', '猫がいる。'), proposal('Anything', '何か', 95), proposal('I have a dog.', '駄犬。', 30), proposal('Far from it all', '遠い')];
    const { matches } = await new MemoryHandlers().memoryQuery({ root, source: 'en', target: 'ja', queries: [{ source: 'I have a dog.', proposed }], limits: { count: 5, least: 50 } }, context);
    assert.deepEqual(matches[0]?.map(({ kind, score, unit: { target }, inFile }) => [kind, score, target, inFile]), [
      ['exact', 100, '犬を飼っている。', undefined], ['exact', 100, '犬がいる。', true], ['fuzzy', 95, '何か', true], ['fuzzy', 80, '猫がいる。', true],
    ]);
  });

  it('is no match where its source is held out', async () => {
    const root = workspace();
    const query = { source: 'I have {0} dogs.', proposed: [proposal('I have {0} dogs.', '犬を{0}匹飼っている。')] };
    assert.equal((await ask(new MemoryHandlers(), root, query)).matches.length, 1);
    await openWorkspaceStore(root, nodeStoreParts()).heldOut.add(['I have {0} dogs.']);
    assert.deepEqual((await ask(new MemoryHandlers(), root, query)).matches, []);
  });
});

describe('TMX', () => {
  it('comes back from an export as it was, with codes and places', async () => {
    const root = workspace();
    const handlers = await imported(root);
    await accept(root, { segment: 's1', source: 'A "quoted" <b>text</b> & {0}', target: '「引用」<b>文</b>＆{0}' });
    const out = join(root, 'out.tmx');
    const { units } = await new MemoryHandlers().memoryExport({ root, source: 'en', target: 'ja', file: out, version: '0' }, context);
    assert.equal(units, 4);
    const other = workspace();
    await handlers.memoryImport({ root: other, file: out }, context);
    const back = await ask(handlers, other, { source: 'A "quoted" <b>text</b> & {0}', context: { previous: contextHash('Before.') } });
    assert.deepEqual(back.matches, [{ kind: 'context', score: 100, target: '「引用」<b>文</b>＆{0}' }]);
    assert.equal((await ask(handlers, other, { source: 'Open the file.', context: { previous: contextHash('Save it.'), next: contextHash('Done.') } })).matches[0]?.kind, 'context');
    assert.match(readFileSync(out, 'utf8'), /<tuv xml:lang="ja" changeid="tester" changedate="\d{8}T\d{6}Z">/u);
    const again = join(other, 'again.tmx');
    await handlers.memoryExport({ root: other, source: 'en', target: 'ja', file: again, version: '0' }, context);
    assert.equal(readFileSync(again, 'utf8').match(/changeid="tester" changedate/gu)?.length, 1);
  });

  it('keeps any text that XML can hold', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }).filter((value) => !/[\r]|[^\P{C}\n\t\u200B-\u206F\uFEFF]/u.test(value));
    fc.assert(fc.property(text, text, (source, target) => {
      const rows: TmxRow[] = [];
      const head = { source: 'en', target: 'ja', version: '1' };
      const reader = new TmxImport('x.tmx', (row) => { rows.push(row); });
      reader.write(tmxHead(head) + tmxUnit({ source, target, origin: 'a&"b' }, head) + tmxTail);
      reader.end();
      assert.deepEqual(rows[0]?.variants.map((variant) => variant.text), [source, target]);
    }));
  });
});
