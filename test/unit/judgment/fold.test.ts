import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Act, JudgmentEvent, SegmentJudgment } from '../../../src/core/judgment/events.ts';
import { foldJudgments } from '../../../src/core/judgment/fold.ts';
import { undoneWith } from '../../../src/core/judgment/order.ts';
import { buildEvent, buildSet, hashOf, shownOf } from '../support/judgmentBuilders.ts';

const texts = ['雨です。', '土砂降りだ。', '犬と猫だ。'];
const set = buildSet(texts);
const shown = shownOf(set);
const [a = '', b = '', c = ''] = texts.map(hashOf);
const scope = { document: 'letter.en.md', targetLanguage: 'ja' };
const textOf = (inSet: string, candidate: string): string | undefined =>
  inSet === shown.set ? texts.find((text) => hashOf(text) === candidate) : undefined;

function fold(events: readonly JudgmentEvent[]): ReadonlyMap<string, SegmentJudgment> {
  return foldJudgments(events, scope, textOf);
}

function after(...acts: readonly Act[]): SegmentJudgment {
  const judgment = fold(acts.map((act, index) => buildEvent(index + 1, act, { shown }))).get('s1');
  assert.ok(judgment);
  return judgment;
}

const accept = (candidate: string): Act => ({ act: 'accept', candidate });
const reject = (candidate: string): Act => ({ act: 'reject', candidate });
const undo = (of: string): Act => ({ act: 'undo', of });

/** Any act on the three candidates, by any of two writers, at clashing times. */
const anyEvents = fc.array(fc.record({
  writer: fc.constantFrom('w1', 'w2'),
  segment: fc.constantFrom('s1', 's2'),
  reviewer: fc.constantFrom('anna', 'bo'),
  second: fc.integer({ min: 0, max: 5 }),
  act: fc.oneof(
    fc.constantFrom(a, b, c).map(accept),
    fc.constantFrom(a, b, c).map(reject),
    fc.constant<Act>({ act: 'allBad' }),
    fc.record({ act: fc.constant('edit' as const), from: fc.constantFrom(a, b), text: fc.constantFrom('x', 'y') }),
    fc.constant<Act>({ act: 'external', text: 'z' }),
    fc.record({ act: fc.constant('idiom' as const), candidate: fc.constantFrom(a, b), value: fc.constantFrom('literal' as const, 'none' as const) }),
    fc.constant<Act>({ act: 'comment', text: 'hm' }),
    fc.constant<Act>({ act: 'confirm', text: 'v' }),
    fc.record({ act: fc.constant('propagate' as const), from: fc.constant('s0'), of: fc.constantFrom('w1-1', 'w2-2', 'w3-9'), text: fc.constantFrom('p', 'q') }),
    fc.constant<Act>({ act: 'dismiss', check: 'numbers', detail: '12', reason: 'spelled out' }),
    fc.tuple(fc.constantFrom('w1', 'w2'), fc.integer({ min: 1, max: 9 })).map(([writer, of]) => undo(`${writer}-${String(of)}`)),
  ),
}), { maxLength: 14 }).map((parts) => {
  const next = new Map<string, number>();
  return parts.map(({ writer, segment, reviewer, second, act }) => {
    const sequence = (next.get(writer) ?? 0) + 1;
    next.set(writer, sequence);
    return buildEvent(sequence, act, { writer, segment, reviewer, shown, at: new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString() });
  });
});

