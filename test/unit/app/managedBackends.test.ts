import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { afterEach, describe, it, type TestContext } from 'node:test';
import { parseProfile, type BackendProfile } from '../../../src/app/backendProfile.ts';
import { ManagedBackends } from '../../../src/app/managedBackends.ts';
import { systemClock } from '../../../src/backend/openai/clock.ts';
import { isAbort } from '../../../src/core/errors.ts';
import { FakeOpenAi, json, stopFakes } from '../support/fakeOpenAi.ts';
import { fails } from '../support/openAiScene.ts';

const never = new AbortController().signal;

const program = `
const { createServer } = require('node:http');
createServer((_, response) => { response.end(JSON.stringify({ data: [{ id: 'small' }] })); }).listen(Number(process.argv[1]), '127.0.0.1', () => console.log('up', process.pid));
`;
const command = `"${process.execPath}" -e ${JSON.stringify(program.replaceAll('\n', ' '))} {port}`;

function profile(given: Partial<BackendProfile>): BackendProfile {
  return { name: 'mine', urls: [], model: 'small', paths: [], teacher: false, ...given };
}

interface Scene {
  readonly managed: ManagedBackends;
  readonly memory: Map<string, string | undefined>;
  readonly log: () => string;
  readonly ended: readonly string[];
}

function scene(t: TestContext, memory = new Map<string, string | undefined>()): Scene {
  let text = '';
  const ended: string[] = [];
  const managed = new ManagedBackends({
    spawn, fetch: globalThis.fetch, clock: systemClock,
    memory: { get: (name) => memory.get(name), set: (name, url) => { memory.set(name, url); } },
    onLog: (name, piece) => { text += `${name}: ${piece}`; },
    onEnded: (name) => { ended.push(name); },
  });
  t.after(() => managed.dispose());
  return { managed, memory, log: () => text, ended };
}

afterEach(stopFakes);

describe('servers of profiles', () => {
  it('of ours are named with their addresses as long as they run, whatever became of their profiles', async (t) => {
    const { managed } = scene(t);
    const [mine, teacher] = await Promise.all(['mine', 'master'].map((name) => managed.start(profile({ name, command, teacher: name === 'master' }), never)));
    assert.deepEqual(managed.ours().map(({ name, url }) => [name, url]).sort(), [['master', teacher?.urls[0]], ['mine', mine?.urls[0]]]);
    await managed.stop('mine');
    assert.deepEqual(managed.ours().map(({ name }) => name), ['master']);
  });

  it('are started by their command, once, and stopped', async (t) => {
    const { managed, log, ended } = scene(t);
    const mine = profile({ command });
    assert.equal(managed.urls(mine), undefined);
    const [first, second] = await Promise.all([managed.start(mine, never), managed.start(mine, never)]);
    assert.deepEqual(first, second);
    assert.equal(first.attached, false);
    assert.deepEqual(managed.urls(mine), first.urls);
    assert.match(log(), /^mine: up \d+\n$/u);
    assert.ok(managed.isOurs('mine'));
    assert.equal(await managed.stop('mine'), true);
    assert.equal(await managed.stop('mine'), false);
    assert.equal(managed.isOurs('mine'), false);
    assert.deepEqual(ended, []);
  });

  it('are attached to where one answers at the address, even if it wants a key', async (t) => {
    const open = await new FakeOpenAi({}).start();
    const locked = await new FakeOpenAi({ '/v1/models': (_, response) => { json(response, { error: 'key' }, 401); } }).start();
    const { managed, log } = scene(t);
    for (const urls of [[open.url], [`${locked.url}/v1`], ['http://127.0.0.1:9', open.url]]) {
      assert.deepEqual(await managed.start(profile({ urls, command }), never), { urls, attached: true });
    }
    assert.equal(log(), '');
    assert.equal(await managed.stop('mine'), false);
  });

  it('of another window are found, but not a stranger on its port', async (t) => {
    const first = scene(t);
    const mine = profile({ command });
    const { urls } = await first.managed.start(mine, never);
    assert.deepEqual(await scene(t, first.memory).managed.start(mine, never), { urls, attached: true });
    const stranger = await new FakeOpenAi({}).start();
    const second = scene(t, new Map([['mine', stranger.url]]));
    assert.equal((await second.managed.start(mine, never)).attached, false);
  });

  it('that cannot be started say why; a cancelled start leaves nothing behind', async (t) => {
    const { managed } = scene(t);
    await assert.rejects(managed.start(profile({ urls: ['http://127.0.0.1:9'] }), never), fails('input.invalid', /no command/u));
    const controller = new AbortController();
    const hanging = managed.start(profile({ command: `"${process.execPath}" -e "setInterval(() => 0, 1000)" --` }), controller.signal);
    setTimeout(() => { controller.abort(); }, 200);
    assert.ok(isAbort(await hanging.then(() => undefined, (error: unknown) => error)));
    assert.equal(managed.isOurs('mine'), false);
  });
});

describe('profiles', () => {
  it('take one address, several, or a command', () => {
    for (const [given, urls] of [[{ url: 'http://a:1' }, ['http://a:1']], [{ url: ['http://a:1', 'http://b:1'] }, ['http://a:1', 'http://b:1']], [{ command: 'x' }, []]] as const) {
      const parsed = parseProfile({ name: 'p', ...given });
      assert.ok(parsed.ok);
      assert.deepEqual([parsed.value.urls, parsed.value.model, parsed.value.teacher], [urls, '', false]);
    }
  });

  it('that are wrong say where', () => {
    const wrong: readonly (readonly [unknown, RegExp])[] = [
      [{ name: 'p' }, /neither a url nor a command/u],
      [{ name: 'p', url: 'nowhere' }, /url/u],
      [{ name: 'p', url: 'http://a:1', promptFamily: 'klingon' }, /promptFamily/u],
      [{ name: 'p', url: 'http://a:1', modle: 'x' }, /modle/u],
      [{ url: 'http://a:1' }, /name/u],
    ];
    for (const [value, words] of wrong) {
      const parsed = parseProfile(value);
      assert.ok(!parsed.ok);
      assert.match(parsed.reason, words);
    }
  });
});
