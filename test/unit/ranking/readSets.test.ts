import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { parseCandidateLine } from '../../../src/core/ranking/readSets.ts';
import { sharedData } from '../support/sharedData.ts';

const segment = { id: 's1', source: 'Hello', sourceLanguage: 'en', targetLanguage: 'ja', document: 'a.md' };

describe('parseCandidateLine', () => {
  it('reads our own line and keeps its signature', () => {
    const line = parseCandidateLine({ segment, candidates: [{ text: 'こんにちは', count: 2, logProb: null, origin: 'm', scores: { mbr: 0.5 } }], signature: { seed: 7 } }, 'f:1');
    assert.deepEqual(line.candidates, [{ text: 'こんにちは', count: 2, origin: 'm', scores: { mbr: 0.5 } }]);
    assert.deepEqual(line.segment, segment);
    assert.deepEqual(line.rest, { signature: { seed: 7 } });
  });

  it('reads a line of others that names no document, and keeps every score', () => {
    const { document: _, ...nameless } = segment;
    const scores = { mbr: 0.5, quality: -0.2, critic: 1, sourceCoverage: 0.5, targetCoverage: 1, hybrid: -1, omittedWords: 2, chrf: 0.1 };
    const line = parseCandidateLine({ segment: nameless, candidates: [{ text: 'a', scores }] }, 'f:1');
    assert.equal(line.segment.document, '');
    assert.deepEqual(line.candidates[0]?.scores, scores);
  });

  it('reads a line of WMT24', () => {
    const line = parseCandidateLine({ lp: 'en-pt_BR', doc_id: 'd', segment_id: 3, source: 'Hi', refs: [{ name: 'refA', text: 'Oi' }], candidates: [{ system: 'A', text: 'Olá', esa: [] }] }, 'f:1');
    assert.deepEqual(line.segment, { id: 'd#3', source: 'Hi', sourceLanguage: 'en', targetLanguage: 'pt-BR', document: 'd' });
    assert.deepEqual(line.candidates, [{ text: 'Olá', count: 1, origin: 'A', scores: {} }]);
    assert.deepEqual(line.references, ['Oi']);
  });

  it('names the line and the field that is wrong', () => {
    const cases: readonly [unknown, string][] = [
      [{ segment, candidates: [{ text: 5 }] }, 'candidates.0.text'],
      [{ segment, candidates: [{ text: 'a', count: 0 }] }, 'candidates.0.count'],
      [{ segment: { ...segment, id: 1 }, candidates: [] }, 'segment.id'],
      [{ lp: 'enja', doc_id: 'd', segment_id: 1, source: '', candidates: [] }, 'lp'],
      [[], 'segment'],
    ];
    for (const [json, field] of cases) {
      assert.throws(() => parseCandidateLine(json, 'cands.jsonl:4'), (error) => {
        const wire = JSON.stringify(error);
        return wire.includes('input.invalid') && wire.includes('cands.jsonl:4') && wire.includes(`"reason":"${field}`);
      }, field);
    }
  });

  it('reads every line of the WMT24 files', (t) => {
    const folder = sharedData('wmt24-esa');
    if (folder === undefined) {
      t.skip('needs ../shared/data/wmt24-esa');
      return;
    }
    for (const name of ['en-ja', 'en-zh', 'en-cs']) {
      const lines = readFileSync(join(folder, `${name}.jsonl`), 'utf8').trimEnd().split('\n');
      const sets = lines.map((line, index) => parseCandidateLine(JSON.parse(line), `${name}:${String(index + 1)}`));
      assert.ok(sets.length >= 297 && sets.every((set) => set.candidates.length > 1 && set.segment.targetLanguage === name.slice(3)));
    }
  });
});
