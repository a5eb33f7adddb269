import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { forkPeer } from '../../src/backend/childPort.ts';
import { EmbeddedBackend } from '../../src/backend/embedded/embeddedBackend.ts';
import { EngineSupervisor } from '../../src/backend/supervisor.ts';
import { looks, pickStability } from '../../src/core/ranking/adaptive.ts';
import { pairwiseChrf } from '../../src/core/ranking/pairwise.ts';
import { inRoot } from '../../scripts/support/root.ts';
import type { Bench, Emit } from './support/figures.ts';
import { readSegments } from './support/human/segments.ts';

/** As the setting's text advises, and what the product does. */
const confidence = 0.8;
const rule = { first: 4, resamples: 200 } as const;
const segments = 150;
const never = new AbortController().signal;
const entry = fileURLToPath(new URL('../../src/engine/main.ts', import.meta.url));

/** The texts of one segment's samples, in the order in which they were drawn. */
type Samples = readonly string[];

/** Samples of the starter model for lines of the test set: equal texts are many, as with any sharp model. */
async function starterSamples(n: number): Promise<readonly Samples[]> {
  const lines = readFileSync(inRoot('test/fixtures/tanaka/test.en'), 'utf8').trimEnd().split('\n').slice(0, segments);
  const backend = new EmbeddedBackend(new EngineSupervisor({ spawn: () => forkPeer({ modulePath: entry, execArgv: ['--import', import.meta.resolve('tsx')] }) }), inRoot('media/starter-en-ja'));
  try {
    const { defaults } = await backend.describe(never);
    const found: Samples[] = [];
    for (const source of lines) {
      const request = { segmentKey: source, source, sourceLanguage: 'en', targetLanguage: 'ja', sampling: { ...defaults, n }, seed: 7 };
      found.push((await backend.generate(request, () => undefined, never)).texts.toSorted((a, b) => a.index - b.index).map(({ text }) => text));
    }
    return found;
  } finally {
    await backend.dispose();
  }
}

interface Outcome {
  readonly drawn: number;
  readonly same: boolean;
}

/** What drawing would have stopped at, and whether its pick is that of all samples. */
function adapt(samples: Samples): Outcome {
  const texts = [...new Set(samples)];
  const data = pairwiseChrf(texts, texts);
  const counts = (until: number): number[] => texts.map((text) => samples.slice(0, until).filter((sample) => sample === text).length);
  const drawn = looks(rule, samples.length).find((until) => until === samples.length || pickStability({ size: texts.length, data }, counts(until), rule.resamples) >= confidence) ?? samples.length;
  return { drawn, same: pick(texts, data, counts(drawn)) === pick(texts, data, counts(samples.length)) };
}

function pick(texts: readonly string[], data: Float64Array, counts: readonly number[]): string | undefined {
  const score = (row: number): number => counts.reduce((sum, count, column) => sum + count * (data[row * texts.length + column] ?? 0), 0);
  const rows = texts.flatMap((_, row) => ((counts[row] ?? 0) > 0 ? [row] : []));
  const best = rows.reduce((high, row) => (score(row) > score(high) + 1e-9 ? row : high), rows[0] ?? 0);
  return texts[best];
}

function report(emit: Emit, name: string, sets: readonly Samples[]): void {
  const outcomes = sets.map(adapt);
  const [all, drawn] = [sets.reduce((sum, set) => sum + set.length, 0), outcomes.reduce((sum, one) => sum + one.drawn, 0)];
  emit({ name: `${name}.saved.percent`, value: 100 * (1 - drawn / all), unit: '%', n: sets.length });
  emit({ name: `${name}.same-pick.percent`, value: (100 * outcomes.filter(({ same }) => same).length) / sets.length, unit: '%', n: sets.length });
}

/** Outputs of different systems stand for samples: an upper bound of disagreement, since few are equal. */
function systems(emit: Emit): void {
  const folder = inRoot('../shared/data/wmt24-esa');
  if (!existsSync(folder)) emit({ name: 'adaptive.wmt24-en-ja.saved.percent', skipped: 'needs ../shared/data/wmt24-esa' });
  else report(emit, 'adaptive.wmt24-en-ja', readSegments(folder, 'en-ja').map(({ candidates }) => candidates.map(({ text }) => text)));
}

export const benches: readonly Bench[] = [{
  prefix: 'adaptive.',
  run: async (emit) => {
    report(emit, 'adaptive', await starterSamples(16));
    report(emit, 'adaptive.n64', await starterSamples(64));
    systems(emit);
  },
}];
