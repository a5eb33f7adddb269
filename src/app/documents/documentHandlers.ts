import { sourceKey } from '../../core/evaluation/heldOut.ts';
import { wholeText } from '../../core/document/lazyUnits.ts';
import type { Revision } from '../../core/document/revision.ts';
import { AppError } from '../../core/errors.ts';
import type { CallContext, Handlers } from '../../protocol/channel.ts';
import type { AcceptedText, DocumentContract, ExistingText, ForeignTarget, FoundRepeats, SentTexts, StepProgress, WantedText } from '../../protocol/documents.ts';
import type { CandidateSet } from '../../core/candidate.ts';
import { freshErrors } from '../../store/problem.ts';
import { nodeFileSystem } from '../../store/fileSystem.ts';
import { nodeStoreParts, openWorkspaceStore } from '../../store/workspaceStore.ts';
import { exportPreferencePairs } from '../exportPreferencePairs.ts';
import { openDocument } from '../openDocument.ts';
import { writeJudgmentData } from '../training/judgmentData.ts';
import { LocalDesk, type RecordedJudgments } from './documentDesk.ts';
import { SharedTargetFile, type FileHolder } from './sharedTargetFile.ts';
import type { Target } from './target.ts';

/** Whom the thread speaks to. */
export interface DocumentClient extends FileHolder {
  askAboutTarget(label: string): Promise<ForeignTarget>;
}

/** Items in a slice: taking one in costs the other side a few milliseconds. Sets have up to a hundred candidates each. */
const slice = { segments: 200, events: 100, sets: 20, texts: 1000 } as const;

type Calls = DocumentContract['calls'];
type Reading = 'open' | 'segments' | 'isCurrent' | 'takeIn' | 'heldOut' | 'heldOutKeys' | 'judgments' | 'events' | 'sets' | 'candidates' | 'candidateSets' | 'repeats' | 'sameSources'
  | 'revised' | 'revisedTexts' | 'unaligned';
type Comparing = 'wanted' | 'differences' | 'differing' | 'compare' | 'existing';

/** What the thread of one document does. */
export class DocumentHandlers {
  readonly #client: DocumentClient;
  #desk: LocalDesk | undefined;
  #target: Target | undefined;
  #recorded: Pick<RecordedJudgments, 'events'> & { readonly sets: readonly (readonly [string, CandidateSet])[] } = { events: [], sets: [] };
  #candidates: readonly CandidateSet[] = [];
  #heldOut: readonly string[] = [];
  #accepted = new Map<string, AcceptedText>();
  #existing: readonly ExistingText[] = [];
  #differing: readonly (readonly [string, string])[] = [];
  #same: FoundRepeats['same'] = [];
  /** By number, what was sent ahead of a call. */
  readonly #ahead = new Map<number, ReadonlyMap<string, WantedText | undefined>>();
  #revised: { readonly texts: readonly (readonly [string, string])[]; readonly unaligned: Revision['unaligned'] } = { texts: [], unaligned: [] };
  #place: Calls['openTarget']['params'] = { path: '', label: '' };

  constructor(client: DocumentClient) {
    this.#client = client;
  }

