/**
 * How much of a server's speed our client leaves on the table: the whole way of the product, ranking included, against a
 * client that does nothing but ask. Both stream, keep their connections and ask for the same samples of the same prompts.
 */
import { readFileSync } from 'node:fs';
import { Compute } from '../../src/app/compute.ts';
import { segmentRef } from '../../src/app/openDocument.ts';
import { defaultRun } from '../../src/app/settings.ts';
import { TranslationRun } from '../../src/app/translation/translationRun.ts';
import type { RunContext, SegmentJob } from '../../src/app/translation/translateSegment.ts';
import { systemClock } from '../../src/backend/openai/clock.ts';
import { OpenAiBackend } from '../../src/backend/openai/openAiBackend.ts';
import type { CandidateSet } from '../../src/core/candidate.ts';
import { codecFor } from '../../src/core/document/codecs.ts';
import { execOrThrow } from '../../scripts/support/exec.ts';
import { inRoot } from '../../scripts/support/root.ts';
import { startLlama, Unavailable } from '../contract/support/servers.ts';
import { cut, send, type Form, type SampleBody } from './support/bareClient.ts';
import { median, type Bench, type Emit } from './support/figures.ts';

const SLOTS = 8;
const SENTENCES = 24;
const ROUNDS = 9;
const languages = { source: 'en', target: 'ja' };
const never = new AbortController().signal;
/** The ways to fill the server's slots that a bare client may choose from; it keeps the best one. */
const forms: readonly Form[] = [
  { choices: 1, atOnce: SLOTS }, { choices: 1, atOnce: 2 * SLOTS }, { choices: SLOTS / 2, atOnce: 3 }, { choices: SLOTS, atOnce: 2 },
];

/** Work that begins when the one before has ended: all segments of a file together, or each by itself. */
interface Way {
  readonly name: string;
  readonly parts: readonly (readonly SegmentJob[])[];
}

/** Tokens, and the milliseconds that they took. */
interface Speed {
  readonly tokens: number;
  readonly ms: number;
}

function jobs(): readonly SegmentJob[] {
  const text = readFileSync(inRoot('test/fixtures/tanaka/test.en'), 'utf8').split('\n').slice(0, SENTENCES).join('\n\n');
  const { segments } = codecFor('bench.txt').parse(text, { path: 'bench.txt', sourceLanguage: languages.source, targetLanguage: languages.target });
  return segments.map((segment) => ({ segment, ref: segmentRef({ key: 'bench.txt' }, segment, languages) }));
}

/** Our client, as the product uses it. The first time it writes down what it asks for. */
class Ours {
  readonly bodies: SampleBody[] = [];
  readonly #backend: OpenAiBackend;
  readonly #compute: Compute;
  #recording = true;

  constructor(url: string, compute: Compute) {
    this.#compute = compute;
    const fetch = (to: string, init: RequestInit): Promise<Response> => {
      if (this.#recording) this.#note(init);
      return globalThis.fetch(to, init);
    };
    this.#backend = new OpenAiBackend({ urls: [url] }, { fetch, clock: systemClock, random: Math.random });
  }

  /** Every segment once; what is asked for is in `bodies`. */
  async record(all: readonly SegmentJob[]): Promise<void> {
    await this.run([all], 0);
    this.#recording = false;
  }

  run(parts: Way['parts'], seed: number): Promise<Speed> {
    return timed(async () => {
      let tokens = 0;
      for (const part of parts) tokens += await this.#translate(part, seed);
      return tokens;
    });
  }

  async dispose(): Promise<void> {
    await this.#backend.dispose();
  }

  async #translate(part: readonly SegmentJob[], seed: number): Promise<number> {
    const description = await this.#backend.describe(never);
    const settings = { ...defaultRun, seed };
    const context: RunContext = { backend: this.#backend, description, compute: this.#compute, settings, aligner: 'none', version: '0' };
    const sets: CandidateSet[] = [];
    const listener = { onStart: nothing, onCandidates: nothing, onSet: (set: CandidateSet) => { sets.push(set); return Promise.resolve(); }, onFailure: nothing };
    const { error, failure } = await new TranslationRun(context, part, listener).run(never);
    if (error !== undefined || failure !== undefined) throw new Error(`our client failed: ${(error ?? failure)?.code ?? ''}`);
    return sets.flatMap(({ candidates }) => candidates).reduce((sum, { tokens = 0, count }) => sum + tokens * count, 0);
  }

  #note({ body }: RequestInit): void {
    if (typeof body !== 'string') return;
    const parsed = JSON.parse(body) as SampleBody; // our own client wrote it
    if (parsed['stream'] === true) this.bodies.push(parsed);
  }
}

