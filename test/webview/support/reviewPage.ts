/** The review page in a plain Chromium with the fake host. */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { CDPSession, Locator, Page } from 'playwright-core';
import type { ActParams, ReviewCommand, ReviewSnapshot, SegmentView } from '../../../src/protocol/review.ts';
import { PageServer } from './pageServer.ts';
import { type ThemeName, themes } from './themes.ts';

const root = join(import.meta.dirname, '../../..');

export interface OpenOptions {
  readonly theme?: ThemeName;
  readonly delay?: number;
  /** Segments that the host hands out at a time; absent: all at once. */
  readonly slice?: number;
  /** A segment that the host changes while the slices are on their way. */
  readonly meanwhile?: SegmentView;
  /** The user's own keybindings: a key to its command, or to none of the review's. */
  readonly bindings?: Readonly<Record<string, ReviewCommand | 'none'>>;
  readonly width?: number;
  readonly height?: number;
  readonly classes?: readonly string[];
}

/** Bundles, serves and starts the browser once for a file of tests. */
export class ReviewHarness {
  readonly #server: PageServer;

  private constructor(server: PageServer) {
    this.#server = server;
  }

  static async start(): Promise<ReviewHarness> {
    return new ReviewHarness(await PageServer.start('review', 'fakeHost'));
  }

  stop(): Promise<void> {
    return this.#server.stop();
  }

  /** A new page with this state; the keys are those of package.json. */
  async open(snapshot: ReviewSnapshot, options: OpenOptions = {}): Promise<ReviewPage> {
    const size = { width: options.width ?? 1100, height: options.height ?? 720 };
    const { page, problems } = await this.#server.newPage(size);
    const theme = { ...themes[options.theme ?? 'dark'], classes: options.classes ?? [] };
    const fakeOptions = { snapshot: { ...snapshot, keys: contributedKeys() }, delay: options.delay ?? 0, slice: options.slice, meanwhile: options.meanwhile, bindings: options.bindings, theme };
    await page.addInitScript({ content: `globalThis.fakeOptions = ${JSON.stringify(fakeOptions)}` });
    await page.goto(this.#server.url);
    await page.locator('.review').waitFor();
    const review = new ReviewPage(page, problems);
    if (snapshot.segments.length > 0) await review.until('document.hasFocus() && globalThis.fake.listFocused');
    return review;
  }
}

/** What a test does with the page and reads from the fake host. */
export class ReviewPage {
  constructor(readonly page: Page, readonly problems: readonly string[]) {}

  get field(): Locator { return this.page.locator('.text-field'); }
  get focused(): Locator { return this.page.locator('.row.focused'); }
  get status(): Locator { return this.page.locator('.status'); }

  async press(...keys: readonly string[]): Promise<void> {
    for (const key of keys) await this.page.keyboard.press(key);
  }

  /** Presses keys and waits until each has come back as a command. The list has the keyboard, and the host has heard of it. */
  async command(...keys: readonly string[]): Promise<void> {
    await this.frame();
    for (const key of keys) {
      const before = await this.#count('commands');
      await this.page.keyboard.press(key);
      await this.until(`globalThis.fake.commands.length > ${String(before)}`);
      await this.frame();
    }
  }

  /** Waits until an expression holds. Playwright's own waiting evaluates strings inside the page, which its CSP forbids. */
  async until(expression: string): Promise<void> {
    const end = Date.now() + 15_000;
    while (!(await this.page.evaluate<boolean>(`Boolean(${expression})`))) {
      if (Date.now() > end) throw new Error(`never true: ${expression}`);
      await setTimeout(10);
    }
  }

  /** Two frames: whatever was caused is painted. */
  async frame(): Promise<void> {
    await this.page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 5))))');
  }

  async palette(command: ReviewCommand): Promise<void> {
    await this.page.evaluate(`globalThis.fake.command(${JSON.stringify(command)})`);
    await this.frame();
  }

  async send(segment: SegmentView): Promise<void> {
    await this.page.evaluate(`globalThis.fake.segment(${JSON.stringify(segment)})`);
    await this.frame();
  }

  async progress(progress: ReviewSnapshot['progress']): Promise<void> {
    await this.page.evaluate(`globalThis.fake.progress(${JSON.stringify(progress)})`);
    await this.frame();
  }

  async set(name: 'delay' | 'failWith' | 'findings', value: string | number | object): Promise<void> {
    await this.page.evaluate(`globalThis.fake.${name} = ${JSON.stringify(value)}`);
  }

  acts(): Promise<readonly ActParams[]> { return this.page.evaluate('globalThis.fake.acts'); }
  drafts(): Promise<readonly { readonly segment: string; readonly text: string }[]> { return this.page.evaluate('globalThis.fake.drafts'); }
  /** Milliseconds on the page's clock from the first input that was not stored yet to each draft. */
  draftDelays(): Promise<readonly number[]> { return this.page.evaluate('globalThis.fake.draftDelays'); }
  runs(): Promise<readonly string[]> { return this.page.evaluate('globalThis.fake.runs'); }
  commands(): Promise<readonly string[]> { return this.page.evaluate('globalThis.fake.commands'); }
  seen(): Promise<readonly string[]> { return this.page.evaluate('globalThis.fake.seen'); }
  timings(): Promise<readonly { readonly name: string; readonly ms: number }[]> { return this.page.evaluate('globalThis.fake.timings'); }
  segment(): Promise<string> { return this.page.evaluate('globalThis.fake.focus.segment'); }
  listFocused(): Promise<boolean> { return this.page.evaluate('globalThis.fake.listFocused'); }
  /** Texts of the candidate rows, top to bottom. */
  rows(): Promise<readonly string[]> { return this.page.locator('.row-text').allTextContents(); }
  cdp(): Promise<CDPSession> { return this.page.context().newCDPSession(this.page); }

  async screenshot(name: string): Promise<void> {
    const folder = join(root, 'artifacts');
    mkdirSync(folder, { recursive: true });
    await this.page.screenshot({ path: join(folder, `${name}.png`) });
  }

  close(): Promise<void> {
    return this.page.close();
  }

  #count(list: 'commands'): Promise<number> {
    return this.page.evaluate(`globalThis.fake.${list}.length`);
  }
}

interface Contributions {
  readonly contributes: { readonly keybindings: readonly { readonly command: string; readonly key: string }[] };
}

function contributedKeys(): Readonly<Record<string, readonly string[]>> {
  // package.json is ours: its keybindings have this shape.
  const { contributes } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Contributions;
  const keys: Record<string, string[]> = {};
  for (const { command, key } of contributes.keybindings) (keys[command] ??= []).push(key);
  return keys;
}
