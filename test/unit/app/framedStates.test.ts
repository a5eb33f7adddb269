/** Texts that share one state in their file: it is that of the least finished, through accepts, fills, undo and a new session. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openWorkspaceStore } from '../../../src/store/workspaceStore.ts';
import { FakeFileSystem, fakeParts } from '../store/support/memoryFileSystem.ts';
import { openFile, textOf, translate, type Bench } from './support.ts';

interface Case {
  readonly name: string;
  readonly file: string;
  /** Where translations go; absent: into the file. */
  readonly target?: string;
  /** @param state of the whole @param texts of both places; undefined: the file as it was */
  readonly text: (state: 'untouched' | 'open' | 'unreviewed' | 'done', first: string, second: string) => string;
}

const xliffState = { untouched: '', open: 'needs-translation', unreviewed: 'needs-review-translation', done: 'translated' } as const;
const xliff = (target: string): string => `<xliff version="1.2"><file source-language="en" target-language="ja"><body>\n<trans-unit id="0"><source>One</source></trans-unit>\n<trans-unit id="1"><source>One Two</source><seg-source><mrk mtype="seg" mid="a">One</mrk> <mrk mtype="seg" mid="b">Two</mrk></seg-source>${target}</trans-unit>\n</body></file></xliff>\n`;
const marked = (attribute: string, first: string, second: string): string => xliff(`<target${attribute}><mrk mtype="seg" mid="a">${first}</mrk> <mrk mtype="seg" mid="b">${second}</mrk></target>`);
const message = (flag: string, first: string, second: string): string => `msgid ""\nmsgstr "Language: ja\\nPlural-Forms: nplurals=2; plural=n != 1;\\n"\n\nmsgctxt "x"\nmsgid "One"\nmsgstr ""\n\n${flag}msgid "One"\nmsgid_plural "Two"\nmsgstr[0] "${first}"\nmsgstr[1] "${second}"\n`;

const cases: readonly Case[] = [
  { name: 'XLIFF 1.2 without a target', file: 'a.xlf', text: (state, first, second) => (state === 'untouched' ? xliff('') : marked(` state="${xliffState[state]}"`, first, second)) },
  { name: 'XLIFF 1.2 with an empty cut target', file: 'a.xlf', text: (state, first, second) => marked(state === 'untouched' ? ' xml:lang="ja"' : ` xml:lang="ja" state="${xliffState[state]}"`, first, second) },
  { name: 'PO', file: 'ja.po', text: (state, first, second) => message(state === 'untouched' || state === 'done' ? '' : '#, fuzzy\n', first, second) },
  { name: 'PO of its own', file: 'ja.po', target: 'out.po', text: (state, first, second) => message(state === 'untouched' || state === 'done' ? '' : '#, fuzzy\n', first, second) },
];

function withoutFirst(text: string): string {
  return text.replace(/^[^]*?(?:<trans-unit id="1">|\n\n[^]*?\n\n)/u, '');
}

class Acting {
  readonly fs: FakeFileSystem;
  readonly #file: string;
  readonly #target: string;
  #bench: Bench | undefined;
  #sessions = 0;
  #now = Date.UTC(2026, 10, 21);

  constructor(fs: FakeFileSystem, { file, target = file }: Case) {
    this.fs = fs;
    this.#file = file;
    this.#target = target;
  }

  async open(): Promise<void> {
    const clock = (): number => (this.#now += 1000);
    const store = openWorkspaceStore('/ws', { ...fakeParts(this.fs, `w${++this.#sessions}`), clock });
    this.#bench = await openFile(this.fs, this.#file, this.#target, { store });
    await translate(this.#bench);
  }

  /** The file from the texts that share a state on. */
  get text(): string {
    return withoutFirst(this.whole);
  }

  get whole(): string {
    return textOf(this.fs, `/ws/${this.#target}`);
  }

  /** @param index of the segment; the first of the file is one of its own */
  async act(index: number, act: 'accept' | 'edit' | 'undo' | 'confirm', text = ''): Promise<void> {
    const session = this.#bench?.session ?? assert.fail();
    const view = session.views()[index] ?? assert.fail();
    const hash = view.candidates.find(({ existing }) => existing === undefined)?.hash ?? assert.fail();
    const what = act === 'accept' ? { act, candidate: hash } as const : act === 'edit' ? { act, text } as const : { act };
    await session.act({ segment: view.id, order: [hash], elapsedMs: 1, what });
  }
}

describe('the state of texts that share one', () => {
  for (const given of cases) {
    const { name, file, text } = given;
    const bodyOf = (...parts: Parameters<Case['text']>): string => withoutFirst(text(...parts));
    const started = async (): Promise<Acting> => {
      const fs = new FakeFileSystem();
      await fs.writeAtomic(`/ws/${file}`, Buffer.from(text('untouched', '', '')));
      const acting = new Acting(fs, given);
      await acting.open();
      return acting;
    };

    it(`${name}: is done when all are accepted, in whatever order; undo puts every byte back`, async () => {
      const acting = await started();
      await acting.act(2, 'accept');
      assert.equal(acting.text, bodyOf('open', '', 'Two一'));
      await acting.act(1, 'accept');
      assert.equal(acting.text, bodyOf('done', 'One一', 'Two一'));
      await acting.act(2, 'edit', '二');
      assert.equal(acting.text, bodyOf('done', 'One一', '二'));
      for (let undone = 0; undone < 3; undone++) await acting.act(2, 'undo');
      assert.equal(acting.whole, text('untouched', '', ''));
    });

    it(`${name}: is not done while one is filled in from a repeat and nobody has looked at it`, async () => {
      const acting = await started();
      await acting.act(0, 'accept');
      assert.equal(acting.text, bodyOf('open', 'One一', ''));
      await acting.act(2, 'accept');
      assert.equal(acting.text, bodyOf('unreviewed', 'One一', 'Two一'));
      await acting.act(1, 'confirm');
      assert.equal(acting.text, bodyOf('done', 'One一', 'Two一'));
    });

    it(`${name}: a new session knows what was accepted and what was only filled in`, async () => {
      const acting = await started();
      await acting.act(0, 'accept');
      await acting.open();
      await acting.act(2, 'accept');
      assert.equal(acting.text, bodyOf('unreviewed', 'One一', 'Two一'));
      await acting.open();
      const before = acting.whole;
      await acting.act(1, 'confirm');
      assert.equal(acting.text, bodyOf('done', 'One一', 'Two一'));
      await acting.act(1, 'undo');
      assert.equal(acting.whole, before);
    });
  }
});
