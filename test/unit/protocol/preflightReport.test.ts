import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { parsePreflight } from '../../../src/protocol/preflightReport.ts';

const fixture: unknown = JSON.parse(readFileSync(new URL('../../fixtures/trainer/preflight.json', import.meta.url), 'utf8'));

describe('preflight report', () => {
  it('of the shared fixture is read without losing a field', () => {
    assert.deepEqual(parsePreflight(fixture), { ok: true, value: fixture });
  });

  it('may end after its first problem', () => {
    const early = { problems: [{ code: 'baseMissing', text: 'x' }], warnings: [] };
    assert.deepEqual(parsePreflight(early), { ok: true, value: early });
    assert.equal(parsePreflight({ warnings: [] }).ok, false);
  });
});
