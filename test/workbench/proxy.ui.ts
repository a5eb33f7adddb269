/** Servers that only the configured proxy can reach, one of them with TLS: VS Code's proxy and certificates hold for our client too. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { startLlama, withServers } from '../contract/support/servers.ts';
import { makeAuthority } from '../support/certificates.ts';
import { startRecordingFront } from '../support/recordingFront.ts';
import { startTlsFront } from '../support/tlsFront.ts';
import { FakeOpenAi, seededChat, stopFakes } from '../unit/support/fakeOpenAi.ts';
import { CHAT } from '../unit/support/openAiScene.ts';
import { webviewOf } from './support/page.ts';
import { startProxy } from './support/proxy.ts';
import { answer, pick } from './support/questions.ts';
import { answered, patient, startTranslation, stored, toast, until } from './support/reviewing.ts';
import { withWorkbench, type Workbench } from './support/withWorkbench.ts';

/** Asks for the status of a server and says that text may be sent to it. */
async function askStatus(workbench: Workbench, name: string, url: string): Promise<void> {
  await workbench.command('Interlinear: Backend Status');
  await pick(workbench, name);
  const dialog = workbench.page.locator('.monaco-dialog-box', { hasText: url });
  await dialog.waitFor(patient);
  await workbench.screenshot(`proxy-consent-${name}`);
  await dialog.locator('.monaco-button', { hasText: 'Send Text There' }).click();
  await dialog.waitFor({ state: 'detached', ...patient });
}

async function storesKey(workbench: Workbench, name: string, key: string): Promise<void> {
  await workbench.command('Interlinear: Set API Key...');
  await pick(workbench, name);
  await workbench.page.locator('.quick-input-widget input[type="password"]').waitFor(patient);
  await answer(workbench, key);
}

function statusPage(workbench: Workbench, text: string): Promise<void> {
  return webviewOf(workbench.page, 'vscode.markdown-language-features').locator('td', { hasText: text }).first().waitFor(patient);
}

describe('a proxy as VS Code is configured', () => {
  it('is what candidates come through, after the person said that text may leave the machine; the style brief goes with it', { timeout: 300_000 }, (t) => withServers(t, async () => {
    const llama = await startLlama({ slots: 2, threads: 1 });
    const front = await startRecordingFront(llama.url);
    const proxy = await startProxy({ 'translator.test:8000': new URL(front.url).host });
    const profile = { name: 'far', model: 'starter-en-ja', url: 'http://translator.test:8000', promptFamily: 'qwen3' };
    const brief = { register: 'polite (desu/masu)', audience: 'children' };
    const settings = { ...answered, 'interlinear.backend': 'far', 'interlinear.backends': [profile], 'interlinear.prompt.brief': brief, 'http.proxy': proxy.url, 'http.proxySupport': 'override' };
    try {
      await withWorkbench({ folder: 'test/fixtures/letter', settings }, async (workbench) => {
        await askStatus(workbench, 'far', 'http://translator.test:8000');
        await statusPage(workbench, 'llama-server');
        await storesKey(workbench, 'far', 'a-key-of-mine');
        await startTranslation(workbench, 'letter.en.md');
        await until('the sets came from there', () => /"backend":"far".*"model":"starter-en-ja"/u.test(stored(workbench, 'candidates')));
        await until('what was asked is written down', () => front.recorded.some(({ body }) => body['stream'] === true));
      });
      assert.ok(proxy.asked.has('translator.test:8000'), [...proxy.asked].join(', '));
      const drawn = front.recorded.filter(({ body }) => body['stream'] === true);
      assert.deepEqual([...new Set(drawn.map(({ authorization }) => authorization))], ['Bearer a-key-of-mine']);
      assert.ok(drawn.every(({ body }) => JSON.stringify(body['messages']).includes('Audience: children\\n\\nRegister: polite (desu/masu)')), JSON.stringify(drawn[0]?.body));
    } finally {
      await Promise.all([proxy.stop(), front.stop(), llama.stop()]);
    }
  }));

  it('holds for a server with TLS: one whose authority is known answers, a stranger is refused with the reason', async (t) => {
    const [ours, strange] = [makeAuthority(), makeAuthority()];
    if (ours === undefined || strange === undefined) {
      t.skip('needs the openssl program');
      return;
    }
    const plain = await new FakeOpenAi({ [CHAT]: seededChat }).start();
    const fronts = await Promise.all([startTlsFront(ours.issue(['known.test']), plain.url), startTlsFront(strange.issue(['strange.test']), plain.url)]);
    const [known, stranger] = fronts;
    const proxy = await startProxy({ 'known.test:443': `127.0.0.1:${known.port}`, 'strange.test:443': `127.0.0.1:${stranger.port}` });
    const profiles = [{ name: 'known', model: 'Qwen3-8B', url: 'https://known.test' }, { name: 'strange', model: 'Qwen3-8B', url: 'https://strange.test' }];
    const settings = { ...answered, 'interlinear.backends': profiles, 'http.proxy': proxy.url, 'http.proxySupport': 'override', 'http.systemCertificatesNode': true };
    try {
      await withWorkbench({ folder: 'test/fixtures/letter', settings, env: { SSL_CERT_FILE: ours.path } }, async (workbench) => {
        await askStatus(workbench, 'strange', 'https://strange.test');
        await toast(workbench, /https:\/\/strange\.test\S* is not trusted: its certificate is of an authority that is not known here.*NODE_EXTRA_CA_CERTS/u).waitFor(patient);
        await workbench.screenshot('proxy-tls-refused');
        await askStatus(workbench, 'known', 'https://known.test');
        await statusPage(workbench, 'Qwen3-8B');
      });
      assert.deepEqual([...proxy.asked].sort(), ['known.test:443', 'strange.test:443']);
    } finally {
      await Promise.all([proxy.stop(), ...fronts.map((front) => front.stop()), stopFakes()]);
      ours.remove();
      strange.remove();
    }
  });
});
