import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { answered, focusList, patient, put, translated, until } from './support/reviewing.ts';
import { withWorkbench } from './support/withWorkbench.ts';

describe('a glossary in a real workbench', () => {
  it('shows the terms of a source, and its key inserts them while editing', async () => {
    await withWorkbench({ folder: 'test/fixtures/letter', settings: answered }, async (workbench) => {
      mkdirSync(join(workbench.folder, '.interlinear'), { recursive: true });
      put(workbench, '.interlinear/glossary.csv', 'source,target,forbidden,note\ndog,ワンちゃん,犬,brand voice\ncat,ネコちゃん,,\n');
      put(workbench, 'pets.en.md', 'I have a dog and a cat.\n');
      await translated(workbench, 'pets.en.md');
      const terms = workbench.review().locator('.source-terms .chip');
      await terms.first().waitFor(patient);
      assert.match(await terms.first().textContent() ?? '', /dog → ワンちゃん \(not 犬\) brand voice/u);
      assert.equal(await workbench.review().locator('body').evaluate('CSS.highlights.get("interlinear-terms")?.size'), 2);
      await focusList(workbench);
      await workbench.keys('e');
      const editor = workbench.review().locator('textarea');
      await editor.waitFor(patient);
      await editor.fill('');
      await workbench.keys('F4');
      await until('the first term is there', async () => await editor.inputValue() === 'ワンちゃん');
      await workbench.keys('F4');
      await until('the second term is there', async () => await editor.inputValue() === 'ワンちゃんネコちゃん');
      await workbench.screenshot('glossary-1-editing');
    });
  });
});