describe('foldJudgments', () => {
  it('takes the latest accept, edit or external edit', () => {
    assert.deepEqual([after(accept(a)).state, after(accept(a)).text, after(accept(a)).candidate], ['accepted', texts[0], a]);
    assert.equal(after(accept(a), accept(b)).text, texts[1]);
    const edited = after(accept(a), { act: 'edit', from: b, text: '雨だ。' });
    assert.deepEqual([edited.state, edited.text, edited.candidate], ['edited', '雨だ。', b]);
    const external = after(accept(a), { act: 'external', text: '降る。' });
    assert.deepEqual([external.state, external.text, external.candidate], ['edited', '降る。', a]);
    assert.equal(after({ act: 'edit', text: 'x' }, accept(c)).text, texts[2]);
  });

  it('takes an acceptance back by rejecting or by all bad', () => {
    assert.deepEqual(after(accept(a), reject(b)).text, texts[0]);
    const rejected = after(accept(a), reject(a));
    assert.deepEqual([rejected.state, rejected.text, rejected.candidate, rejected.rejected], ['unreviewed', undefined, undefined, [a]]);
    const allBad = after(accept(a), { act: 'allBad' });
    assert.deepEqual([allBad.state, allBad.text], ['allBad', undefined]);
    assert.equal(after({ act: 'allBad' }, accept(b)).state, 'accepted');
  });

  it('takes a rejection back by accepting the same candidate, and no other', () => {
    assert.deepEqual(after(reject(a), reject(b), accept(a)).rejected, [b]);
  });

  it('keeps an edit whose original is rejected', () => {
    const judgment = after({ act: 'edit', from: a, text: 'x' }, reject(a));
    assert.deepEqual([judgment.state, judgment.text, judgment.rejected], ['edited', 'x', [a]]);
  });

  it('undoes back to what was before, and names what is undone next', () => {
    const judgment = after(accept(a), accept(b), undo('w1-2'));
    assert.deepEqual([judgment.text, judgment.undoable], [texts[0], 'w1-1']);
    const none = after(accept(a), undo('w1-1'));
    assert.deepEqual([none.state, none.undoable], ['unreviewed', undefined]);
    assert.equal(after(accept(a), undo('w1-1'), undo('w1-2')).state, 'unreviewed', 'an undo cannot be undone');
  });

  it('counts a fill only where nobody decided, and not without the act that it is of', () => {
    const fill = (text?: string): Act => ({ act: 'propagate', from: 's0', of: 'w9-1', batch: 'some', ...(text !== undefined && { text }), score: 90 });
    const filled = after(fill('p'));
    assert.deepEqual([filled.state, filled.text, filled.filled, filled.decision], ['filled', 'p', { from: 's0', score: 90 }, 'w1-1']);
    assert.equal(after(fill('p'), fill('q')).text, 'q');
    assert.deepEqual([after(fill('p'), fill()).state, after(fill('p'), fill()).text], ['unreviewed', undefined]);
    assert.deepEqual([after(accept(a), fill('p')).text, after(accept(a), fill('p')).undoable], [texts[0], 'w1-1']);
    assert.equal(after({ act: 'allBad' }, fill('p')).state, 'allBad');
    for (const of of ['w9-1', 'some', 'w1-1']) assert.equal(after(fill('p'), undo(of)).state, 'unreviewed', of);
    const confirmed = after(fill('p'), { act: 'confirm', text: 'p' });
    assert.deepEqual([confirmed.state, confirmed.text, confirmed.filled, confirmed.candidate], ['accepted', 'p', undefined, undefined]);
    assert.equal(after(fill('p'), { act: 'confirm', text: 'p' }, undo('w9-1')).state, 'accepted', 'a person has looked at it');
  });

  it('keeps the last idiom and style mark of each candidate and all comments', () => {
    const judgment = after(
      { act: 'idiom', candidate: a, value: 'literal' }, { act: 'idiom', candidate: a, value: 'idiomatic' },
      { act: 'style', candidate: a, value: 'awkward' }, { act: 'style', candidate: a, value: 'none' },
      { act: 'comment', text: 'one' }, { act: 'comment', text: 'two' },
    );
    assert.deepEqual([[...judgment.idiom], [...judgment.style], judgment.comments], [[[a, 'idiomatic']], [], ['one', 'two']]);
  });

  it('keeps documents, languages and, when asked, reviewers apart', () => {
    const events = [
      buildEvent(1, accept(a), { shown }),
      buildEvent(2, accept(b), { shown, document: 'other.md' }),
      buildEvent(3, accept(c), { shown, targetLanguage: 'zh' }),
      buildEvent(4, accept(b), { shown, reviewer: 'bo' }),
    ];
    assert.equal(fold(events).get('s1')?.text, texts[1]);
    assert.equal(foldJudgments(events, { ...scope, reviewer: 'anna' }, textOf).get('s1')?.text, texts[0]);
    assert.equal(foldJudgments(events, { ...scope, targetLanguage: 'zh' }, textOf).get('s1')?.text, texts[2]);
  });

  it('knows the acceptance but not the text when the set is missing', () => {
    const judgment = foldJudgments([buildEvent(1, accept(a), { shown })], scope, () => undefined).get('s1');
    assert.deepEqual([judgment?.state, judgment?.candidate, judgment?.text], ['accepted', a, undefined]);
  });

  it('does not depend on the order of its input, nor on repeats', () => {
    fc.assert(fc.property(anyEvents, fc.array(fc.nat(), { minLength: 20, maxLength: 20 }), (events, keys) => {
      const shuffled = [...events, ...events.slice(0, 3)].map((event, index) => ({ event, key: keys[index] ?? 0 }))
        .sort((one, other) => one.key - other.key).map(({ event }) => event);
      assert.deepEqual(fold(shuffled), fold(events));
    }), { numRuns: 300 });
  });

  it('gives with an undo what it gives without the act', () => {
    fc.assert(fc.property(anyEvents, fc.nat(), (events, pick) => {
      const acts = events.filter(({ act }) => act !== 'undo');
      const target = acts[pick % Math.max(1, acts.length)];
      if (target === undefined) return;
      const taken = buildEvent(99, undo(target.id), { segment: target.segment, reviewer: 'anna' });
      const without = fold(events.filter((event) => event.id !== target.id && !undoneWith(event).includes(target.id))).get(target.segment);
      const judgment = fold([...events, taken]).get(target.segment);
      assert.deepEqual(
        judgment,
        without ?? { segment: target.segment, state: 'unreviewed', rejected: [], idiom: new Map(), style: new Map(), comments: [], dismissed: [] },
      );
    }), { numRuns: 300 });
  });
});
