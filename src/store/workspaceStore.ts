/** All that Interlinear keeps in a workspace, behind one door. */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CandidateSet } from '../core/candidate.ts';
import { AppError } from '../core/errors.ts';
import { candidateHash } from '../core/hash.ts';
import type { JudgmentEvent, Shown } from '../core/judgment/events.ts';
import type { CandidateTextLookup, JudgmentScope } from '../core/judgment/fold.ts';
import { isBroken } from '../core/quality/broken.ts';
import { CandidateStore } from './candidateStore.ts';
import { DocumentStateStore } from './documentState.ts';
import { DraftStore } from './draftStore.ts';
import { nodeFileSystem, type FileSystem } from './fileSystem.ts';
import { HeldOutStore } from './heldOutStore.ts';
import { JournalReader, type JournalReading } from './journalReader.ts';
import { JournalWriter, type JournalParts, type JudgmentDraft } from './journalWriter.ts';
import type { StoreProblem } from './problem.ts';
import { SetStore } from './setStore.ts';
import { StoreFolder } from './storeFolder.ts';
import { VerdictStore } from './verdictStore.ts';
import type { Watch } from './watch.ts';

export interface StoreParts extends JournalParts {
  readonly fs: FileSystem;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

/** The real file system and clock, and random ids. */
export function nodeStoreParts(): StoreParts {
  return {
    fs: nodeFileSystem,
    clock: Date.now,
    random: () => randomBytes(6).toString('hex'),
    sleep: async (milliseconds) => { await sleep(milliseconds); },
  };
}

/** A draft of an act on a set that may not be frozen yet. */
export interface ActOnSet {
  readonly set: CandidateSet;
  readonly shown: Omit<Shown, 'set'>;
}

export interface JudgmentReading {
  readonly events: readonly JudgmentEvent[];
  readonly sets: ReadonlyMap<string, CandidateSet>;
  readonly problems: readonly StoreProblem[];
}

export class WorkspaceStore {
  readonly sets: SetStore;
  readonly candidates: CandidateStore;
  readonly drafts: DraftStore;
  readonly heldOut: HeldOutStore;
  readonly states: DocumentStateStore;
  readonly verdicts: VerdictStore;
  readonly #reader: JournalReader;
  readonly #writer: JournalWriter;

  constructor(readonly root: string, parts: StoreParts) {
    const folder = new StoreFolder(root, parts.fs);
    this.sets = new SetStore(folder);
    this.candidates = new CandidateStore(folder);
    this.drafts = new DraftStore(folder);
    this.heldOut = new HeldOutStore(folder);
    this.states = new DocumentStateStore(folder);
    this.verdicts = new VerdictStore(folder);
    this.#reader = new JournalReader(folder, parts.sleep);
    this.#writer = new JournalWriter(folder, parts);
  }

  /**
   * Records an act. With `on`, the set is frozen first, so a record never names a set that is not there.
   * @throws AppError `candidate.broken` for the acceptance or preference of a broken candidate; `store.diskFull`,
   * `store.unwritable`: then nothing is recorded and the act can be repeated.
   */
  async record(draft: JudgmentDraft, on?: ActOnSet): Promise<JudgmentEvent> {
    if (on === undefined) return this.#writer.append(draft);
    refuseBroken(draft, on.set);
    const set = await this.sets.freeze(on.set);
    return this.#writer.append({ ...draft, shown: { ...on.shown, set } });
  }

  /** Records what needs no set, by one write. @throws as `record` */
  recordAll(reviewer: string, drafts: readonly Omit<JudgmentDraft, 'reviewer'>[]): Promise<readonly JudgmentEvent[]> {
    return this.#writer.appendAll(reviewer, drafts);
  }

  /** All judgments of all reviewers. */
  journal(watch?: Watch): Promise<JournalReading> {
    return this.#reader.read(watch);
  }

  /** All judgments, for work that tells nobody about damage: what could not be read is left for `journal` to set aside and tell. */
  events(watch?: Watch): Promise<readonly JudgmentEvent[]> {
    return this.#reader.events(watch);
  }

  /** All judgments of one document and target language, in order, with the frozen sets that they name. */
  async judgments(scope: Pick<JudgmentScope, 'document' | 'targetLanguage'>, watch?: Watch): Promise<JudgmentReading> {
    const { events, problems } = await this.#reader.read(watch);
    const here = events.filter((event) => event.document === scope.document && event.targetLanguage === scope.targetLanguage);
    const reading = await this.sets.read(here.flatMap(({ shown }) => (shown === undefined ? [] : [shown.set])), watch);
    return { events: here, sets: reading.sets, problems: [...problems, ...reading.problems] };
  }
}

function refuseBroken(draft: JudgmentDraft, { segment, candidates }: CandidateSet): void {
  const chosen = draft.act === 'accept' ? draft.candidate : draft.act === 'prefer' ? draft.better : undefined;
  const candidate = candidates.find(({ text }) => candidateHash(text) === chosen);
  if (candidate === undefined || !isBroken(candidate)) return;
  throw new AppError('candidate.broken', { segment: segment.source, detail: (candidate.issues ?? []).map(({ kind, detail }) => detail === '' ? kind : detail).join(', ') });
}

/**
 * Finds texts of candidates by the hashes that judgments name; none of a broken one, whoever accepted it elsewhere. Hashes of
 * a set are taken once.
 */
export function textLookup(sets: ReadonlyMap<string, CandidateSet>): CandidateTextLookup {
  const tables = new Map<string, ReadonlyMap<string, string>>();
  return (set, candidate) => {
    const found = sets.get(set);
    if (found === undefined) return undefined;
    const table = tables.get(set) ?? new Map(found.candidates.filter((other) => !isBroken(other)).map(({ text }) => [candidateHash(text), text]));
    tables.set(set, table);
    return table.get(candidate);
  };
}

/** Opens the store of a workspace folder (absolute path). Reads and writes nothing yet. */
export function openWorkspaceStore(root: string, parts: StoreParts): WorkspaceStore {
  return new WorkspaceStore(root, parts);
}
