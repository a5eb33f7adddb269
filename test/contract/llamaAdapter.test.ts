/** An adapter adopted for llama-server: converted by us, loaded by llama.cpp itself, and it writes what PEFT writes. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { BackendProfile } from '../../src/app/backendProfile.ts';
import { ManagedBackends } from '../../src/app/managedBackends.ts';
import { hostOf, type HostParts } from '../../src/app/training/adapterHost.ts';
import { rehearseServing } from '../../src/app/training/rehearseServing.ts';
import { adoptAsFile, withAdoptedAdapter } from '../../src/app/training/adoptAsFile.ts';
import { ManagedServer } from '../../src/backend/managedServer.ts';
import { systemClock } from '../../src/backend/openai/clock.ts';
import { OpenAiBackend } from '../../src/backend/openai/openAiBackend.ts';
import { AdapterRegistry } from '../../src/jobs/adapterRegistry.ts';
import { nodeFileSystem } from '../../src/store/fileSystem.ts';
import { execOrThrow } from '../../scripts/support/exec.ts';
import { inRoot } from '../../scripts/support/root.ts';
import { llamaCommand, serversPython, starterFolder, trainerPython, withServers } from './support/servers.ts';

const never = new AbortController().signal;
const sources = ['It is raining.', 'Do you like dogs?', 'She bought a new dictionary.', 'My father works in a factory.'];

async function greedy(command: string): Promise<string[]> {
  const server = new ManagedServer({ command, startMs: 180_000 }, { spawn, fetch: globalThis.fetch, clock: systemClock, onLog: () => undefined });
  const client = new OpenAiBackend({ urls: [await server.start(never)] });
  try {
    const texts: string[] = [];
    for (const source of sources) {
      const sampling = { n: 1, temperature: 0, topP: 1, topK: 0, maxTokens: 48 };
      const { texts: [text] } = await client.generate({ segmentKey: source, source, sourceLanguage: 'en', targetLanguage: 'ja', sampling, seed: 1 }, () => undefined, never);
      texts.push(text?.text ?? '');
    }
    return texts;
  } finally {
    await client.dispose();
    await server.stop();
  }
}

/** The end of a rehearsal: a server of its own takes the adapter beside the one that serves, writes a line and ends. */
async function rehearsed(folder: string, profile: BackendProfile, trainer: HostParts['trainer']): Promise<string> {
  const job = join(folder, 'job');
  await cp(join(job, 'adapter'), join(job, 'rehearsed', 'adapter'), { recursive: true });
  const managed = new ManagedBackends({ spawn, fetch: globalThis.fetch, clock: systemClock, onLog: () => undefined, onEnded: () => undefined, memory: { get: () => undefined, set: () => undefined } });
  try {
    const { urls } = await managed.start(profile, never);
    const host = await hostOf(profile, { kind: 'server', urls, model: undefined }, never);
    assert.equal(host.kind, 'llama');
    const besideServer: HostParts['besideServer'] = (given, work, signal) => managed.beside(given, work, signal);
    const { line } = await rehearseServing(host, { fs: nodeFileSystem, job, trainer, besideServer }, { source: sources[0] ?? '', sourceLanguage: 'en', targetLanguage: 'ja' }, never);
    assert.equal(await nodeFileSystem.stat(join(job, 'rehearsed')), undefined);
    return line;
  } finally {
    await managed.dispose();
  }
}

describe('adapter for llama-server', () => {
  it('is converted, used after a restart, and gone after a roll back', { timeout: 300_000 }, (t) => withServers(t, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'llama-lora-'));
    try {
      const adapter = join(folder, 'job', 'adapter');
      const { stdout } = await execOrThrow(await trainerPython(), [inRoot('test/contract/support/random_lora.py'), starterFolder, adapter, ...sources]);
      const expected = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as [string, string][]; // what our script prints
      const profile: BackendProfile = { name: 'local', urls: [], model: '', paths: [], teacher: false, command: await llamaCommand({ slots: 1, threads: 1 }) };
      const trainer = { python: await serversPython(), package: inRoot('trainer'), env: process.env };
      const taken = await rehearsed(folder, profile, trainer);
      assert.equal(taken, expected[0]?.[1]);
      await adoptAsFile({ fs: nodeFileSystem, workspace: folder, job: join(folder, 'job'), trainer, target: { kind: 'llama', profile: 'local' }, because: 'a test', at: 'now', id: '1' }, never);
      const adapted = await withAdoptedAdapter(nodeFileSystem, folder, profile);
      assert.match(adapted.command ?? '', /--lora/u);
      assert.deepEqual(await greedy(adapted.command ?? ''), expected.map(([, text]) => text));
      assert.ok(expected.some(([plain, text]) => plain !== text));
      await new AdapterRegistry(folder, nodeFileSystem).rollBack('2', 'now');
      const back = await withAdoptedAdapter(nodeFileSystem, folder, profile);
      assert.deepEqual(await greedy(back.command ?? ''), expected.map(([plain]) => plain));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }));
});
