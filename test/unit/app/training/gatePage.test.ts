import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { changedMost, gatePage } from '../../../../src/app/training/gatePage.ts';
import type { StoredGate } from '../../../../src/app/training/gateJob.ts';
import { defaultThresholds } from '../../../../src/core/evaluation/gate.ts';
import { gatePageTexts } from '../../../../src/messages.ts';

const outputs = [
  { source: 'a', before: '彼は来る。', after: '彼は来ます。' },
  { source: 'b', before: '同じ', after: '同じ' },
  { source: '<script>alert(1)</script>', before: 'まったく別の文', after: '<b>"犬"&猫</b>\u202e', verdict: 'old' as const },
];
const gate: StoredGate = {
  at: '2026-11-21T09:00:00Z', before: { model: 'base', revision: '1' }, after: { model: 'new', revision: '2' }, heldOutUses: 3, outputs, measured: {}, thresholds: defaultThresholds,
  decision: { outcome: 'failed', checks: [{ name: 'chrf', state: 'failed', value: -2, low: -3, high: -1, limit: -0.75, note: '<i>' }] },
};

describe('page of a gate', () => {
  it('shows what changed most first and leaves out what did not', () => {
    assert.deepEqual(changedMost(outputs).map(({ source }) => source[0]), ['<', 'a']);
  });

  it('marks removed and added words, and nothing of a text becomes markup', () => {
    const page = gatePage(gate, 'ja', gatePageTexts('en'));
    assert.match(page, /<del>[^<]*る[^<]*<\/del>/u);
    assert.match(page, /<ins>[^<]*ます[^<]*<\/ins>/u);
    assert.ok(page.includes('&lt;script&gt;alert(1)&lt;/script&gt;') && page.includes('&lt;i&gt;'));
    assert.ok(!/<script|<b>|\u202e/u.test(page));
    assert.ok(page.includes("default-src 'none'") && !/https?:|src=/u.test(page.replace("style-src 'unsafe-inline'", '')));
    assert.ok(page.includes('-3.00 … -1.00') && page.includes('-0.75') && page.includes('chrF, all references') && page.includes('not passed') && page.includes('used: 3'));
  });
});
