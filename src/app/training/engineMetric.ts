/** A metric of the engine as a judge at the gate: COMET against the reference, CometKiwi without one. */
import type { EngineCaller, EngineUser, LoadedScorer } from '../../protocol/engine.ts';
import { openEngine } from '../engine.ts';
import type { ScoredRow, SegmentMetric } from './gateAdapter.ts';

/**
 * Runs `work` with the metric of a folder; its engine process is gone afterwards.
 * @param folder absolute, as `python -m interlinear_trainer export comet` writes it
 * @throws AppError `engine.*`
 */
export async function withEngineMetric<T>(folder: string, engineScript: string, work: (metric: SegmentMetric) => Promise<T>, signal: AbortSignal): Promise<T> {
  const engine = openEngine({ engineScript });
  try {
    return await work(await engineMetric(engine, folder, signal));
  } finally {
    await engine.dispose();
  }
}

/** Its name says which model it is. Rows without a reference have no score by COMET: NaN. */
export async function engineMetric(engine: EngineUser, folder: string, signal: AbortSignal): Promise<SegmentMetric> {
  const load = (caller: EngineCaller, own: AbortSignal): Promise<LoadedScorer> => caller.call('loadScorer', { folder }, { signal: own });
  const { kind, name, revision } = await engine.use((caller) => load(caller, signal), signal);
  const score = async (row: ScoredRow, own: AbortSignal): Promise<number> => engine.use(async (caller) => {
    const { handle } = await load(caller, own); // at once, unless the engine was started anew
    return kind === 'comet' ? againstReference(caller, handle, row, own) : withoutReference(caller, handle, row, own);
  }, own);
  return {
    name: `${name}@${revision}`, utility: kind,
    score: async (rows, own) => {
      const scores: number[] = [];
      for (const row of rows) scores.push(await score(row, own));
      return scores;
    },
  };
}

async function againstReference(engine: EngineCaller, model: number, { source, output, reference }: ScoredRow, signal: AbortSignal): Promise<number> {
  if (reference === undefined || output === '') return Number.NaN;
  const texts = [...new Set([output, reference])];
  const { matrix } = await engine.call('utilities', { model, source, texts }, { signal });
  return matrix.data[texts.indexOf(reference)] ?? Number.NaN; // the first row is the output's
}

async function withoutReference(engine: EngineCaller, model: number, { source, output }: ScoredRow, signal: AbortSignal): Promise<number> {
  if (output === '') return Number.NaN;
  const { scores } = await engine.call('quality', { model, source, texts: [output] }, { signal });
  return scores[0] ?? Number.NaN;
}