/** The bare client on the same work. */
class Theirs {
  readonly #url: string;
  readonly #bodies: ReadonlyMap<string, readonly SampleBody[]>;

  constructor(url: string, bodies: readonly SampleBody[]) {
    this.#url = url;
    const prompts = new Set(bodies.map((body) => String(body['prompt'])));
    this.#bodies = new Map([...prompts].map((prompt) => [prompt, bodies.filter((body) => body['prompt'] === prompt)]));
  }

  run(parts: Way['parts'], seed: number, form: Form): Promise<Speed> {
    return timed(async () => {
      let tokens = 0;
      for (const part of parts) tokens += await send(this.#url, part.flatMap((job) => cut(this.#of(job, seed), form)), form);
      return tokens;
    });
  }

  /** The form that is fastest on this way of working, tried twice in turns. */
  async best(parts: Way['parts']): Promise<Form> {
    const speeds = forms.map((form) => ({ form, best: 0 }));
    for (const seed of [1, 2]) {
      for (const tried of speeds) tried.best = Math.max(tried.best, perSecond(await this.run(parts, seed, tried.form)));
    }
    return speeds.reduce((best, next) => (next.best > best.best ? next : best)).form;
  }

  #of({ segment }: SegmentJob, seed: number): readonly SampleBody[] {
    const found = [...this.#bodies].find(([prompt]) => prompt.includes(`>${segment.source}<`))?.[1] ?? [];
    return found.map((body) => ({ ...body, seed: (body.seed + Math.imul(seed, 0x9e3779b1)) & 0x7fffffff }));
  }
}

async function timed(work: () => Promise<number>): Promise<Speed> {
  const start = performance.now();
  const tokens = await work();
  return { tokens, ms: performance.now() - start };
}

function perSecond({ tokens, ms }: Speed): number {
  return tokens / (ms / 1000);
}

function nothing(): void {}

/** Whoever comes second finds the prompts in the server's cache, so they take turns at being first. */
async function compare(ours: Ours, theirs: Theirs, { name, parts }: Way, emit: Emit): Promise<void> {
  const form = await theirs.best(parts);
  const ratios: number[] = [];
  for (let round = 1; round <= ROUNDS; round += 1) {
    const turns = [() => ours.run(parts, round), () => theirs.run(parts, round + 10, form)];
    if (round % 2 === 0) turns.reverse();
    const speeds: number[] = [];
    for (const turn of turns) speeds.push(perSecond(await turn()));
    const [mine = NaN, bare = NaN] = round % 2 === 0 ? speeds.reverse() : speeds;
    ratios.push(mine / bare);
  }
  const peer = `streaming fetch, ${form.choices.toString()} choice(s) a request, ${form.atOnce.toString()} requests at once, same llama.cpp server`;
  emit({ name, value: median(ratios), unit: 'ratio', n: ROUNDS, peer });
}

async function saturation(emit: Emit): Promise<void> {
  await execOrThrow(process.execPath, ['esbuild.mjs']);
  const compute = new Compute(inRoot('dist/computeWorker.cjs'), '0');
  const server = await startLlama({ slots: SLOTS, threads: 1 });
  const ours = new Ours(server.url, compute);
  try {
    const all = jobs();
    await ours.record(all);
    const theirs = new Theirs(server.url, ours.bodies);
    await compare(ours, theirs, { name: 'backend.saturation.ratio', parts: [all] }, emit);
    await compare(ours, theirs, { name: 'backend.saturation.segments.ratio', parts: all.map((job) => [job]) }, emit);
  } finally {
    await Promise.all([ours.dispose(), compute.dispose(), server.stop()]);
  }
}

export const benches: readonly Bench[] = [{
  prefix: 'backend.saturation',
  run: async (emit) => {
    try {
      await saturation(emit);
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      emit({ name: 'backend.saturation.ratio', skipped: error.message });
    }
  },
}];
