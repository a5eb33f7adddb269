import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { describe, it, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { setTimeout as wait } from 'node:timers/promises';
import { parseCommandLine } from '../../../src/backend/commandLine.ts';
import { ManagedServer, type ManagedServerOptions } from '../../../src/backend/managedServer.ts';
import { systemClock } from '../../../src/backend/openai/clock.ts';
import { AppError, isAbort } from '../../../src/core/errors.ts';
import { fails } from '../support/openAiScene.ts';

const guard = [process.execPath, '--import', import.meta.resolve('tsx'), fileURLToPath(new URL('../../../src/backend/serverGuard.ts', import.meta.url))] as const;
const never = new AbortController().signal;

/** A server that starts a child of its own, prints both process ids and is healthy from the second question on. */
const program = `
const { createServer } = require('node:http');
const child = require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => 0, 1000)'], { stdio: 'ignore' });
let asked = 0;
createServer((_, response) => { asked += 1; response.statusCode = asked > 1 ? 200 : 503; response.end(); })
  .listen(Number(process.argv[process.argv.indexOf('--port') + 1]), '127.0.0.1', () => console.log('pids', process.pid, child.pid, process.env.MARK));
`;

const command = `MARK="a b" "${process.execPath}" -e ${JSON.stringify(program.replaceAll('\n', ' '))} --`;

async function until(check: () => boolean): Promise<void> {
  for (let tries = 0; tries < 400 && !check(); tries += 1) await wait(50);
  assert.ok(check());
}

function managed(t: TestContext, options: Partial<ManagedServerOptions>): { server: ManagedServer; log: () => string; ended: readonly string[] } {
  let text = '';
  const ended: string[] = [];
  const server = new ManagedServer(
    { command, healthPaths: ['/health'], ...options },
    { spawn, fetch: globalThis.fetch, clock: systemClock, onLog: (piece) => { text += piece; }, onEnded: (how) => { ended.push(how); } },
  );
  t.after(() => server.stop());
  return { server, log: () => text, ended };
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('a managed server', () => {
  it('gets a free port, is waited for, its log streams, and its whole tree ends', async (t) => {
    const { server, log } = managed(t, {});
    const url = await server.start(never);
    assert.match(url, /^http:\/\/127\.0\.0\.1:\d+$/u);
    assert.equal((await fetch(url)).status, 200);
    assert.equal(await server.start(never), url);
    const [, own, child] = /pids (\d+) (\d+) a b/u.exec(log()) ?? [];
    assert.ok(alive(Number(own)) && alive(Number(child)));
    await server.stop();
    await server.stop();
    for (let tries = 0; tries < 40 && alive(Number(child)); tries += 1) await wait(50);
    assert.ok(!alive(Number(own)) && !alive(Number(child)));
    assert.equal(server.url, undefined);
  });

  it('tells of a crash once, ends what was left, and comes back on its port', async (t) => {
    const { server, log, ended } = managed(t, {});
    const url = await server.start(never);
    const [, own, child] = /pids (\d+) (\d+)/u.exec(log()) ?? [];
    process.kill(Number(own), 'SIGKILL');
    await until(() => ended.length > 0);
    assert.equal(ended[0], 'ended by SIGKILL');
    await until(() => !alive(Number(child)));
    assert.equal(server.url, undefined);
    assert.equal(await server.start(never), url);
    await server.stop();
    assert.equal(ended.length, 1);
  });

  it('does not outlive a process that was killed while it ran', async () => {
    const script = `
      import { spawn } from 'node:child_process';
      import { ManagedServer } from ${JSON.stringify(new URL('../../../src/backend/managedServer.ts', import.meta.url).href)};
      import { systemClock } from ${JSON.stringify(new URL('../../../src/backend/openai/clock.ts', import.meta.url).href)};
      const options = { command: process.env.COMMAND, healthPaths: ['/health'], guard: JSON.parse(process.env.GUARD) };
      await new ManagedServer(options, { spawn, fetch, clock: systemClock, onLog: (text) => process.stdout.write(text) }).start(new AbortController().signal);
      console.log('healthy');
    `;
    const env = { ...process.env, COMMAND: command, GUARD: JSON.stringify(guard) };
    const owner = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), '--input-type=module', '-e', script], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    owner.stdout.setEncoding('utf8').on('data', (piece: string) => { text += piece; });
    await until(() => text.includes('healthy'));
    const [, server, child] = /pids (\d+) (\d+)/u.exec(text) ?? [];
    assert.ok(alive(Number(server)) && alive(Number(child)));
    owner.kill('SIGKILL');
    await until(() => !alive(Number(server)) && !alive(Number(child)));
  });

  it('a command that ends at once: the error holds the end of its log', async (t) => {
    const { server } = managed(t, { command: `"${process.execPath}" -e "console.error('CUDA out of memory'); process.exit(3)" --` });
    await assert.rejects(server.start(never), fails('backend.startFailed', /code 3.*CUDA out of memory/su));
  });

  it('a program that is not there', async (t) => {
    const { server } = managed(t, { command: 'no-such-program-anywhere serve' });
    await assert.rejects(server.start(never), fails('backend.startFailed', /ENOENT/u));
  });

  it('never healthy: stopped and reported', async (t) => {
    const { server } = managed(t, { command: `"${process.execPath}" -e "setInterval(() => 0, 1000)" --`, startMs: 300 });
    await assert.rejects(server.start(never), fails('backend.startFailed', /in time/u));
    assert.equal(server.url, undefined);
  });

  it('cancel while it loads', async (t) => {
    const { server } = managed(t, { command: `"${process.execPath}" -e "setInterval(() => 0, 1000)" --` });
    const controller = new AbortController();
    const outcome = server.start(controller.signal).then(() => undefined, (error: unknown) => error);
    await wait(100);
    controller.abort();
    assert.ok(isAbort(await outcome));
  });
});

describe('command lines', () => {
  it('are split without a shell', () => {
    assert.deepEqual(parseCommandLine('A=1 B="x y" vllm serve "my model" --x=\'a "b"\' c\\ d'), {
      program: 'vllm', args: ['serve', 'my model', '--x=a "b"', 'c d'], env: { A: '1', B: 'x y' },
    });
    assert.equal(parseCommandLine('"C:\\llama\\server.exe" -m D:\\m.gguf').args[1], 'D:\\m.gguf');
    assert.deepEqual(parseCommandLine('run $(rm) `x` ; && | > ""').args, ['$(rm)', '`x`', ';', '&&', '|', '>', '']);
  });

  it('with an open quote or without a program are errors', () => {
    for (const text of ['', '  ', 'A=1', 'vllm "serve', 'vllm \\']) {
      assert.throws(() => parseCommandLine(text), (error) => error instanceof AppError && error.code === 'input.invalid', text);
    }
  });
});
