import { Worker } from 'node:worker_threads';
import { sourceKey } from '../../core/evaluation/heldOut.ts';
import { codecById } from '../../core/document/codecs.ts';
import type { Revision } from '../../core/document/revision.ts';
import type { SegmentText } from '../../core/document/segment.ts';
import { fromWire } from '../../core/errors.ts';
import { abortError, Channel, type Handlers } from '../../protocol/channel.ts';
import type { AcceptedText, DocumentClientContract, DocumentContract, ExpectedText, ExportAnswer, ExportParams, FoundRepeats, JudgmentDataParams, OpenParams, RepeatsParams, ReturnedFile, SentTexts, StepProgress, TargetParams, WantedText, WriteOutcome } from '../../protocol/documents.ts';
import type { CandidateSet } from '../../core/candidate.ts';
import type { IsHeldOut } from '../../store/heldOutStore.ts';
import type { Watch } from '../../store/watch.ts';
import type { SourceDocument } from '../openDocument.ts';
import { Breath } from '../breath.ts';
import { portToWorker } from '../threadPorts.ts';
import type { DocumentDesk, RecordedJudgments } from './documentDesk.ts';
import type { FileHolder } from './sharedTargetFile.ts';
import type { Comparison, Target } from './target.ts';

/** What a document's thread needs from here. */
export interface ThreadClient extends FileHolder {
  askAboutTarget(label: string): ReturnType<Handlers<DocumentClientContract>['askAboutTarget']>;
}

/** A thread that works on one document, or makes one export. Ending it ends its work at once. */
class DocumentThread {
  readonly #worker: Worker;
  readonly #channel: Channel<DocumentClientContract, DocumentContract>;
  #ended = false;

  /** @param script path of the bundled thread */
  constructor(script: string, client: ThreadClient) {
    this.#worker = new Worker(script);
    this.#worker.unref();
    this.#channel = new Channel<DocumentClientContract, DocumentContract>({
      name: 'document thread',
      port: portToWorker(this.#worker, () => undefined),
      handlers: {
        askAboutTarget: ({ label }) => client.askAboutTarget(label),
        held: () => client.held(),
        edit: (edit) => client.edit(edit),
      },
      listeners: {},
    });
  }

  /** As `Channel.call`; an AbortError for what waits when the thread is ended, or comes later. */
  readonly call: Channel<DocumentClientContract, DocumentContract>['call'] = async (...request) => {
    try {
      return await this.#channel.call(...request);
    } catch (thrown) {
      throw this.#ended ? abortError() : thrown;
    }
  };

  /** Idempotent. */
  async end(): Promise<void> {
    this.#ended = true;
    this.#channel.close('ended');
    await this.#worker.terminate();
  }
}

export interface OpenDeskRequest extends OpenParams {
  /** Path of the bundled thread. */
  readonly script: string;
  readonly target: TargetParams;
  readonly client: ThreadClient;
}

/** A document in a thread of its own: nothing that grows with the file is done here in one go. */
export class ThreadDesk implements DocumentDesk {
  readonly document: SourceDocument;
  readonly #thread: DocumentThread;
  readonly #place: TargetParams;
  #target: ThreadTarget | undefined;

  private constructor(document: SourceDocument, thread: DocumentThread, place: TargetParams) {
    this.document = document;
    this.#thread = thread;
    this.#place = place;
  }

  /** Steps are segments taken over, once the file is parsed. @throws AppError `document.*`; an AbortError, at once, when cancelled */
  static async open({ script, target, client, path, key, languages, root }: OpenDeskRequest, watch: Watch = {}): Promise<ThreadDesk> {
    watch.signal?.throwIfAborted();
    const thread = new DocumentThread(script, client);
    const end = (): void => { void thread.end(); };
    watch.signal?.addEventListener('abort', end, { once: true });
    try {
      const opened = await thread.call('open', { path, key, languages, root });
      const words = new Words();
      const segments = await pulled(opened.segments, async (from) => (await thread.call('segments', { from })).map((segment) => words.held(segment)), watch.progress);
      return new ThreadDesk({ path, key, encoding: opened.encoding, codec: codecById(opened.codec), segments }, thread, target);
    } catch (thrown) {
      await thread.end();
      throw watch.signal?.aborted === true ? abortError() : thrown;
    } finally {
      watch.signal?.removeEventListener('abort', end);
    }
  }

