import * as vscode from 'vscode';
import type { ConcordanceQuery } from '../../core/memory/phrase.ts';
import type { MemoryPlace } from '../../core/memory/unit.ts';
import { parseLanguage, sameLanguage } from '../../core/text/languages.ts';
import { sentenceFor } from '../../messages.ts';
import { Channel, type CallContext } from '../../protocol/channel.ts';
import type { ConcordanceHostContract, ConcordanceSnapshot, ConcordanceViewContract, PairView, SearchParams } from '../../protocol/concordance.ts';
import { concordanceStrings } from '../../protocol/concordanceStrings.ts';
import type { ConcordanceProgress, ConcordanceResult, MemoryName } from '../../protocol/memory.ts';
import { localised } from '../localised.ts';
import { pageHtml } from '../pageHtml.ts';
import type { Reviews } from '../reviews.ts';
import type { Services } from '../services.ts';
import { webviewPort } from '../webviewPort.ts';

export const concordanceViewId = 'interlinear.concordanceView';

const recentKey = 'interlinear.concordance.recent';
const mostRecent = 20;
/** Longest text that is taken from a selection. */
const longestText = 200;

/** Which memory the view is about; the languages are not known where nothing says them. */
export interface MemoryAbout {
  readonly root: string;
  readonly languages?: Pick<MemoryName, 'source' | 'target'>;
}

export interface ConcordanceParts {
  readonly services: Services;
  readonly reviews: Reviews;
  /** @throws AppError `workspace.none` */
  readonly about: () => MemoryAbout;
}

/** The concordance in the panel. What was asked for last is kept here: the page is gone while the view is hidden. */
export class ConcordanceView implements vscode.WebviewViewProvider {
  readonly #parts: ConcordanceParts;
  #channel: Channel<ConcordanceHostContract, ConcordanceViewContract> | undefined;
  #pair: Pick<MemoryName, 'source' | 'target'> | undefined;
  #query: ConcordanceQuery = { text: '', side: 'both', words: false, matchCase: false };
  #search = new AbortController();
  /** A person has asked for the view, and no page has answered yet. */
  #asked = false;

  constructor(parts: ConcordanceParts) {
    this.#parts = parts;
  }

  /** Brings the view to the front with the keyboard in it; a text is searched for, an empty one leaves the last search. */
  async show(text: string): Promise<void> {
    const phrase = text.trim().replaceAll(/\s+/gu, ' ').slice(0, longestText);
    if (phrase !== '') this.#query = { ...this.#query, text: phrase };
    this.#pair = this.#parts.about().languages ?? this.#pair;
    this.#asked = true;
    await vscode.commands.executeCommand(`${concordanceViewId}.focus`);
    // a page that is only being made does not hear this, and asks by itself
    this.#channel?.emit('show', await this.#snapshot());
  }

  /** The memory is another one now: searches again, wherever the keyboard is. */
  async refresh(): Promise<void> {
    this.#channel?.emit('show', { ...(await this.#snapshot()), asked: false });
  }

  resolveWebviewView(view: vscode.WebviewView): void {
    const extension = this.#parts.services.extensionUri;
    view.webview.options = { enableScripts: true, localResourceRoots: [vscode.Uri.joinPath(extension, 'dist', 'webview')] };
    view.onDidDispose(() => {
      this.#search.abort();
      this.#channel = undefined;
    });
    view.onDidChangeVisibility(() => { if (!view.visible) this.#search.abort(); });
    this.#channel = new Channel<ConcordanceHostContract, ConcordanceViewContract>({
      name: 'concordance',
      port: webviewPort(view),
      handlers: {
        ready: () => this.#snapshot(),
        search: (params, context) => this.#find(params, context),
        use: ({ text }) => this.#use(text),
        copy: async ({ text }) => {
          await vscode.env.clipboard.writeText(text);
          return null;
        },
        open: async (place) => {
          await this.#open(place);
          return null;
        },
      },
      listeners: {
        remember: ({ text }) => { void this.#remember(text); },
        run: ({ command }) => { this.#run(command); },
      },
      sentence: sentenceFor,
    });
    view.webview.html = pageHtml(view.webview, extension, 'concordance');
  }

  #run(command: ConcordanceViewContract['events']['run']['command']): void {
    const { current } = this.#parts.reviews;
    if (command === 'import') void vscode.commands.executeCommand('interlinear.importMemory');
    else if (current === undefined) void vscode.commands.executeCommand('workbench.action.focusActiveEditorGroup');
    else current.reveal();
  }

  async #snapshot(): Promise<ConcordanceSnapshot> {
    const { root, languages } = this.#parts.about();
    const wanted = this.#pair ?? languages;
    const known = await this.#parts.services.translationMemory.pairs({ root });
    const found = wanted === undefined ? undefined : known.findIndex(({ source, target }) => sameLanguage(source, wanted.source) && sameLanguage(target, wanted.target));
    const pairs = wanted !== undefined && found === -1 ? [wanted, ...known] : known;
    return { pairs: pairs.map(pairView), pair: Math.max(0, found ?? 0), query: this.#query, recent: this.#recent, asked: this.#asked, strings: localised(concordanceStrings) };
  }

  #find({ source, target, query, limit }: SearchParams, { signal, progress }: CallContext<ConcordanceProgress>): Promise<ConcordanceResult> {
    this.#search.abort();
    this.#search = new AbortController();
    this.#asked = false; // the page is there and has the keyboard
    this.#query = query;
    this.#pair = { source, target };
    const { root } = this.#parts.about();
    return this.#parts.services.translationMemory.concordance({ root, source, target, ...query, limit }, { signal: AbortSignal.any([signal, this.#search.signal]), onProgress: progress });
  }

  /** After an insertion the keyboard is in the edit field: that is where the person goes on. */
  async #use(text: string): Promise<'inserted' | 'copied'> {
    if (await this.#parts.reviews.insert(text)) return 'inserted';
    await vscode.env.clipboard.writeText(text);
    return 'copied';
  }

  async #open({ document, segment }: MemoryPlace): Promise<void> {
    const { root } = this.#parts.about();
    const review = await this.#parts.reviews.show(vscode.Uri.joinPath(vscode.Uri.file(root), document));
    review?.goTo(segment);
  }

  get #recent(): readonly string[] {
    return this.#parts.services.memory.get<readonly string[]>(recentKey, []);
  }

  async #remember(text: string): Promise<void> {
    await this.#parts.services.memory.update(recentKey, [text, ...this.#recent.filter((other) => other !== text)].slice(0, mostRecent));
  }
}

function pairView({ source, target }: Pick<MemoryName, 'source' | 'target'>): PairView {
  return { source: languageView(source), target: languageView(target) };
}

function languageView(tag: string): PairView['source'] {
  const { tag: canonical, name, direction } = parseLanguage(tag);
  return { tag: canonical, name, dir: direction };
}
