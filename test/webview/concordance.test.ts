/** The concordance's page: typed into, walked and used by keys alone. */
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { after, before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import type { ConcordanceSnapshot } from '../../src/protocol/concordance.ts';
import type { ConcordanceHit } from '../../src/protocol/memory.ts';
import { PageServer } from './support/pageServer.ts';
import { themes, type ThemeName } from './support/themes.ts';

const english = { tag: 'en', name: 'English', dir: 'ltr' } as const;
const japanese = { tag: 'ja', name: 'Japanese', dir: 'ltr' } as const;
const arabic = { tag: 'ar', name: 'Arabic', dir: 'rtl' } as const;

const snapshot: ConcordanceSnapshot = {
  pairs: [{ source: english, target: japanese }, { source: english, target: arabic }], pair: 0,
  query: { text: '', side: 'both', words: false, matchCase: false }, recent: ['umbrella', 'heavy rain'], asked: true, strings: {},
};

const units: readonly Pick<ConcordanceHit, 'unit' | 'place'>[] = [
  { unit: { source: 'Heavy rain fell all day, so please take your umbrella with you when you leave the house.', target: '一日じゅう大雨だったので、家を出るときは傘を持っていってください。', origin: 'letters/home.en.md', by: 'Naomi', at: '2026-11-20T09:00:00.000Z' }, place: { document: 'letters/home.en.md', segment: 's4' } },
  { unit: { source: 'It looks like {name} forgot the rain coat.', target: '{name}は雨具を忘れたようです。', origin: 'old-projects.tmx', by: 'Ken', at: '2019-05-02T00:00:00.000Z' } },
  { unit: { source: 'Rain or shine, the market opens at eight.', target: '雨でも晴れでも市場は八時に開きます。', origin: 'old-projects.tmx' } },
  ...Array.from({ length: 5 }, (_, number) => ({ unit: { source: `Light rain, day ${String(number)}.`, target: `小雨、${String(number)}日目。`, origin: 'weather.tmx' } })),
  { unit: { source: 'The sun is out.', target: '太陽が出ている。', origin: 'weather.tmx' } },
];

interface OpenOptions {
  readonly theme?: ThemeName;
  readonly width?: number;
  readonly held?: typeof units;
}

interface Opened {
  readonly page: Page;
  readonly problems: readonly string[];
  until(expression: string): Promise<void>;
  get<T>(expression: string): Promise<T>;
}

describe('the concordance page', () => {
  let server: PageServer;
  before(async () => { server = await PageServer.start('concordance', 'fakeMemory'); });
  after(async () => { await server.stop(); });

  async function opened(change: Partial<ConcordanceSnapshot> = {}, { theme = 'dark', width = 1100, held = units }: OpenOptions = {}): Promise<Opened> {
    const { page, problems } = await server.newPage({ width, height: 320 });
    await page.addInitScript({ content: `globalThis.fakeOptions = ${JSON.stringify({ snapshot: { ...snapshot, ...change }, units: held, theme: themes[theme] })}` });
    await page.goto(server.url);
    await page.locator('.concordance').waitFor();
    const get = <T>(expression: string): Promise<T> => page.evaluate<T>(expression);
    const until = async (expression: string): Promise<void> => {
      const end = Date.now() + 15_000;
      while (!(await get<boolean>(`Boolean(${expression})`))) {
        if (Date.now() > end) throw new Error(`never true: ${expression}`);
        await setTimeout(10);
      }
    };
    await until("document.activeElement.classList.contains('field')");
    return { page, problems, until, get };
  }

  async function typed(view: Opened, text: string, count: number): Promise<void> {
    await view.page.keyboard.type(text);
    await view.until(`document.querySelector('.status').textContent.startsWith('${String(count)} unit')`);
  }

  async function screenshot({ page }: Opened, name: string): Promise<void> {
    const folder = join(import.meta.dirname, '../../artifacts');
    mkdirSync(folder, { recursive: true });
    await page.screenshot({ path: join(folder, `${name}.png`) });
  }

  it('marks what was typed on both sides, says where each unit is from, and keeps what is typed from VS Code', async () => {
    const view = await opened();
    await typed(view, 'rain', 8);
    assert.deepEqual(await view.page.locator('.result').nth(2).locator('mark').allTextContents(), ['Rain']);
    await view.page.locator('.toggle').nth(1).click();
    await view.page.locator('.field').fill('雨 rain');
    await view.until("document.querySelectorAll('.result')[0]?.querySelectorAll('mark').length === 2");
    assert.deepEqual(await view.page.locator('.result').first().locator('mark').allTextContents(), ['rain', '雨']);
    assert.deepEqual(await view.page.locator('.result').first().locator('.result-origin span').allTextContents(), ['letters/home.en.md', 'by Naomi · Nov 20, 2026']);
    assert.deepEqual(await view.page.locator('.result').nth(1).locator('.result-made').allTextContents(), ['imported · by Ken · May 2, 2019']);
    assert.equal(await view.page.locator('.result-text').nth(1).getAttribute('lang'), 'ja');
    assert.match(await view.page.locator('.result').nth(1).getAttribute('aria-label') ?? '', /rain coat.*雨具.*old-projects\.tmx, imported/u);
    assert.deepEqual(await view.get('fake.seen'), []);
    assert.deepEqual(view.problems, []);
  });

  it('goes by keys into the results, inserts or copies there, opens the document, and comes back', async () => {
    const view = await opened();
    await typed(view, 'rain', 8);
    const press = async (...keys: readonly string[]): Promise<void> => { for (const key of keys) await view.page.keyboard.press(key); };
    await press('ArrowDown');
    assert.equal(await view.get('document.activeElement.id'), 'results');
    assert.equal(await view.get('document.activeElement.getAttribute("aria-activedescendant")'), 'result-0');
    await press('o', 'ArrowDown', 'Enter');
    await view.until('fake.copied.length === 1');
    await view.until("document.querySelector('.said').textContent === 'The translation is in the clipboard.'");
    await view.page.evaluate('fake.editing = true');
    await press('End', 'Enter', 'c');
    await view.until('fake.copied.length === 2');
    await press('o');
    await view.until("document.querySelector('.said').textContent.startsWith('This unit was imported from weather.tmx')");
    assert.deepEqual(await view.get('[fake.used, fake.copied, fake.opened]'), [['小雨、4日目。'], ['{name}は雨具を忘れたようです。', '小雨、4日目。'], ['s4']]);
    await press('Home', 'ArrowUp');
    assert.ok(await view.get<boolean>("document.activeElement.classList.contains('field')"));
    await press('ArrowDown', 'Escape', 'Escape');
    await view.until("fake.runs.includes('leave')");
    assert.ok((await view.get<readonly string[]>('fake.remembered')).every((text) => text === 'rain'));
    assert.deepEqual(await view.get('fake.seen'), []);
  });

  it('ends a search that a newer one takes the place of, and shows the newer alone', async () => {
    const view = await opened();
    await view.page.evaluate('fake.held = true');
    await view.page.keyboard.type('rain');
    await view.until("fake.searches.at(-1).query.text === 'rain' && document.querySelectorAll('.result').length === 2");
    await view.page.evaluate('fake.held = false');
    await view.page.keyboard.type(' coat');
    await view.until("fake.cancelled.includes('rain')");
    await view.until("document.querySelector('.status').textContent === '1 unit found in 9.'");
    assert.deepEqual(await view.page.locator('.result-text').first().textContent(), 'It looks like {name} forgot the rain coat.');
  });

  it('offers the last searches, by a list and by Up and Down in the field', async () => {
    const view = await opened();
    await view.until("document.querySelectorAll('.recent').length === 2");
    assert.equal(await view.page.locator('.hint-title').textContent(), 'Type a text to see how it was translated before.');
    for (const key of ['ArrowDown', 'ArrowDown', 'Enter']) await view.page.keyboard.press(key);
    await view.until("document.querySelector('.field').value === 'heavy rain' && document.querySelector('.status').textContent === '1 unit found in 9.'");
    await view.page.keyboard.press('ArrowUp');
    assert.equal(await view.page.locator('.field').inputValue(), 'umbrella');
    await view.page.keyboard.press('ArrowDown');
    assert.equal(await view.page.locator('.field').inputValue(), 'heavy rain');
  });

  it('says what to do where nothing is found, and where nothing is there', async () => {
    const view = await opened({ query: { ...snapshot.query, text: 'RAIN umbrella', matchCase: true, side: 'source' } });
    await view.until("document.querySelector('.hint-title')?.textContent === 'No unit holds \"RAIN umbrella\".'");
    assert.deepEqual(await view.page.locator('.hint vscode-button').allTextContents(), ['Search for All Words', 'Search Both Sides', 'Ignore Case']);
    await view.page.locator('.hint vscode-button').nth(2).click();
    await view.page.locator('.hint vscode-button').nth(0).click();
    await view.until("document.querySelector('.status').textContent === '1 unit found in 9.'");
    const empty = await opened({ pairs: [], pair: 0 }, { held: [] });
    assert.equal(await empty.page.locator('.hint-title').textContent(), 'Nothing is in the memory yet.');
    await empty.page.locator('.hint vscode-button').click();
    await empty.until("fake.runs.includes('import')");
  });

  it('switches by Alt keys, by the side and by the languages', async () => {
    const view = await opened();
    await typed(view, 'Rain', 8);
    await view.page.keyboard.press('Alt+C');
    await view.until("document.querySelector('.status').textContent === '1 unit found in 9.'");
    await view.page.keyboard.press('Alt+W');
    await view.until('fake.searches.at(-1).query.words');
    await view.page.locator('#side').click();
    await view.page.locator('#side vscode-option', { hasText: 'Translation' }).click();
    await view.until("fake.searches.at(-1).query.side === 'target'");
    await view.page.locator('#pair').click();
    await view.page.locator('#pair vscode-option', { hasText: 'Arabic' }).click();
    await view.until("fake.searches.at(-1).target === 'ar'");
    assert.deepEqual(view.problems, []);
  });

  it('does not search while an input method composes', async () => {
    const view = await opened();
    const session = await view.page.context().newCDPSession(view.page);
    for (const text of ['お', 'おお', '大雨']) await session.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length });
    await setTimeout(400);
    assert.deepEqual(await view.get('fake.searches.map(({ query }) => query.text)'), ['']);
    await session.send('Input.insertText', { text: '大雨' });
    await view.until("document.querySelector('.status').textContent === '1 unit found in 9.'");
    assert.equal(await view.get('fake.searches.length'), 2);
  });

  for (const theme of ['dark', 'light', 'highContrast'] as const) {
    it(`can be read in ${theme}, wide and narrow`, async () => {
      for (const width of [1100, 420]) {
        const view = await opened({ query: { ...snapshot.query, text: 'rain', words: true } }, { theme, width });
        await view.until("document.querySelectorAll('.result').length === 8");
        await view.page.keyboard.press('ArrowDown');
        await screenshot(view, `concordance-${theme}-${String(width)}`);
        const overflow = await view.get<boolean>('document.documentElement.scrollWidth > document.documentElement.clientWidth');
        assert.equal(overflow, false, String(width));
      }
    });
  }
});
