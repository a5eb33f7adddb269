import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { normalCdf, normalQuantile } from '../../../src/core/evaluation/normal.ts';
import { seededRandom } from '../../../src/core/evaluation/random.ts';
import { lookLevels, looks, sequentialOutcome, winRate, type Verdict } from '../../../src/core/evaluation/winRate.ts';

const verdicts = (wins: number, losses: number, ties = 0): Verdict[] => [
  ...Array.from({ length: wins }, () => 'new' as const), ...Array.from({ length: losses }, () => 'old' as const), ...Array.from({ length: ties }, () => 'tie' as const),
];

describe('normal distribution', () => {
  it('knows the usual points', () => {
    assert.ok(Math.abs(normalQuantile(0.975) - 1.959964) < 1e-4);
    assert.ok(Math.abs(normalCdf(1) - 0.8413447) < 1e-6);
    assert.ok(Math.abs(normalCdf(-2) - 0.0227501) < 1e-6);
  });
});

describe('win rate', () => {
  it('counts ties half', () => {
    const result = winRate(verdicts(105, 8, 387));
    assert.ok(result !== undefined);
    assert.equal(result.rate, (105 + 387 / 2) / 500);
    assert.deepEqual([result.wins, result.losses, result.ties, result.n], [105, 8, 387, 500]);
  });

  it('is Wilson: 8 of 10 gives 0.4902 to 0.9433', () => {
    const result = winRate(verdicts(8, 2));
    assert.ok(result !== undefined);
    assert.ok(Math.abs(result.interval.low - 0.49016) < 1e-4);
    assert.ok(Math.abs(result.interval.high - 0.94332) < 1e-4);
  });

  it('has an interval of positive width even when one side wins all, and none without verdicts', () => {
    const result = winRate(verdicts(30, 0));
    assert.ok(result !== undefined && result.interval.low > 0.88 && result.interval.low < 0.89);
    assert.equal(winRate([]), undefined);
  });

  it('mirrors when the sides change', () => {
    fc.assert(fc.property(fc.nat(40), fc.nat(40), fc.nat(40), (wins, losses, ties) => {
      const [one, other] = [winRate(verdicts(wins, losses, ties)), winRate(verdicts(losses, wins, ties))];
      if (one === undefined || other === undefined) return wins + losses + ties === 0;
      return Math.abs(one.interval.low - (1 - other.interval.high)) < 1e-9;
    }));
  });
});

describe('looks with alpha spending', () => {
  it('asks for much at the first look and spends no more than it has', () => {
    const levels = lookLevels(0.95);
    assert.equal(levels.length, 3);
    assert.ok((levels[0] ?? 0) > 0.9999);
    const spent = levels.reduce((sum, level) => sum + 1 - level, 0);
    assert.ok(Math.abs(spent - 0.05) < 1e-4, `spent ${spent}`);
  });

  it('errs in at most 5 % of sessions where both models are equal; looking with a plain interval errs more', () => {
    const random = seededRandom(3);
    let [spending, plain] = [0, 0];
    for (let session = 0; session < 2000; session++) {
      const drawn = Array.from({ length: 120 }, (): Verdict => (random() < 0.5 ? 'new' : 'old'));
      const outcome = sequentialOutcome(drawn);
      if (outcome.kind === 'better' || outcome.kind === 'worse') spending += 1;
      if (looks.some((look) => { const at = winRate(drawn.slice(0, look)); return at !== undefined && (at.interval.low > 0.5 || at.interval.high < 0.5); })) plain += 1;
    }
    assert.ok(spending / 2000 <= 0.05, `with spending ${spending / 2000}`);
    assert.ok(plain / 2000 > 0.07, `without ${plain / 2000}`);
  });

  it('waits for the first look, decides a clear case there and leaves an even one undecided', () => {
    assert.deepEqual(sequentialOutcome(verdicts(29, 0)), { kind: 'waiting', next: 30 });
    assert.equal(sequentialOutcome(verdicts(30, 0)).kind, 'better');
    assert.equal(sequentialOutcome(verdicts(0, 30)).kind, 'worse');
    const even = sequentialOutcome(Array.from({ length: 130 }, (_, index) => (index % 2 === 0 ? 'new' : 'old')));
    assert.ok(even.kind === 'undecided' && even.look === 120);
  });
});