  isCurrent(): Promise<boolean> {
    return this.#thread.call('isCurrent', null);
  }

  async takeIn(share: number): Promise<void> {
    await this.#thread.call('takeIn', { share });
  }

  async heldOut(): Promise<IsHeldOut> {
    const keys = new Set(await pulled(await this.#thread.call('heldOut', null), (from) => this.#thread.call('heldOutKeys', { from })));
    return (source) => keys.has(sourceKey(source));
  }

  async judgments(): Promise<RecordedJudgments> {
    const thread = this.#thread;
    const found = await thread.call('judgments', null);
    const events = await pulled(found.events, (from) => thread.call('events', { from }));
    const sets = await pulled(found.sets, (from) => thread.call('sets', { from }));
    return { events, sets: new Map(sets), problems: found.problems.map((wire) => fromWire(wire)) };
  }

  async candidates(): Promise<readonly CandidateSet[]> {
    const thread = this.#thread;
    return pulled(await thread.call('candidates', null), (from) => thread.call('candidateSets', { from }));
  }

  async openTarget(accepted: ReadonlyMap<string, AcceptedText>): ReturnType<DocumentDesk['openTarget']> {
    for (const texts of inParts(accepted)) await this.#thread.call('accepted', texts);
    const opened = await this.#thread.call('openTarget', this.#place);
    if (opened === undefined) return undefined;
    this.#target = new ThreadTarget(this.#thread);
    return { target: this.#target, focus: opened.focus };
  }

  async repeats(params: RepeatsParams): Promise<FoundRepeats> {
    const { same, near } = await this.#thread.call('repeats', params);
    return { same: await pulled(same, (from) => this.#thread.call('sameSources', { from })), near };
  }

  async revised(returned: ReturnedFile): Promise<Revision> {
    const thread = this.#thread;
    const found = await thread.call('revised', returned);
    const texts = await pulled(found.texts, (from) => thread.call('revisedTexts', { from }));
    return { texts: new Map(texts), unaligned: await pulled(found.unaligned, (from) => thread.call('unaligned', { from })) };
  }

  /** Ends the thread when what it was asked to write is written. Idempotent. */
  async dispose(): Promise<void> {
    await this.#target?.idle();
    await this.#thread.end();
  }
}

const none: readonly never[] = [];

/** What segments have in common, held once: a message brings every word and every empty list anew, hundreds of thousands of times. */
class Words {
  readonly #words = new Map<string, string>();

  held({ id, source, protectedSpans, kind, unit }: SegmentText): SegmentText {
    const text = { id, source, protectedSpans: protectedSpans.length === 0 ? none : protectedSpans, kind: this.#held(kind) };
    if (unit === undefined) return text;
    return { ...text, unit: { ...unit, before: this.#held(unit.before), after: this.#held(unit.after), codes: unit.codes.length === 0 ? none : unit.codes } };
  }

  #held<T extends string>(word: T): T {
    const known = this.#words.get(word);
    if (known === undefined) this.#words.set(word, word);
    return (known ?? word) as T; // the same characters
  }
}

/** Texts in a message: to pack it takes a millisecond or two. */
const sentTogether = 500;

class ThreadTarget implements Target {
  readonly #thread: DocumentThread;
  readonly #writes = new Set<Promise<unknown>>();
  #tickets = 0;

  constructor(thread: DocumentThread) {
    this.#thread = thread;
  }

  /** Settles when no write is under way; never rejects. */
  async idle(): Promise<void> {
    await Promise.allSettled(this.#writes);
  }

  put(wanted: ReadonlyMap<string, WantedText | undefined>): Promise<WriteOutcome> {
    return this.#write(this.#sent(wanted).then((sent) => this.#thread.call('put', sent)));
  }

  expected(segment: string): Promise<ExpectedText | undefined> {
    return this.#thread.call('expected', { segment });
  }

  async differences(wanted: ReadonlyMap<string, WantedText>): Promise<ReadonlyMap<string, string>> {
    return this.#differing(await this.#thread.call('differences', await this.#sent(wanted)));
  }

  async compare(wanted: ReadonlyMap<string, WantedText>): Promise<Comparison> {
    const { differences, existing } = await this.#thread.call('compare', await this.#sent(wanted));
    return { differences: await this.#differing(differences), existing: await pulled(existing, (from) => this.#thread.call('existing', { from })) };
  }

  async acknowledge(segment: string, inDocument: string): Promise<void> {
    await this.#write(this.#thread.call('acknowledge', { segment, inDocument }));
  }

  async restore(text: string): Promise<void> {
    await this.#write(this.#thread.call('restore', { text }));
  }

  async remember(focus?: string): Promise<void> {
    await this.#write(this.#thread.call('remember', { focus }));
  }

  async #differing(total: number): Promise<ReadonlyMap<string, string>> {
    return new Map(await pulled(total, (from) => this.#thread.call('differing', { from })));
  }

  /** Sends all but the last texts ahead. */
  async #sent(texts: ReadonlyMap<string, WantedText | undefined>): Promise<SentTexts> {
    const ticket = this.#tickets++;
    let last: SentTexts['wanted'] = new Map();
    for (const wanted of inParts(texts)) {
      if (last.size > 0) await this.#thread.call('wanted', { ticket, wanted: last });
      last = wanted;
    }
    return { ticket, wanted: last };
  }

  #write<T>(work: Promise<T>): Promise<T> {
    this.#writes.add(work);
    const forget = (): void => { this.#writes.delete(work); };
    work.then(forget, forget);
    return work;
  }
}

/** Writes preference pairs in a thread that ends with it. @throws as `exportPreferencePairs` */
export function exportInThread(script: string, params: ExportParams, watch: Watch = {}): Promise<ExportAnswer> {
  return inThread(script, (thread) => thread.call('exportPairs', params, followed(watch)));
}

/** Writes a data folder in a thread that ends with it. @throws as `writeJudgmentData` */
export function judgmentDataInThread(script: string, params: JudgmentDataParams, watch: Watch = {}): Promise<JudgmentDataAnswer> {
  return inThread(script, (thread) => thread.call('judgmentData', params, followed(watch)));
}

type JudgmentDataAnswer = DocumentContract['calls']['judgmentData']['result'];

async function inThread<T>(script: string, work: (thread: DocumentThread) => Promise<T>): Promise<T> {
  const thread = new DocumentThread(script, noDocument);
  try {
    return await work(thread);
  } finally {
    await thread.end();
  }
}

function followed({ signal, progress }: Watch): { readonly signal?: AbortSignal; readonly onProgress?: (value: StepProgress) => void } {
  return { ...(signal !== undefined && { signal }), ...(progress !== undefined && { onProgress: progress }) };
}

const noDocument: ThreadClient = {
  askAboutTarget: () => Promise.resolve('cancel' as const),
  held: () => Promise.resolve({ open: false }),
  edit: () => Promise.reject(abortError()),
};

/** A map in parts that are each a message. */
function* inParts<V>(texts: ReadonlyMap<string, V>): Iterable<ReadonlyMap<string, V>> {
  let part = new Map<string, V>();
  for (const [segment, text] of texts) {
    part.set(segment, text);
    if (part.size < sentTogether) continue;
    yield part;
    part = new Map();
  }
  if (part.size > 0) yield part;
}

/** A list of `total` items, slice by slice. An answer that is there already is taken in without a turn of the event loop: it is asked for. */
async function pulled<T>(total: number, slice: (from: number) => Promise<readonly T[]>, progress?: (value: StepProgress) => void): Promise<readonly T[]> {
  const items: T[] = [];
  const breath = new Breath();
  while (items.length < total) {
    const next = await slice(items.length);
    if (next.length === 0) break;
    items.push(...next);
    if (breath.isDue) await breath.taken();
    progress?.({ done: items.length, total });
  }
  return items;
}
