/** A translation that another reviewer returned: aligned, shown, taken as that reviewer's post-edits or let be. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { LocalDesk } from '../../../src/app/documents/documentDesk.ts';
import { BytesTargetFile } from '../../../src/app/bytesTargetFile.ts';
import { exportPreferencePairs } from '../../../src/app/exportPreferencePairs.ts';
import { openDocument } from '../../../src/app/openDocument.ts';
import { takeRevisions, type RevisionSummary } from '../../../src/app/review/revisions.ts';
import { alignText, type Revision } from '../../../src/core/document/revision.ts';
import { composeTarget } from '../../../src/core/document/target.ts';
import { isAbort } from '../../../src/core/errors.ts';
import type { JudgmentEvent } from '../../../src/core/judgment/events.ts';
import { parse } from '../document/formats/support.ts';
import { FakeFileSystem } from '../store/support/memoryFileSystem.ts';
import { languages, openFile, textOf, translate, type Bench } from './support.ts';

async function files(content: Readonly<Record<string, string>>): Promise<FakeFileSystem> {
  const fs = new FakeFileSystem();
  for (const [path, text] of Object.entries(content)) await fs.writeAtomic(`/ws/${path}`, Buffer.from(text));
  return fs;
}

interface Imported extends Bench {
  readonly summary: RevisionSummary;
}

/** A review of a file over a target, with what Naomi returned laid over it. */
async function imported(names: readonly [source: string, target: string, returned: string], content: Readonly<Record<string, string>>): Promise<Imported> {
  const fs = await files(content);
  const bench = await openFile(fs, names[0], names[1], { answer: 'merge' });
  return { ...bench, summary: await lay(bench, names) };
}

async function lay(bench: Bench, [source, target, returned]: readonly [source: string, target: string, returned: string]): Promise<RevisionSummary> {
  const { fs, store } = bench;
  const desk = new LocalDesk(await openDocument(fs, `/ws/${source}`, source, languages), { fs, store, languages }, ({ encoding }) => ({
    file: new BytesTargetFile(`/ws/${target}`, fs, target, encoding), askAboutTarget: () => Promise.resolve('merge'),
  }));
  await desk.openTarget(new Map());
  return bench.session.revisions.begin(await desk.revised({ path: `/ws/${returned}`, label: returned }), 'Naomi');
}

function open(bench: Bench): readonly (readonly [number: number, text: string])[] {
  return bench.session.views().flatMap(({ number, revision }) => (revision === undefined ? [] : [[number, revision.text] as const]));
}

function decide(bench: Bench, number: number, choice: 'take' | 'leave'): Promise<unknown> {
  return bench.session.act({ segment: bench.session.views()[number - 1]?.id ?? '', order: [], elapsedMs: 1, what: { act: 'revision', choice } });
}

async function journal({ store }: Bench, document: string): Promise<readonly JudgmentEvent[]> {
  return (await store.judgments({ document, targetLanguage: 'ja' })).events;
}

const unaligned = ({ unaligned: found }: Pick<RevisionSummary, 'unaligned'>): readonly string[] => found.map(({ reason, place, text }) => `${reason} ${place} ${text}`);

const letter = '# Hello\n\nIt rains. I stay at home.\n\nSee you soon.\n';
const letterJa = '# こんにちは\n\n雨です。家にいます。\n\nまたすぐ会いましょう。\n';

