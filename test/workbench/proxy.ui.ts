/** A server that only the configured proxy can reach: VS Code's `http.proxy` holds for our client too. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { startLlama, withServers } from '../contract/support/servers.ts';
import { webviewOf } from './support/page.ts';
import { startProxy } from './support/proxy.ts';
import { pick } from './support/questions.ts';
import { answered, patient, startTranslation, stored, until } from './support/reviewing.ts';
import { withWorkbench } from './support/withWorkbench.ts';

describe('a proxy as VS Code is configured', () => {
  it('is what candidates come through, after the person said that text may leave the machine', { timeout: 300_000 }, (t) => withServers(t, async () => {
    const llama = await startLlama({ slots: 2, threads: 1 });
    const proxy = await startProxy({ 'translator.test:8000': new URL(llama.url).host });
    const profile = { name: 'far', model: 'starter-en-ja', url: 'http://translator.test:8000' };
    const settings = { ...answered, 'interlinear.backend': 'far', 'interlinear.backends': [profile], 'http.proxy': proxy.url, 'http.proxySupport': 'override' };
    try {
      await withWorkbench({ folder: 'test/fixtures/letter', settings }, async (workbench) => {
        await workbench.command('Interlinear: Backend Status');
        await pick(workbench, 'far');
        const dialog = workbench.page.locator('.monaco-dialog-box', { hasText: 'http://translator.test:8000' });
        await dialog.waitFor(patient);
        await workbench.screenshot('proxy-consent');
        await dialog.locator('.monaco-button', { hasText: 'Send Text There' }).click();
        await webviewOf(workbench.page, 'vscode.markdown-language-features').locator('td', { hasText: 'llama-server' }).waitFor(patient);
        await startTranslation(workbench, 'letter.en.md');
        await until('the sets came from there', () => /"backend":"far".*"model":"starter-en-ja"/u.test(stored(workbench, 'candidates')));
      });
      assert.ok(proxy.asked.has('translator.test:8000'), [...proxy.asked].join(', '));
    } finally {
      await Promise.all([proxy.stop(), llama.stop()]);
    }
  }));
});
