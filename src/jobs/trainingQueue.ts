/**
 * The trainings of this machine that run or wait: one a GPU, or one on the CPU. It is one file that every window reads and
 * changes under a lock, so it outlives windows and reboots; whichever window sees a free place first starts the next job.
 */
import { join } from 'node:path';
import * as v from 'valibot';
import { readText, writeText, type JobFiles } from './files.ts';
import { ifUnlocked, withLock } from './machineLock.ts';

/** What is done to a server for as long as a job trains: ended and started again, or put to sleep and woken. */
const holdSchema = v.object({ profile: v.string(), how: v.picklist(['stop', 'sleep']), url: v.string() });
export type ServerHold = v.InferOutput<typeof holdSchema>;

const waitingSchema = v.object({ job: v.string(), holds: v.array(holdSchema) });
const runningSchema = v.object({ ...waitingSchema.entries, slot: v.string() });
const queueSchema = v.object({ format: v.literal(1), running: v.array(runningSchema), waiting: v.array(waitingSchema), held: v.array(holdSchema) });

export type WaitingJob = v.InferOutput<typeof waitingSchema>;
export type RunningJob = v.InferOutput<typeof runningSchema>;
/** `held`: servers that are stopped or asleep now. */
export type QueueState = v.InferOutput<typeof queueSchema>;

export interface QueueParts {
  readonly files: JobFiles;
  /** Folder of this machine's user, absolute. */
  readonly folder: string;
  readonly isRunning: (job: string) => Promise<boolean>;
  /** False: its folder is gone, or it has become something else than a job that can start. */
  readonly canStart: (job: string) => Promise<boolean>;
  /** Numbers of the GPUs; empty: there is none, and one job trains on the CPU. */
  readonly gpus: () => Promise<readonly string[]>;
}

export interface QueueActs {
  /** Starts the trainer on a GPU: its number, or `cpu`. */
  readonly start: (job: string, slot: string) => Promise<void>;
  /** True: this window can do that to the server. A server is ended by the window that started it. */
  readonly canHold: (hold: ServerHold) => boolean;
  /** Doing it again changes nothing. */
  readonly hold: (hold: ServerHold) => Promise<void>;
  /** Starts or wakes the server again. */
  readonly release: (hold: ServerHold) => Promise<void>;
  /** A waiting job could not start, or a server could not be stopped or started again. */
  readonly onFailure: (job: string | undefined, thrown: unknown) => void;
}

const empty: QueueState = { format: 1, running: [], waiting: [], held: [] };

export class TrainingQueue {
  readonly #parts: QueueParts;

  constructor(parts: QueueParts) {
    this.#parts = parts;
  }

  get #path(): string {
    return join(this.#parts.folder, 'training-queue.json');
  }

