import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { AppError } from '../../../src/core/errors.ts';
import { Binding, importOnnxruntime, type OrtModule } from '../../../src/engine/binding.ts';
import { CheckedFiles } from '../../../src/engine/checkedFiles.ts';
import { EngineService } from '../../../src/engine/service.ts';
import type { CallContext, Handlers } from '../../../src/protocol/channel.ts';
import type { EngineContract, ScoreProgress } from '../../../src/protocol/engine.ts';
import { tinyFolder } from '../support/tinyModel.ts';

const fixtures = fileURLToPath(new URL('../../fixtures/scorers', import.meta.url));
const comet = join(fixtures, 'comet');

function context<P = never>(): CallContext<P> {
  return { signal: new AbortController().signal, progress: () => undefined };
}

interface Scene {
  readonly handlers: Handlers<EngineContract>;
  /** Graphs that are in memory. */
  readonly open: () => number;
  /** Moves the clock, and lets what is due happen. */
  readonly pass: (ms: number) => Promise<void>;
}

/** The real engine, with a count of its sessions and a clock that a test moves. */
function scene(): Scene {
  let [now, sessions] = [0, 0];
  let alarms: { at: number; run: () => void }[] = [];
  const counting = async (): Promise<OrtModule> => {
    const ort = await importOnnxruntime();
    const create = async (path: string, options: object): Promise<object> => {
      const session = await ort.InferenceSession.create(path, options);
      sessions++;
      const release = session.release.bind(session);
      session.release = () => { sessions--; return release(); };
      return session;
    };
    // The engine makes sessions from paths only.
    return { ...ort, Tensor: ort.Tensor, InferenceSession: { create } as unknown as OrtModule['InferenceSession'] };
  };
  const service = new EngineService({ binding: new Binding(counting), version: '0', pid: 1, threads: 1, now: () => now, after: (ms, run) => { alarms.push({ at: now + ms, run }); } });
  const handlers = service.handlers();
  return {
    handlers, open: () => sessions,
    pass: async (ms) => {
      now += ms;
      const due = alarms.filter(({ at }) => at <= now);
      alarms = alarms.filter(({ at }) => at > now);
      for (const { run } of due) run();
      await handlers.unload({ model: 999 }, context()); // comes after what is due
    },
  };
}

function bytesOf(folder: string): number {
  const { files } = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as { files: Record<string, { bytes: number }> }; // a manifest
  return Object.entries(files).reduce((sum, [name, { bytes }]) => (name.startsWith('tokenizer') || name === 'weights' ? sum : sum + bytes), 0);
}

describe('memory of the engine', () => {
  it('is given back by the models that were unused for longest, one by one, when another needs room', async () => {
    const { handlers, open } = scene();
    const [kiwi, awesome] = [join(fixtures, 'cometkiwi'), join(fixtures, 'awesome')];
    await handlers.configure({ memoryBytes: bytesOf(kiwi) + bytesOf(awesome) + bytesOf(tinyFolder) }, context());
    const first = await handlers.loadScorer({ folder: kiwi }, context());
    const second = await handlers.loadScorer({ folder: awesome }, context());
    const decoder = await handlers.load({ folder: tinyFolder }, context());
    assert.equal(open(), 3);
    await handlers.quality({ model: first.handle, source: 'a', texts: ['b'] }, context<ScoreProgress>());
    await handlers.loadScorer({ folder: join(fixtures, 'wspalign') }, context());
    await assert.rejects(async () => handlers.align({ model: second.handle, pairs: [] }, context<ScoreProgress>()), /no metric or aligner/u, 'it was unused for longest');
    await handlers.quality({ model: first.handle, source: 'a', texts: ['b'] }, context<ScoreProgress>());
    assert.equal((await handlers.load({ folder: tinyFolder }, context())).handle, decoder.handle, 'it could stay');
    assert.notEqual((await handlers.loadScorer({ folder: awesome }, context())).handle, second.handle, 'it is loaded again when it is needed');
  });

  it('is not enough for a model that is larger than the limit, and nothing else is unloaded for it', async () => {
    const { handlers, open } = scene();
    await handlers.load({ folder: tinyFolder }, context());
    await handlers.configure({ memoryBytes: 1000 }, context());
    const thrown: unknown = await Promise.resolve(handlers.loadScorer({ folder: comet }, context())).catch((error: unknown) => error);
    assert.ok(thrown instanceof AppError, String(thrown));
    assert.deepEqual([thrown.code, thrown.data], ['engine.tooLarge', { path: comet, megabytes: 1, limit: 1 }]);
    assert.equal(open(), 1);
  });

  it('is given back by a model that nobody used for a while, and not by one in use', async () => {
    const { handlers, open, pass } = scene();
    await handlers.configure({ idleMs: 1000 }, context());
    await handlers.loadScorer({ folder: comet }, context());
    const decoder = await handlers.load({ folder: tinyFolder }, context());
    assert.equal(open(), 4);
    await pass(900);
    await handlers.score({ model: decoder.handle, prompt: '<|en|>a<|ja|>', completions: ['b'] }, context());
    await pass(200);
    assert.equal(open(), 1);
    await pass(900);
    assert.equal(open(), 0);
  });
});

