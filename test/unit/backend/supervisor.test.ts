import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { EngineSupervisor, type EngineTask } from '../../../src/backend/supervisor.ts';
import type { EngineSettings } from '../../../src/protocol/engine.ts';
import { AppError, isAbort } from '../../../src/core/errors.ts';
import { FakeEngine } from '../support/fakeEngine.ts';

const never = new AbortController().signal;
const minute = 60_000;

function supervised(engine = new FakeEngine()): { engine: FakeEngine; supervisor: EngineSupervisor } {
  return { engine, supervisor: new EngineSupervisor({ spawn: engine.spawn, timers: engine.timers }) };
}

const whoAmI: EngineTask<number> = (engine) => Promise.resolve(engine.hello.pid);

const generate: EngineTask<string> = async (engine) => {
  const { samples } = await engine.call('generate', {
    model: 1, prompt: 'p', sampling: { n: 1, temperature: 1, topP: 1, topK: 0, maxTokens: 8 }, seed: 0, segmentKey: 's',
  });
  return samples.map((sample) => sample.text).join();
};

async function until(condition: () => boolean): Promise<void> {
  for (let turn = 0; !condition(); turn++) {
    assert.ok(turn < 1000, 'the condition never came true');
    await new Promise((resolve) => { setImmediate(resolve); });
  }
}

/** Runs a task that the engine does not survive. */
async function crash(supervisor: EngineSupervisor, engine: FakeEngine): Promise<unknown> {
  engine.held = [];
  const outcome = supervisor.use(generate, never).catch((error: unknown) => error);
  await until(() => (engine.held ?? []).length > 0);
  engine.held = undefined;
  engine.last.crash('signal SIGSEGV');
  return outcome;
}

function isCrash(error: unknown, detail: RegExp): boolean {
  return error instanceof AppError && error.code === 'engine.crashed' && detail.test((error.data as { detail: string }).detail);
}

describe('settings of the engine', () => {
  it('are told before the next task, again when they change and to every new process', async () => {
    const engine = new FakeEngine();
    let settings: EngineSettings = { memoryBytes: 1 };
    const supervisor = new EngineSupervisor({ spawn: engine.spawn, timers: engine.timers, settings: () => settings });
    await supervisor.use(whoAmI, never);
    await supervisor.use(whoAmI, never);
    assert.deepEqual(engine.settings, [{ memoryBytes: 1 }]);
    settings = { memoryBytes: 2 };
    await supervisor.use(whoAmI, never);
    assert.deepEqual(engine.settings, [{ memoryBytes: 1 }, { memoryBytes: 2 }]);
    await crash(supervisor, engine);
    assert.equal(await supervisor.use(whoAmI, never), 2);
    assert.deepEqual(engine.settings.at(-1), { memoryBytes: 2 });
    assert.equal(engine.settings.length, 3);
    await supervisor.dispose();
  });
});

