import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ReviewedCount } from '../../../src/app/review/reviewedCount.ts';
import type { SegmentJudgment } from '../../../src/core/judgment/events.ts';
import { openBench, translate, type Bench } from './support.ts';

type State = SegmentJudgment['state'];

/** Judgments whose states a test sets. A fake: it folds no records. */
class FakeJudgments {
  readonly asked: string[] = [];
  readonly #states = new Map<string, State>();
  #changed: string[] = [];

  set(segment: string, state: State): void {
    this.#states.set(segment, state);
    this.#changed.push(segment);
  }

  of(segment: string): SegmentJudgment | undefined {
    this.asked.push(segment);
    const state = this.#states.get(segment);
    // only the state is read here
    return state === undefined ? undefined : { state } as SegmentJudgment;
  }

  takeChanged(): readonly string[] {
    const changed = this.#changed;
    this.#changed = [];
    return changed;
  }
}

describe('the count of reviewed segments', () => {
  it('looks only at what has changed since, and not at segments that are gone', async () => {
    const judgments = new FakeJudgments();
    const count = new ReviewedCount(judgments, (segment) => segment !== 'gone');
    judgments.set('a', 'accepted');
    judgments.set('b', 'edited');
    judgments.set('gone', 'accepted');
    await count.catchUp();
    assert.equal(count.value, 2);
    judgments.asked.length = 0;
    assert.equal(count.value, 2);
    assert.deepEqual(judgments.asked, []);
    judgments.set('a', 'unreviewed');
    judgments.set('c', 'allBad');
    assert.equal(count.value, 2);
    assert.deepEqual(judgments.asked, ['a', 'c']);
  });

  it('follows acts, undo and another window', async () => {
    const bench = await openBench();
    await translate(bench);
    const [first, second] = bench.session.views();
    assert.ok(first !== undefined && second !== undefined);
    const act = (of: Bench, segment: string, what: Parameters<Bench['session']['act']>[0]['what']): Promise<unknown> => of.session.act({ segment, order: [], elapsedMs: 1, what });
    const best = first.candidates[0]?.hash ?? '';
    await act(bench, first.id, { act: 'accept', candidate: best });
    await act(bench, second.id, { act: 'allBad' });
    assert.equal(bench.session.reviewed, 2);
    assert.equal((await openBench({ fs: bench.fs, writer: 'w2' })).session.reviewed, 2);
    await act(bench, second.id, { act: 'undo' });
    assert.equal(bench.session.reviewed, 1);
  });
});
