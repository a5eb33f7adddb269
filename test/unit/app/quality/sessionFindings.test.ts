import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Glossary } from '../../../../src/core/glossary/glossary.ts';
import type { FindingView, ReviewAct, SegmentView } from '../../../../src/protocol/review.ts';
import { openBench, translate, type Bench } from '../support.ts';

const finding: FindingView = { check: 'numbers', severity: 'warning', detail: '12', message: 'The number 12 is not in the translation.' };
const foreign: FindingView = { severity: 'hint', detail: 'ja-spacing', message: 'Spaces', source: 'textlint' };

function first(bench: Bench): SegmentView {
  const [view] = bench.session.views();
  assert.ok(view !== undefined);
  return view;
}

function act(bench: Bench, what: ReviewAct): Promise<SegmentView> {
  return bench.session.act({ segment: first(bench).id, order: [], elapsedMs: 1, what });
}

const dismissal = { check: 'numbers', detail: '12', reason: 'spelled out' } as const;

describe('findings in a review', () => {
  it('stand on their segment, and are told only when they change', async () => {
    const bench = await openBench();
    const found = new Map([[first(bench).id, [finding]]]);
    await bench.session.findings.show(found);
    await bench.session.findings.show(new Map(found));
    assert.deepEqual(bench.views.map(({ findings }) => findings), [[finding]]);
    await bench.session.findings.show(new Map());
    assert.deepEqual(first(bench).findings, []);
  });

  it('of several files of findings, the last is shown, whichever takes longer', async () => {
    const bench = await openBench();
    const [one, two] = bench.session.views().map(({ id }) => id);
    assert.ok(one !== undefined && two !== undefined);
    await Promise.all([bench.session.findings.show(new Map([[one, [finding]], [two, [foreign]]])), bench.session.findings.show(new Map([[two, [finding]], ['gone', [finding]]]))]);
    assert.deepEqual(bench.session.views().slice(0, 2).map(({ findings }) => findings), [[], [finding]]);
  });

  it('are dismissed with a reason before anything was translated, and undo brings them back', async () => {
    const bench = await openBench();
    await bench.session.findings.show(new Map([[first(bench).id, [finding, foreign]]]));
    const after = await act(bench, { act: 'dismiss', ...dismissal });
    assert.deepEqual([after.findings, after.dismissed, after.review], [[foreign], [dismissal], 'unreviewed']);
    const again = await openBench({ fs: bench.fs, writer: 'w2' });
    assert.deepEqual(first(again).dismissed, [dismissal]);
    const undone = await act(bench, { act: 'undo' });
    assert.deepEqual([undone.findings, undone.dismissed], [[finding, foreign], []]);
  });

  it('of candidates are about the terms that hold now, which views show', async () => {
    const bench = await openBench();
    await translate(bench);
    const { id, candidates } = first(bench);
    assert.equal(first(bench).terms, undefined);
    await bench.session.setGlossary(new Glossary([{ source: 'hello', targets: ['やあ'], forbidden: [] }, { source: 'dog', targets: ['犬'], forbidden: [] }]));
    assert.deepEqual(first(bench).terms?.map(({ targets }) => targets), [['やあ']]);
    const found = await bench.session.findings.ofCandidates(id);
    assert.deepEqual(candidates.map(({ hash }) => found.get(hash)?.map(({ detail }) => detail)), candidates.map(() => ['hello → やあ']));
  });

  it('of candidates are found on demand, each by its own text', async () => {
    const bench = await openBench();
    await translate(bench);
    const last = bench.session.views().at(-1);
    assert.ok(last !== undefined);
    const found = await bench.session.findings.ofCandidates(last.id);
    assert.deepEqual(last.candidates.map(({ hash }) => found.get(hash)?.length), [0, 0, 0]);
    const empty = await bench.session.findings.ofCandidates('none');
    assert.equal(empty.size, 0);
  });
});
