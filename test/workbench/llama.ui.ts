/** A real llama.cpp server, started, used, crashed, restarted and stopped from the workbench. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { llamaCommand, withServers } from '../contract/support/servers.ts';
import { answer, pick } from './support/questions.ts';
import { answered, focusList, patient, startTranslation, stored, toast, until } from './support/reviewing.ts';
import { withWorkbench, type Workbench } from './support/withWorkbench.ts';

/** The process that the server's log names. */
function serverPid(log: string): number {
  return Number(/serving as process (\d+)/u.exec(log)?.[1]);
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function translatedBy(workbench: Workbench, backend: string): Promise<void> {
  const item = workbench.page.locator('.statusbar-item', { hasText: `ja · ${backend}` });
  await item.waitFor(patient);
  await item.locator('.codicon-sync').waitFor({ state: 'detached', ...patient });
}

/** `m` draws more, `t` goes on from a beginning; an instruction is refused, since the model takes none. */
async function asksForMore(workbench: Workbench): Promise<void> {
  const review = workbench.review();
  await focusList(workbench);
  await workbench.keys('m');
  await review.locator('.row .chip', { hasText: 'asked for' }).first().waitFor(patient);
  await focusList(workbench);
  await workbench.keys('t');
  await answer(workbench, '手紙');
  await review.locator('.row .chip', { hasText: 'goes on from: 手紙' }).first().waitFor(patient);
  await workbench.screenshot('llama-asked');
  assert.match(stored(workbench, 'candidates'), /"steering":\{"prefix":"手紙","round":2\}/u);
  await focusList(workbench);
  await workbench.keys('r');
  await answer(workbench, 'softer');
  await toast(workbench, /starter-en-ja does not take instructions/u).waitFor(patient);
}

describe('a llama.cpp server in a real workbench', () => {
  it('is started by a command, translates, comes back after a crash, and ends', { timeout: 400_000 }, (t) => withServers(t, async () => {
    const profile = { name: 'llama', model: 'starter-en-ja', command: await llamaCommand({ slots: 2, threads: 1 }) };
    const settings = { ...answered, 'interlinear.backend': 'llama', 'interlinear.backends': [profile] };
    await withWorkbench({ folder: 'test/fixtures/letter', settings }, async (workbench) => {
      await workbench.command('Interlinear: Start Backend...');
      await pick(workbench, 'llama');
      await toast(workbench, /"llama" runs at http:\/\/127\.0\.0\.1:\d+/u).waitFor(patient);
      await startTranslation(workbench, 'letter.en.md');
      await workbench.review().locator('.row.focused').first().waitFor(patient);
      await translatedBy(workbench, 'llama');
      await workbench.screenshot('llama-review');
      const first = await workbench.review().locator('.row.focused .row-text').first().innerText();
      assert.match(first, /[\p{Script=Hiragana}\p{Script=Han}]/u);
      await until('the sets name the server', () => /"backend":"llama".*"model":"starter-en-ja"/u.test(stored(workbench, 'candidates')));
      await asksForMore(workbench);
      const pid = serverPid(workbench.outputs());
      process.kill(pid, 'SIGKILL');
      const crash = toast(workbench, /The server of "llama" stopped: ended by SIGKILL/u);
      await crash.waitFor(patient);
      await workbench.screenshot('llama-stopped');
      await crash.locator('.monaco-button', { hasText: 'Restart' }).click();
      await toast(workbench, /The server of "llama" runs again/u).waitFor(patient);
      await workbench.command('Interlinear: Stop Backend...');
      await toast(workbench, /The server of "llama" has been stopped/u).waitFor(patient);
      const last = [...workbench.outputs().matchAll(/serving as process (\d+)/gu)].at(-1)?.[1];
      assert.ok(last !== undefined && Number(last) !== pid && !alive(Number(last)));
    });
  }));
});
