import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Segment } from '../../../src/core/document/segment.ts';
import { memoryCandidate, memoryExample } from '../../../src/core/memory/fit.ts';
import { codesIn } from '../../../src/core/memory/tokens.ts';
import type { MemoryUnit } from '../../../src/core/memory/unit.ts';
import { rankWithChrf } from '../../../src/core/ranking/rankCandidates.ts';
import { whyUnfit } from '../../../src/core/preference/unfit.ts';
import { defaultRanking } from '../../../src/app/settings.ts';

function segment(source: string): Pick<Segment, 'source' | 'protectedSpans' | 'kind'> {
  return { source, protectedSpans: codesIn(source), kind: 'string' };
}

function fitted(unit: Pick<MemoryUnit, 'source' | 'target'>, source: string) {
  return memoryCandidate({ kind: 'fuzzy', score: 90, unit: { ...unit, origin: 'a.md' } }, segment(source));
}

describe('a memory match in a segment', () => {
  it('carries the segment\'s own codes', () => {
    const made = fitted({ source: 'Press <b>{0}</b> now', target: '今すぐ<b>{0}</b>を押す' }, 'Press <i>{name}</i> now');
    assert.equal(made.text, '今すぐ<i>{name}</i>を押す');
    assert.equal(made.issues, undefined);
    assert.deepEqual([made.count, made.origin, made.memory?.score], [0, 'memory', 90]);
  });

  it('is broken where a code has no place', () => {
    assert.equal(fitted({ source: 'Press it', target: '押す' }, 'Press {0}').issues?.[0]?.kind, 'placeholderMissing');
    assert.equal(fitted({ source: 'A {0} and {1}', target: '{0}と{1}' }, 'A {0}').issues?.[0]?.kind, 'placeholderExtra');
  });

  it('takes codes that both texts spell alike, whatever their number', () => {
    assert.equal(fitted({ source: '{0} of {1} files', target: '{1}件中{0}件' }, '{1} of {0} files').text, '{0}件中{1}件');
  });

  it('is an example with marks, if its codes agree', () => {
    assert.deepEqual(memoryExample({ source: 'Press <b>OK</b>', target: '<b>OK</b>を押す', origin: 'a' }), { source: 'Press ⟦1⟧OK⟦2⟧', target: '⟦1⟧OK⟦2⟧を押す' });
    assert.equal(memoryExample({ source: 'Press {0}', target: '押す', origin: 'a' }), undefined);
  });

  it('is ranked among the samples without being one, and is never what a model is told to avoid', () => {
    const sampled = (text: string, count: number) => ({ text, count, origin: 'm', scores: {} });
    const match = fitted({ source: 'It rains', target: '雨が降る。' }, 'It rains.');
    const alone = rankWithChrf([sampled('雨だ。', 2), sampled('雨です。', 1)], defaultRanking);
    const ranked = rankWithChrf([sampled('雨だ。', 2), sampled('雨です。', 1), match], defaultRanking);
    for (const { text, scores } of alone) assert.equal(ranked.find((candidate) => candidate.text === text)?.scores.mbr, scores.mbr);
    assert.ok((ranked.find(({ origin }) => origin === 'memory')?.scores.mbr ?? 0) > 0);
    assert.equal(whyUnfit({ better: { text: '雨だ。' }, worse: match }), 'memory');
    assert.equal(whyUnfit({ better: match, worse: sampled('雨です。', 1) }), undefined);
  });
});
