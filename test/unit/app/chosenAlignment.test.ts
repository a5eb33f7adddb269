import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { AlignerChoice, Aligners } from '../../../src/app/alignment/aligners.ts';
import { ChosenAlignment } from '../../../src/app/alignment/chosenAlignment.ts';
import { ComputeHandlers } from '../../../src/app/computeHandlers.ts';
import type { Computing } from '../../../src/app/compute.ts';
import { defaultRanking, parseAlignment } from '../../../src/app/settings.ts';
import { AppError } from '../../../src/core/errors.ts';
import { Binding, importOnnxruntime } from '../../../src/engine/binding.ts';
import { EngineService } from '../../../src/engine/service.ts';
import type { EngineCaller, EngineUser } from '../../../src/protocol/engine.ts';
import type { RankParams } from '../../../src/protocol/worker.ts';
import { ModelAligner } from '../../../src/scoring/modelAligner.ts';

const models = fileURLToPath(new URL('../../fixtures/scorers', import.meta.url));
const languages = { source: 'en', target: 'ja' };
const candidates = ['猫が寝ている。', '猫。'].map((text) => ({ text, count: 1, origin: 'm', scores: {} }));
const params: RankParams = { source: 'The cat sleeps.', languages, candidates, settings: defaultRanking };

/** The engine's own service, in this process. */
function engine(): EngineUser {
  const handlers = new EngineService({ binding: new Binding(importOnnxruntime), version: '0', pid: 1, threads: 1, now: () => performance.now() }).handlers();
  const call = (name: keyof typeof handlers, given: never, options: { readonly onProgress?: (value: never) => void } = {}): Promise<unknown> =>
    Promise.resolve((handlers[name] as (params: never, context: object) => unknown)(given, { signal: new AbortController().signal, progress: options.onProgress ?? ((): void => undefined) }));
  // The service has every call of the contract; what is lost above are the types of each.
  return { use: (task) => task({ call } as unknown as EngineCaller) };
}

function chosen(folder: () => string | undefined): { chosen: ChosenAlignment; failures: AppError[] } {
  const handlers = new ComputeHandlers('0');
  const context = { signal: new AbortController().signal };
  const ranking: Pick<Computing, 'rank' | 'alignment'> = { rank: (given) => handlers.rank(given, context), alignment: (given) => handlers.alignment(given) };
  const user = engine();
  const failures: AppError[] = [];
  const aligners: Pick<Aligners, 'aligner' | 'following'> = {
    aligner: (choice) => new ModelAligner(user, choice),
    following: (choice, onProgress) => new ModelAligner(user, { ...choice, ...(onProgress !== undefined && { onProgress }) }),
  };
  const choice = (): AlignerChoice | undefined => {
    const named = folder();
    return named === undefined ? undefined : { kind: 'embedding', folder: named };
  };
  const parts = { ranking: ranking as Computing, aligners: aligners as Aligners, choice, onFailure: (error: AppError) => { failures.push(error); } };
  return { chosen: new ChosenAlignment(parts), failures };
}

describe('the aligner that is chosen', () => {
  it('gives coverage and heatmap of the model, words cut as elsewhere', async () => {
    const { chosen: alignment, failures } = chosen(() => join(models, 'awesome'));
    const ranked = await alignment.rank(params);
    assert.ok(ranked.every(({ scores }) => scores.sourceCoverage !== undefined && scores.targetCoverage !== undefined));
    const view = await alignment.alignment({ ...params, target: '猫が寝ている。', others: [{ text: '猫。', count: 1 }] });
    assert.deepEqual([view.aligner, view.confidence], ['embedding, tiny-awesome', 'high']);
    assert.deepEqual([view.probabilities.rows, view.probabilities.cols], [view.source.length, view.target.length]);
    assert.match(await alignment.signature('statistical', new AbortController().signal), /^embedding\|model:tiny-awesome\|revision:[0-9a-f]{12}$/u);
    assert.deepEqual(failures, []);
  });

  it('leaves the work to the statistical aligner where the model cannot be used, and says why', async () => {
    for (const [folder, code] of [['none', 'engine.modelMissing'], ['wspalign', 'engine.modelInvalid']] as const) {
      const { chosen: alignment, failures } = chosen(() => join(models, folder));
      const view = await alignment.alignment({ ...params, target: '猫。', others: [] });
      assert.match(view.aligner, /^statistical/u);
      assert.deepEqual(failures.map((error) => error.code), [code]);
      assert.equal(await alignment.signature('statistical', new AbortController().signal), 'statistical');
    }
  });

  it('aligns one candidate by spans, a step a word', async () => {
    const { chosen: alignment } = chosen(() => undefined);
    const seen: number[] = [];
    const view = await alignment.spans({ ...params, target: '猫。', others: [] }, { folder: join(models, 'wspalign'), rule: 'average' }, ({ done, total }) => { seen.push(total - done); }, new AbortController().signal);
    assert.deepEqual([view.aligner, seen.at(-1)], ['span, tiny-wspalign', 0]);
  });
});

describe('the settings of an aligner', () => {
  const given = { aligner: 'embedding', modelFolder: ' /m ', spanModelFolder: '', spanRule: 'batch' };

  it('name folders where there are any', () => {
    assert.deepEqual(parseAlignment(given), { embeddingFolder: '/m', spanFolder: undefined, spanRule: 'batch' });
    assert.equal(parseAlignment({ ...given, aligner: 'statistical' }).embeddingFolder, undefined);
  });

  it('say which of them is wrong', () => {
    for (const [wrong, name] of [[{ modelFolder: ' ' }, 'modelFolder'], [{ aligner: 'best' }, 'aligner'], [{ spanRule: 'x' }, 'spanRule']] as const) {
      assert.throws(() => parseAlignment({ ...given, ...wrong }), (error: unknown) => error instanceof AppError && (error.data as { where: string }).where === `interlinear.alignment.${name}`);
    }
  });
});
