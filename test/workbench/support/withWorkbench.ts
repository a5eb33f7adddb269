/** One UI test: a fresh copy of a folder, a server, a browser, and all of it gone afterwards. */
import type { FrameLocator, Page } from 'playwright-core';
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { inRoot, root } from '../../../scripts/support/root.ts';
import { installWorkbench } from '../../../scripts/support/workbenchInstall.ts';
import { copyFolder } from './copyFolder.ts';
import { appears, compose, grantTrust, launchBrowser, openFolder, runCommand, typed, waitForWorkbench, webviewOf } from './page.ts';
import { startServer, type Keybinding, type ServerOptions, type Trust } from './server.ts';

export interface WorkbenchOptions {
  /** Folder to copy and open, from the repository root. */
  readonly folder: string;
  /** Where the copy is made; a folder of temporary files unless given. */
  readonly within?: string;
  readonly trust?: Trust;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly keybindings?: readonly Keybinding[];
  readonly env?: Readonly<Record<string, string>>;
  /** A packaged extension; without it the working tree's extension runs unpacked. */
  readonly vsix?: string;
  /** Folders of other unpacked extensions that run beside it. */
  readonly beside?: readonly string[];
  readonly viewport?: { readonly width: number; readonly height: number };
}

export interface Workbench {
  readonly page: Page;
  /** The copy of the folder that the workbench has open. */
  readonly folder: string;
  /** The document inside the review's webview. */
  review(): FrameLocator;
  /** The document inside the concordance's view. */
  concordance(): FrameLocator;
  /** Runs a command by its full title, category included. */
  command(title: string): Promise<void>;
  /** Opens a file of the folder in an editor by its name. */
  openFile(name: string): Promise<void>;
  /** Bytes of a file of the folder, as they are on disk now. */
  read(name: string): Buffer;
  /** Presses keys one after another, in Playwright's names. */
  keys(...keys: readonly string[]): Promise<void>;
  /** Types text by way of an input method: each step replaces the one before, the last is committed. */
  compose(...steps: readonly string[]): Promise<void>;
  /** Reloads the window: the extension host starts anew. */
  reload(): Promise<void>;
  /** What the extension has written to its output channels. */
  outputs(): string;
  /** Saves `artifacts/screenshots/NAME.png`. */
  screenshot(name: string): Promise<void>;
}

const EXTENSION = 'interlinear.interlinear';
const SCREENSHOTS = inRoot('artifacts/screenshots');
const FADE_MS = 300;

/** Runs `use` in a workbench. When it throws, what the window showed is in `artifacts/screenshots/failure-N.png`. */
export async function withWorkbench(options: WorkbenchOptions, use: (workbench: Workbench) => Promise<void>): Promise<void> {
  const folder = copyFolder(options.folder, 'interlinear-folder-', options.within);
  mkdirSync(SCREENSHOTS, { recursive: true });
  const server = await startServer(await toServerOptions(options));
  try {
    const context = await launchBrowser(server, options.viewport);
    try {
      const page = context.pages()[0] ?? (await context.newPage());
      await openFolder(page, server, folder, options.vsix === undefined ? { extensions: [root, ...options.beside ?? []] } : undefined);
      if (options.trust === 'granted') await grantTrust(page);
      await use(makeWorkbench(page, folder, join(server.profile, 'user', 'logs'))).catch(async (error: unknown) => {
        await page.screenshot({ path: join(SCREENSHOTS, `failure-${process.pid}.png`) }).catch(() => undefined); // the page may be gone
        throw error;
      });
    } finally {
      await context.close();
    }
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function toServerOptions(options: WorkbenchOptions): Promise<ServerOptions> {
  return {
    install: await installWorkbench(console.log),
    artifacts: inRoot('artifacts', `ui-${process.pid}`),
    trust: options.trust ?? 'disabled',
    settings: options.settings ?? {},
    keybindings: options.keybindings ?? [],
    env: options.env ?? {},
    vsix: options.vsix === undefined ? [] : [options.vsix],
  };
}

function makeWorkbench(page: Page, folder: string, logs: string): Workbench {
  return {
    page,
    folder,
    review: () => webviewOf(page, EXTENSION),
    concordance: () => webviewOf(page, EXTENSION, 'view'),
    command: (title) => runCommand(page, title),
    openFile: (name) => openFile(page, name),
    read: (name) => readFileSync(join(folder, name)),
    async keys(...keys) {
      for (const key of keys) await page.keyboard.press(key);
    },
    compose: (...steps) => compose(page, steps),
    async reload() {
      // By VS Code's own command: the browser's would not wait until the open tabs are stored.
      const loaded = page.waitForEvent('domcontentloaded', { timeout: 120_000 });
      await runCommand(page, 'Developer: Reload Window');
      await loaded;
      await waitForWorkbench(page);
    },
    outputs: () => readLogs(logs, 'output_logging'),
    async screenshot(name) {
      await page.waitForTimeout(FADE_MS);
      await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`) });
    },
  };
}

function readLogs(folder: string, within: string): string {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.includes(within) && name.endsWith('.log'));
  return files.map((name) => readFileSync(join(folder, name), 'utf8')).join('');
}

/** A key on its way while the focus moves is lost, and quick open does not see a file that came later: it is asked again. */
async function openFile(page: Page, name: string): Promise<void> {
  const input = page.locator('.quick-input-widget input').first();
  // the one that Enter takes: what was open last stands first until the typed name is looked up
  const row = page.locator('.quick-input-list .monaco-list-row.focused').filter({ hasText: name }).first();
  for (let attempt = 0; ; attempt++) {
    await page.keyboard.press('ControlOrMeta+P');
    if ((await appears(input, 5000)) && (await typed(input, name)) && (await appears(row, 5000))) break;
    if (attempt === 15) throw new Error(`no file to open: ${name}`);
    await page.keyboard.press('Escape');
  }
  await page.keyboard.press('Enter');
  await page.locator('.tabs-container .tab.active', { hasText: name }).first().waitFor({ timeout: 90_000 });
}
