import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { answered, focusList, patient, put, step, translated, until } from './support/reviewing.ts';
import { withWorkbench, type Workbench } from './support/withWorkbench.ts';

const settings = { ...answered, 'interlinear.candidates': 16 };

/** Changes the theme as a person would in the folder's settings, and looks at the review in it. */
async function inTheme(workbench: Workbench, theme: string, kind: string): Promise<void> {
  mkdirSync(join(workbench.folder, '.vscode'), { recursive: true });
  put(workbench, '.vscode/settings.json', JSON.stringify({ 'workbench.colorTheme': theme }));
  const body = workbench.review().locator('body');
  await until(`the review is drawn in ${theme}`, async () => (await body.getAttribute('data-vscode-theme-kind')) === kind);
  await workbench.screenshot(`looks-${kind}`);
  await fits(workbench);
}

/** Nothing of the view is wider than its tab. */
async function fits(workbench: Workbench): Promise<void> {
  const overflow: number = await workbench.review().locator('html').evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
  assert.equal(overflow, 0);
}

describe('the review in VS Code\'s themes', () => {
  it('fits its tab and follows the theme', async (t) => {
    await withWorkbench({ folder: 'samples', settings }, async (workbench) => {
      await translated(workbench, 'letter.en.md');
      await workbench.command('View: Toggle Primary Side Bar Visibility');
      await focusList(workbench);
      await workbench.keys('j', 'h');
      await workbench.review().locator('.heatmap-canvas').waitFor(patient);
      await step(t, workbench, 'dark', () => inTheme(workbench, 'Dark Modern', 'vscode-dark'));
      await step(t, workbench, 'light', () => inTheme(workbench, 'Light Modern', 'vscode-light'));
      await step(t, workbench, 'high contrast', () => inTheme(workbench, 'Default High Contrast', 'vscode-high-contrast'));
    });
  });
});
