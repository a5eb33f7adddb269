import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FakeFileSystem } from '../store/support/memoryFileSystem.ts';
import { openFile, textOf, translate, type Bench } from './support.ts';

const xliff = '<xliff version="1.2"><file source-language="en" target-language="ja"><body>\n<trans-unit id="1"><source>It rains.</source></trans-unit>\n<trans-unit id="2"><source>It pours.</source><target state="needs-review-translation">土砂降り。</target></trans-unit>\n</body></file></xliff>\n';

async function files(content: Readonly<Record<string, string>>): Promise<FakeFileSystem> {
  const fs = new FakeFileSystem();
  for (const [path, text] of Object.entries(content)) await fs.writeAtomic(path, Buffer.from(text));
  return fs;
}

async function accept(bench: Bench, number: number): Promise<void> {
  const view = bench.session.views()[number - 1];
  const hash = view?.candidates.find(({ existing }) => existing === undefined)?.hash;
  assert.ok(view !== undefined && hash !== undefined);
  await bench.session.act({ segment: view.id, order: [hash], elapsedMs: 1, what: { act: 'accept', candidate: hash } });
}

async function undo(bench: Bench, number: number): Promise<void> {
  await bench.session.act({ segment: bench.session.views()[number - 1]?.id ?? '', order: [], elapsedMs: 1, what: { act: 'undo' } });
}

describe('a bilingual file', () => {
  it('is edited in place, and undo puts back what stood there, in the same session and after a reload', async () => {
    const fs = await files({ '/ws/a.xlf': xliff });
    const bench = await openFile(fs, 'a.xlf', 'a.xlf');
    await translate(bench);
    await accept(bench, 1);
    await accept(bench, 2);
    const both = xliff.replace('</source></trans-unit>\n', '</source><target state="translated">It rains.一</target></trans-unit>\n').replace('<target state="needs-review-translation">土砂降り。', '<target state="translated">It pours.一');
    assert.equal(textOf(fs, '/ws/a.xlf'), both);
    assert.ok(bench.session.views().every(({ difference }) => difference === undefined));
    await undo(bench, 2);
    assert.equal(textOf(fs, '/ws/a.xlf'), both.replace('<target state="translated">It pours.一', '<target state="needs-review-translation">土砂降り。'));
    const again = await openFile(fs, 'a.xlf', 'a.xlf');
    assert.equal(again.session.views()[0]?.accepted, 'It rains.一');
    assert.equal(again.session.views()[0]?.difference, undefined);
    await undo(again, 1);
    assert.equal(textOf(fs, '/ws/a.xlf'), xliff);
  });

  it('says how far the file says that a translation has come, and what it calls the text', async () => {
    const { session } = await openFile(await files({ '/ws/a.xlf': xliff }), 'a.xlf', 'a.xlf');
    assert.deepEqual(session.views().map(({ name, fileState, form }) => [name, fileState, form]), [['1', undefined, undefined], ['2', 'needsReview', undefined]]);
  });

  it('tells when somebody changed an accepted text, but not when only its state was changed', async () => {
    const fs = await files({ '/ws/a.xlf': xliff });
    const bench = await openFile(fs, 'a.xlf', 'a.xlf');
    await translate(bench);
    await accept(bench, 1);
    const written = textOf(fs, '/ws/a.xlf');
    await fs.writeAtomic('/ws/a.xlf', Buffer.from(written.replace('state="translated"', 'state="final"')));
    await bench.session.refreshDocument();
    assert.equal(bench.session.views()[0]?.difference, undefined);
    await fs.writeAtomic('/ws/a.xlf', Buffer.from(written.replace('It rains.一', '雨 &amp; 風')));
    await bench.session.refreshDocument();
    assert.deepEqual(bench.session.views()[0]?.difference, { accepted: 'It rains.一', inDocument: '雨 & 風' });
  });
});

describe('a resource file beside its source', () => {
  it('keeps its order and its own entries; what it lacks is put in', async () => {
    const fs = await files({ '/ws/en.json': '{\n  "a": "One",\n  "b": "Two"\n}\n', '/ws/ja.json': '{\n  "x": "他",\n  "a": "一"\n}\n' });
    const bench = await openFile(fs, 'en.json', 'ja.json');
    await translate(bench);
    await accept(bench, 2);
    assert.equal(textOf(fs, '/ws/ja.json'), '{\n  "x": "他",\n  "a": "一",\n  "b": "Two一"\n}\n');
    await accept(bench, 1);
    assert.equal(textOf(fs, '/ws/ja.json'), '{\n  "x": "他",\n  "a": "One一",\n  "b": "Two一"\n}\n');
    await undo(bench, 1);
    assert.equal(textOf(fs, '/ws/ja.json'), '{\n  "x": "他",\n  "a": "一",\n  "b": "Two一"\n}\n');
  });

  it('has the plural forms of its own language, whichever the source has', async () => {
    const fs = await files({ '/ws/en.json': '{\n  "n_one": "{{count}} day",\n  "n_other": "{{count}} days",\n  "m": "{n, plural, one {# file} other {# files}} here"\n}\n', '/ws/ja.json': '{\n  "m": "{n,plural,other{旧#}}",\n  "n_other": "旧"\n}\n' });
    const before = textOf(fs, '/ws/ja.json');
    const bench = await openFile(fs, 'en.json', 'ja.json');
    assert.deepEqual(bench.session.views().map(({ source }) => source), ['{{count}} days', '# files here']);
    await translate(bench);
    await accept(bench, 2);
    assert.equal(textOf(fs, '/ws/ja.json'), before.replace('旧#', '# files here一'));
    await accept(bench, 1);
    assert.equal(textOf(fs, '/ws/ja.json'), '{\n  "m": "{n,plural,other{# files here一}}",\n  "n_other": "{{count}} days一"\n}\n');
    assert.ok(bench.session.views().every(({ difference }) => difference === undefined));
    await undo(bench, 1);
    await undo(bench, 2);
    assert.equal(textOf(fs, '/ws/ja.json'), before);
  });

  it('is made from its source, with the language that it names', async () => {
    const fs = await files({ '/ws/en.yml': 'en:\n  a: One\n  b: "Two" # x\n' });
    const bench = await openFile(fs, 'en.yml', 'ja.yml');
    await translate(bench);
    await accept(bench, 1);
    assert.equal(textOf(fs, '/ws/ja.yml'), 'ja:\n  a: One一\n  b: "Two" # x\n');
  });
});
