import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { canonicalJson } from '../../../src/core/canonicalJson.ts';
import { AppError } from '../../../src/core/errors.ts';
import { candidateHash, canonicalSet, setHash, setText, setTextHash, sha256Hex } from '../../../src/core/hash.ts';
import { parseCandidateSet } from '../../../src/core/candidateSchema.ts';
import { buildCandidate, buildSet } from '../support/judgmentBuilders.ts';

describe('canonicalJson', () => {
  it('is JSON, whatever order the keys were added in', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => {
      const text = canonicalJson(value);
      assert.deepEqual(JSON.parse(text), JSON.parse(JSON.stringify(value)));
      assert.equal(canonicalJson(reversed(value)), text);
    }));
  });

  it('leaves absent members out and refuses what JSON cannot say, with its place', () => {
    assert.equal(canonicalJson({ b: undefined, a: 1 }), '{"a":1}');
    for (const [value, place] of [[{ a: [1, Number.NaN] }, '$.a[1]'], [Infinity, '$'], [[undefined], '$[0]'], [{ f: () => 1 }, '$.f'], [1n, '$']] as const) {
      assert.throws(() => canonicalJson(value), (thrown) => thrown instanceof AppError && JSON.stringify(thrown.data).includes(place));
    }
  });
});

describe('hashes', () => {
  it('are SHA-256 of UTF-8', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => {
      assert.equal(sha256Hex(text), createHash('sha256').update(text, 'utf8').digest('hex'));
    }));
  });

  it('of a set do not see the last bits of a score, nor the order of keys, and see all else', () => {
    const set = buildSet(['一', '二']);
    const base = setHash(set);
    const [first = buildCandidate('一'), second = buildCandidate('二')] = set.candidates;
    const same = { ...set, candidates: [{ ...first, scores: { mbr: 0.5 + 1e-12 } }, second] };
    assert.equal(setHash(same), base);
    assert.equal(setHash({ signature: set.signature, candidates: set.candidates, segment: set.segment }), base);
    for (const other of [
      { ...set, candidates: [{ ...first, scores: { mbr: 0.51 } }, second] },
      { ...set, candidates: [{ ...first, count: 2 }, second] },
      { ...set, candidates: [second, first] },
      { ...set, segment: { ...set.segment, source: 'x' } },
      { ...set, signature: { ...set.signature, seed: 8 } },
    ]) assert.notEqual(setHash(other), base);
  });

  it('of a set are of all numbers that a person may have seen: they are kept', () => {
    const scores = { mbr: 0.81, chrf: 0.432, critic: 0.75, quality: 0.7, sourceCoverage: 1, omittedWords: 2, targetCoverage: 0.9, hybrid: 1.25 };
    const parsed = parseCandidateSet(JSON.parse(setText({ ...buildSet(['一']), candidates: [buildCandidate('一', { scores })] })));
    assert.ok(parsed.ok);
    assert.deepEqual(parsed.value.candidates[0]?.scores, scores);
  });

  it('of a set hold for the file that another clone reads', () => {
    const set = { ...buildSet(['一']), candidates: [buildCandidate('一', { logProb: -12.345678, scores: { mbr: 1 / 3, hybrid: -0.0000001 } })] };
    const text = setText(set);
    assert.equal(setTextHash(`${text}\r\n`), setHash(set));
    const parsed = parseCandidateSet(JSON.parse(text));
    assert.ok(parsed.ok);
    assert.equal(setHash(parsed.value), setHash(set));
    assert.deepEqual(canonicalSet(canonicalSet(set)), canonicalSet(set));
    assert.match(candidateHash('一'), /^[0-9a-f]{16}$/u);
  });
});

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).reverse().map(([key, member]) => [key, reversed(member)]));
}
