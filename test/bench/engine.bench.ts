import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { GeneratedText } from '../../src/backend/backend.ts';
import { forkPeer } from '../../src/backend/childPort.ts';
import { EmbeddedBackend } from '../../src/backend/embedded/embeddedBackend.ts';
import { EngineSupervisor } from '../../src/backend/supervisor.ts';
import type { Candidate, RankingSettings, Sampling } from '../../src/core/candidate.ts';
import { corpusChrf } from '../../src/core/ranking/chrf.ts';
import { rankWithChrf } from '../../src/core/ranking/rankCandidates.ts';

interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly n: number;
  readonly peer?: string;
}
type Emit = (figure: Figure) => void;

const entry = fileURLToPath(new URL('../../src/engine/main.ts', import.meta.url));
const starter = fileURLToPath(new URL('../../media/starter-en-ja', import.meta.url));
const settings: RankingSettings = { utility: 'chrf', includeSelf: true, weights: 'count', lambda: 0, normalisation: 'raw' };
const never = new AbortController().signal;

function lines(name: string): string[] {
  return readFileSync(new URL(`../fixtures/tanaka/${name}`, import.meta.url), 'utf8').trimEnd().split('\n');
}

async function withStarter<T>(work: (backend: EmbeddedBackend, defaults: Sampling) => Promise<T>): Promise<T> {
  const spawn = (): ReturnType<typeof forkPeer> => forkPeer({ modulePath: entry, execArgv: ['--import', import.meta.resolve('tsx')] });
  const backend = new EmbeddedBackend(new EngineSupervisor({ spawn }), starter);
  try {
    const { defaults } = await backend.describe(never);
    return await work(backend, { ...defaults, n: 16 });
  } finally {
    await backend.dispose();
  }
}

async function samples(backend: EmbeddedBackend, source: string, sampling: Sampling): Promise<readonly GeneratedText[]> {
  const request = { segmentKey: source, source, sourceLanguage: 'en', targetLanguage: 'ja', sampling, seed: 7 };
  return (await backend.generate(request, () => undefined, never)).texts;
}

function bestByMbr(texts: readonly GeneratedText[]): string {
  const candidates = texts.map(({ text }): Candidate => ({ text, count: 1, origin: 'starter', scores: {} }));
  return rankWithChrf(candidates, settings).find((candidate) => candidate.rank === 1)?.text ?? '';
}

/** Tokens of delivered samples a second, end to end; equal beginnings of samples are computed once, so rows are fewer. */
async function speed(emit: Emit): Promise<void> {
  await withStarter(async (backend, sampling) => {
    const [warm = '', ...sources] = lines('test.en').slice(0, 21);
    await samples(backend, warm, sampling);
    const started = performance.now();
    let tokens = 0;
    for (const source of sources) for (const text of await samples(backend, source, sampling)) tokens += text.tokens ?? 0;
    const seconds = (performance.now() - started) / 1000;
    emit({ name: 'starter.tokens-per-s.n16', value: tokens / seconds, unit: 'tokens/s', n: sources.length });
  });
}

async function quality(emit: Emit): Promise<void> {
  await withStarter(async (backend, sampling) => {
    const found: Record<'greedy' | 'sample' | 'mbr16', string[]> = { greedy: [], sample: [], mbr16: [] };
    for (const source of lines('test.en')) {
      const [greedy] = await samples(backend, source, { ...sampling, n: 1, temperature: 0 });
      const drawn = await samples(backend, source, sampling);
      found.greedy.push(greedy?.text ?? '');
      found.sample.push(drawn[0]?.text ?? '');
      found.mbr16.push(bestByMbr(drawn));
    }
    const references = lines('test.ja').map((line) => [line]);
    for (const [name, outputs] of Object.entries(found)) {
      emit({ name: `starter.chrf.${name}`, value: corpusChrf(outputs, references), unit: 'chrF', n: outputs.length });
    }
  });
}

export const benches: readonly { readonly prefix: string; run(emit: Emit): Promise<void> }[] = [
  { prefix: 'starter.tokens-per-s', run: speed },
  { prefix: 'starter.chrf', run: quality },
];