describe('a returned translation', () => {
  it('of running text is aligned block by block; what was added, merged or left out is told with its place', async () => {
    const returned = '# やあ\n\n新しい段落です。\n\n雨なので家にいます。\n\nまたすぐ会いましょう。\n';
    const bench = await imported(['a.md', 'a.ja.md', 'back.md'], { 'a.md': letter, 'a.ja.md': letterJa, 'back.md': returned });
    assert.deepEqual(open(bench), [[1, 'やあ']]);
    assert.equal(bench.summary.same, 1);
    assert.deepEqual(unaligned(bench.summary), ['added 3 新しい段落です。', 'sentences 5 雨なので家にいます。']);
    assert.equal(textOf(bench.fs, '/ws/a.ja.md'), letterJa, 'nothing is written by itself');
    assert.deepEqual(await journal(bench, 'a.md'), []);
  });

  it('is aligned where paragraphs are as many, whatever is in them, and where sentences of one changed', async () => {
    const bench = await imported(['a.md', 'a.ja.md', 'back.md'], { 'a.md': letter, 'a.ja.md': letterJa, 'back.md': '# ハロー\n\n雨です。家におります。\n\nでは、また。\n' });
    assert.deepEqual(open(bench), [[1, 'ハロー'], [3, '家におります。'], [4, 'では、また。']]);
    assert.deepEqual(bench.summary.unaligned, []);
  });

  it('of a bilingual file goes by key, and by its sources where units were numbered anew', async () => {
    const unit = (id: string, source: string, target: string): string => `<trans-unit id="${id}"><source>${source}</source><target>${target}</target></trans-unit>\n`;
    const file = (...units: readonly string[]): string => `<xliff version="1.2"><file source-language="en" target-language="ja"><body>\n${units.join('')}</body></file></xliff>\n`;
    const bench = await imported(['a.xlf', 'a.xlf', 'back.xlf'], {
      'a.xlf': file(unit('1', 'One', '一'), unit('2', 'Two', '二'), unit('3', 'Three', '三'), unit('4', 'Four', '四')),
      'back.xlf': file(unit('1', 'One', 'ひとつ'), unit('2', 'Too', 'に'), unit('9', 'Three', 'みっつ'), unit('8', 'Eight', 'やっつ')),
    });
    assert.deepEqual(open(bench), [[1, 'ひとつ'], [3, 'みっつ']]);
    assert.deepEqual(unaligned(bench.summary), ['otherSource 1/2 Two', 'missing 1/4 Four', 'unknownKey 1/8 やっつ']);
  });

  it('of a resource file goes by key; its own entries are nothing new, and what it left untranslated is told', async () => {
    const bench = await imported(['en.json', 'ja.json', 'back.json'], {
      'en.json': '{ "a": "One", "b": "Two", "c": "Three", "d": "Four" }', 'ja.json': '{ "own": "自", "b": "二", "a": "一" }', 'back.json': '{ "a": "一つ", "b": "Two", "c": "三", "own": "自", "new": "新" }',
    });
    assert.deepEqual(open(bench), [[1, '一つ'], [3, '三']]);
    assert.deepEqual(unaligned(bench.summary), ['untranslated #2 二', 'missing d Four', 'unknownKey new 新']);
  });

  it('is taken as the other reviewer\'s post-edit of what stood there, in their journal, and undone by its key', async () => {
    const bench = await imported(['a.md', 'a.ja.md', 'back.md'], { 'a.md': letter, 'a.ja.md': letterJa, 'back.md': letterJa.replace('家にいます。', '家におります。') });
    await translate(bench);
    await decide(bench, 3, 'take');
    assert.deepEqual(open(bench), []);
    const taken = letterJa.replace('家にいます。', '家におります。');
    assert.equal(textOf(bench.fs, '/ws/a.ja.md'), taken);
    assert.deepEqual(bench.fs.find('/ws/.interlinear/judgments/').map((path) => path.split('/').at(-2)), ['Naomi']);
    const { card, files: { rows } } = await exportPreferencePairs(bench.store, bench.fs, { out: '/out/p.jsonl', version: '0', acceptedOverSeen: false });
    assert.deepEqual([card.rows, card.kinds, card.reviewers, card.existing], [1, { editOverOriginal: 1 }, { Naomi: 1 }, { rejected: 1 }]);
    assert.match(textOf(bench.fs, rows), /"chosen":"家におります。"/u);
    await bench.session.act({ segment: bench.session.views()[0]?.id ?? '', order: [], elapsedMs: 1, what: { act: 'undo' } });
    assert.equal(textOf(bench.fs, '/ws/a.ja.md'), letterJa);
    assert.deepEqual(open(bench), [[3, '家におります。']], 'it can be decided anew');
    assert.deepEqual((await journal(bench, 'a.md')).map(({ act, reviewer }) => `${act} ${reviewer}`), ['edit Naomi', 'undo anna']);
  });

  it('is a post-edit of what was accepted, and of nothing where that was written by hand', async () => {
    const bench = await openFile(await files({ 'en.json': '{ "a": "One", "b": "Two" }', 'back.json': '{ "a": "一つ", "b": "二つ" }' }), 'en.json', 'ja.json');
    await translate(bench);
    const [a, b] = bench.session.views();
    assert.ok(a !== undefined && b !== undefined);
    const [best] = a.candidates;
    await bench.session.act({ segment: a.id, order: [], elapsedMs: 1, what: { act: 'accept', candidate: best?.hash ?? '' } });
    await bench.session.act({ segment: b.id, order: [], elapsedMs: 1, what: { act: 'edit', text: '二' } });
    await lay(bench, ['en.json', 'ja.json', 'back.json']);
    await decide(bench, 1, 'take');
    await decide(bench, 2, 'take');
    const edits = (await journal(bench, 'en.json')).filter(({ reviewer }) => reviewer === 'Naomi');
    assert.deepEqual(edits.map((event) => event.act === 'edit' && [event.from, event.text]), [[best?.hash, '一つ'], [undefined, '二つ']]);
    assert.equal(textOf(bench.fs, '/ws/ja.json'), '{ "a": "一つ", "b": "二つ" }');
  });

  it('is let be one by one or as a whole, and then nothing is recorded', async () => {
    const bench = await imported(['a.md', 'a.ja.md', 'back.md'], { 'a.md': letter, 'a.ja.md': letterJa, 'back.md': '# ハロー\n\n雨です。家におります。\n\nでは、また。\n' });
    await decide(bench, 3, 'leave');
    assert.deepEqual(open(bench).map(([number]) => number), [1, 4]);
    await bench.session.revisions.end();
    assert.deepEqual([open(bench), await journal(bench, 'a.md'), textOf(bench.fs, '/ws/a.ja.md')], [[], [], letterJa]);
  });

  it('is taken all at once but for what lost a placeholder; cancelled, what was taken stays', async () => {
    const content = { 'en.json': '{ "a": "One", "b": "Hi {n}", "c": "Three" }', 'ja.json': '{ "a": "一", "b": "や {n}", "c": "三" }', 'back.json': '{ "a": "一つ", "b": "やあ", "c": "三つ" }' };
    const names = ['en.json', 'ja.json', 'back.json'] as const;
    const bench = await imported(names, content);
    assert.deepEqual(await takeRevisions(bench.session), { taken: 2, broken: 1 });
    assert.equal(textOf(bench.fs, '/ws/ja.json'), '{ "a": "一つ", "b": "や {n}", "c": "三つ" }');
    assert.deepEqual(bench.session.views()[1]?.revision, { reviewer: 'Naomi', text: 'やあ', issues: [{ kind: 'placeholderMissing', detail: '{n}' }] });
    const stopped = await imported(names, content);
    const controller = new AbortController();
    await assert.rejects(takeRevisions(stopped.session, { signal: controller.signal, progress: ({ done }) => { if (done === 0) controller.abort(); } }), isAbort);
    assert.deepEqual(open(stopped), [[2, 'やあ'], [3, '三つ']]);
  });

  it('of another format, or one that does not parse, is refused with its reason', async () => {
    const content = { 'en.json': '{ "a": "One" }', 'ja.json': '{ "a": "一" }', 'back.yml': 'a: x\n', 'broken.json': '{ "a": ' };
    await assert.rejects(imported(['en.json', 'ja.json', 'back.yml'], content), { code: 'input.invalid', data: { where: 'back.yml', reason: 'it is yaml, but en.json is json' } });
    await assert.rejects(imported(['en.json', 'ja.json', 'broken.json'], content), { code: 'document.syntax' });
    await assert.rejects(imported(['en.json', 'ja.json', 'none.json'], content), { code: 'document.notFound' });
  });
});

