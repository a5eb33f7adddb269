/** A gate, an adoption and a roll back on a server with two addresses, from the palette. The servers are fakes of vLLM; the adapter is a file in name only. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { inRoot } from '../../scripts/support/root.ts';
import { prepareJob } from '../../src/app/training/prepareJob.ts';
import { nodeFileSystem } from '../../src/store/fileSystem.ts';
import { fakeLoraServer, type FakeLoraServer } from '../unit/support/fakeLoraServer.ts';
import { chatReply, stopFakes, type FakeRequest } from '../unit/support/fakeOpenAi.ts';
import type { ServerResponse } from 'node:http';
import { pick } from './support/questions.ts';
import { answered, dismissToasts, patient, put, toast, until } from './support/reviewing.ts';
import { withWorkbench, type Workbench } from './support/withWorkbench.ts';

const base = 'Qwen3-8B';
const rows = (count: number, from: number): string => Array.from({ length: count }, (_, index) => {
  const source = `The ${['rain', 'train', 'letter', 'garden'][index % 4] ?? ''} of day ${(from + index).toString()} is late again.`;
  return `${JSON.stringify({ prompt: source, promptForm: 'user', source, chosen: '良い訳です。', rejected: '悪い訳だ。', bc: 1, document: 'a.md', sourceLanguage: 'en', targetLanguage: 'ja' })}\n`;
}).join('');

/** The base writes plain forms, an adapter polite ones. */
function chat(request: FakeRequest, response: ServerResponse): void {
  const n = typeof request.body['n'] === 'number' ? request.body['n'] : 1;
  const day = /day (\d+)/u.exec(JSON.stringify(request.body['messages']))?.[1] ?? '';
  const [copula, late] = request.body['model'] === base ? ['だ', '遅れている'] : ['です', '遅れています'];
  chatReply(request, response, Array.from({ length: n }, (_, index) => ({ text: index % 3 === 0 ? `${day}日の分はまた${late}。` : `${day}日目も遅れ${copula}。`, logProb: -1.5 })));
}

function writeAdapter(job: string): void {
  mkdirSync(join(job, 'adapter'), { recursive: true });
  for (const [name, text] of [['adapter_config.json', '{"r":16,"peft_type":"LORA"}'], ['adapter_model.safetensors', 'fake weights'], ['interlinear.json', '{"stage":"cpo"}']] as const) writeFileSync(join(job, 'adapter', name), text);
}

/** A job that has been trained, as far as its files tell. */
async function trainedJob(folder: string): Promise<void> {
  const data = join(folder, 'data');
  mkdirSync(data);
  writeFileSync(join(data, 'pairs.jsonl'), rows(80, 1));
  writeFileSync(join(data, 'heldout.jsonl'), rows(12, 200));
  const job = join(folder, '.interlinear/jobs/polite');
  await prepareJob(nodeFileSystem, { stage: 'cpo', data, base: inRoot('media/starter-en-ja'), out: job });
  writeAdapter(job);
  const time = '2026-01-01T00:00:00.000Z';
  writeFileSync(join(job, 'run.json'), `${JSON.stringify({ pid: 2 ** 30, startedAt: 0, eventsBefore: 0 })}\n`);
  writeFileSync(join(job, 'events.jsonl'), `${JSON.stringify({ kind: 'finished', time, step: 30, seconds: 60, output: 'lora', path: 'adapter' })}\n`);
}

const gateText = (workbench: Workbench): Promise<string> => workbench.review().locator('body').innerText(patient);

async function gated(workbench: Workbench, servers: readonly FakeLoraServer[]): Promise<void> {
  await workbench.command('Interlinear: Run Gate...');
  await toast(workbench, /Gate of polite: not evaluated: nobody has compared/u).waitFor(patient);
  assert.ok(servers.every(({ loaded }) => loaded.size === 0), 'it was lent for the gate alone');
  await workbench.command('Notifications: Clear All Notifications');
  await workbench.command('Interlinear: Open Gate Report');
  await until('the report is drawn', async () => /Segments that changed most/u.test(await gateText(workbench)));
  const text = await gateText(workbench);
  assert.match(text, /polite-[0-9a-f]{12}/u);
  assert.match(text, /Win rate/u);
  assert.equal(await workbench.review().locator('ins').count() > 0, true);
  mkdirSync(join(workbench.folder, '.vscode'), { recursive: true });
  for (const [theme, kind] of [['Light Modern', 'vscode-light'], ['Default High Contrast', 'vscode-high-contrast'], ['Dark Modern', 'vscode-dark']] as const) {
    put(workbench, '.vscode/settings.json', JSON.stringify({ 'workbench.colorTheme': theme }));
    await until(`the report is drawn in ${theme}`, async () => (await workbench.review().locator('body').getAttribute('data-vscode-theme-kind')) === kind);
    await workbench.screenshot(`gate-report-${kind}`);
    const overflow: number = await workbench.review().locator('html').evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
    assert.equal(overflow, 0);
  }
}

