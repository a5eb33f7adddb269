/**
 * A fake of VS Code and of our extension host for the page: `acquireVsCodeApi`, the workbench's way of turning keydowns
 * that reach the window into commands, and a host that answers after a delay. It is no mock: it keeps state.
 */
import { applyAct } from '../../../webview/review/optimistic.ts';
import { namesOf } from '../../../webview/review/keyNames.ts';
import type { RankingSettings } from '../../../src/core/candidate.ts';
import { Channel } from '../../../src/protocol/channel.ts';
import type { RankingPreview } from '../../../src/protocol/rankingView.ts';
import type {
  ActParams, AgreementView, AlignmentView, AskParams, CriticView, FindingView, OwnKey, ReviewCommand, ReviewHostContract, ReviewSnapshot, ReviewViewContract, SegmentView, TokenView,
} from '../../../src/protocol/review.ts';

interface FakeOptions {
  readonly snapshot: ReviewSnapshot;
  /** Milliseconds from a key, a call or a focus change to its effect. */
  readonly delay: number;
  /** The host hands out this many segments at a time; absent: all at once. */
  readonly slice?: number;
  readonly meanwhile?: SegmentView;
  /** The user's own keybindings: a key to its command, or to none of the review's. */
  readonly bindings?: Readonly<Record<string, ReviewCommand | 'none'>>;
  readonly theme: { readonly kind: string; readonly variables: Readonly<Record<string, string>>; readonly classes: readonly string[] };
}

declare const fakeOptions: FakeOptions;

class FakeHost {
  /** What the page asked the editor to keep. */
  state: unknown;
  readonly acts: ActParams[] = [];
  readonly drafts: { readonly segment: string; readonly text: string }[] = [];
  readonly draftDelays: number[] = [];
  readonly runs: string[] = [];
  /** Texts that the concordance was asked for. */
  readonly lookedUp: string[] = [];
  readonly asks: AskParams[] = [];
  /** What the checks say of any segment's candidates. */
  findings: Readonly<Record<string, readonly FindingView[]>> = {};
  readonly dismissals: ReviewViewContract['events']['dismiss'][] = [];
  readonly fills: string[] = [];
  readonly commands: string[] = [];
  /** Candidates that the critic was asked about. */
  readonly judged: string[] = [];
  /** What the page has learned of the user's keys. */
  readonly ownKeys: OwnKey[] = [];
  readonly timings: { readonly name: string; readonly ms: number }[] = [];
  /** Keys that reached the window: VS Code sees exactly these. */
  readonly seen: string[] = [];
  readonly focus: { segment: string | undefined } = { segment: undefined };
  /** What the host knows of the list's focus; it learns it late. */
  listFocused = false;
  delay = fakeOptions.delay;
  /** The next act fails with this sentence. */
  failWith: string | undefined;
  ranking: RankingSettings = { utility: 'chrf', includeSelf: true, weights: 'count', lambda: 0, normalisation: 'zscore' };
  #segments = new Map(fakeOptions.snapshot.segments.map((segment) => [segment.id, segment]));
  #undone = new Map<string, SegmentView>();
  readonly #channel: Channel<ReviewHostContract, ReviewViewContract>;
  #unstoredSince: number | undefined;
  #toPage: (frame: unknown) => void = () => undefined;

