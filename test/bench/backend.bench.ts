/** How the embedded engine compares with other runtimes on the same weights. */
import { readFileSync } from 'node:fs';
import { forkPeer } from '../../src/backend/childPort.ts';
import type { Backend } from '../../src/backend/backend.ts';
import { EmbeddedBackend } from '../../src/backend/embedded/embeddedBackend.ts';
import { OpenAiBackend } from '../../src/backend/openai/openAiBackend.ts';
import { EngineSupervisor } from '../../src/backend/supervisor.ts';
import { defaultThreads } from '../../src/engine/decoder.ts';
import { execOrThrow } from '../../scripts/support/exec.ts';
import { inRoot } from '../../scripts/support/root.ts';
import { startLlama, starterFloat, starterFolder, trainerPython, Unavailable } from '../contract/support/servers.ts';
import { median, type Bench, type Emit } from './support/figures.ts';

const SLOTS = 8;
const N = 16;
const SENTENCES = 8;
const ROUNDS = 4;
const never = new AbortController().signal;
const sampling = { n: N, temperature: 0.7, topP: 1, topK: 0, maxTokens: 64 };

function sentences(): string[] {
  return readFileSync(inRoot('test/fixtures/tanaka/test.en'), 'utf8').trimEnd().split('\n').slice(0, SENTENCES);
}

/** Tokens a second through a backend, with as many segments under way as it asks for. */
async function throughBackend(backend: Backend, round: number): Promise<number> {
  const { parallelism } = await backend.describe(never);
  const queue = sentences();
  let tokens = 0;
  const worker = async (): Promise<void> => {
    for (let source = queue.shift(); source !== undefined; source = queue.shift()) {
      const request = { segmentKey: source, source, sourceLanguage: 'en', targetLanguage: 'ja', sampling, seed: round };
      const { texts } = await backend.generate(request, () => undefined, never);
      for (const text of texts) tokens += text.tokens ?? 0;
    }
  };
  return perSecond(async () => {
    await Promise.all(Array.from({ length: parallelism }, worker));
    return tokens;
  });
}

async function perSecond(work: () => Promise<number>): Promise<number> {
  const start = performance.now();
  const tokens = await work();
  return tokens / ((performance.now() - start) / 1000);
}

function embedded(folder: string): EmbeddedBackend {
  const modulePath = inRoot('src/engine/main.ts');
  const spawn = (): ReturnType<typeof forkPeer> => forkPeer({ modulePath, execArgv: ['--import', import.meta.resolve('tsx')] });
  return new EmbeddedBackend(new EngineSupervisor({ spawn }), folder);
}

/** The same float32 weights and as many threads: the engine, then llama.cpp, in turns. */
async function versusLlama(emit: Emit): Promise<void> {
  const engine = embedded(await starterFloat());
  const threads = defaultThreads();
  const server = await startLlama({ slots: SLOTS, threads });
  const client = new OpenAiBackend({ urls: [server.url] });
  try {
    await throughBackend(engine, 0);
    await throughBackend(client, 0);
    const ratios: number[] = [];
    for (let round = 1; round <= ROUNDS; round += 1) {
      ratios.push(await throughBackend(engine, round) / await throughBackend(client, round));
    }
    emit({ name: 'starter.vs-llamacpp.ratio', value: median(ratios), unit: 'ratio', n: ROUNDS, peer: `llama.cpp of xllamacpp, F32, ${threads.toString()} thread(s) each` });
  } finally {
    await Promise.all([engine.dispose(), client.dispose(), server.stop()]);
  }
}

/** transformers' `generate` on the same weights, n samples of a sentence as one batch, the sentences one after the other. */
async function versusGenerate(emit: Emit): Promise<void> {
  const python = await trainerPython();
  const engine = embedded(await starterFloat());
  try {
    await throughBackend(engine, 0);
    const ours = await throughBackend(engine, 1);
    const script = inRoot('test/bench/support/hf_generate.py');
    const threads = defaultThreads().toString();
    const args = [script, starterFolder, threads, N.toString(), sampling.temperature.toString(), sampling.maxTokens.toString(), ...sentences()];
    const { stdout } = await execOrThrow(python, args);
    emit({ name: 'starter.vs-hf-generate.ratio', value: ours / Number(stdout.trim()), unit: 'ratio', n: SENTENCES, peer: `transformers generate, float32, ${threads} thread(s) each` });
  } finally {
    await engine.dispose();
  }
}

/** A peer that cannot be installed here is a line of its own, with the reason. */
function orSkip(name: string, measure: (emit: Emit) => Promise<void>): Bench {
  return {
    prefix: name,
    run: async (emit) => {
      try {
        await measure(emit);
      } catch (error) {
        if (!(error instanceof Unavailable)) throw error;
        emit({ name, skipped: error.message });
      }
    },
  };
}

export const benches: readonly Bench[] = [
  orSkip('starter.vs-llamacpp.ratio', versusLlama),
  orSkip('starter.vs-hf-generate.ratio', versusGenerate),
];
