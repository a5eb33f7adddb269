import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cometEnvironment, ensurePython, trainerEnvironment } from '../../scripts/support/python.ts';
import { inRoot } from '../../scripts/support/root.ts';
import { Binding, importOnnxruntime } from '../../src/engine/binding.ts';
import { EngineService } from '../../src/engine/service.ts';
import type { UtilityScores } from '../../src/protocol/engine.ts';
import { candidateTexts } from './support/candidateTexts.ts';
import { median, type Bench, type Emit } from './support/figures.ts';

const source = 'The city council decided on Tuesday to close the old bridge.';
const fixtures = inRoot('test/fixtures/scorers');
const note = (line: string): void => { console.error(line); };

interface Peers {
  readonly times: { readonly encode: number; readonly comet: number; readonly mbrs: number };
  readonly versions: Readonly<Record<string, string>>;
  readonly scores: readonly number[];
}

/** `runs` times all utilities of the texts, on one thread, as the engine's process does; long texts are cut, as unbabel-comet cuts them. */
async function utilities(folder: string, given: { readonly source: string; readonly texts: readonly string[] }, runs: number): Promise<UtilityScores[]> {
  const engine = new EngineService({ binding: new Binding(importOnnxruntime), version: '0', pid: 1, threads: 1, now: () => performance.now() }).handlers();
  const context = { signal: new AbortController().signal, progress: () => undefined };
  const { handle: model } = await engine.loadScorer({ folder }, context);
  const found: UtilityScores[] = [];
  for (let run = 0; run < runs; run++) found.push(await engine.utilities({ model, ...given, long: 'cut' }, context));
  await engine.unload({ model }, context);
  return found;
}

function largestDifference(ours: Float32Array, theirs: readonly number[]): number {
  return theirs.reduce((most, score, cell) => Math.max(most, Math.abs(score - (ours[cell] ?? NaN))), 0);
}

/** Against the stored scores of unbabel-comet on the small random checkpoint of the tests. */
async function parity(emit: Emit): Promise<void> {
  const golden = JSON.parse(readFileSync(join(fixtures, 'golden.json'), 'utf8')) as { source: string; candidates: string[]; comet: { scores: number[][] } }; // written by make_golden.py
  const [ours] = await utilities(join(fixtures, 'comet'), { source: golden.source, texts: golden.candidates }, 1);
  const scores = golden.comet.scores.flat();
  emit({ name: 'comet.parity.maxdiff', value: largestDifference(ours?.matrix.data ?? new Float32Array(0), scores), unit: 'score', n: scores.length, peer: 'unbabel-comet 2.2.7' });
}

function python(path: string, args: readonly string[], input = ''): string {
  const { status, stdout, stderr } = spawnSync(path, args, { input, encoding: 'utf8', maxBuffer: 2 ** 26, cwd: inRoot('trainer') });
  if (status !== 0) throw new Error(stderr.trim().split('\n').slice(-3).join('\n'));
  return stdout;
}

/**
 * 100 texts on XLM-R-base's dimensions with random weights, one thread. The peers' pairwise step has its embeddings cached,
 * as ours has; encoding stands apart, since both must do it.
 */
async function speed(emit: Emit): Promise<void> {
  const work = mkdtempSync(join(tmpdir(), 'interlinear-comet-'));
  try {
    const given = { source, texts: candidateTexts(100, 7) };
    const script = inRoot('test/bench/support/comet_peers.py');
    const peers = JSON.parse(python(await ensurePython(cometEnvironment, note), [script, work, join(fixtures, 'comet')], JSON.stringify(given))) as Peers; // printed by the script
    const folder = join(work, 'model');
    python(await ensurePython(trainerEnvironment, note), ['-m', 'interlinear_trainer', 'export', 'comet', join(work, 'metric'), folder, '--encoder', join(work, 'encoder')]);
    const [, ...runs] = await utilities(folder, given, 4);
    const worst = Math.max(...runs.map(({ matrix }) => largestDifference(matrix.data, peers.scores)));
    if (!(worst < 1e-3)) throw new Error(`unbabel-comet differs by ${String(worst)}: not the same work`);
    const [pairs, encode] = [median(runs.map(({ stats }) => stats.pairsMs)), median(runs.map(({ stats }) => stats.encodeMs))];
    const peer = (name: 'unbabel-comet' | 'mbrs'): string => `${name} ${peers.versions[name] ?? ''}`;
    emit({ name: 'comet.mbr100.pairs.ms', value: pairs, unit: 'ms', n: runs.length });
    emit({ name: 'comet.mbr100.vs-comet.ratio', value: peers.times.comet / pairs, unit: 'times', n: runs.length, peer: peer('unbabel-comet') });
    emit({ name: 'comet.mbr100.vs-mbrs.ratio', value: peers.times.mbrs / pairs, unit: 'times', n: runs.length, peer: peer('mbrs') });
    emit({ name: 'comet.encode100.vs-mbrs.ratio', value: peers.times.encode / encode, unit: 'times', n: runs.length, peer: peer('mbrs') });
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** The peers are gigabytes from PyPI: where they cannot be had, the comparison says so. */
async function speedOrReason(emit: Emit): Promise<void> {
  try {
    await ensurePython(cometEnvironment, note);
  } catch (error) {
    emit({ name: 'comet.mbr100', skipped: `unbabel-comet and mbrs cannot be installed: ${error instanceof Error ? error.message : String(error)}` });
    return;
  }
  await speed(emit);
}

export const benches: readonly Bench[] = [
  { prefix: 'comet.parity', run: parity },
  { prefix: 'comet.mbr100', run: speedOrReason },
];
