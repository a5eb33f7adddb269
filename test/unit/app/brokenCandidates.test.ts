import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bestText } from '../../../src/app/translation/bestText.ts';
import type { Candidate, CandidateSet } from '../../../src/core/candidate.ts';
import { candidateHash } from '../../../src/core/hash.ts';
import type { SegmentView } from '../../../src/protocol/review.ts';
import { FakeBackend } from '../support/fakeBackend.ts';
import { buildCandidate, buildDraft, buildEvent, buildSegment, buildSet, shownOf } from '../support/judgmentBuilders.ts';
import { foldJudgments } from '../../../src/core/judgment/fold.ts';
import { buildPairs } from '../../../src/core/preference/pairs.ts';
import { setHash } from '../../../src/core/hash.ts';
import { openWorkspaceStore, textLookup } from '../../../src/store/workspaceStore.ts';
import { FakeFileSystem, fakeParts } from '../store/support/memoryFileSystem.ts';
import { openFile, textOf, translate, type Bench } from './support.ts';

const issues = [{ kind: 'placeholderMissing', detail: '⟦1⟧ %s' }] as const;
const broken: Candidate = buildCandidate('こんにちは', { rank: 2, issues });
const sound: Candidate = buildCandidate('%sさん', { rank: 1 });
const set: CandidateSet = { ...buildSet([]), segment: buildSegment({ source: 'Hello %s' }), candidates: [sound, broken] };

async function greeting(blind = false): Promise<Bench> {
  const fs = new FakeFileSystem();
  await fs.writeAtomic('/ws/en.json', Buffer.from('{"greeting": "Hello %s"}'));
  const bench = await openFile(fs, 'en.json', 'ja.json', { blind });
  await translate(bench, new FakeBackend(() => ['こんにちは', 'こんにちは', 'こんにちは', '⟦1⟧さん']));
  return bench;
}

function only(bench: Bench): SegmentView {
  const [view] = bench.session.views();
  assert.ok(view !== undefined);
  return view;
}

function act(bench: Bench, what: Parameters<Bench['session']['act']>[0]['what']): Promise<SegmentView> {
  return bench.session.act({ segment: only(bench).id, order: [], elapsedMs: 1, what });
}

describe('a candidate that lost a placeholder', () => {
  it('stands last, however often it was drawn, in a blind session and under candidates that were asked for', async () => {
    for (const blind of [false, true]) {
      const bench = await greeting(blind);
      assert.deepEqual(only(bench).candidates.map(({ candidate }) => candidate.text), ['%sさん', 'こんにちは']);
      const segment = { ...set.segment, id: only(bench).id, document: 'en.json' };
      await bench.session.asking.onSet({ segment, signature: { ...set.signature, steering: { round: 1 } }, candidates: [buildCandidate('やあ', { issues }), buildCandidate('%sくん')] });
      assert.deepEqual(only(bench).candidates.map(({ candidate }) => candidate.issues !== undefined), [false, false, true, true]);
    }
  });

  it('cannot be accepted, and nothing is journalled or written', async () => {
    const bench = await greeting();
    await assert.rejects(act(bench, { act: 'accept', candidate: candidateHash('こんにちは') }), { code: 'candidate.broken' });
    assert.equal(only(bench).review, 'unreviewed');
    assert.equal(await bench.fs.read('/ws/ja.json'), undefined);
    assert.deepEqual((await bench.store.journal()).events, []);
  });

  it('cannot be accepted by way of the document either; it can be mended', async () => {
    const bench = await greeting();
    await act(bench, { act: 'accept', candidate: candidateHash('%sさん') });
    await bench.fs.writeAtomic('/ws/ja.json', Buffer.from(textOf(bench.fs, '/ws/ja.json').replace('%sさん', 'こんにちは')));
    await bench.session.refreshDocument();
    await assert.rejects(act(bench, { act: 'resolve', choice: 'recordAccept' }), { code: 'candidate.broken' });
    const mended = await act(bench, { act: 'edit', from: candidateHash('こんにちは'), text: '%sさん、こんにちは' });
    assert.deepEqual([mended.review, mended.accepted], ['edited', '%sさん、こんにちは']);
  });

  it('is never the best text, and no metric without a number makes a text broken', () => {
    assert.equal(bestText([broken]), undefined);
    assert.equal(bestText([broken, sound]), '%sさん');
    const { pairs } = buildPairs([
      buildEvent(1, { act: 'accept', candidate: candidateHash('雨') }, { shown: shownOf(unscored) }), buildEvent(2, { act: 'reject', candidate: candidateHash('雪') }, { shown: shownOf(unscored) }),
    ], new Map([[setHash(unscored), unscored]]), { acceptedOverSeen: false });
    assert.deepEqual(pairs.map(({ chosen }) => chosen), ['雨']);
  });

  it('is refused by the store as accepted or preferred', async () => {
    const store = openWorkspaceStore('/ws', fakeParts(new FakeFileSystem()));
    const on = { set, shown: { order: [], blind: false, elapsedMs: 1 } };
    const [good, bad] = [candidateHash(sound.text), candidateHash(broken.text)];
    await assert.rejects(store.record(buildDraft({ act: 'accept', candidate: bad }), on), { code: 'candidate.broken', data: { segment: 'Hello %s', detail: '⟦1⟧ %s' } });
    await assert.rejects(store.record(buildDraft({ act: 'prefer', better: bad, worse: good }), on), { code: 'candidate.broken' });
    await store.record(buildDraft({ act: 'prefer', better: good, worse: bad }), on);
    await store.record(buildDraft({ act: 'reject', candidate: bad }), on);
  });

  it('has no text and makes no pair where a journal from elsewhere accepted it', () => {
    const events = [buildEvent(1, { act: 'accept', candidate: candidateHash(broken.text) }, { shown: shownOf(set) }), buildEvent(2, { act: 'reject', candidate: candidateHash(sound.text) }, { shown: shownOf(set) })];
    const sets = new Map([[setHash(set), set]]);
    assert.equal(foldJudgments(events, { document: 'letter.en.md', targetLanguage: 'ja' }, textLookup(sets)).get('s1')?.text, undefined);
    assert.deepEqual(buildPairs(events, sets, { acceptedOverSeen: false }), { pairs: [], dropped: { brokenChosen: 1 } });
  });

  it('makes no chosen text of an edit either, unless the reviewer said that the loss is none', () => {
    const edit = buildEvent(1, { act: 'edit', from: candidateHash(sound.text), text: 'やあ' }, { shown: shownOf(set) });
    const sets = new Map([[setHash(set), set]]);
    assert.deepEqual(buildPairs([edit], sets, { acceptedOverSeen: false }), { pairs: [], dropped: { brokenChosen: 1 } });
    const excused = buildEvent(2, { act: 'dismiss', check: 'placeholders', detail: '%s', reason: 'nobody to name' });
    assert.deepEqual(buildPairs([edit, excused], sets, { acceptedOverSeen: false }).pairs.map(({ chosen }) => chosen), ['やあ']);
  });
});

const unscored: CandidateSet = { ...buildSet([]), candidates: [buildCandidate('雨', { issues: [{ kind: 'notScored', detail: 'NaN' }] }), buildCandidate('雪')] };
