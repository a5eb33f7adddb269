import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pairwiseChrf } from '../../src/core/ranking/pairwise.ts';
import { sharedData } from '../unit/support/sharedData.ts';
import { candidateTexts } from './support/candidateTexts.ts';
import { maxVectorDifference } from './support/chrfVectors.ts';
import type { ComputedVector } from './support/chrfVectors.ts';
import { median, timeRuns } from './support/figures.ts';
import type { Bench, Emit } from './support/figures.ts';

/** Times the peer's own call in its own process, so that neither start-up nor pipes count. */
const peerScript = `
import importlib.metadata, json, sys, time
import fastchrf
texts = json.load(sys.stdin)
times = []
for run in range(int(sys.argv[1]) + 1 if int(sys.argv[1]) > 1 else 1):
    started = time.perf_counter()
    scores = fastchrf.pairwise_chrf([texts], [texts])
    times.append(1000 * (time.perf_counter() - started))
print(json.dumps({"version": importlib.metadata.version("fastchrf"), "times": times[1:] or times, "scores": [s for row in scores[0] for s in row]}))
`;

interface PeerResult {
  readonly version: string;
  readonly times: readonly number[];
  readonly scores: readonly number[];
}

/** `runs` counted runs after one that warms up; a single run has none. */
function runPeer(texts: readonly string[], runs: number): PeerResult | string {
  const python = process.env['INTERLINEAR_PYTHON'] ?? fileURLToPath(new URL('../../.venv/bin/python', import.meta.url));
  if (!existsSync(python)) return 'there is no Python environment with fastchrf';
  const { status, stdout, stderr } = spawnSync(python, ['-c', peerScript, String(runs)], { input: JSON.stringify(texts), encoding: 'utf8', maxBuffer: 2 ** 28 });
  if (status !== 0) return stderr.trim().split('\n').at(-1) ?? 'fastchrf did not run';
  return JSON.parse(stdout) as PeerResult; // printed by the script above
}

function checkAgreement(ours: Float64Array, peer: readonly number[]): void {
  const worst = ours.reduce((most, score, cell) => Math.max(most, Math.abs(100 * score - (peer[cell] ?? NaN))), 0);
  if (!(worst < 1e-3)) throw new Error(`fastchrf differs by ${String(worst)}: not the same work`);
}

/** fastchrf takes a minute or more for 1,000 texts, so it runs once there. */
function pairwise(emit: Emit, count: number, runs: number): void {
  const texts = candidateTexts(count, 7);
  const ours = timeRuns(() => pairwiseChrf(texts, texts), runs, 5);
  emit({ name: `chrf.pairwise.n${String(count)}.ms`, value: median(ours), unit: 'ms', n: ours.length });
  compareWithPeer(emit, texts, { oursMs: median(ours), peerRuns: count === 100 ? 5 : 1 });
}

function compareWithPeer(emit: Emit, texts: readonly string[], { oursMs, peerRuns }: { readonly oursMs: number; readonly peerRuns: number }): void {
  const name = `chrf.pairwise.n${String(texts.length)}.vs-fastchrf.ratio`;
  const peer = runPeer(texts, peerRuns);
  if (typeof peer === 'string') {
    emit({ name, skipped: peer });
    return;
  }
  checkAgreement(pairwiseChrf(texts, texts), peer.scores);
  emit({ name, value: median(peer.times) / oursMs, unit: 'times', n: peer.times.length, peer: `fastchrf ${peer.version}` });
}

function vectors(emit: Emit): void {
  const name = 'chrf.vectors.maxdiff';
  const folder = sharedData('chrf-vectors');
  if (folder === undefined) {
    emit({ name, skipped: 'needs ../shared/data/chrf-vectors' });
    return;
  }
  const { vectors: found } = JSON.parse(readFileSync(join(folder, 'vectors.json'), 'utf8')) as { vectors: ComputedVector[] }; // its README gives the shape
  emit({ name, value: maxVectorDifference(found), unit: 'chrF', n: found.length });
}

const settled = (work: () => void): Promise<void> => new Promise((resolve) => {
  work();
  resolve();
});

export const benches: readonly Bench[] = [
  { prefix: 'chrf.pairwise.n100', needsPython: true, run: (emit) => settled(() => { pairwise(emit, 100, 25); }) },
  { prefix: 'chrf.pairwise.n1000', needsPython: true, run: (emit) => settled(() => { pairwise(emit, 1000, 5); }) },
  { prefix: 'chrf.vectors', run: (emit) => settled(() => { vectors(emit); }) },
];
