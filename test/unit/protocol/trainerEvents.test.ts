import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { parseTrainerEvent } from '../../../src/protocol/trainerEvents.ts';

const lines = readFileSync(new URL('../../fixtures/trainer/events.jsonl', import.meta.url), 'utf8').trimEnd().split('\n');

describe('trainer events', () => {
  it('of the shared fixture are read without losing a field', () => {
    for (const line of lines) {
      const value: unknown = JSON.parse(line);
      assert.deepEqual(parseTrainerEvent(value), { ok: true, value });
    }
    assert.equal(new Set(lines.map((line) => (JSON.parse(line) as { kind: string }).kind)).size, 11);
  });

  it('are refused with the field that is wrong', () => {
    const parsed = parseTrainerEvent({ time: '2026-11-21T09:00:06.000Z', kind: 'checkpoint', step: -1, path: 'x' });
    assert.ok(!parsed.ok && parsed.reason.startsWith('step'));
    assert.equal(parseTrainerEvent({ kind: 'other' }).ok, false);
  });
});
