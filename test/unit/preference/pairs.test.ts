import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { CandidateSet } from '../../../src/core/candidate.ts';
import { setHash } from '../../../src/core/hash.ts';
import type { Act, EventBase, JudgmentEvent } from '../../../src/core/judgment/events.ts';
import { buildPairs, type BuiltPairs, type PairOptions } from '../../../src/core/preference/pairs.ts';
import { buildCandidate, buildEvent, buildSet, hashOf, shownOf } from '../support/judgmentBuilders.ts';

const texts = ['雨です。', '土砂降りだ。', '犬と猫だ。', '降雨。'];
const set = buildSet(texts);
const [a = '', b = '', c = '', d = ''] = texts.map(hashOf);
const accept = (candidate: string): Act => ({ act: 'accept', candidate });
const reject = (candidate: string): Act => ({ act: 'reject', candidate });

function act(sequence: number, what: Act, parts: Partial<EventBase> = {}, on: CandidateSet = set): JudgmentEvent {
  return buildEvent(sequence, what, { ...parts, shown: shownOf(on) });
}

function build(events: readonly JudgmentEvent[], options: Partial<PairOptions> = {}, sets: readonly CandidateSet[] = [set]): BuiltPairs {
  return buildPairs(events, new Map(sets.map((one) => [setHash(one), one])), { acceptedOverSeen: false, ...options });
}

/** `kind chosen > rejected bc` of each pair. */
function lines({ pairs }: BuiltPairs): readonly string[] {
  return pairs.map(({ kind, chosen, rejected, bc }) => `${kind} ${chosen} > ${rejected} ${String(bc)}`);
}

