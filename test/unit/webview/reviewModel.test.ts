import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { commandId, keysOf, namesOf, readableKey } from '../../../webview/review/keyNames.ts';
import { isReviewed, ReviewModel } from '../../../webview/review/model.ts';
import { applyAct } from '../../../webview/review/optimistic.ts';
import { reviewStrings as english } from '../../../src/protocol/reviewStrings.ts';
import { commandText, textsOf } from '../../../webview/review/strings.ts';
import { reviewCommands, type ReviewAct } from '../../../src/protocol/review.ts';
import { aSnapshot, letterSegments } from '../../support/reviewBuilders.ts';

function letter(): ReviewModel {
  return new ReviewModel(aSnapshot(letterSegments()));
}

describe('the state of the review view', () => {
  it('shows an act at once and takes it back when it fails', () => {
    const model = letter();
    const token = model.begin('segment-3', { act: 'accept', candidate: 'rain-1' });
    assert.equal(model.segment('segment-3')?.accepted, '土砂降りだ。');
    assert.equal(model.reviewed, 4);
    model.settle('segment-3', token);
    assert.equal(model.segment('segment-3')?.review, 'unreviewed');
    assert.equal(model.reviewed, 3);
  });

  it('keeps later acts over the answer to an earlier one', () => {
    const model = letter();
    const first = model.begin('segment-3', { act: 'reject', candidate: 'rain-2' });
    model.begin('segment-3', { act: 'accept', candidate: 'rain-1' });
    const base = letter().segment('segment-3');
    assert.ok(base);
    model.settle('segment-3', first);
    model.replace(applyAct(base, { act: 'reject', candidate: 'rain-2' }));
    assert.equal(model.segment('segment-3')?.review, 'accepted');
    assert.equal(model.segment('segment-3')?.candidates[1]?.rejected, true);
  });

  it('starts where the reviewer was, or at that place when the segment is gone', () => {
    const segments = letterSegments();
    const start = (focus: string | undefined, number?: number): string | undefined =>
      new ReviewModel(aSnapshot(segments, focus === undefined ? {} : { focus })).startAt(number);
    assert.deepEqual([start('segment-2'), start('gone', 4), start('gone', 400), start('gone'), start(undefined)], ['segment-2', 'segment-4', segments.at(-1)?.id, 'segment-3', 'segment-3']);
    assert.equal(new ReviewModel(aSnapshot([])).startAt(3), undefined);
  });

  it('finds the next unreviewed segment, round the end', () => {
    const model = letter();
    assert.equal(model.nextUnreviewed('segment-3'), 'segment-4');
    assert.equal(model.nextUnreviewed('segment-6'), 'segment-3');
    assert.equal(new ReviewModel(aSnapshot([])).nextUnreviewed(undefined), undefined);
  });

  it('counts what is reviewed and returned as if it went over all segments, whatever is done to them', () => {
    const segments = letterSegments();
    const act = fc.constantFrom<ReviewAct>({ act: 'accept', candidate: 'rain-1' }, { act: 'allBad' }, { act: 'confirm' }, { act: 'reject', candidate: 'rain-1' }, { act: 'revision', choice: 'take' });
    const step = fc.record({ at: fc.nat(segments.length), act, returned: fc.boolean(), what: fc.constantFrom('begin', 'settle', 'replace') });
    fc.assert(fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const model = letter();
      const tokens: [id: string, token: number][] = [];
      for (const { at, act: done, returned, what } of steps) {
        const here = model.at(at);
        const [id, token] = tokens.at(-1) ?? [];
        if (what === 'settle' && id !== undefined && token !== undefined) model.settle(id, token);
        else if (what === 'begin') tokens.push([here?.id ?? 'gone', model.begin(here?.id ?? 'gone', done)]);
        else if (here !== undefined) model.replace({ ...applyAct(here, done), ...(returned && { revision: { reviewer: 'bert', text: '雨だ。' } }) });
        const all = segments.map((segment) => model.segment(segment.id));
        assert.equal(model.reviewed, all.filter(isReviewed).length);
        assert.equal(model.revised, all.filter((segment) => segment?.revision !== undefined).length);
        assert.deepEqual(model.filtered('all', undefined), segments.map((_, index) => index));
      }
    }));
  });

  it('filters, but keeps the segment at which the reviewer is', () => {
    const model = letter();
    assert.deepEqual(model.filtered('unreviewed', 'segment-1'), [0, 2, 3, 4, 5]);
    assert.deepEqual(model.filtered('warnings', undefined), [2, 4, 6]);
  });

  it('knows what each act will do', () => {
    const seven = letter().segment('segment-7');
    const three = letter().segment('segment-3');
    assert.ok(seven && three);
    assert.equal(applyAct(seven, { act: 'resolve', choice: 'recordEdit' }).accepted, 'では、また近いうちに！');
    assert.equal(applyAct(seven, { act: 'resolve', choice: 'revert' }).accepted, 'では、また。');
    assert.equal('difference' in applyAct(seven, { act: 'resolve', choice: 'recordAccept' }), false);
    assert.equal(applyAct(three, { act: 'idiom', candidate: 'rain-1', value: 'none' }).candidates[0]?.idiom, undefined);
    assert.equal(applyAct(three, { act: 'style', candidate: 'rain-1', value: 'awkward' }).candidates[0]?.style, 'awkward');
    assert.equal(applyAct({ ...three, draft: 'x' }, { act: 'edit', text: 'y' }).draft, undefined);
    assert.equal(applyAct(three, { act: 'allBad' }).review, 'allBad');
  });
});

describe('keys and texts of the review view', () => {
  it('reads a keydown as a keybinding spells it', () => {
    assert.ok(namesOf({ key: 'X', code: 'KeyX', shiftKey: true }).includes('shift+x'));
    assert.ok(namesOf({ key: '?', code: 'Slash', shiftKey: true }).includes('shift+/'));
    assert.ok(namesOf({ key: 'ArrowDown', code: 'ArrowDown', shiftKey: false }).includes('down'));
    assert.ok(!namesOf({ key: 'X', code: 'KeyX', shiftKey: true }).includes('x'));
  });

  it('shows keys as people read them', () => {
    assert.deepEqual(['shift+x', 'shift+/', 'ctrl+enter', 'down', 'f6', 'pagedown'].map(readableKey), ['X', '?', 'Ctrl+Enter', '↓', 'F6', 'PgDn']);
    const model = { snapshot: { keys: { [commandId('allBad')]: ['shift+x'] } } };
    assert.deepEqual(keysOf({ model }, 'allBad'), ['X']);
    assert.deepEqual(keysOf({ model }, 'undo'), []);
  });

  it('has a name for every command', () => {
    const texts = textsOf({});
    for (const command of reviewCommands) assert.ok(commandText(texts, command).length > 3, command);
  });

  it('prefers the localised text and fills in values', () => {
    const texts = textsOf({ 'header.reviewed': '{total} 中 {reviewed} 確認済み' });
    assert.equal(texts('header.reviewed', { reviewed: 3, total: 7 }), '7 中 3 確認済み');
    assert.equal(texts('filter.all'), english['filter.all']);
  });
});