describe('engine supervisor', () => {
  it('starts with the first task and keeps the process', async () => {
    const { engine, supervisor } = supervised();
    assert.equal(engine.processes.length, 0);
    assert.deepEqual([await supervisor.use(whoAmI, never), await supervisor.use(whoAmI, never)], [1, 1]);
    assert.equal(engine.processes.length, 1);
    await supervisor.dispose();
  });

  it('runs tasks one at a time, in order, whatever becomes of them', async () => {
    const { supervisor } = supervised();
    const log: string[] = [];
    const task = (name: string): EngineTask<void> => async (engine) => {
      log.push(`${name} starts`);
      await engine.call('tokenize', { model: 1, text: '' });
      log.push(`${name} ends`);
      if (name === 'b') throw new Error('b fails');
    };
    const outcomes = await Promise.allSettled(['a', 'b', 'c'].map((name) => supervisor.use(task(name), never)));
    assert.deepEqual(outcomes.map((outcome) => outcome.status), ['fulfilled', 'rejected', 'fulfilled']);
    assert.deepEqual(log, ['a starts', 'a ends', 'b starts', 'b ends', 'c starts', 'c ends']);
    await supervisor.dispose();
  });

  it('fails the task that ran when the process died, and replays those that waited in a new one', async () => {
    const { engine, supervisor } = supervised();
    engine.held = [];
    const running = supervisor.use(generate, never).catch((error: unknown) => error);
    const waiting = supervisor.use(generate, never);
    await until(() => engine.held?.length === 1);
    engine.held = undefined;
    engine.last.crash('signal SIGSEGV');
    assert.ok(isCrash(await running, /^signal SIGSEGV$/u));
    assert.equal(await waiting, 'text 0');
    assert.equal(engine.processes.length, 2);
    await supervisor.dispose();
  });

  it('fails what waited through two crashes', async () => {
    const { engine, supervisor } = supervised();
    engine.manner = 'broken';
    const outcome = await supervisor.use(whoAmI, never).catch((error: unknown) => error);
    assert.ok(isCrash(outcome, /134/u));
    assert.equal(engine.processes.length, 2);
    await supervisor.dispose();
  });

  it('restarts three times in ten minutes, then refuses until a crash is old enough', async () => {
    const { engine, supervisor } = supervised();
    for (let crashes = 0; crashes < 4; crashes++) {
      assert.ok(isCrash(await crash(supervisor, engine), /SIGSEGV/u));
      engine.pass(minute);
    }
    assert.equal(engine.processes.length, 4);
    assert.ok(isCrash(await supervisor.use(whoAmI, never).catch((error: unknown) => error), /4 times in 10 minutes.*SIGSEGV/u));
    assert.equal(engine.processes.length, 4);
    engine.pass(6.5 * minute);
    assert.equal(await supervisor.use(whoAmI, never), 5);
    await supervisor.dispose();
  });

  it('gives up on a process that does not say hello in time', async () => {
    const { engine, supervisor } = supervised();
    engine.manner = 'mute';
    const outcome = supervisor.use(whoAmI, never);
    await until(() => engine.processes.length === 1);
    engine.manner = 'well';
    engine.pass(20_000);
    assert.equal(await outcome, 2);
    assert.ok(engine.processes[0]?.killed);
    await supervisor.dispose();
  });

  it('fails tasks when no process can be started', async () => {
    const supervisor = new EngineSupervisor({ spawn: () => { throw new Error('spawn EMFILE'); }, timers: new FakeEngine().timers });
    assert.ok(isCrash(await supervisor.use(whoAmI, never).catch((error: unknown) => error), /EMFILE/u));
    await supervisor.dispose();
  });

  it('stops a process that nobody uses, and that is no crash', async () => {
    const { engine, supervisor } = supervised();
    for (let time = 1; time <= 6; time++) {
      assert.equal(await supervisor.use(whoAmI, never), time);
      await until(() => { engine.pass(5 * minute); return engine.last.killed; });
    }
    await supervisor.dispose();
  });

  it('cancels a running task through the engine and a waiting one at once', async () => {
    const { engine, supervisor } = supervised();
    engine.held = [];
    const [first, second] = [new AbortController(), new AbortController()];
    const task: EngineTask<unknown> = (client) => client.call('generate', {
      model: 1, prompt: 'p', sampling: { n: 1, temperature: 1, topP: 1, topK: 0, maxTokens: 8 }, seed: 0, segmentKey: 's',
    }, { signal: first.signal });
    const running = supervisor.use(task, first.signal).catch((error: unknown) => error);
    const waiting = supervisor.use(whoAmI, second.signal).catch((error: unknown) => error);
    await until(() => engine.held?.length === 1);
    second.abort();
    assert.ok(isAbort(await waiting));
    first.abort();
    assert.ok(isAbort(await running));
    assert.equal(await supervisor.use(whoAmI, never), 1, 'the process goes on');
    assert.ok(isAbort(await supervisor.use(whoAmI, AbortSignal.abort()).catch((error: unknown) => error)));
    await supervisor.dispose();
  });

  it('kills the process when disposed, and aborts what ran, waits or comes later', async () => {
    const { engine, supervisor } = supervised();
    engine.held = [];
    const outcomes = [supervisor.use(generate, never), supervisor.use(whoAmI, never)].map((task) => task.catch((error: unknown) => error));
    await until(() => engine.held?.length === 1);
    await supervisor.dispose();
    await supervisor.dispose();
    assert.ok(engine.last.killed);
    for (const outcome of await Promise.all(outcomes)) assert.ok(isAbort(outcome), String(outcome));
    assert.ok(isAbort(await supervisor.use(whoAmI, never).catch((error: unknown) => error)));
    assert.equal(engine.processes.length, 1);
  });

  it('can be disposed while the process is starting', async () => {
    const { engine, supervisor } = supervised();
    engine.manner = 'mute';
    const outcome = supervisor.use(whoAmI, never).catch((error: unknown) => error);
    await until(() => engine.processes.length === 1);
    await supervisor.dispose();
    assert.ok(isAbort(await outcome));
    assert.equal(engine.processes.length, 1);
  });
});