  /** As the file has it; a file that cannot be read is an empty queue. */
  async read(): Promise<QueueState> {
    const text = await readText(this.#parts.files, this.#path);
    const parsed = text === undefined ? undefined : v.safeParse(v.pipe(v.string(), v.parseJson(), queueSchema), text);
    return parsed?.success === true ? parsed.output : empty;
  }

  /** At the end of the queue; a job that waits or runs already stays where it is. */
  async add(job: string, holds: readonly ServerHold[]): Promise<void> {
    await this.#change((queue) => {
      if ([...queue.running, ...queue.waiting].some((entry) => entry.job === job)) return queue;
      return { ...queue, waiting: [...queue.waiting, { job, holds: [...holds] }] };
    });
  }

  /** @returns false: it does not wait. */
  async remove(job: string): Promise<boolean> {
    const before = await this.read();
    await this.#change((queue) => ({ ...queue, waiting: queue.waiting.filter((entry) => entry.job !== job) }));
    return before.waiting.some((entry) => entry.job === job);
  }

  /** One place forward. */
  async moveUp(job: string): Promise<void> {
    await this.#change((queue) => {
      const at = queue.waiting.findIndex((entry) => entry.job === job);
      const [before, own] = [queue.waiting[at - 1], queue.waiting[at]];
      if (before === undefined || own === undefined) return queue;
      return { ...queue, waiting: [...queue.waiting.slice(0, at - 1), own, before, ...queue.waiting.slice(at + 1)] };
    });
  }

  /**
   * Forgets jobs that ended, starts waiting ones while a place is free, and gives back servers that no running job holds.
   * @param others running jobs that the queue does not know, such as those of the command line: each takes a place
   * @returns the jobs that were started
   */
  async advance(acts: QueueActs, others: readonly string[] = []): Promise<readonly string[]> {
    const started = await withLock(`${this.#path}.lock`, () => this.#startNext(acts, others));
    await this.#release(acts);
    return started;
  }

  async #startNext(acts: QueueActs, others: readonly string[]): Promise<readonly string[]> {
    let queue = await this.#alive();
    const unknown = others.filter((job) => !queue.running.some((entry) => entry.job === job)).length;
    const started: string[] = [];
    for (const entry of queue.waiting) {
      const free = freeSlots(queue, await this.#parts.gpus());
      const slot = free[unknown];
      if (slot === undefined) break;
      if (entry.holds.some((hold) => !isHeld(queue, hold) && !acts.canHold(hold))) continue;
      queue = await this.#startOne(queue, { ...entry, slot }, acts);
      if (queue.running.some(({ job }) => job === entry.job)) started.push(entry.job);
    }
    return started;
  }

  /** Every step is on the disk before it is done: what a crash interrupts is seen by the next window. */
  async #startOne(before: QueueState, entry: RunningJob, acts: QueueActs): Promise<QueueState> {
    let queue: QueueState = { ...before, waiting: before.waiting.filter(({ job }) => job !== entry.job) };
    try {
      for (const hold of entry.holds) {
        if (!isHeld(queue, hold)) queue = { ...queue, held: [...queue.held, hold] };
        await this.#write({ ...queue, waiting: before.waiting });
        await acts.hold(hold);
      }
      await acts.start(entry.job, entry.slot);
      queue = { ...queue, running: [...queue.running, entry] };
    } catch (thrown) {
      acts.onFailure(entry.job, thrown);
    }
    await this.#write(queue);
    return queue;
  }

  /** The queue without jobs that ended while nobody looked. */
  async #alive(): Promise<QueueState> {
    const queue = await this.read();
    const running = await filtered(queue.running, ({ job }) => this.#parts.isRunning(job));
    const waiting = await filtered(queue.waiting, ({ job }) => this.#parts.canStart(job));
    const now = { ...queue, running, waiting };
    if (running.length !== queue.running.length || waiting.length !== queue.waiting.length) await this.#write(now);
    return now;
  }

  /** A server is forgotten only after it was given back: if this window dies meanwhile, the next one tries again. */
  async #release(acts: QueueActs): Promise<void> {
    if ((await this.#idleHolds()).length === 0) return;
    await ifUnlocked(`${this.#path}.release.lock`, async () => {
      for (const hold of await this.#idleHolds()) {
        await acts.release(hold).catch((thrown: unknown) => { acts.onFailure(undefined, thrown); });
        await this.#change((queue) => ({ ...queue, held: queue.held.filter((other) => other.profile !== hold.profile || isWanted(queue, hold)) }));
        // a job began in between
        if (isWanted(await this.read(), hold)) await acts.hold(hold);
      }
    });
  }

  async #idleHolds(): Promise<readonly ServerHold[]> {
    const queue = await this.read();
    return queue.held.filter((hold) => !isWanted(queue, hold));
  }

  async #change(change: (queue: QueueState) => QueueState): Promise<void> {
    await this.#parts.files.makeFolder(this.#parts.folder);
    await withLock(`${this.#path}.lock`, async () => { await this.#write(change(await this.#alive())); });
  }

  async #write(queue: QueueState): Promise<void> {
    await writeText(this.#parts.files, this.#path, `${JSON.stringify(queue, undefined, 1)}\n`);
  }
}

function isHeld({ held }: QueueState, { profile }: ServerHold): boolean {
  return held.some((hold) => hold.profile === profile);
}

function isWanted({ running }: QueueState, { profile }: ServerHold): boolean {
  return running.some(({ holds }) => holds.some((hold) => hold.profile === profile));
}

function freeSlots({ running }: QueueState, gpus: readonly string[]): readonly string[] {
  const slots = gpus.length === 0 ? ['cpu'] : gpus;
  return slots.filter((slot) => !running.some((entry) => entry.slot === slot));
}

async function filtered<T>(items: readonly T[], keep: (item: T) => Promise<boolean>): Promise<T[]> {
  const kept = await Promise.all(items.map(keep));
  return items.filter((_, index) => kept[index] === true);
}
