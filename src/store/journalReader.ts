/** Reading the journals of all reviewers: every good record counts, whatever happened to its neighbours. */
import { canonicalJson } from '../core/canonicalJson.ts';
import type { JudgmentEvent } from '../core/judgment/events.ts';
import { orderEvents } from '../core/judgment/order.ts';
import { parseJudgment } from '../core/judgment/schema.ts';
import { listJournals, quarantineName } from './journalFiles.ts';
import { readJsonLines, type BadLine, type ReadLines } from './jsonLines.ts';
import type { StoreProblem } from './problem.ts';
import type { StoreFolder } from './storeFolder.ts';
import { step, type Watch } from './watch.ts';

export interface JournalReading {
  /** Without repeats, by time, writer and number. */
  readonly events: readonly JudgmentEvent[];
  readonly problems: readonly StoreProblem[];
}

interface ReadFile {
  readonly stamp: string;
  readonly lines: ReadLines<JudgmentEvent>;
  /** Absent until somebody who tells them has read the file: `events` sets nothing aside. */
  readonly problems?: readonly StoreProblem[];
}

/** Reads the files of all reviewers and writers. Never changes them. Unchanged files are not read twice. */
export class JournalReader {
  readonly #folder: StoreFolder;
  readonly #sleep: (milliseconds: number) => Promise<void>;
  #known = new Map<string, ReadFile>();

  constructor(folder: StoreFolder, sleep: (milliseconds: number) => Promise<void>) {
    this.#folder = folder;
    this.#sleep = sleep;
  }

  /**
   * All judgments that can be read; lines that cannot are set aside, once, for whoever reads to tell.
   * Cost: about 50 µs a new record; parsed files are kept.
   */
  async read(watch: Watch = {}): Promise<JournalReading> {
    for (const [path, file] of await this.#readFiles(watch)) {
      const problems = file.problems ?? await this.#setAllAside(path, file.lines.bad);
      this.#known.set(path, { ...file, problems });
    }
    const files = [...this.#known].map(([path, file]) => ({ path: this.#folder.shown(path), ...file }));
    const events = eventsOf(files);
    const problems = [...files.flatMap((file) => file.problems ?? []), ...findConflicts(files, events), ...findGaps(events)];
    return { events, problems };
  }

  /** All judgments that can be read, for a reader that tells nobody about the others: they are left to `read`. */
  async events(watch: Watch = {}): Promise<readonly JudgmentEvent[]> {
    return eventsOf([...(await this.#readFiles(watch)).values()]);
  }

  async #readFiles(watch: Watch): Promise<ReadonlyMap<string, ReadFile>> {
    const next = new Map<string, ReadFile>();
    const paths = await listJournals(this.#folder);
    for (const [index, path] of paths.entries()) {
      step(watch, index, paths.length);
      const file = await this.#readFile(path);
      if (file !== undefined) next.set(path, file);
    }
    this.#known = next;
    return new Map(next);
  }

  async #readFile(path: string): Promise<ReadFile | undefined> {
    const status = await this.#folder.fs.stat(path);
    if (status === undefined) return undefined;
    const stamp = `${String(status.bytes)} ${String(status.modified)}`;
    const known = this.#known.get(path);
    if (known?.stamp === stamp) return known;
    return { stamp, lines: await this.#readSettled(path) };
  }

  /** A torn end may be a record that another window is writing right now: look again before calling it torn. */
  async #readSettled(path: string): Promise<ReadLines<JudgmentEvent>> {
    const first = await this.#readOnce(path);
    if (first.bad.at(-1)?.kind !== 'torn') return first;
    await this.#sleep(30);
    return this.#readOnce(path);
  }

  async #readOnce(path: string): Promise<ReadLines<JudgmentEvent>> {
    return readJsonLines(await this.#folder.fs.read(path) ?? new Uint8Array(), parseJudgment);
  }

  async #setAllAside(path: string, lines: readonly BadLine[]): Promise<readonly StoreProblem[]> {
    const problems: StoreProblem[] = [];
    for (const bad of lines) problems.push(await this.#setAside(path, bad));
    return problems;
  }

  async #setAside(path: string, bad: BadLine): Promise<StoreProblem> {
    const shown = this.#folder.shown(path);
    const { path: quarantine, fresh } = await this.#folder.setAside(quarantineName(shown, bad.kind, bad.bytes), bad.bytes);
    return {
      kind: bad.kind, path: shown, line: bad.line, reason: bad.reason, fresh, ...(quarantine === undefined ? {} : { quarantine }),
    };
  }
}

function eventsOf(files: readonly ReadFile[]): readonly JudgmentEvent[] {
  return orderEvents(files.flatMap(({ lines }) => lines.values));
}

function findConflicts(
  files: readonly (ReadFile & { readonly path: string })[],
  events: readonly JudgmentEvent[],
): readonly StoreProblem[] {
  const total = files.reduce((sum, file) => sum + file.lines.values.length, 0);
  if (total === events.length) return [];
  const kept = new Map(events.map((event) => [event.id, canonicalJson(event)]));
  return files.flatMap((file) => file.lines.values
    .filter((event) => kept.get(event.id) !== canonicalJson(event))
    .map((event): StoreProblem => ({ kind: 'conflict', id: event.id, path: file.path })));
}

function findGaps(events: readonly JudgmentEvent[]): readonly StoreProblem[] {
  const writers = new Map<string, { readonly reviewer: string; readonly seen: Set<number> }>();
  for (const event of events) {
    const writer = writers.get(event.writer) ?? { reviewer: event.reviewer, seen: new Set() };
    writers.set(event.writer, writer);
    writer.seen.add(event.sequence);
  }
  return [...writers].flatMap(([writer, { reviewer, seen }]): StoreProblem[] => {
    const missing = missingNumbers(seen);
    return missing.length === 0 ? [] : [{ kind: 'gap', writer, reviewer, missing }];
  });
}

/** At most 1,000 numbers: a record with an absurd number must not fill the memory. */
function missingNumbers(seen: ReadonlySet<number>): readonly number[] {
  const missing: number[] = [];
  let expected = 1;
  for (const number of [...seen].sort((a, b) => a - b)) {
    for (; expected < number && missing.length < 1000; expected += 1) missing.push(expected);
    expected = number + 1;
  }
  return missing;
}
