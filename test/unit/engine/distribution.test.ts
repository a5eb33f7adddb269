import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { logSumExp, TokenDistribution, type Shape } from '../../../src/engine/distribution.ts';
import { nextWord, SamplePoint, SampleRandom, vanDerCorput } from '../../../src/engine/random.ts';

const plain: Shape = { temperature: 1, topP: 1, topK: 0 };
const logits = Float32Array.of(1.5, -0.5, 3, 0, 2.25, -30, 2.25, -1);

/** The same by the book: softmax, sort, cut, normalise. */
function naive(values: Float32Array, { temperature, topP, topK }: Shape): number[] {
  const weights = Array.from(values, (value) => Math.exp((value - Math.max(...values)) / temperature));
  const order = [...weights.keys()].sort((a, b) => (weights[b] ?? 0) - (weights[a] ?? 0) || a - b);
  const kept = topK > 0 ? order.slice(0, topK) : order;
  const mass = kept.reduce((sum, token) => sum + (weights[token] ?? 0), 0);
  let reached = 0;
  const nucleus = kept.filter((token) => {
    const inside = reached < topP * mass;
    reached += weights[token] ?? 0;
    return inside;
  });
  const total = nucleus.reduce((sum, token) => sum + (weights[token] ?? 0), 0);
  return weights.map((weight, token) => (nucleus.includes(token) ? weight / total : 0));
}

/** Share of each token over a fine grid of draws: exact up to one part in the grid. */
function shares(distribution: TokenDistribution, size: number, grid = 20_000): number[] {
  const counts = new Array<number>(size).fill(0);
  for (let at = 0; at < grid; at++) {
    const { token } = distribution.draw((at + 0.5) / grid);
    counts[token] = (counts[token] ?? 0) + 1;
  }
  return counts.map((count) => count / grid);
}

function chiSquare(observed: readonly number[], expected: readonly number[], draws: number): number {
  return expected.reduce((sum, p, token) => (p === 0 ? sum : sum + ((observed[token] ?? 0) - p * draws) ** 2 / (p * draws)), 0);
}

describe('token distribution', () => {
  const shapes: readonly Shape[] = [
    plain,
    { ...plain, temperature: 0.6 },
    { ...plain, temperature: 2.5 },
    { ...plain, topK: 3 },
    { ...plain, topK: 4 },
    { ...plain, topP: 0.7 },
    { ...plain, topP: 0.05 },
    { temperature: 0.8, topK: 5, topP: 0.9 },
  ];
  for (const shape of shapes) {
    it(`draws as the definition says: ${JSON.stringify(shape)}`, () => {
      const distribution = new TokenDistribution(logits.length);
      distribution.load(logits, shape);
      const expected = naive(logits, shape);
      shares(distribution, logits.length).forEach((share, token) => {
        assert.ok(Math.abs(share - (expected[token] ?? 0)) < 1e-3, `token ${String(token)}: ${String(share)} for ${String(expected[token])}`);
      });
    });
  }

  it('gives seeded draws that fit their probabilities (chi-square, 99.9 % of 6 degrees of freedom)', () => {
    const distribution = new TokenDistribution(logits.length);
    distribution.load(logits, plain);
    const random = new SampleRandom(7, 'chi', 0);
    const draws = 20_000;
    const counts = new Array<number>(logits.length).fill(0);
    for (let at = 0; at < draws; at++) {
      const { token } = distribution.draw(random.next());
      counts[token] = (counts[token] ?? 0) + 1;
    }
    const expected = naive(logits, plain).map((p) => (p < 1e-9 ? 0 : p));
    assert.ok(chiSquare(counts, expected, draws) < 22.46, String(chiSquare(counts, expected, draws)));
  });

  it('agrees with the definition for random logits, and its logProb with a plain softmax', () => {
    const shape = fc.record({
      temperature: fc.double({ min: 0.2, max: 3, noNaN: true }),
      topP: fc.double({ min: 0.01, max: 1, noNaN: true }),
      topK: fc.nat(30),
    });
    const values = fc.array(fc.integer({ min: -4000, max: 1000 }), { minLength: 1, maxLength: 40 });
    fc.assert(fc.property(values, shape, (raw, how) => {
      const row = Float32Array.from(raw, (value) => value / 100);
      const distribution = new TokenDistribution(row.length);
      distribution.load(row, how);
      const grid = 2000;
      const expected = naive(row, how);
      shares(distribution, row.length, grid).forEach((share, token) => {
        assert.ok(Math.abs(share - (expected[token] ?? 0)) <= 2 / grid, `${String(share)} for ${String(expected[token])}`);
      });
      const normaliser = Math.log(row.reduce((sum, value) => sum + Math.exp(value), 0));
      row.forEach((value, token) => { assert.ok(Math.abs(distribution.logProb(token) - (value - normaliser)) < 1e-6); });
      assert.ok(Math.abs(logSumExp(row) - normaliser) < 1e-9);
    }), { numRuns: 100 });
  });

  it('takes the first best token at temperature 0, and still knows log P at T = 1', () => {
    const distribution = new TokenDistribution(3);
    distribution.load(Float32Array.of(1, 4, 4), { ...plain, temperature: 0 });
    assert.deepEqual([0, 0.5, 0.999].map((u) => distribution.draw(u).token), [1, 1, 1]);
    assert.ok(Math.abs(distribution.logProb(1) - Math.log(1 / (2 + Math.exp(-3)))) < 1e-8);
  });
});

