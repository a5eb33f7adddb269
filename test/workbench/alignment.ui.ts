import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { inRoot } from '../../scripts/support/root.ts';
import { answered, focusList, patient, step, translated, until } from './support/reviewing.ts';
import { withWorkbench, type Workbench } from './support/withWorkbench.ts';

// Small random checkpoints, written by the project's own exporter.
const models = inRoot('test/fixtures/scorers');
const settings = {
  ...answered, 'interlinear.candidates': 4,
  'interlinear.alignment.aligner': 'embedding',
  'interlinear.alignment.modelFolder': join(models, 'awesome'),
  'interlinear.alignment.spanModelFolder': join(models, 'wspalign'),
};

async function madeBy(workbench: Workbench, aligner: string): Promise<void> {
  const note = workbench.review().locator('.heatmap-note');
  await note.waitFor(patient);
  await until(`the heatmap is made by ${aligner}`, async () => (await note.textContent())?.includes(aligner) === true);
}

describe('the aligner of a folder', () => {
  it('makes the heatmap, and says so; spans are made on demand for one candidate', async (t) => {
    await withWorkbench({ folder: 'samples', settings }, async (workbench) => {
      await translated(workbench, 'letter.en.md');
      await focusList(workbench);
      await step(t, workbench, 'embedding', async () => {
        await workbench.keys('h');
        await madeBy(workbench, 'embedding, tiny-awesome');
        await workbench.screenshot('alignment-embedding');
      });
      await step(t, workbench, 'spans', async () => {
        await workbench.keys('Shift+H');
        await madeBy(workbench, 'span, tiny-wspalign');
        await workbench.page.getByText('not for commercial use').first().waitFor(patient);
        await workbench.screenshot('alignment-spans');
        await workbench.keys('ArrowDown');
        await madeBy(workbench, 'embedding, tiny-awesome');
      });
    });
  });

  it('gives way to the statistical one where its folder is wrong, and says which folder that is', async () => {
    const wrong = { ...settings, 'interlinear.alignment.modelFolder': join(models, 'none') };
    await withWorkbench({ folder: 'samples', settings: wrong }, async (workbench) => {
      await translated(workbench, 'letter.en.md');
      await workbench.page.getByText('The statistical aligner aligns instead of the model').first().waitFor(patient);
      assert.ok((await workbench.page.getByText(join(models, 'none')).count()) > 0);
      await focusList(workbench);
      await workbench.keys('h');
      await madeBy(workbench, 'statistical');
    });
  });
});
