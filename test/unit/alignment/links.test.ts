import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { coverage, possibleOmissions } from '../../../src/core/alignment/coverage.ts';
import { alignmentErrorRate } from '../../../src/core/alignment/errorRate.ts';
import { formatPharaoh, parsePharaoh } from '../../../src/core/alignment/pharaoh.ts';
import type { GoldLinks } from '../../../src/core/alignment/pharaoh.ts';
import { symmetrise } from '../../../src/core/alignment/symmetrise.ts';
import { sharedData } from '../support/sharedData.ts';

const directed = (size: number): fc.Arbitrary<(number | undefined)[]> => fc.array(fc.option(fc.integer({ min: 0, max: 4 }), { nil: undefined }), { minLength: size, maxLength: size });

describe('symmetrise', () => {
  it('goes from the intersection to the union', () => {
    fc.assert(fc.property(directed(5), directed(5), (forward, backward) => {
      const sets = (['intersection', 'growDiag', 'growDiagFinalAnd', 'union'] as const).map((method) => new Set(formatPharaoh(symmetrise({ forward, backward }, method)).split(' ').filter(Boolean)));
      sets.slice(1).forEach((larger, index) => assert.ok([...(sets[index] ?? [])].every((link) => larger.has(link))));
    }));
  });

  it('grows along the diagonal, then adds links of free words only', () => {
    // forward: target 0 to source 0, 1 to 1, 2 to 1, 3 to 4; backward: source 0 to target 0, 1 to 1, 4 to none
    const directions = { forward: [0, 1, 1, 4], backward: [0, 1, undefined, undefined, undefined] };
    assert.equal(formatPharaoh(symmetrise(directions, 'intersection')), '0-0 1-1');
    assert.equal(formatPharaoh(symmetrise(directions, 'growDiag')), '0-0 1-1 1-2');
    assert.equal(formatPharaoh(symmetrise(directions, 'growDiagFinalAnd')), '0-0 1-1 1-2 4-3');
  });
});

describe('parsePharaoh', () => {
  it('reads sure and possible links and either first index', () => {
    const gold = parsePharaoh('1-1 2p3 ', 1, 'gold:1');
    assert.deepEqual(gold.sure, [{ source: 0, target: 0 }]);
    assert.deepEqual(gold.possible, [{ source: 0, target: 0 }, { source: 1, target: 2 }]);
    assert.deepEqual(parsePharaoh('', 0, 'x').possible, []);
  });

  it('names a mark that is not a link', () => {
    for (const bad of ['1-', 'a-1', '0-1', '1:1']) {
      assert.throws(() => parsePharaoh(`2-2 ${bad}`, 1, 'gold:7'), (error) => JSON.stringify(error).includes('gold:7') && JSON.stringify(error).includes(bad));
    }
  });

  it('reads back what formatPharaoh prints', () => {
    const link = fc.tuple(fc.nat(99), fc.nat(99)).map(([source, target]) => ({ source, target }));
    fc.assert(fc.property(fc.array(link), (links) => {
      assert.deepEqual(parsePharaoh(formatPharaoh(links), 0, 'x').sure, links);
    }));
  });
});

describe('alignmentErrorRate', () => {
  it('counts sure links for recall and possible ones for precision', () => {
    const gold = [parsePharaoh('0-0 1p1 2-2', 0, 'x')];
    const found = alignmentErrorRate(gold, [parsePharaoh('0-0 1-1 3-3', 0, 'x').sure]);
    assert.deepEqual(found, { errorRate: 1 - (1 + 2) / (3 + 2), precision: 2 / 3, recall: 1 / 2 });
  });

  it('gives the published rates of stored outputs', (t) => {
    const folder = sharedData('gold-align');
    if (folder === undefined) {
      t.skip('needs ../shared/data/gold-align');
      return;
    }
    for (const [name, published] of [['enfr', '4.1'], ['jaen', '37.4']] as const) {
      const read = (ending: string, first: 0 | 1): GoldLinks[] => readFileSync(join(folder, `${name}.${ending}`), 'utf8').trimEnd().split('\n').map((line) => parsePharaoh(line, first, name));
      const outputs = read('awesome-align.out', 0).map(({ sure }) => sure);
      assert.equal((100 * alignmentErrorRate(read('gold', 1), outputs).errorRate).toFixed(1), published);
    }
  });
});

describe('coverage', () => {
  const tokens = (marks: string): { isWord: boolean }[] => [...marks].map((mark) => ({ isWord: mark === 'w' }));

  it('is the share of words with a link; punctuation does not count', () => {
    const links = [{ source: 0, target: 1 }, { source: 2, target: 2 }];
    assert.deepEqual(coverage(tokens('ww.'), tokens('www'), links), { source: 0.5, target: 2 / 3, uncoveredSource: [1], uncoveredTarget: [0] });
    assert.deepEqual(coverage(tokens('.'), tokens(''), []), { source: 1, target: 1, uncoveredSource: [], uncoveredTarget: [] });
  });

  it('calls omitted what most other candidates cover', () => {
    const uncovered = (...uncoveredSource: number[]) => ({ source: 0, target: 0, uncoveredSource, uncoveredTarget: [] });
    assert.deepEqual(possibleOmissions([uncovered(0, 3), uncovered(0), uncovered(0, 1)], [1, 1, 1]), [[3], [], [1]]);
    assert.deepEqual(possibleOmissions([uncovered(1), uncovered(1), uncovered()], [1, 1, 5]), [[1], [1], []]);
    assert.deepEqual(possibleOmissions([uncovered(1)], [4]), [[]]);
  });
});