describe('sample random', () => {
  it('is the same for the same key and another for any other', () => {
    const first = (...key: [number, string, number]): number[] => {
      const random = new SampleRandom(...key);
      return [random.next(), random.next(), random.next()];
    };
    assert.deepEqual(first(1, 'a', 0), first(1, 'a', 0));
    const others = [first(1, 'a', 0), first(2, 'a', 0), first(1, 'b', 0), first(1, 'a', 1), first(1, 'a,0', 0)];
    assert.equal(new Set(others.flat()).size, 15);
  });

  it('is uniform (chi-square over 64 cells, 99.9 %)', () => {
    const cells = new Array<number>(64).fill(0);
    for (let sample = 0; sample < 64; sample++) {
      const random = new SampleRandom(3, 'cells', sample);
      for (let at = 0; at < 500; at++) {
        const cell = Math.floor(random.next() * 64);
        cells[cell] = (cells[cell] ?? 0) + 1;
      }
    }
    assert.ok(chiSquare(cells, cells.map(() => 1 / 64), 32_000) < 103.4);
  });

  it('steps as the reference implementation of xoshiro128++ does from the state 1, 2, 3, 4', () => {
    const state = Uint32Array.of(1, 2, 3, 4);
    const words = Array.from({ length: 10 }, () => nextWord(state));
    assert.deepEqual(words, [
      641, 1573767, 3222811527, 3517856514, 836907274, 4247214768, 3867114732, 1355841295, 495546011, 621204420,
    ]);
  });
});

describe('sample points', () => {
  /** Two tokens a step from a distribution of three tokens, by sample. */
  function pairs(samples: number, seed: number): string[] {
    const distribution = new TokenDistribution(3);
    distribution.load(Float32Array.from([0.5, 0.3, 0.2], Math.log), plain);
    return Array.from({ length: samples }, (_, sample) => {
      const point = new SamplePoint(seed, 'pairs', sample);
      const step = (): number => {
        const { token, low, width } = distribution.draw(point.next());
        point.narrow(low, width);
        return token;
      };
      return `${String(step())}${String(step())}`;
    });
  }

  it('read the bits of a number backwards', () => {
    assert.deepEqual([0, 1, 2, 3, 4, 5].map(vanDerCorput), [0, 0.5, 0.25, 0.75, 0.125, 0.625]);
  });

  it('are spread evenly: of 64 samples each sequence gets 64 times its probability, give or take two', () => {
    const expected = [0.5, 0.3, 0.2].flatMap((first, a) => [0.5, 0.3, 0.2].map((second, b) => [`${String(a)}${String(b)}`, first * second] as const));
    for (let seed = 0; seed < 20; seed++) {
      const found = pairs(64, seed);
      for (const [name, p] of expected) {
        const count = found.filter((one) => one === name).length;
        assert.ok(Math.abs(count - 64 * p) < 2, `${name}: ${String(count)} for ${String(64 * p)}`);
      }
    }
  });

  it('are each drawn from the distribution itself (chi-square over 4,000 seeds, 99.9 % of 8 degrees of freedom)', () => {
    const found = Array.from({ length: 4000 }, (_, seed) => pairs(6, seed)[5]);
    const shares = [0.5, 0.3, 0.2].flatMap((first) => [0.5, 0.3, 0.2].map((second) => first * second));
    const counts = shares.map((_, cell) => found.filter((one) => one === `${String(Math.floor(cell / 3))}${String(cell % 3)}`).length);
    assert.ok(chiSquare(counts, shares, 4000) < 26.12, String(chiSquare(counts, shares, 4000)));
  });

  it('stay uniform when a sample is alone (chi-square over 32 cells, 99.9 %)', () => {
    const cells = new Array<number>(32).fill(0);
    for (let sample = 0; sample < 200; sample++) {
      const point = new SamplePoint(5, 'long', sample);
      for (let at = 0; at < 200; at++) {
        const cell = Math.floor(point.next() * 32);
        cells[cell] = (cells[cell] ?? 0) + 1;
        point.narrow(cell / 32, 1 / 32);
      }
    }
    assert.ok(chiSquare(cells, cells.map(() => 1 / 32), 40_000) < 61.1, String(chiSquare(cells, cells.map(() => 1 / 32), 40_000)));
  });
});