  all(): Handlers<DocumentContract> {
    return {
      ...this.#reading(),
      ...this.#comparing(),
      accepted: (texts) => {
        for (const [segment, text] of texts) this.#accepted.set(segment, text);
        return null;
      },
      openTarget: (params) => this.#openTarget(params),
      put: (sent) => this.#openedTarget().put(this.#taken(sent)),
      expected: ({ segment }) => this.#openedTarget().expected(segment),
      acknowledge: ({ segment, inDocument }) => done(this.#openedTarget().acknowledge(segment, inDocument)),
      restore: ({ text }) => done(this.#openedTarget().restore(text)),
      remember: ({ focus }) => done(this.#openedTarget().remember(focus)),
      exportPairs: (params, context) => exportFrom(params, context),
      judgmentData: (params, context) => judgmentDataFrom(params, context),
    };
  }

  /** The source's side, and what is stored about it. */
  #reading(): Pick<Handlers<DocumentContract>, Reading> {
    return {
      open: (params) => this.#open(params),
      segments: ({ from }) => this.#opened().document.segments.slice(from, from + slice.segments).map(wholeText),
      isCurrent: () => this.#opened().isCurrent(),
      takeIn: ({ share }) => done(this.#opened().takeIn(share)),
      heldOut: async () => {
        const isHeldOut = await this.#opened().heldOut();
        const sources = this.#opened().document.segments.map(({ source }) => source).filter(isHeldOut);
        this.#heldOut = [...new Set(sources.map(sourceKey))];
        return this.#heldOut.length;
      },
      heldOutKeys: ({ from }) => this.#heldOut.slice(from, from + slice.texts),
      judgments: (_, context) => this.#judgments(context),
      events: ({ from }) => this.#recorded.events.slice(from, from + slice.events),
      sets: ({ from }) => this.#recorded.sets.slice(from, from + slice.sets),
      candidates: async () => {
        this.#candidates = await this.#opened().candidates();
        return this.#candidates.length;
      },
      candidateSets: ({ from }) => this.#candidates.slice(from, from + slice.sets),
      repeats: async (params) => {
        const { same, near } = await this.#opened().repeats(params);
        this.#same = same;
        return { same: same.length, near };
      },
      sameSources: ({ from }) => this.#same.slice(from, from + slice.texts),
      revised: async (returned) => {
        const { texts, unaligned } = await this.#opened().revised(returned);
        this.#revised = { texts: [...texts], unaligned };
        return { texts: texts.size, unaligned: unaligned.length };
      },
      revisedTexts: ({ from }) => this.#revised.texts.slice(from, from + slice.texts),
      unaligned: ({ from }) => this.#revised.unaligned.slice(from, from + slice.texts),
    };
  }

  /** What stands in the target against what should, in slices. */
  #comparing(): Pick<Handlers<DocumentContract>, Comparing> {
    return {
      wanted: (sent) => {
        this.#ahead.set(sent.ticket, this.#taken(sent));
        return null;
      },
      differences: async (sent) => {
        this.#differing = [...await this.#openedTarget().differences(present(this.#taken(sent)))];
        return this.#differing.length;
      },
      differing: ({ from }) => this.#differing.slice(from, from + slice.texts),
      compare: async (sent) => {
        const { differences, existing } = await this.#openedTarget().compare(present(this.#taken(sent)));
        this.#differing = [...differences];
        this.#existing = existing;
        return { differences: differences.size, existing: existing.length };
      },
      existing: ({ from }) => this.#existing.slice(from, from + slice.texts),
    };
  }

  async #open({ path, key, languages, root }: Calls['open']['params']): Promise<Calls['open']['result']> {
    const opened = await openDocument(nodeFileSystem, path, key, languages);
    const parts = { fs: nodeFileSystem, store: openWorkspaceStore(root, nodeStoreParts()), languages };
    this.#desk = new LocalDesk(opened, parts, ({ encoding }) => ({
      file: new SharedTargetFile(this.#place, encoding, nodeFileSystem, this.#client),
      askAboutTarget: (label) => this.#client.askAboutTarget(label),
    }));
    return { codec: opened.codec.id, encoding: opened.encoding, segments: opened.parsed.segments.length };
  }

  async #judgments({ signal, progress }: CallContext<StepProgress>): Promise<Calls['judgments']['result']> {
    const { events, sets, problems } = await this.#opened().judgments({ signal, progress: atMostFourASecond(progress) });
    this.#recorded = { events, sets: [...sets] };
    return { events: events.length, sets: sets.size, problems: problems.map((problem) => problem.toWire()) };
  }

  async #openTarget(place: Calls['openTarget']['params']): Promise<Calls['openTarget']['result']> {
    this.#place = place;
    const accepted = this.#accepted;
    this.#accepted = new Map();
    const opened = await this.#opened().openTarget(accepted);
    this.#target = opened?.target;
    return opened === undefined ? undefined : { focus: opened.focus };
  }

  #taken({ ticket, wanted }: SentTexts): ReadonlyMap<string, WantedText | undefined> {
    const ahead = this.#ahead.get(ticket);
    this.#ahead.delete(ticket);
    return ahead === undefined ? wanted : new Map([...ahead, ...wanted]);
  }

  #opened(): LocalDesk {
    return this.#desk ?? tooEarly('open');
  }

  #openedTarget(): Target {
    return this.#target ?? tooEarly('openTarget');
  }
}

function present(wanted: ReadonlyMap<string, WantedText | undefined>): ReadonlyMap<string, WantedText> {
  return new Map([...wanted].flatMap(([segment, text]) => (text === undefined ? [] : [[segment, text] as const])));
}

async function exportFrom({ root, ...request }: Calls['exportPairs']['params'], { signal, progress }: CallContext<StepProgress>): Promise<Calls['exportPairs']['result']> {
  const store = openWorkspaceStore(root, nodeStoreParts());
  const { files, card, problems } = await exportPreferencePairs(store, nodeFileSystem, request, { signal, progress: atMostFourASecond(progress) });
  return { rows: files.rows, card, problems: freshErrors(problems).map((problem) => problem.toWire()) };
}

async function judgmentDataFrom({ root, ...request }: Calls['judgmentData']['params'], { signal, progress }: CallContext<StepProgress>): Promise<Calls['judgmentData']['result']> {
  const store = openWorkspaceStore(root, nodeStoreParts());
  const { data, problems } = await writeJudgmentData(store, nodeFileSystem, request, { signal, progress: atMostFourASecond(progress) });
  return { data, problems: freshErrors(problems).map((problem) => problem.toWire()) };
}

/** The last step is always told. */
function atMostFourASecond(progress: (value: StepProgress) => void): (value: StepProgress) => void {
  let last = 0;
  return (value) => {
    const now = Date.now();
    if (now - last < 250 && value.done + 1 < value.total) return;
    last = now;
    progress(value);
  };
}

async function done(work: Promise<void>): Promise<null> {
  await work;
  return null;
}

function tooEarly(name: string): never {
  throw new AppError('protocol.failed', { name, reason: 'it was not called yet' });
}
