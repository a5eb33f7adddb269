import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { changedMost, gatePage } from '../../../../src/app/training/gatePage.ts';
import { inRoot } from '../../../../scripts/support/root.ts';
import { decideGate } from '../../../../src/core/evaluation/gate.ts';
import { gatePageTexts } from '../../../../src/messages.ts';
import { trainingStrings } from '../../../../src/protocol/trainingStrings.ts';

const outputs = [
  { source: 'a', before: '彼は来る。', after: '彼は来ます。' },
  { source: 'b', before: '同じ', after: '同じ' },
  { source: '<script>alert(1)</script>', before: 'まったく別の文', after: '<b>"犬"&猫</b>\u202e', verdict: 'old' as const },
];
const gate: Parameters<typeof gatePage>[0] = {
  at: '2026-11-21T09:00:00Z', before: { model: 'base', revision: '1' }, after: { model: 'new', revision: '2' }, heldOutUses: 3, outputs,
  decision: { outcome: 'failed', checks: [{ name: 'chrf', state: 'failed', value: -2, low: -3, high: -1, limit: -0.75, remark: { key: 'judgedBy', values: { name: '<i>' } } }] },
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
    assert.ok(page.includes('judged by &lt;i&gt;'));
  });

  it('says its remarks in the language of the person, and nothing where it has no words', () => {
    const bundle = JSON.parse(readFileSync(inRoot('l10n/bundle.l10n.ja.json'), 'utf8')) as Record<string, string>; // a flat table, which test/unit/ui checks
    const names = Object.fromEntries(Object.entries(trainingStrings).map(([key, english]) => [key, bundle[english] ?? english]));
    const checks = decideGate({ unscoredPairs: 12 }).checks.map((check) => ({ ...check }));
    const page = gatePage({ ...gate, decision: { outcome: 'notEvaluated', checks: [...checks, { name: 'later', state: 'reported', remark: { key: 'later' } }] } }, 'ja', { ...gatePageTexts('ja'), names });
    assert.ok(page.includes('サーバーは文のスコアを出せないため、12組は比較していません') && page.includes('出力はまだ誰も評価していません'));
    assert.ok(page.includes('<td>later</td>') && !page.includes('nobody'));
  });
});
