/** The host as the controller sees it: the typed channel with failures turned into errors that carry their sentence. */
import type { RankingSettings } from '../../src/core/candidate.ts';
import type { Channel } from '../../src/protocol/channel.ts';
import type { RankingNow, RankingPreview } from '../../src/protocol/rankingView.ts';
import type {
  ActParams, AgreementView, AlignmentRequest, AlignmentView, AskParams, CriticView, FindingView, OwnKey, ReviewHostContract, ReviewSnapshot, ReviewViewContract, SegmentView,
} from '../../src/protocol/review.ts';

export type ReviewChannel = Channel<ReviewViewContract, ReviewHostContract>;

export class HostLink {
  readonly #channel: ReviewChannel;
  #late = new Map<string, SegmentView>();

  constructor(channel: ReviewChannel) {
    this.#channel = channel;
  }

  ready(): Promise<ReviewSnapshot> {
    return this.#channel.call('ready', null);
  }

  /** The snapshot with all its segments, as they are by then; undefined when a newer one has come meanwhile. */
  async complete(snapshot: ReviewSnapshot): Promise<ReviewSnapshot | undefined> {
    const late = new Map<string, SegmentView>();
    this.#late = late;
    const segments = [...snapshot.segments];
    for (let more = snapshot.more === true; more;) {
      const next = await this.#channel.call('segments', { from: segments.length });
      if (this.#late !== late) return undefined;
      segments.push(...next);
      more = next.length > 0;
    }
    return { ...snapshot, segments: segments.map((segment) => late.get(segment.id) ?? segment) };
  }

  /** A segment has changed: one of a snapshot that is still being completed must not be the older one. */
  changed(segment: SegmentView): void {
    this.#late.set(segment.id, segment);
  }

  /** Rejects with an Error whose message is the sentence to show. */
  async act(params: ActParams): Promise<SegmentView> {
    const answer = await this.#channel.call('act', params);
    if ('segment' in answer) return answer.segment;
    throw new Error(answer.message);
  }

  alignment(request: AlignmentRequest, signal: AbortSignal): Promise<AlignmentView> {
    return this.#channel.call('alignment', request, { signal });
  }

  agreement(segment: string, signal: AbortSignal): Promise<AgreementView | { readonly message: string }> {
    return this.#channel.call('agreement', { segment }, { signal });
  }

  critic(segment: string, candidate: string, signal: AbortSignal): Promise<CriticView | { readonly message: string }> {
    return this.#channel.call('critic', { segment, candidate }, { signal });
  }

  ranking(): Promise<RankingNow> {
    return this.#channel.call('ranking', null);
  }

  previewRanking(settings: RankingSettings, signal: AbortSignal, onProgress: (value: { readonly done: number; readonly total: number }) => void): Promise<RankingPreview> {
    return this.#channel.call('previewRanking', settings, { signal, onProgress });
  }

  /** Rejects with an Error whose message is the sentence to show. */
  async applyRanking(settings: RankingSettings): Promise<void> {
    const { message } = await this.#channel.call('applyRanking', settings);
    if (message !== undefined) throw new Error(message);
  }

  findings(segment: string, signal: AbortSignal): Promise<Readonly<Record<string, readonly FindingView[]>>> {
    return this.#channel.call('findings', { segment }, { signal });
  }

  fillRepeats(segment: string): void {
    this.#channel.emit('fillRepeats', { segment });
  }

  dismiss(segment: string, findings: readonly FindingView[]): void {
    this.#channel.emit('dismiss', { segment, findings });
  }

  saveDraft(segment: string, text: string): Promise<null> {
    return this.#channel.call('saveDraft', { segment, text });
  }

  segmentFocus(segment: string): void {
    this.#channel.emit('segmentFocus', { segment });
  }

  /** Resolves once VS Code looks keys up accordingly. */
  listFocus(focused: boolean): Promise<null> {
    return this.#channel.call('listFocus', { focused });
  }

  ask(params: AskParams): void {
    this.#channel.emit('ask', params);
  }

  concordance(text: string): void {
    this.#channel.emit('concordance', { text });
  }

  run(command: ReviewViewContract['events']['run']['command']): void {
    this.#channel.emit('run', { command });
  }

  ownKey(own: OwnKey): void {
    this.#channel.emit('ownKey', own);
  }

  timing(name: 'keyToPaint' | 'firstCandidate', ms: number): void {
    this.#channel.emit('timing', { name, ms });
  }
}