/** A copy of the COMET folder with a counter of files that were read for their sha256. */
function copied(t: TestContext): { readonly folder: string; readonly kept: string; readonly checking: () => { readonly checked: CheckedFiles; readonly read: string[] } } {
  const place = mkdtempSync(join(tmpdir(), 'interlinear-checked-'));
  t.after(() => { rmSync(place, { recursive: true, force: true }); });
  const folder = join(place, 'model');
  cpSync(comet, folder, { recursive: true });
  const checking = (): { checked: CheckedFiles; read: string[] } => {
    const read: string[] = [];
    return { read, checked: new CheckedFiles(async (path) => { read.push(path); return createHash('sha256').update(await readFile(path)).digest('hex'); }) };
  };
  return { folder, kept: join(place, 'state', 'checked.json'), checking };
}

function encoderOf(folder: string): { path: string; sha256: string; bytes: number } {
  return (JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as { files: { encoder: { path: string; sha256: string; bytes: number } } }).files.encoder; // as exported
}

describe('files of models', () => {
  it('are read for their sha256 once a state, also by the next process', async (t) => {
    const { folder, kept, checking } = copied(t);
    const [first, second] = [checking(), checking()];
    await first.checked.keepIn(kept);
    for (let time = 0; time < 3; time++) await first.checked.check(folder, encoderOf(folder));
    assert.equal(first.read.length, 1);
    await second.checked.keepIn(kept);
    await second.checked.check(folder, encoderOf(folder));
    assert.equal(second.read.length, 0);
    await second.checked.check(folder, encoderOf(folder), 'always');
    assert.equal(second.read.length, 1, 'whoever looks at a folder before choosing it wants to know');
  });

  it('are read again when they changed, also under the old time of change', async (t) => {
    const { folder, kept, checking } = copied(t);
    const { checked, read } = checking();
    await checked.keepIn(kept);
    const path = await checked.check(folder, encoderOf(folder));
    const { atime, mtime } = statSync(path);
    const data = readFileSync(path);
    data[500] = (data[500] ?? 0) ^ 1;
    writeFileSync(path, data);
    utimesSync(path, atime, mtime);
    await assert.rejects(checked.check(folder, encoderOf(folder)), /sha256/u);
    await assert.rejects(checked.check(folder, encoderOf(folder)), /sha256/u, 'a wrong file stays wrong without being read');
    assert.equal(read.length, 2);
  });

  it('are all checked anew when what was kept is damaged', async (t) => {
    const { folder, kept, checking } = copied(t);
    const { checked, read } = checking();
    writeFileSync(join(folder, 'not.json'), '{ torn');
    await checked.keepIn(join(folder, 'not.json'));
    await checked.check(folder, encoderOf(folder));
    assert.equal(read.length, 1);
    assert.equal(Object.keys(JSON.parse(readFileSync(join(folder, 'not.json'), 'utf8')) as object).length, 1);
    assert.ok(!kept.includes(folder));
  });
});

describe('metrics and aligners on a provider that is not there', () => {
  for (const name of ['comet', 'cometkiwi', 'awesome', 'wspalign']) {
    it(`${name} runs on the CPU, says so, and is another one than that of the CPU`, async (t) => {
      // Only Windows has DirectML.
      if (process.platform === 'win32') t.skip('DirectML is there');
      const { handlers } = scene();
      const onCpu = await handlers.loadScorer({ folder: join(fixtures, name) }, context());
      const wanted = await handlers.loadScorer({ folder: join(fixtures, name), provider: 'dml' }, context());
      assert.deepEqual([onCpu.provider, onCpu.providerNote, wanted.provider], ['cpu', undefined, 'cpu']);
      assert.match(wanted.providerNote ?? '', /^dml: .*not found/u);
      assert.deepEqual(await handlers.loadScorer({ folder: join(fixtures, name), provider: 'dml' }, context()), wanted);
    });
  }
});
