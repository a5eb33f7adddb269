import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { defaultRun } from '../../../src/app/settings.ts';
import { translateSegment } from '../../../src/app/translation/translateSegment.ts';
import { Glossary } from '../../../src/core/glossary/glossary.ts';
import { FakeBackend } from '../support/fakeBackend.ts';
import { inProcess, openBench } from '../app/support.ts';

describe('terms of a segment', () => {
  it('are in the prompt that takes them, decide between equal scores, and stand in the signature', async () => {
    const bench = await openBench();
    const [job] = bench.session.pending();
    assert.ok(job !== undefined);
    const glossary = new Glossary([{ source: 'hello', targets: ['やあ'], forbidden: [] }, { source: 'dog', targets: ['犬'], forbidden: [] }]);
    const backend = new FakeBackend(() => ['どう', 'やあ'], { parts: ['terms'] });
    const run = { backend, description: await backend.describe(), compute: inProcess, settings: defaultRun, aligner: '', version: '0', glossary };
    const { candidates, signature } = await translateSegment(run, job, () => undefined, new AbortController().signal);
    assert.deepEqual(backend.requests[0]?.context?.terms, [{ source: 'hello', target: 'やあ' }]);
    assert.deepEqual(candidates.map(({ text, rank, termFaults }) => [text, rank, termFaults]), [['やあ', 1, 0], ['どう', 2, 1]]);
    assert.equal(signature.terms?.count, 1);
  });
});
