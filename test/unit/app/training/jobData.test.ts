import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readJobData } from '../../../../src/app/training/jobData.ts';
import { prepareJob, readJob } from '../../../../src/app/training/prepareJob.ts';
import { AppError } from '../../../../src/core/errors.ts';
import { FakeFileSystem } from '../../store/support/memoryFileSystem.ts';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const row = (index: number, document = 'one'): string => `${JSON.stringify({ prompt: `p${index}`, chosen: 'a', rejected: 'b', source: `${index} a sentence of its own ${index * 7919} ${index * 104729}`, document })}\n`;

async function disk(files: Readonly<Record<string, string>>): Promise<FakeFileSystem> {
  const fs = new FakeFileSystem();
  for (const [path, text] of Object.entries({ '/base/config.json': '{}', ...files })) await fs.writeAtomic(path, encode(text));
  return fs;
}

const rows = (count: number): string => Array.from({ length: count }, (_, index) => row(index)).join('');

describe('data of a job', () => {
  it('holds sources out before anything is trained on, and keeps the bytes of every row', async () => {
    const data = await readJobData(await disk({ '/data/pairs.jsonl': rows(200) }), 'cpo', '/data');
    assert.equal(data.split.training + data.split.heldOut, 200);
    assert.ok(data.split.sources >= 30);
    const all = [...data.rows.split('\n'), ...data.heldOut.split('\n')].filter((line) => line !== '').sort();
    assert.deepEqual(all, rows(200).trimEnd().split('\n').sort());
  });

  it('drops training and replay rows whose source is held out or a reference, whatever its case', async () => {
    const source = (text: string): string => (JSON.parse(text) as { source: string }).source;
    const fs = await disk({
      '/data/pairs.jsonl': rows(50), '/data/heldout.jsonl': row(3), '/data/replay.jsonl': row(3) + row(4) + row(60),
      '/data/references.jsonl': `${JSON.stringify({ source: source(row(4)).toUpperCase(), reference: 'x' })}\n`,
    });
    const data = await readJobData(fs, 'cpo', '/data');
    assert.equal(data.split.training, 48);
    assert.equal(data.split.droppedForHeldOut, 2);
    assert.equal(data.replay, row(60));
  });

  it('reads a single file', async () => {
    const data = await readJobData(await disk({ '/pairs.jsonl': rows(100) }), 'cpo', '/pairs.jsonl');
    assert.equal(data.references, '');
    assert.equal(data.split.training + data.split.heldOut, 100);
  });

  it('names the line that is no row', async () => {
    const fs = await disk({ '/data/pairs.jsonl': `${row(1)}{"chosen": 1}\n` });
    await assert.rejects(readJobData(fs, 'cpo', '/data'), (error) => error instanceof AppError && error.code === 'input.invalid' && error.message.includes('pairs.jsonl:2'));
  });
});

describe('preparing a job', () => {
  const request = { stage: 'cpo', data: '/data', base: '/base', out: '/job' } as const;

  it('writes a directory that the same request resumes and another one does not overwrite', async () => {
    const fs = await disk({ '/data/pairs.jsonl': rows(100), '/more/pairs.jsonl': rows(101) });
    assert.equal((await prepareJob(fs, request)).resumed, false);
    assert.equal((await prepareJob(fs, request)).resumed, true);
    assert.equal((await readJob(fs, '/job')).stage, 'cpo');
    await assert.rejects(prepareJob(fs, { ...request, data: '/more' }), (error) => error instanceof AppError && error.message.includes('another job'));
  });

  it('names a base that is no model and a config that is not there', async () => {
    const fs = await disk({ '/data/pairs.jsonl': rows(100) });
    await assert.rejects(prepareJob(fs, { ...request, base: '/nowhere' }), (error) => error instanceof AppError && error.code === 'engine.modelMissing');
    await assert.rejects(prepareJob(fs, { ...request, config: '/no.yaml' }), (error) => error instanceof AppError && error.code === 'document.notFound');
  });
});
