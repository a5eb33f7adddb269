/** What a person does with the workbench's window: open a folder, run a command, find a webview, type, compose. */
import { chromium, type BrowserContext, type FrameLocator, type Locator, type Page } from 'playwright-core';
import { join } from 'node:path';
import { findChromium } from '../../../scripts/support/chromium.ts';
import type { Server } from './server.ts';

const NO_NETWORK = '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1';

export interface Development {
  /** Folders of unpacked extensions. */
  readonly extensions: readonly string[];
  /** A module that exports `run(): Promise<void>`, run in the extension host. */
  readonly tests?: string;
}

export async function launchBrowser(server: Server, viewport = { width: 1280, height: 800 }): Promise<BrowserContext> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error('no Chromium: set CHROMIUM to its program');
  return chromium.launchPersistentContext(join(server.profile, 'chrome'), {
    executablePath,
    headless: true,
    viewport,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', NO_NETWORK],
  });
}

/** Opens a folder and waits for the workbench; `development` loads unpacked extensions by the channel of @vscode/test-web. */
export async function openFolder(page: Page, server: Server, folder: string, development?: Development): Promise<void> {
  if (development !== undefined) await injectDevelopment(page, server, development);
  const url = new URL(server.url);
  url.searchParams.set('folder', folder);
  await page.goto(url.href, { waitUntil: 'domcontentloaded', timeout: 120_000 });
  await waitForWorkbench(page);
}

export async function waitForWorkbench(page: Page): Promise<void> {
  await page.locator('.monaco-workbench .statusbar-item').first().waitFor({ timeout: 120_000 });
}

/** The page reads its options from an attribute of a meta element; they are added before the workbench's own script sees it. */
async function injectDevelopment(page: Page, server: Server, development: Development): Promise<void> {
  const toUri = (path: string): object => ({ scheme: 'vscode-remote', authority: server.authority, path });
  const extensionTestsPath = development.tests === undefined ? undefined : toUri(development.tests);
  const options = { extensions: development.extensions.map(toUri), extensionTestsPath };
  const script = `(${addDevelopmentOptions.toString()})(${JSON.stringify(options)})`;
  await page.addInitScript(script);
}

/** Runs in the page. */
function addDevelopmentOptions(options: object): void {
  const page = globalThis as unknown as BrowserWindow;
  if (page !== page.top) return;
  const observer = new page.MutationObserver(() => {
    const meta = page.document.getElementById('vscode-workbench-web-configuration');
    if (meta === null) return;
    const settings = meta.getAttribute('data-settings') ?? '{}';
    observer.disconnect();
    const configuration = JSON.parse(settings) as { developmentOptions?: object };
    meta.setAttribute('data-settings', JSON.stringify({ ...configuration, developmentOptions: { ...configuration.developmentOptions, ...options } }));
  });
  observer.observe(page.document, { childList: true, subtree: true });
}

/** The little of a browser's window that `addDevelopmentOptions` uses; this file is compiled for Node. */
interface BrowserWindow {
  readonly top: unknown;
  readonly document: { getElementById(id: string): { getAttribute(name: string): string | null; setAttribute(name: string, value: string): void } | null };
  readonly MutationObserver: new (callback: () => void) => { observe(target: object, options: object): void; disconnect(): void };
}

/** Runs a command by its full title. The open palette does not learn of commands registered later, so it is opened again, as it is where its key was lost. */
export async function runCommand(page: Page, title: string): Promise<void> {
  const input = page.locator('.quick-input-widget input').first();
  const row = page.locator('.quick-input-list .monaco-list-row').filter({ hasText: title }).first();
  for (let attempt = 0; attempt < 20; attempt++) {
    await page.keyboard.press('F1');
    if ((await appears(input, 5000)) && (await typed(input, `>${title}`)) && (await appears(row, 4000))) {
      if (await row.click({ timeout: 5000 }).then(() => true, () => false)) return;
    }
    await page.keyboard.press('Escape');
  }
  throw new Error(`command not in the palette: ${title}`);
}

/** Clicks until `done` shows: a tree item loses its command when its tree refreshes between paint and click. */
export async function clickUntil(target: Locator, done: Locator): Promise<void> {
  for (let attempt = 0; attempt < 4; attempt++) {
    await target.click();
    if (await appears(done, 2000)) return;
  }
  await target.click();
  await done.waitFor({ timeout: 15_000 });
}

/** False where the field closed before it could be filled. */
export async function typed(input: Locator, text: string): Promise<boolean> {
  return input.fill(text, { timeout: 5000 }).then(() => true, () => false);
}

export async function appears(locator: Locator, timeout: number): Promise<boolean> {
  return locator.waitFor({ timeout }).then(() => true, () => false);
}

/** The document inside the visible webview of an extension: of its editor tab, or of its view. */
export function webviewOf(page: Page, extensionId: string, place: 'tab' | 'view' = 'tab'): FrameLocator {
  const ofView = '[src*="purpose=webviewView"]';
  return page.frameLocator(`iframe.webview.ready[src*="extensionId=${extensionId}"]${place === 'view' ? ofView : `:not(${ofView})`}`).frameLocator('iframe#active-frame');
}

/** Answers the question whether the authors of the folder are trusted. */
export async function grantTrust(page: Page): Promise<void> {
  const yes = page.locator('.monaco-dialog-box .monaco-button', { hasText: 'Yes' }).first();
  await yes.waitFor({ timeout: 30_000 });
  await yes.click();
}

/** Composes text as an input method does, growing step by step, then commits the last step; the page sees real composition events. */
export async function compose(page: Page, steps: readonly string[]): Promise<void> {
  const session = await page.context().newCDPSession(page);
  try {
    for (const text of steps) await session.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length });
    await session.send('Input.insertText', { text: steps.at(-1) ?? '' });
  } finally {
    await session.detach();
  }
}
