/** A fake of VS Code and of our extension host for the concordance's page: it searches a few units by the product's own rule, and can be held in the middle. */
import { findIn, needlesOf } from '../../../src/core/memory/phrase.ts';
import { Channel } from '../../../src/protocol/channel.ts';
import type { ConcordanceHostContract, ConcordanceSnapshot, ConcordanceViewContract, SearchParams } from '../../../src/protocol/concordance.ts';
import type { ConcordanceHit, ConcordanceProgress, ConcordanceResult } from '../../../src/protocol/memory.ts';

interface FakeMemoryOptions {
  readonly snapshot: ConcordanceSnapshot;
  readonly units: readonly Pick<ConcordanceHit, 'unit' | 'place'>[];
  readonly theme: { readonly kind: string; readonly variables: Readonly<Record<string, string>> };
}

declare const fakeOptions: FakeMemoryOptions;

class FakeMemory {
  readonly searches: SearchParams[] = [];
  /** Texts of searches that a newer one has ended. */
  readonly cancelled: string[] = [];
  readonly used: string[] = [];
  readonly copied: string[] = [];
  readonly opened: string[] = [];
  readonly remembered: string[] = [];
  readonly runs: string[] = [];
  /** Keys that reached the window: VS Code sees exactly these. */
  readonly seen: string[] = [];
  /** A search that begins now goes no further than its first hits until it is cancelled. */
  held = false;
  /** An edit of the review is open. */
  editing = false;
  readonly #channel: Channel<ConcordanceHostContract, ConcordanceViewContract>;
  #toPage: (frame: unknown) => void = () => undefined;

  constructor() {
    this.#channel = new Channel<ConcordanceHostContract, ConcordanceViewContract>({
      name: 'fake memory',
      port: {
        post: (frame) => { window.setTimeout(() => { window.postMessage(frame, '*'); }, 0); },
        onFrame: (listener) => { this.#toPage = listener; },
        onClose: () => undefined,
      },
      handlers: {
        ready: () => fakeOptions.snapshot,
        search: (params, { signal, progress }) => this.#search(params, signal, progress),
        use: ({ text }) => {
          (this.editing ? this.used : this.copied).push(text);
          return this.editing ? 'inserted' : 'copied';
        },
        copy: ({ text }) => {
          this.copied.push(text);
          return null;
        },
        open: ({ segment }) => {
          this.opened.push(segment);
          return null;
        },
      },
      listeners: {
        remember: ({ text }) => { this.remembered.push(text); },
        run: ({ command }) => { this.runs.push(command); },
      },
    });
    window.addEventListener('keydown', (event) => { this.seen.push(event.key); });
  }

  receive(frame: unknown): void {
    window.setTimeout(() => { this.#toPage(frame); }, 0);
  }

  show(snapshot: ConcordanceSnapshot): void {
    this.#channel.emit('show', snapshot);
  }

  // The channel gives these three.
  async #search(params: SearchParams, signal: AbortSignal, progress: (value: ConcordanceProgress) => void): Promise<ConcordanceResult> {
    this.searches.push(params);
    const { units } = fakeOptions;
    const needles = needlesOf(params.query);
    const hits = units.flatMap((unit) => {
      const spans = findIn(unit.unit, needles, params.query);
      return spans === undefined ? [] : [{ ...unit, ...spans }];
    });
    progress({ hits: hits.slice(0, Math.min(2, params.limit)), done: 2, total: units.length });
    if (this.held) await new Promise((resolve) => { signal.addEventListener('abort', resolve); });
    if (signal.aborted) this.cancelled.push(params.query.text);
    signal.throwIfAborted();
    progress({ hits: hits.slice(2, params.limit), done: units.length, total: units.length });
    return { total: units.length, more: hits.length > params.limit };
  }
}

for (const [name, value] of Object.entries(fakeOptions.theme.variables)) document.documentElement.style.setProperty(name, value);
document.body.classList.add(fakeOptions.theme.kind);
const fake = new FakeMemory();
Object.assign(globalThis, { fake, acquireVsCodeApi: () => ({ postMessage: (frame: unknown) => { fake.receive(frame); }, setState: () => undefined }) });
