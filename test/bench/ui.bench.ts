import { withWorkbench, type Workbench } from '../workbench/support/withWorkbench.ts';
import { answered, focusList, patient, translated, until } from '../workbench/support/reviewing.ts';
import { median, type Bench, type Emit } from './support/figures.ts';

const windows = 3;
const keyPresses = 80;

/** As VS Code itself reports it in its list of running extensions. */
async function activationTime(workbench: Workbench): Promise<number> {
  const { page } = workbench;
  await workbench.command('Interlinear: Show Log');
  await workbench.command('Developer: Show Running Extensions');
  const row = page.locator('.runtime-extensions-editor .monaco-list-row', { hasText: 'Interlinear' }).first();
  const time = row.locator('.activation-time');
  await until('the activation is reported', async () => /\d+\s*ms/u.test((await time.textContent()) ?? ''));
  return Number(/(\d+)\s*ms/u.exec((await time.textContent(patient)) ?? '')?.[1]);
}

async function activation(emit: Emit): Promise<void> {
  const times: number[] = [];
  await withWorkbench({ folder: 'test/fixtures/letter' }, async (workbench) => {
    for (let window = 0; window < windows; window++) {
      if (window > 0) await workbench.reload();
      times.push(await activationTime(workbench));
    }
  });
  emit({ name: 'ui.activation.ms', value: median(times), unit: 'ms', n: times.length });
}

/** Milliseconds from keydown to the frame that shows what the key did, as the review itself has measured them. */
function paintTimes(workbench: Workbench): Promise<readonly number[]> {
  return workbench.review().locator('body').evaluate<readonly number[], never>("performance.getEntriesByName('keyToPaint').map(({ duration }) => duration)");
}

function percentile95(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.ceil(0.95 * sorted.length) - 1] ?? NaN;
}

/** What walking changes: the segment and the candidate that are shown. */
async function shown(workbench: Workbench): Promise<string> {
  return String(await workbench.review().locator('body').evaluate("document.querySelector('.source-position')?.textContent + ' ' + document.querySelector('.row.focused .row-digit')?.textContent"));
}

/** Presses a key and looks every few milliseconds whether the view has followed. */
async function walk(workbench: Workbench, key: string): Promise<void> {
  const before = await shown(workbench);
  await workbench.keys(key);
  const deadline = performance.now() + patient.timeout;
  while ((await shown(workbench)) === before) {
    if (performance.now() > deadline) throw new Error(`${key} was pressed and nothing moved`);
    await workbench.page.waitForTimeout(5);
  }
}

/** Walking between candidates and segments in a translated file: every key goes through VS Code and back. */
async function keyToPaint(emit: Emit): Promise<void> {
  await withWorkbench({ folder: 'test/fixtures/letter', settings: answered }, async (workbench) => {
    await translated(workbench, 'letter.en.md');
    await focusList(workbench);
    const keys = ['ArrowDown', 'ArrowUp', 'j', 'k'];
    const warmUp = keys.length * 2;
    for (let press = 0; press < warmUp + keyPresses; press++) await walk(workbench, keys[press % keys.length] ?? 'j');
    const times = async (): Promise<readonly number[]> => (await paintTimes(workbench)).slice(warmUp);
    await until('the last key is measured', async () => (await times()).length >= keyPresses);
    const measured = await times();
    emit({ name: 'ui.key-to-paint.p95.ms', value: percentile95(measured), unit: 'ms', n: measured.length });
  });
}

export const benches: readonly Bench[] = [
  { prefix: 'ui.activation.ms', needsWorkbench: true, run: activation },
  { prefix: 'ui.key-to-paint.p95.ms', needsWorkbench: true, run: keyToPaint },
];
