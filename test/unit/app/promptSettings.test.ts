import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { defaultRun, parseRunSettings } from '../../../src/app/settings.ts';
import { translateSegment, type RunContext } from '../../../src/app/translation/translateSegment.ts';
import type { CandidateSet } from '../../../src/core/candidate.ts';
import { parseCandidateSet } from '../../../src/core/candidateSchema.ts';
import { AppError } from '../../../src/core/errors.ts';
import { promptOfPair } from '../../../src/core/preference/promptOf.ts';
import type { PromptPart } from '../../../src/core/prompting/context.ts';
import { FakeBackend } from '../support/fakeBackend.ts';
import { inProcess, openBench, threeCandidates } from './support.ts';

const brief = { register: 'polite (desu/masu)', audience: 'children' };

async function drawn(parts: readonly PromptPart[], settings: Partial<typeof defaultRun>): Promise<{ readonly backend: FakeBackend; readonly set: CandidateSet }> {
  const bench = await openBench();
  const backend = new FakeBackend(threeCandidates, { parts, promptFamily: 'qwen3@1' });
  const run: RunContext = { backend, description: await backend.describe(), compute: inProcess, settings: { ...defaultRun, ...settings }, aligner: 'none', version: '0' };
  const [job] = bench.session.pending();
  assert.ok(job !== undefined);
  return { backend, set: await translateSegment(run, job, () => undefined, new AbortController().signal) };
}

describe('what a project says of its translations', () => {
  it('goes into every prompt that has a place for it, and into the signature', async () => {
    const { backend, set } = await drawn(['brief', 'auxiliary'], { brief, auxiliary: 'self' });
    assert.deepEqual(backend.requests[0]?.context, { brief, auxiliary: { mode: 'self' } });
    assert.deepEqual([set.signature.brief, set.signature.auxiliary], [brief, 'self']);
    const read = parseCandidateSet(JSON.parse(JSON.stringify(set)));
    assert.ok(read.ok);
    assert.deepEqual([read.value.signature.brief, read.value.signature.auxiliary], [brief, 'self'], 'and comes back from the disk');
  });

  it('takes the auxiliary translation from the memory, where it holds the whole segment (PMP-O)', async () => {
    const unit = { source: 'A letter', target: 'Dopis', origin: 'old.tmx' };
    const asked = async (score: number, target = 'pl'): Promise<{ readonly context: unknown; readonly set: CandidateSet }> => {
      const bench = await openBench();
      const backend = new FakeBackend(threeCandidates, { parts: ['auxiliary'], promptFamily: 'lmt@1' });
      const run: RunContext = {
        backend, description: await backend.describe(), compute: inProcess, settings: { ...defaultRun, auxiliary: 'memory' }, aligner: 'none', version: '0',
        auxiliary: () => Promise.resolve([{ kind: 'exact', score, unit }]),
      };
      const [job] = bench.session.pending();
      assert.ok(job !== undefined);
      const set = await translateSegment(run, { ...job, ref: { ...job.ref, targetLanguage: target } }, () => undefined, new AbortController().signal);
      return { context: backend.requests[0]?.context, set };
    };
    const { context, set } = await asked(100);
    assert.deepEqual(context, { auxiliary: { mode: 'given', language: 'cs', text: 'Dopis' } }, 'Czech helps Polish in the table');
    assert.equal(set.signature.auxiliary, 'memory');
    const read = parseCandidateSet(JSON.parse(JSON.stringify(set)));
    assert.ok(read.ok);
    assert.equal(read.value.signature.auxiliary, 'memory');
    assert.deepEqual((await asked(99)).context, {}, 'a near match says something else');
    assert.deepEqual((await asked(100, 'ja')).context, {}, 'the paper has no auxiliary for Japanese');
  });

  it('is left out where the prompt has no place for it, or nothing is said', async () => {
    for (const { backend, set } of [await drawn(['instruction'], { brief, auxiliary: 'self' }), await drawn(['brief', 'auxiliary'], {})]) {
      assert.deepEqual(backend.requests[0]?.context, {});
      assert.equal('brief' in set.signature || 'auxiliary' in set.signature, false);
    }
  });

  it('stands in the prompts of exported pairs', async () => {
    const { set: { segment, signature } } = await drawn(['brief'], { brief });
    const prompt = promptOfPair({ ...segment, signature }, {});
    assert.match(prompt?.text ?? '', /polite \(desu\/masu\)/u);
  });

  it('is read from settings: blank parts say nothing, and an unknown one is named', () => {
    assert.deepEqual(parseRunSettings({ ...defaultRun, brief: { genre: ' letter ', notes: '' } }).brief, { genre: 'letter' });
    assert.throws(() => parseRunSettings({ ...defaultRun, brief: { tone: 'soft' } }), (error) => error instanceof AppError && /brief/u.test(error.message));
    assert.throws(() => parseRunSettings({ ...defaultRun, auxiliary: 'both' }), (error) => error instanceof AppError && /auxiliary/u.test(error.message));
  });

  it('decisions of earlier segments come back from the disk as well', async () => {
    const { set } = await drawn([], {});
    const decisions = { names: [{ source: 'Anna', target: 'アンナ' }], pronoun: '僕', register: 'polite' as const };
    const read = parseCandidateSet(JSON.parse(JSON.stringify({ ...set, signature: { ...set.signature, context: { previous: 1, cut: 0, hash: 'a', decisions } } })));
    assert.ok(read.ok);
    assert.deepEqual(read.value.signature.context?.decisions, decisions);
  });
});
