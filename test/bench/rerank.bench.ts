import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inRoot } from '../../scripts/support/root.ts';
import { Compute } from '../../src/app/compute.ts';
import { defaultRanking } from '../../src/app/settings.ts';
import type { Candidate } from '../../src/core/candidate.ts';
import { bundleThread } from '../unit/support/threadScript.ts';
import { median, type Bench, type Emit } from './support/figures.ts';

const languages = { source: 'en', target: 'ja' };
const runs = 60;
const warmUp = 10;

/** Sixteen texts of about sixty characters, as a long segment's candidates are. */
function candidates(): Candidate[] {
  const lines = readFileSync(inRoot('test/fixtures/tanaka/test.ja'), 'utf8').trimEnd().split('\n').map((line) => line.replaceAll(' ', ''));
  return Array.from({ length: 16 }, (_, index) => ({ text: lines.slice(4 * index, 4 * index + 4).join(''), count: 1, origin: 'bench', scores: {} }));
}

/**
 * After an edit: one text is another one, so utilities, alignment and order are made anew, with λ above 0. From the call to
 * the answer, through the real worker thread with the aligner that ships.
 */
async function rerank(emit: Emit): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'interlinear-rerank-'));
  const script = await bundleThread('computeWorker', folder);
  const compute = new Compute(script, 'bench');
  try {
    await compute.loadAligner(inRoot('media/aligner-en-ja'));
    const source = readFileSync(inRoot('test/fixtures/tanaka/test.en'), 'utf8').split('\n').slice(0, 4).join(' ');
    const [first, ...others] = candidates();
    const times: number[] = [];
    for (let run = -warmUp; run < runs; run++) {
      const edited = { text: `${first?.text ?? ''}${String(run)}`, count: 1, origin: 'edit', scores: {} };
      const started = performance.now();
      await compute.rank({ source, languages, candidates: [edited, ...others], settings: { ...defaultRanking, lambda: 0.5 } });
      if (run >= 0) times.push(performance.now() - started);
    }
    emit({ name: 'rerank.n16.ms', value: median(times), unit: 'ms', n: times.length });
    emit({ name: 'rerank.n16.p95.ms', value: times.toSorted((a, b) => a - b)[Math.ceil(0.95 * times.length) - 1] ?? NaN, unit: 'ms', n: times.length });
  } finally {
    await compute.dispose();
    rmSync(folder, { recursive: true, force: true });
  }
}

export const benches: readonly Bench[] = [{ prefix: 'rerank.n16', run: rerank }];