describe('buildPairs', () => {
  it('sets what was accepted over what was explicitly rejected', () => {
    const built = build([act(1, reject(c)), act(2, accept(a)), act(3, reject(b))]);
    assert.deepEqual(lines(built), ['acceptedOverRejected 雨です。 > 土砂降りだ。 1', 'acceptedOverRejected 雨です。 > 犬と猫だ。 1']);
    assert.deepEqual(built.dropped, {});
    const [pair] = built.pairs;
    assert.deepEqual(
      [pair?.source, pair?.document, pair?.segment, pair?.reviewers, pair?.events, pair?.set],
      ['It is raining.', 'letter.en.md', 's1', ['anna'], ['w1-2', 'w1-3'], setHash(set)],
    );
  });

  it('sets an edit over its original, and over what was rejected', () => {
    assert.deepEqual(
      lines(build([act(1, accept(a)), act(2, reject(b)), act(3, { act: 'edit', from: c, text: '雨だ。' })])),
      ['acceptedOverRejected 雨だ。 > 土砂降りだ。 1', 'editOverOriginal 雨だ。 > 犬と猫だ。 1'],
    );
    assert.deepEqual(
      lines(build([act(1, accept(a)), act(2, { act: 'external', text: '雨だ。' })])),
      ['editOverOriginal 雨だ。 > 雨です。 1'],
    );
    assert.deepEqual(
      lines(build([act(1, reject(b)), act(2, { act: 'edit', text: '雨だ。' })])),
      ['acceptedOverRejected 雨だ。 > 土砂降りだ。 1'],
      'written from scratch',
    );
    assert.deepEqual(
      lines(build([act(1, reject(a)), act(2, { act: 'edit', from: a, text: '雨だ。' })])),
      ['editOverOriginal 雨だ。 > 雨です。 1'],
      'one pair of the stronger kind',
    );
  });

  it('makes nothing of what was taken back, of all bad, of bulk accepts and of one act alone', () => {
    assert.deepEqual(lines(build([act(1, reject(b)), act(2, accept(a)), act(3, { act: 'undo', of: 'w1-2' })])), []);
    assert.deepEqual(lines(build([act(1, reject(b)), act(2, accept(a)), act(3, { act: 'allBad' })])), []);
    assert.deepEqual(lines(build([act(1, accept(a))])), []);
    const bulk = build([act(1, reject(b)), act(2, { act: 'accept', candidate: a, bulk: true })], { acceptedOverSeen: true });
    assert.deepEqual([lines(bulk), bulk.dropped], [[], { bulk: 1 }]);
  });

  it('keeps least bad accepts, preferences and rankings from the likelihood term', () => {
    assert.deepEqual(
      lines(build([act(1, reject(b)), act(2, { act: 'accept', candidate: a, leastBad: true })])),
      ['acceptedOverRejected 雨です。 > 土砂降りだ。 0'],
    );
    assert.deepEqual(lines(build([act(1, { act: 'prefer', better: b, worse: a })])), ['preferred 土砂降りだ。 > 雨です。 0']);
    assert.deepEqual(lines(build([act(1, { act: 'rank', groups: [[b], [a, c], [d]] })])), [
      'ranked 土砂降りだ。 > 犬と猫だ。 0', 'ranked 土砂降りだ。 > 降雨。 0', 'ranked 土砂降りだ。 > 雨です。 0',
      'ranked 犬と猫だ。 > 降雨。 0', 'ranked 雨です。 > 降雨。 0',
    ]);
  });

  it('adds accepted over seen only when asked: the two best ranked that were not rejected', () => {
    const events = [act(1, reject(a)), act(2, accept(d))];
    assert.deepEqual(lines(build(events)), ['acceptedOverRejected 降雨。 > 雨です。 1']);
    assert.deepEqual(lines(build(events, { acceptedOverSeen: true })), [
      'acceptedOverRejected 降雨。 > 雨です。 1', 'acceptedOverSeen 降雨。 > 土砂降りだ。 1', 'acceptedOverSeen 降雨。 > 犬と猫だ。 1',
    ]);
    const preferred = [...events, act(3, { act: 'prefer', better: b, worse: d })];
    assert.deepEqual(lines(build(preferred, { acceptedOverSeen: true })), [
      'acceptedOverRejected 降雨。 > 雨です。 1', 'acceptedOverSeen 降雨。 > 犬と猫だ。 1', 'preferred 土砂降りだ。 > 降雨。 0',
    ]);
  });

  it('compares across sets only under one prompt', () => {
    const again = buildSet(['新しい。']);
    const changed = { ...buildSet(['別の。']), signature: { ...set.signature, promptHash: '000000000000' } };
    const events = [act(1, reject(b)), act(2, reject(hashOf('別の。')), {}, changed), act(3, accept(hashOf('新しい。')), {}, again)];
    const built = build(events, {}, [set, again, changed]);
    assert.deepEqual([lines(built), built.dropped], [['acceptedOverRejected 新しい。 > 土砂降りだ。 1'], { differentPrompt: 1 }]);
  });

  it('takes what the target file held like any candidate, and says on which side it stands', () => {
    const held = buildCandidate('雨ですよ。', { count: 0, origin: 'existing', scores: {} });
    const e = hashOf(held.text);
    const beside: CandidateSet = { ...set, candidates: [...set.candidates, held] };
    const alone: CandidateSet = { ...set, candidates: [held], signature: { ...set.signature, backend: 'existing', model: 'existing', promptHash: '000000000000' } };
    const sides = (events: readonly JudgmentEvent[]): readonly unknown[] => {
      const { pairs, dropped } = build(events, {}, [set, beside, alone]);
      return [...pairs.map(({ kind, chosen, rejected, existing, signature }) => [kind, chosen, rejected, existing, signature.backend]), dropped];
    };
    const over = ['acceptedOverRejected', '雨ですよ。', '土砂降りだ。', 'chosen', 'embedded'];
    assert.deepEqual(sides([act(1, accept(e), {}, beside), act(2, reject(b), {}, beside)]), [over, {}]);
    assert.deepEqual(sides([act(1, accept(e), {}, alone), act(2, reject(b))]), [over, {}], 'confirmed before anything was drawn');
    assert.deepEqual(sides([act(1, { act: 'edit', from: e, text: '雨だ。' }, {}, alone)]), [['editOverOriginal', '雨だ。', '雨ですよ。', 'rejected', 'existing'], {}]);
    assert.deepEqual(sides([act(1, reject(e), {}, beside), act(2, accept(a), {}, beside)]), [['acceptedOverRejected', '雨です。', '雨ですよ。', 'rejected', 'embedded'], {}]);
    assert.deepEqual(sides([act(1, accept(a)), act(2, reject(b))]), [['acceptedOverRejected', '雨です。', '土砂降りだ。', undefined, 'embedded'], {}]);
  });

  it('drops and counts texts that must not be learned', () => {
    const bad = ['よい\u200B。', 'よい\u001B[31m。', 'よ\u202Eい。', ' ', '雨です。 ', '壊れた', '\uD83D'];
    const mixed: CandidateSet = { ...set, candidates: [...set.candidates, ...bad.map((text) => buildCandidate(text))] };
    const broken = { ...mixed, candidates: mixed.candidates.map((one) => one.text === '壊れた'
      ? { ...one, issues: [{ kind: 'placeholderMissing' as const, detail: '⟦1⟧' }] } : one) };
    const over = (better: string, worse: string): readonly [readonly string[], BuiltPairs['dropped']] => {
      const built = build([act(1, { act: 'prefer', better: hashOf(better), worse: hashOf(worse) }, {}, broken)], {}, [broken]);
      return [lines(built), built.dropped];
    };
    assert.deepEqual(over('よい\u001B[31m。', '雨です。'), [[], { controlCharacters: 1 }]);
    assert.deepEqual(over('雨です。', 'よ\u202Eい。'), [[], { controlCharacters: 1 }]);
    assert.deepEqual(over('\uD83D', '雨です。'), [[], { controlCharacters: 1 }]);
    assert.deepEqual(over('雨です。', ' '), [[], { empty: 1 }]);
    assert.deepEqual(over('雨です。', '雨です。 '), [[], { sameText: 1 }]);
    assert.deepEqual(over('壊れた', '雨です。'), [[], { brokenChosen: 1 }]);
    assert.equal(over('雨です。', '壊れた')[0].length, 1);
    assert.equal(over('よい\u200B。', '雨です。')[0].length, 1);
  });

  it('counts what names a set or a candidate that is not there', () => {
    const events = [act(1, accept(a)), act(2, reject(hashOf('?'))), act(3, { act: 'prefer', better: a, worse: hashOf('?') })];
    assert.deepEqual(build(events).dropped, { missingSet: 2 });
    assert.deepEqual(build([act(1, reject(b)), act(2, accept(a))], {}, []).dropped, { missingSet: 1 });
  });

  it('keeps segments of an evaluation out', () => {
    const built = build([act(1, reject(b)), act(2, accept(a))], { exclude: ({ source }) => source === 'It is raining.' });
    assert.deepEqual([lines(built), built.dropped], [[], { heldOut: 1 }]);
  });

  it('lets more than half of the reviewers decide, and drops a draw', () => {
    const prefer = (sequence: number, reviewer: string, better: string, worse: string): JudgmentEvent =>
      act(sequence, { act: 'prefer', better, worse }, { reviewer });
    const draw = build([prefer(1, 'anna', a, b), prefer(2, 'bo', b, a)]);
    assert.deepEqual([lines(draw), draw.dropped], [[], { conflict: 2 }]);
    const majority = build([prefer(1, 'anna', a, b), prefer(2, 'bo', b, a), prefer(3, 'cy', a, b)]);
    assert.deepEqual([majority.pairs.map(({ chosen, reviewers }) => [chosen, reviewers]), majority.dropped], [[['雨です。', ['anna', 'cy']]], { outvoted: 1 }]);
    const tied = build([prefer(1, 'anna', a, b), act(2, { act: 'tie', candidates: [a, b] }, { reviewer: 'bo' })]);
    assert.deepEqual([lines(tied), tied.dropped], [[], { conflict: 1 }]);
    const changed = build([prefer(1, 'anna', a, b), prefer(2, 'anna', b, a)]);
    assert.deepEqual([lines(changed), changed.dropped], [['preferred 土砂降りだ。 > 雨です。 0'], {}], 'who changed her mind has one vote');
  });

  it('gives the same for the same judgments in any order', () => {
    const candidates = fc.constantFrom(a, b, c, d);
    const anyAct: fc.Arbitrary<Act> = fc.oneof(
      candidates.map(accept), candidates.map(reject), fc.constant<Act>({ act: 'allBad' }),
      fc.record({ act: fc.constant('prefer' as const), better: candidates, worse: candidates }),
      fc.record({ act: fc.constant('edit' as const), from: candidates, text: fc.constantFrom('x', 'y') }),
      fc.record({ act: fc.constant('rank' as const), groups: fc.shuffledSubarray([[a], [b, c], [d]]) }),
    );
    const anyEvents = fc.array(fc.record({ what: anyAct, reviewer: fc.constantFrom('anna', 'bo', 'cy'), segment: fc.constantFrom('s1', 's2') }), { maxLength: 12 })
      .map((parts) => parts.map(({ what, reviewer, segment }, index) => act(index + 1, what, { reviewer, segment })));
    fc.assert(fc.property(anyEvents, fc.boolean(), (events, acceptedOverSeen) => {
      const built = build(events, { acceptedOverSeen });
      assert.deepEqual(build([...events.toReversed(), ...events], { acceptedOverSeen }), built);
      for (const { chosen, rejected } of built.pairs) assert.notEqual(chosen, rejected);
      const keys = built.pairs.map(({ segment, chosen, rejected }) => [segment, ...[chosen, rejected].sort()].join());
      assert.equal(new Set(keys).size, keys.length, 'two texts of a segment are compared once');
    }), { numRuns: 300 });
  });
});
