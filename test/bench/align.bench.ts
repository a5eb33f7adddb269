import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execOrThrow } from '../../scripts/support/exec.ts';
import { alignEnvironment, ensurePython } from '../../scripts/support/python.ts';
import { inRoot } from '../../scripts/support/root.ts';
import type { TokenPair } from '../../src/core/alignment/aligner.ts';
import { PairAligner } from '../../src/core/alignment/alignPair.ts';
import { alignmentErrorRate } from '../../src/core/alignment/errorRate.ts';
import { parsePharaoh } from '../../src/core/alignment/pharaoh.ts';
import { trainAligner } from '../../src/core/alignment/trainAligner.ts';
import { sharedData } from '../unit/support/sharedData.ts';
import { median } from './support/figures.ts';
import type { Bench, Emit } from './support/figures.ts';

const folders = ['gold-align', 'small_parallel_enja'] as const;

function readLines(folder: (typeof folders)[number], file: string): string[] {
  return readFileSync(join(sharedData(folder) ?? '', file), 'utf8').trimEnd().split('\n');
}

function tokens(text: string): string[] {
  return text.trim().split(/\s+/u);
}

function testPairs(name: string): TokenPair[] {
  return readLines('gold-align', `${name}.src-tgt`).map((line) => {
    const [source = '', target = ''] = line.split('|||');
    return { source: tokens(source), target: tokens(target) };
  });
}

/** Japanese to English, as the gold links run. */
function tanakaPairs(): TokenPair[] {
  const english = readLines('small_parallel_enja', 'train.en');
  return readLines('small_parallel_enja', 'train.ja').map((line, index) => ({ source: tokens(line), target: tokens(english[index] ?? '') }));
}

/** Trains on the test text and `more`, aligns the test text and compares with gold; percent. */
function errorRate(name: string, more: readonly TokenPair[], emit: Emit): void {
  const test = testPairs(name);
  const gold = readLines('gold-align', `${name}.gold`).map((line, index) => parsePharaoh(line, 1, `${name}.gold:${String(index + 1)}`));
  const aligner = new PairAligner(trainAligner([...test, ...more]));
  const { errorRate: rate } = alignmentErrorRate(gold, test.map((pair) => aligner.align(pair).links));
  emit({ name: `align.${name}.aer`, value: 100 * rate, unit: '%', n: test.length });
}

function trainingTime(emit: Emit): number {
  const pairs = tanakaPairs();
  const times = [1, 2, 3].map(() => {
    const started = performance.now();
    trainAligner(pairs);
    return (performance.now() - started) / 1000;
  });
  emit({ name: 'align.train50k.s', value: median(times), unit: 's', n: times.length });
  return median(times);
}

/** In a process of its own: what the others left behind does not count. */
function trainingMemory(emit: Emit): void {
  const files = ['train.ja', 'train.en'].map((file) => join(sharedData('small_parallel_enja') ?? '', file));
  const peak = execFileSync(process.execPath, ['--import', 'tsx', inRoot('test/bench/support/alignPeak.ts'), ...files], { encoding: 'utf8' });
  emit({ name: 'align.train50k.peak-mb', value: Number(peak), unit: 'MB', n: 1 });
}

/** fast_align is neither on PyPI nor in Debian, so eflomal, which has a slower and better model, stands beside it. */
async function comparedTime(emit: Emit): Promise<void> {
  const ours = trainingTime(() => undefined);
  emit({ name: 'align.train50k.vs-fast-align.ratio', skipped: 'fast_align is not to be had from PyPI or Debian (looked for: fast-align, fast_align)' });
  const name = 'align.train50k.vs-eflomal.ratio';
  try {
    const python = await ensurePython(alignEnvironment, (line) => { console.error(line); });
    const files = ['train.ja', 'train.en'].map((file) => join(sharedData('small_parallel_enja') ?? '', file));
    const { stdout } = await execOrThrow(python, [inRoot('test/bench/support/align_peer.py'), ...files]);
    const peer = JSON.parse(stdout) as { readonly version: string; readonly times: readonly number[] }; // printed by that script
    emit({ name, value: median(peer.times) / ours, unit: 'times', n: peer.times.length, peer: `eflomal ${peer.version}` });
  } catch (error) {
    emit({ name, skipped: error instanceof Error ? error.message.split('\n').at(-1) ?? '' : String(error) });
  }
}

/** The work, or a line that says which data it needs. */
function withData(name: string, work: (emit: Emit) => Promise<void> | void): Bench {
  return {
    prefix: name,
    run: async (emit) => {
      const missing = folders.find((folder) => sharedData(folder) === undefined);
      if (missing === undefined) await work(emit);
      else emit({ name, skipped: `needs ../shared/data/${missing}` });
    },
  };
}

export const benches: readonly Bench[] = [
  withData('align.enfr.aer', (emit) => { errorRate('enfr', [], emit); }),
  withData('align.jaen.aer', (emit) => { errorRate('jaen', tanakaPairs(), emit); }),
  withData('align.train50k.s', (emit) => { trainingTime(emit); }),
  withData('align.train50k.peak-mb', trainingMemory),
  withData('align.train50k.vs-', comparedTime),
];