async function adopted(workbench: Workbench, servers: readonly FakeLoraServer[]): Promise<void> {
  await workbench.command('Interlinear: Adopt Adapter...');
  const dialog = workbench.page.locator('.monaco-dialog-box');
  await dialog.getByText('Human verdict: none yet').waitFor(patient);
  await workbench.screenshot('gate-server-adopt');
  await dialog.getByRole('button', { name: 'Adopt', exact: true }).click(patient);
  await workbench.page.locator('.quick-input-widget').getByText('Why adopt it all the same?').waitFor(patient);
  await workbench.page.locator('.quick-input-widget input').first().fill('to see it on the server');
  await workbench.keys('Enter');
  await toast(workbench, 'translates in this folder now').waitFor(patient);
  assert.ok(servers.every(({ loaded }) => loaded.size === 1), 'every address has it');
}

function candidates(workbench: Workbench): string {
  const folder = join(workbench.folder, '.interlinear/candidates');
  return readdirSync(folder).map((name) => workbench.read(`.interlinear/candidates/${name}`).toString()).join('');
}

async function translates(workbench: Workbench, file: string, by: RegExp): Promise<void> {
  put(workbench, file, `The bus of day ${file.length.toString()} is late again.\n`);
  await workbench.openFile(file);
  await workbench.command('Interlinear: Translate File...');
  await until(`${file} was translated`, () => by.test(candidates(workbench)));
}

/** An earlier adoption, as it comes with a pull: its weights are here, no server has them yet. */
function adoptedElsewhere(workbench: Workbench, servers: readonly FakeLoraServer[]): void {
  writeAdapter(join(workbench.folder, '.interlinear/jobs/earlier'));
  const [url = '', ...others] = servers.map(({ server }) => server.url);
  const record = {
    act: 'adopt', id: 'earlier', at: '2026-01-01T00:00:00.000Z', adapter: { name: 'earlier-0123456789ab', revision: '0123456789ab' }, base: { name: base, revision: '1' },
    server: { url, others, model: 'earlier-0123456789ab', profile: 'box' }, job: 'earlier', gate: { outcome: 'passed' },
  };
  put(workbench, '.interlinear/adapters.jsonl', `${JSON.stringify(record)}\n${workbench.read('.interlinear/adapters.jsonl').toString()}`);
}

/** Both stay adopted; the one that is chosen translates. */
async function chosen(workbench: Workbench, servers: readonly FakeLoraServer[]): Promise<void> {
  await dismissToasts(workbench);
  await workbench.command('Interlinear: Choose Adapter...');
  const rows = workbench.page.locator('.quick-input-list .monaco-list-row');
  await rows.filter({ hasText: 'earlier-0123456789ab' }).first().waitFor(patient);
  assert.match((await rows.first().innerText()), /polite-[0-9a-f]{12}[\s\S]*translates now/u);
  await workbench.screenshot('gate-server-choose');
  await pick(workbench, 'earlier-0123456789ab');
  await toast(workbench, 'earlier-0123456789ab translates in this folder now').waitFor(patient);
  await translates(workbench, 'second.en.txt', /"model":"earlier-0123456789ab"/u);
  assert.ok(servers.some(({ loaded }) => loaded.has('earlier-0123456789ab')), 'loaded when it was needed');
}

/** What was chosen last first, then the other; neither stays in the memory of a server. */
async function rolledBack(workbench: Workbench, servers: readonly FakeLoraServer[]): Promise<void> {
  const has = (name: RegExp): boolean => servers.some(({ loaded }) => [...loaded.keys()].some((key) => name.test(key)));
  await workbench.command('Interlinear: Roll Back Adapter');
  await toast(workbench, /earlier-0123456789ab is out of use; polite-[0-9a-f]{12}/u).waitFor(patient);
  assert.deepEqual([has(/^earlier/u), has(/^polite/u)], [false, true]);
  await dismissToasts(workbench);
  await workbench.command('Interlinear: Roll Back Adapter');
  await toast(workbench, base).waitFor(patient);
  assert.ok(servers.every(({ loaded }) => loaded.size === 0), 'every address let go of it');
}

describe('an adapter on a server', () => {
  it('is gated, looked at, adopted at every address, used, chosen among others and rolled back from the palette', { timeout: 400_000 }, async () => {
    const seeded = mkdtempSync(join(tmpdir(), 'interlinear-server-'));
    await trainedJob(seeded);
    const servers = [await fakeLoraServer({ chat }), await fakeLoraServer({ chat })];
    const settings = { ...answered, 'interlinear.backend': 'box', 'interlinear.backends': [{ name: 'box', url: servers.map(({ server }) => server.url), model: base }] };
    await withWorkbench({ folder: seeded, settings }, async (workbench) => {
      await gated(workbench, servers);
      await adopted(workbench, servers);
      await translates(workbench, 'one.en.txt', /"model":"polite-[0-9a-f]{12}"/u);
      adoptedElsewhere(workbench, servers);
      await chosen(workbench, servers);
      await rolledBack(workbench, servers);
      await translates(workbench, 'three.en.txt', /"model":"Qwen3-8B"/u);
    }).finally(async () => {
      await stopFakes();
      rmSync(seeded, { recursive: true, force: true });
    });
  });
});
