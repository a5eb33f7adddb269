/** Against a fake of Ray's Jobs API that answers as its documentation says; no cluster runs. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { AppError } from '../../../src/core/errors.ts';
import { RayJobs } from '../../../src/jobs/rayJobs.ts';
import { FakeOpenAi, json, stopFakes } from '../support/fakeOpenAi.ts';

const never = new AbortController().signal;
const submission = {
  job: "/shared/it's here", package: '/shared/trainer', python: 'python3', launcher: ['-m', 'accelerate.commands.launch', '--config_file', '/shared/fsdp.yaml'],
  gpus: 4, env: { HF_HUB_OFFLINE: '1' },
};
afterEach(stopFakes);

async function cluster(statuses: readonly string[]): Promise<{ readonly fake: FakeOpenAi; readonly ray: RayJobs }> {
  const fake = await new FakeOpenAi({
    '/api/jobs/': (_, response) => { json(response, { job_id: 'raysubmit_7', submission_id: 'raysubmit_7' }); },
    '/api/jobs/raysubmit_7': ({ count }, response) => {
      json(response, { submission_id: 'raysubmit_7', status: statuses[Math.min(count, statuses.length) - 1], message: 'a message', entrypoint: 'x' });
    },
    '/api/jobs/raysubmit_7/stop': (_, response) => { json(response, { stopped: true }); },
  }).start();
  return { fake, ray: new RayJobs({ address: `${fake.url}/`, fetch: globalThis.fetch }) };
}

describe('jobs on a Ray cluster', () => {
  it('are submitted with a quoted command, GPUs and variables, asked about and stopped', async () => {
    const { fake, ray } = await cluster(['PENDING', 'RUNNING', 'STOPPED']);
    assert.equal(await ray.submit(submission, never), 'raysubmit_7');
    assert.deepEqual(fake.requests[0]?.body, {
      entrypoint: String.raw`python3 -m accelerate.commands.launch --config_file /shared/fsdp.yaml -m interlinear_trainer train --job '/shared/it'\''s here'`,
      runtime_env: { env_vars: { HF_HUB_OFFLINE: '1', PYTHONPATH: '/shared/trainer' } },
      metadata: { job_submission_origin: 'interlinear', job: "/shared/it's here" },
      entrypoint_num_gpus: 4,
    });
    assert.deepEqual(await ray.status('raysubmit_7', never), { status: 'PENDING', message: 'a message' });
    assert.equal((await ray.status('raysubmit_7', never)).status, 'RUNNING');
    await ray.stop('raysubmit_7', never);
    assert.equal((await ray.status('raysubmit_7', never)).status, 'STOPPED');
  });

  it('fail with the address and what the cluster said', async () => {
    const { fake, ray } = await cluster([]);
    const about = (pattern: RegExp) => (error: unknown): boolean => error instanceof AppError && error.code === 'ray.failed' && pattern.test(JSON.stringify(error.data));
    await assert.rejects(ray.status('other', never), about(/404/u));
    await assert.rejects(ray.status('raysubmit_7', never), about(/it answered/u));
    await fake.stop();
    await assert.rejects(ray.submit(submission, never), about(/127\.0\.0\.1/u));
  });
});