  constructor() {
    this.#channel = new Channel<ReviewHostContract, ReviewViewContract>({
      name: 'fake host',
      port: {
        post: (frame) => { window.setTimeout(() => { window.postMessage(frame, '*'); }, 0); },
        onFrame: (listener) => { this.#toPage = listener; },
        onClose: () => undefined,
      },
      handlers: {
        ready: () => {
          const segments = [...this.#segments.values()];
          const { slice = segments.length } = fakeOptions;
          return { ...fakeOptions.snapshot, segments: segments.slice(0, slice), ...(slice < segments.length && { more: true as const }) };
        },
        segments: ({ from }) => {
          const slice = [...this.#segments.values()].slice(from, from + (fakeOptions.slice ?? 0));
          if (fakeOptions.meanwhile !== undefined) this.segment(fakeOptions.meanwhile);
          return slice;
        },
        act: (params) => this.#act(params),
        alignment: ({ segment, candidate }) => this.#align(segment, candidate),
        agreement: ({ segment }) => this.#agree(segment),
        critic: async ({ candidate }) => {
          await wait(this.delay);
          this.judged.push(candidate);
          return verdict;
        },
        ranking: () => ({ settings: this.ranking, comet: false, cometkiwi: false, http: false }),
        previewRanking: (settings) => this.#preview(settings),
        applyRanking: (settings) => {
          this.ranking = settings;
          return {};
        },
        findings: () => this.findings,
        saveDraft: (draft) => {
          this.drafts.push(draft);
          if (this.#unstoredSince !== undefined) this.draftDelays.push(performance.now() - this.#unstoredSince);
          this.#unstoredSince = undefined;
          return null;
        },
        listFocus: async ({ focused }) => {
          await wait(this.delay);
          this.listFocused = focused;
          return null;
        },
      },
      listeners: {
        segmentFocus: ({ segment }) => { this.focus.segment = segment; },
        fillRepeats: ({ segment }) => { this.fills.push(segment); },
        dismiss: (params) => { this.dismissals.push(params); },
        ask: (params) => { this.asks.push(params); },
        concordance: ({ text }) => { this.lookedUp.push(text); },
        run: ({ command }) => { this.runs.push(command); },
        ownKey: (own) => { this.ownKeys.push(own); },
        timing: (timing) => { this.timings.push(timing); },
      },
    });
    window.addEventListener('keydown', (event) => { this.#key(event); });
    window.addEventListener('input', () => { this.#unstoredSince ??= performance.now(); }, { capture: true });
  }

  receive(frame: unknown): void {
    window.setTimeout(() => { this.#toPage(frame); }, 0);
  }

  command(command: ReviewCommand): void {
    this.commands.push(command);
    this.#channel.emit('command', { command });
  }

  insert(text: string): Promise<boolean> {
    return this.#channel.call('insert', { text });
  }

  segment(segment: SegmentView): void {
    this.#segments.set(segment.id, segment);
    this.#channel.emit('segment', segment);
  }

  /** The document has other segments now. */
  snapshot(snapshot: ReviewSnapshot): void {
    this.#segments = new Map(snapshot.segments.map((segment) => [segment.id, segment]));
    this.#channel.emit('snapshot', { ...snapshot, keys: fakeOptions.snapshot.keys });
  }

  progress(progress: ReviewSnapshot['progress']): void {
    this.#channel.emit('progress', progress);
  }

  /** As the workbench does it: the keybinding is looked up now, with what is known of the focus, the command comes later. */
  #key(event: KeyboardEvent): void {
    // VS Code forwards what a person typed, not what a page dispatched.
    if (!event.isTrusted) return;
    this.seen.push(event.key);
    if (event.ctrlKey || event.metaKey || event.altKey || !this.listFocused) return;
    const names = namesOf(event);
    const command = this.#boundTo(names);
    if (command !== undefined) window.setTimeout(() => { this.command(command); }, this.delay);
  }

  /** The user's own keybinding comes before the contributed one. */
  #boundTo(names: readonly string[]): ReviewCommand | undefined {
    const own = names.map((name) => fakeOptions.bindings?.[name]).find((found) => found !== undefined);
    if (own !== undefined) return own === 'none' ? undefined : own;
    const bound = Object.entries(fakeOptions.snapshot.keys).find(([, keys]) => keys.some((key) => names.includes(key)));
    // The ids of the table are those of the review's commands.
    return bound?.[0].replace('interlinear.review.', '') as ReviewCommand | undefined;
  }

  async #act(params: ActParams): Promise<{ segment: SegmentView } | { error: { code: 'store.diskFull'; data: { path: string } }; message: string }> {
    await wait(this.delay);
    const before = this.#segments.get(params.segment);
    if (before === undefined) throw new Error('no such segment');
    if (this.failWith !== undefined) {
      const message = this.failWith;
      this.failWith = undefined;
      return { error: { code: 'store.diskFull', data: { path: '.interlinear' } }, message };
    }
    this.acts.push(params);
    const undone = this.#undone.get(params.segment);
    const segment = params.what.act === 'undo' ? undone ?? before : applyAct(before, params.what);
    this.#undone.set(params.segment, before);
    this.#segments.set(params.segment, segment);
    return { segment };
  }

  /** Agreement that falls with the distance of the ranks. */
  async #agree(id: string): Promise<AgreementView> {
    await wait(this.delay);
    const hashes = (this.#segments.get(id)?.candidates ?? []).map(({ hash }) => hash);
    const size = hashes.length;
    const data = Float32Array.from({ length: size * size }, (_, cell) => Math.max(0, 1 - 0.3 * Math.abs(Math.floor(cell / size) - (cell % size))));
    return { candidates: hashes, matrix: { rows: size, cols: size, data }, utility: 'chrf', total: 30 };
  }

  /** A fake preview: λ is how many picks would change, and there are no probabilities. */
  async #preview(settings: RankingSettings): Promise<RankingPreview> {
    await wait(this.delay);
    if (settings.weights === 'probability') return { message: 'the candidates have no log-probability' };
    const open = fakeOptions.snapshot.segments.filter(({ review }) => review === 'unreviewed');
    const changed = open.slice(0, Math.ceil(settings.lambda)).map(({ id, number }) => ({ segment: id, number }));
    return { changed, total: open.length, utility: settings.utility };
  }

  async #align(id: string, hash: string): Promise<AlignmentView> {
    await wait(this.delay);
    const segment = this.#segments.get(id);
    const text = segment?.candidates.find((view) => view.hash === hash)?.candidate.text ?? '';
    const source = tokens(segment?.source ?? '', fakeOptions.snapshot.sourceLanguage.tag);
    const target = tokens(text, fakeOptions.snapshot.targetLanguage.tag);
    return alignmentOf(source, target);
  }
}

/** What a critic might say. */
const verdict: CriticView = {
  score: 2 / 3,
  signature: 'Qwen3-14B|principles:0123456789ab',
  findings: [
    { principle: 'Completeness: everything that the source says is there.', satisfied: true, evidence: '土砂降り: raining cats and dogs' },
    { principle: 'Register: politeness fits the source.', satisfied: false, evidence: 'だ is plain where a letter wants です' },
    { principle: 'Culture: references are understood.', satisfied: true, evidence: '' },
  ],
};

function tokens(text: string, language: string): readonly TokenView[] {
  return [...new Intl.Segmenter(language, { granularity: 'word' }).segment(text)]
    .filter((part) => part.segment.trim() !== '')
    .map((part) => ({ text: part.segment, start: part.index, end: part.index + part.segment.length }));
}

/** A diagonal that fades, with the last source word but one left without counterpart. */
function alignmentOf(source: readonly TokenView[], target: readonly TokenView[]): AlignmentView {
  const data = new Float32Array(source.length * target.length);
  const missing = source.length > 3 ? source.length - 2 : -1;
  for (const row of source.keys()) {
    for (const column of target.keys()) {
      const distance = Math.abs(row / Math.max(1, source.length - 1) - column / Math.max(1, target.length - 1));
      data[row * target.length + column] = row === missing ? 0.02 : Math.max(0, 0.95 - distance * 3.2);
    }
  }
  return {
    source,
    target,
    probabilities: { rows: source.length, cols: target.length, data },
    uncoveredSource: missing === -1 ? [] : [missing],
    uncoveredTarget: [],
    aligner: 'statistical (en-ja)',
    confidence: 'low',
  };
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => { window.setTimeout(resolve, ms); });
}

for (const [name, value] of Object.entries(fakeOptions.theme.variables)) document.documentElement.style.setProperty(name, value);
document.body.classList.add(fakeOptions.theme.kind, ...fakeOptions.theme.classes);
const fake = new FakeHost();
Object.assign(globalThis, { fake, acquireVsCodeApi: () => ({ postMessage: (frame: unknown) => { fake.receive(frame); }, setState: (state: unknown) => { fake.state = state; } }) });
