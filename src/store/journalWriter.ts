/**
 * Writing the journal of judgments: append-only JSON Lines, one file a writer and day. The journal is the truth of the
 * store; everything else is a cache or is named by it.
 */
import { canonicalJson } from '../core/canonicalJson.ts';
import { AppError } from '../core/errors.ts';
import type { Act, EventBase, JudgmentEvent, Shown } from '../core/judgment/events.ts';
import { parseJudgment } from '../core/judgment/schema.ts';
import { listJournals, quarantineName } from './journalFiles.ts';
import { lineBytes, readJsonLines } from './jsonLines.ts';
import { Serial } from './serial.ts';
import { safeName, type StoreFolder } from './storeFolder.ts';

/** A judgment before the journal gives it its id, number and time. */
export type JudgmentDraft = Omit<EventBase, 'id' | 'writer' | 'sequence' | 'at'> & { readonly shown?: Shown } & Act;

export interface JournalParts {
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  /** A new id that no other window has. */
  readonly random: () => string;
}

interface OpenFile {
  /** Bytes that are known to be whole records. */
  length: number;
  /** The file may hold more than `length`: cut before the next record. */
  dirty: boolean;
  /** The last record lacks its line end. */
  unended: boolean;
}

/** One a window: appends what its reviewers do, in files of its own, so two windows never write into one file. */
export class JournalWriter {
  readonly #folder: StoreFolder;
  readonly #clock: () => number;
  readonly #writer: string;
  readonly #serial = new Serial();
  readonly #files = new Map<string, OpenFile>();
  #resumed = false;
  #sequence = 0;
  #lastTime = 0;

  constructor(folder: StoreFolder, parts: JournalParts) {
    this.#folder = folder;
    this.#clock = parts.clock;
    this.#writer = safeName(parts.random());
  }

  /**
   * Appends one record and waits until it is on the disk.
   * @throws AppError `store.diskFull`, `store.unwritable`; the act is then not recorded, not even in part, and can be
   * repeated. `input.invalid` for a draft that could not be read back.
   */
  async append(draft: JudgmentDraft): Promise<JudgmentEvent> {
    const [event] = await this.appendAll(draft.reviewer, [draft]);
    if (event === undefined) throw new AppError('input.invalid', { where: 'judgment', reason: 'nothing was recorded' });
    return event;
  }

  /** Appends records of one reviewer by one write: all of them are on the disk then, or the act is to be repeated. @throws as `append` */
  appendAll(reviewer: string, drafts: readonly Omit<JudgmentDraft, 'reviewer'>[]): Promise<readonly JudgmentEvent[]> {
    return this.#serial.run(() => this.#append(reviewer, drafts));
  }

  async #append(reviewer: string, drafts: readonly Omit<JudgmentDraft, 'reviewer'>[]): Promise<readonly JudgmentEvent[]> {
    if (drafts.length === 0) return [];
    if (!this.#resumed) await this.#resume();
    // A clock that was set back must not change the order of one person's acts.
    const time = Math.max(this.#clock(), this.#lastTime);
    const at = new Date(time).toISOString();
    const events = drafts.map((draft, index) => {
      const sequence = this.#sequence + 1 + index;
      const checked = parseJudgment({ ...draft, reviewer, id: `${this.#writer}-${String(sequence)}`, writer: this.#writer, sequence, at });
      if (!checked.ok) throw new AppError('input.invalid', { where: 'judgment', reason: checked.reason });
      return checked.value;
    });
    const folder = safeName(reviewer);
    await this.#folder.prepare('judgments', folder);
    const path = this.#folder.path('judgments', folder, `${this.#writer}-${at.slice(0, 10)}.jsonl`);
    await this.#write(path, events.map(canonicalJson).join('\n'));
    this.#sequence += events.length;
    this.#lastTime = time;
    return events;
  }

  async #write(path: string, json: string): Promise<void> {
    const file = this.#files.get(path) ?? { length: 0, dirty: false, unended: false };
    this.#files.set(path, file);
    if (file.dirty) await this.#repair(path, file);
    const line = lineBytes(file.unended ? `\n${json}` : json);
    try {
      await this.#folder.fs.append(path, line);
    } catch (thrown) {
      file.dirty = true;
      // Cutting frees space, so it works on a full disk; where it does not, the next append tries again.
      await this.#repair(path, file).catch(() => undefined);
      throw thrown;
    }
    file.length += line.length;
    file.unended = false;
  }

  /** Takes off what a failed append left behind, after copying it: the next record must not stick to half a line. */
  async #repair(path: string, file: OpenFile): Promise<void> {
    const bytes = await this.#folder.fs.read(path);
    if (bytes !== undefined && bytes.length > file.length) {
      const rest = bytes.subarray(file.length);
      await this.#folder.setAside(quarantineName(this.#folder.shown(path), 'torn', rest), rest);
      await this.#folder.fs.truncate(path, file.length);
    }
    file.dirty = false;
  }

  /** Goes on behind files that already bear this writer's id: numbers stay unique and a torn end is cut. */
  async #resume(): Promise<void> {
    for (const path of await listJournals(this.#folder)) {
      const day = path.slice(-'-2026-01-01.jsonl'.length);
      if (!path.endsWith(`${this.#writer}${day}`)) continue;
      const bytes = await this.#folder.fs.read(path) ?? new Uint8Array();
      const { values, bad, endedAt } = readJsonLines(bytes, parseJudgment);
      const torn = bad.at(-1)?.kind === 'torn';
      this.#files.set(path, {
        length: torn ? endedAt : bytes.length, dirty: torn, unended: !torn && endedAt < bytes.length,
      });
      for (const { sequence, at } of values) {
        this.#sequence = Math.max(this.#sequence, sequence);
        this.#lastTime = Math.max(this.#lastTime, Date.parse(at));
      }
    }
    this.#resumed = true;
  }
}