describe('the alignment of returned running text', () => {
  const sentence = fc.constantFrom('雨です。', '家にいます。', '本を読みました。', '猫が好きだ。', 'また明日。', '走ります。', '水を飲む。');
  const paragraph = fc.array(sentence, { minLength: 1, maxLength: 3 }).map((sentences) => sentences.join(''));

  /** Both in one language: what stands here is what is compared. */
  function align(here: readonly string[], back: readonly string[]): Revision & { readonly segments: ReturnType<typeof parse>['segments'] } {
    const document = parse({ id: 'markdown', path: 'a.md', target: 'ja' }, `${here.join('\n\n')}\n`);
    const expected = new Map(document.segments.map(({ id, source }) => [id, source]));
    return { ...alignText({ document, expected, returned: parse({ id: 'markdown', path: 'b.md', target: 'ja' }, `${back.join('\n\n')}\n`) }), segments: document.segments };
  }

  it('takes every sentence to its own place where nothing changed', () => {
    fc.assert(fc.property(fc.array(paragraph, { minLength: 1, maxLength: 8 }), (paragraphs) => {
      const { texts, unaligned: lost, segments } = align(paragraphs, paragraphs);
      assert.deepEqual(lost, []);
      assert.deepEqual([...texts], segments.map(({ id, source }) => [id, source]));
    }));
  });

  it('finds what one inserted, deleted or rewritten paragraph leaves as it was', () => {
    fc.assert(fc.property(fc.uniqueArray(paragraph, { minLength: 2, maxLength: 8 }), fc.nat(), fc.constantFrom('insert', 'delete', 'rewrite'), (paragraphs, pick, what) => {
      const at = pick % paragraphs.length;
      const back = paragraphs.toSpliced(at, what === 'insert' ? 0 : 1, ...(what === 'delete' ? [] : ['全く別の文章。']));
      const { texts, unaligned: lost, segments } = align(paragraphs, back);
      const touched = new Set(what === 'insert' ? [] : [at]);
      for (const { id, source, block } of segments) if (!touched.has(block)) assert.equal(texts.get(id), source);
      assert.ok(lost.length <= 1);
    }));
  });

  it('taken whole, writes the returned file where only texts inside of paragraphs changed', () => {
    fc.assert(fc.property(fc.array(fc.tuple(sentence, fc.boolean()), { minLength: 1, maxLength: 8 }), (given) => {
      const pairs = given.map(([here, changed], index) => [here, changed ? `${String(index)}番目は新しい。` : here] as const);
      const { texts } = align(pairs.map(([here]) => here), pairs.map(([, back]) => back));
      const document = parse({ id: 'markdown', path: 'a.md', target: 'ja' }, `${pairs.map(([here]) => here).join('\n\n')}\n`);
      assert.equal(composeTarget(document, texts, 'ja').text, `${pairs.map(([, back]) => back).join('\n\n')}\n`);
    }));
  });
});
