import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { translateSegment, type RunContext } from '../../../src/app/translation/translateSegment.ts';
import { sameSignature } from '../../../src/app/translation/sameSignature.ts';
import { defaultRun } from '../../../src/app/settings.ts';
import { AppError } from '../../../src/core/errors.ts';
import { FakeBackend, type Answer } from '../support/fakeBackend.ts';
import { inProcess, openBench, threeCandidates } from './support.ts';

const never = new AbortController().signal;

async function withTeacher(answer: Answer): Promise<{ run: RunContext; teacher: FakeBackend; failures: string[] }> {
  const backend = new FakeBackend(threeCandidates);
  const teacher = new FakeBackend(answer, { name: 'teacher', model: 'big-model' });
  const failures: string[] = [];
  const run: RunContext = {
    backend, description: await backend.describe(), compute: inProcess, settings: defaultRun, aligner: '', version: '0',
    teachers: [{ backend: teacher, description: await teacher.describe() }],
    onTeacherFailure: ({ description }) => { failures.push(description.name); },
  };
  return { run, teacher, failures };
}

describe('a teacher', () => {
  it('adds its one best translation, marked, and stands in the signature', async () => {
    const bench = await openBench();
    const { run, teacher } = await withTeacher(() => ['先生の訳']);
    const [job] = bench.session.pending();
    assert.ok(job !== undefined);
    const { candidates, signature } = await translateSegment(run, job, () => undefined, never);
    assert.deepEqual(candidates.filter((candidate) => candidate.teacher === true).map(({ text, origin, count }) => [text, origin, count]), [['先生の訳', 'big-model', 1]]);
    assert.equal(candidates.length, 4);
    assert.deepEqual([teacher.requests[0]?.sampling.n, teacher.requests[0]?.sampling.temperature], [1, 0]);
    assert.deepEqual(signature.teachers, ['big-model']);
    assert.ok(sameSignature(signature, { ...signature, teachers: [] }), 'a teacher that is away makes nothing stale');
  });

  it('who says what was drawn anyway is one of its origins', async () => {
    const bench = await openBench();
    const { run } = await withTeacher(({ source }) => [`${source}二`]);
    const [job] = bench.session.pending();
    assert.ok(job !== undefined);
    const { candidates } = await translateSegment(run, job, () => undefined, never);
    const same = candidates.find(({ text }) => text === 'Hello二');
    assert.deepEqual([same?.count, same?.teacher, same?.origins], [2, true, ['fake-model', 'big-model']]);
  });

  it('who fails costs nothing but a word', async () => {
    const bench = await openBench();
    const { run, failures } = await withTeacher(() => { throw new AppError('backend.unreachable', { url: 'http://t', reason: 'refused' }); });
    const [job] = bench.session.pending();
    assert.ok(job !== undefined);
    const { candidates } = await translateSegment(run, job, () => undefined, never);
    assert.equal(candidates.length, 3);
    assert.deepEqual(failures, ['teacher']);
  });
});
