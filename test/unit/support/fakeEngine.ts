import type { PeerProcess } from '../../../src/backend/childPort.ts';
import type { Timers } from '../../../src/backend/supervisor.ts';
import { AppError } from '../../../src/core/errors.ts';
import { Channel, type CallContext, type Handlers } from '../../../src/protocol/channel.ts';
import type { EngineClientContract, EngineContract, EngineSettings, GenerateParams, GenerateStats, LoadedModel, Sample } from '../../../src/protocol/engine.ts';
import { memoryPorts, type MemoryPort } from './memoryPort.ts';

export const fakeModel: LoadedModel = {
  handle: 1, name: 'fake', revision: 'r1', prompt: { kind: 'template', family: 'starter', template: '<|en|>{source}<|ja|>' },
  specialTokens: ['<|end|>', '<|en|>', '<|ja|>'], languages: { sources: ['en'], targets: ['ja'] }, contextLength: 128,
  defaults: { temperature: 0.7, topP: 1, topK: 0, maxTokens: 64 }, provider: 'cpu', loadMs: 1,
};

/** Handle of the model when it was loaded with another provider than the CPU. */
const OTHER_PROVIDER = 2;

const stats: GenerateStats = { promptTokens: 1, generatedTokens: 1, prefillMs: 0, decodeMs: 0 };

/** What a fake process does with its calls. `mute` never says hello; `broken` ends as soon as it is started. */
export type Manner = 'well' | 'mute' | 'broken';

/** Stands for the engine and everything that starts it: processes in memory, and time that a test moves. */
export class FakeEngine {
  readonly processes: FakeProcess[] = [];
  readonly prompts: string[] = [];
  /** What it was told to use, each time. */
  readonly settings: EngineSettings[] = [];
  /** What it writes before and after each text. */
  around = '';
  manner: Manner = 'well';
  /** What a process does that is asked to work with another provider than the CPU. */
  provider: 'runs' | 'diesAtLoad' | 'diesAtWork' = 'runs';
  /** Calls of `generate` wait here until a test lets them go on. */
  held: (() => void)[] | undefined;
  #now = 0;
  #alarms: { at: number; run: () => void }[] = [];

  readonly spawn = (): PeerProcess => {
    const process = new FakeProcess(this, this.manner);
    this.processes.push(process);
    return process;
  };

  readonly timers: Timers = {
    now: () => this.#now,
    after: (ms, run) => {
      const alarm = { at: this.#now + ms, run };
      this.#alarms.push(alarm);
      return { cancel: () => { this.#alarms = this.#alarms.filter((other) => other !== alarm); } };
    },
  };

  get last(): FakeProcess {
    const process = this.processes.at(-1);
    if (!process) throw new Error('no process was started');
    return process;
  }

  pass(ms: number): void {
    this.#now += ms;
    const due = this.#alarms.filter((alarm) => alarm.at <= this.#now);
    this.#alarms = this.#alarms.filter((alarm) => alarm.at > this.#now);
    for (const alarm of due) alarm.run();
  }

  async generate(params: GenerateParams, { progress, signal }: CallContext<Sample>): Promise<{ samples: Sample[]; stats: GenerateStats }> {
    this.prompts.push(params.prompt);
    const { held } = this;
    if (held) {
      await new Promise<void>((resolve, reject) => {
        held.push(resolve);
        signal.addEventListener('abort', () => {
          const error = new Error('aborted');
          error.name = 'AbortError';
          reject(error);
        });
      });
    }
    if (this.provider === 'diesAtWork' && params.model === OTHER_PROVIDER) {
      progress({ index: 1, text: 'text 1', logProb: -1, tokens: 2, finish: 'stop' });
      await new Promise((resolve) => { setTimeout(resolve, 10); });
      this.last.crash('signal SIGSEGV');
    }
    const samples = Array.from({ length: params.sampling.n }, (_, index): Sample => (
      { index, text: `${this.around}text ${String(index)}${this.around}`, logProb: -index, tokens: 2, finish: 'stop' }
    ));
    samples.forEach(progress);
    return { samples, stats };
  }
}

export class FakeProcess implements PeerProcess {
  readonly port: MemoryPort;
  readonly exited: Promise<string>;
  killed = false;
  alive = true;
  #exit: (detail: string) => void = () => undefined;

  constructor(engine: FakeEngine, manner: Manner) {
    const [ours, theirs] = memoryPorts();
    this.port = ours;
    this.exited = new Promise((resolve) => { this.#exit = resolve; });
    void this.exited.then((detail) => { ours.close(detail); });
    if (manner !== 'mute') {
      new Channel<EngineContract, EngineClientContract>({ name: 'fake', port: theirs, handlers: handlersOf(engine), listeners: {} });
    }
    this.#pump(theirs);
    if (manner === 'broken') this.crash('exit code 134');
  }

  crash(detail: string): void {
    this.alive = false;
    this.#exit(detail);
  }

  kill(): void {
    this.killed = true;
    this.crash('signal SIGTERM');
  }

  /** Carries frames as long as both live. */
  #pump(theirs: MemoryPort): void {
    if (!this.alive) return;
    theirs.deliver();
    this.port.deliver();
    setImmediate(() => { this.#pump(theirs); });
  }
}

/** This engine plays a model that translates, and no metric. */
function noScorer({ model, folder }: { readonly model?: number; readonly folder?: string }): never {
  throw new AppError('input.invalid', { where: String(folder ?? model), reason: 'the fake engine has no metrics' });
}

function handlersOf(engine: FakeEngine): Handlers<EngineContract> {
  return {
    hello: () => ({ version: '0', pid: engine.processes.length, binding: { state: 'ok', providers: ['cpu'] } }),
    configure: (settings) => {
      engine.settings.push(settings);
      return null;
    },
    load: ({ folder, provider = 'cpu' }) => {
      if (folder === '/missing') throw new AppError('engine.modelMissing', { path: '/missing/manifest.json' });
      if (provider === 'cpu') return fakeModel;
      if (engine.provider === 'diesAtLoad') engine.last.crash('signal SIGABRT');
      return { ...fakeModel, handle: OTHER_PROVIDER, provider };
    },
    generate: (params, context) => engine.generate(params, context),
    score: () => ({ logProbs: [], tokens: [] }),
    tokenize: () => [],
    describeScorer: noScorer,
    loadScorer: noScorer,
    utilities: noScorer,
    quality: noScorer,
    align: noScorer,
    unload: () => null,
  };
}
