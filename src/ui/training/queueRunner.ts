import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { ServerHold } from '../../jobs/trainingQueue.ts';
import { putToSleep, wakeUp } from '../../backend/openai/sleepMode.ts';
import { readMachineSettings } from '../settings.ts';
import type { TrainingWorld } from './trainingWorld.ts';

/** Another window, or the command line, may have changed the queue. */
const lookMs = 2_000;

export interface QueueEvents {
  /** A job of this window's folders has begun, whichever window started it. */
  readonly onStarted: (job: string) => void;
  /** The order of the queue is another. */
  readonly onQueue: (jobs: readonly string[]) => void;
}

/** Looks after the machine's queue from this window: starts what is next, gives servers back, tells of changes. */
export class QueueRunner implements vscode.Disposable {
  readonly #world: TrainingWorld;
  readonly #events: QueueEvents;
  readonly #timer: NodeJS.Timeout;
  readonly #failures = new Map<string, unknown>();
  #running: readonly string[] = [];
  #waiting: readonly string[] = [];
  #turn: Promise<void> = Promise.resolve();

  constructor(world: TrainingWorld, events: QueueEvents) {
    this.#world = world;
    this.#events = events;
    this.#timer = setInterval(() => { void world.services.notifier.guard('queue', () => this.look()); }, lookMs);
  }

  /** Starts the job, or lets it wait. @returns true: it trains now. @throws whatever kept it from starting */
  async add(job: string, holds: readonly ServerHold[]): Promise<boolean> {
    await this.#world.queue.add(job, holds);
    await this.look();
    if (this.#failures.has(job)) {
      const thrown = this.#failures.get(job);
      this.#failures.delete(job);
      throw thrown;
    }
    return (await this.#world.queue.read()).running.some((entry) => entry.job === job);
  }

  /** One look at a time; a call meanwhile looks once more afterwards. */
  look(): Promise<void> {
    const turn = this.#turn.then(() => this.#look());
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  dispose(): void {
    clearInterval(this.#timer);
  }

  async #look(): Promise<void> {
    if (!vscode.workspace.isTrusted) return;
    const { queue } = this.#world;
    const before = await queue.read();
    if (before.waiting.length + before.running.length + before.held.length > 0) await queue.advance({
      start: (job, slot) => this.#start(job, slot),
      canHold: ({ profile, how }) => how === 'sleep' || this.#world.services.servers.isOurs(profile),
      hold: (hold) => this.#hold(hold),
      release: (hold) => this.#release(hold),
      onFailure: (job, thrown) => { this.#failed(job, thrown); },
    }, await this.#world.running());
    await this.#tell();
  }

  async #tell(): Promise<void> {
    const { running, waiting } = await this.#world.queue.read();
    const [now, next] = [running.map(({ job }) => job), waiting.map(({ job }) => job)];
    const begun = now.filter((job) => !this.#running.includes(job));
    const moved = next.join('\n') !== this.#waiting.join('\n');
    const touched = [...new Set([...this.#waiting, ...next])];
    [this.#running, this.#waiting] = [now, next];
    for (const job of begun) if (this.#world.isHere(job)) this.#events.onStarted(job);
    if (moved) this.#events.onQueue(touched.filter((job) => this.#world.isHere(job)));
  }

  async #start(job: string, slot: string): Promise<void> {
    const gpus = await this.#world.gpus();
    const program = this.#world.program(await this.#world.python());
    await this.#world.jobs.start(job, gpus.length > 1 ? { ...program, gpu: slot } : program);
  }

  async #hold({ profile, how, url }: ServerHold): Promise<void> {
    if (how === 'sleep') await putToSleep(url, globalThis.fetch);
    else await this.#world.services.servers.stop(profile);
  }

  /** Woken; where it is gone, as after a reboot, or was ended: started from its profile's command. */
  async #release({ profile, how, url }: ServerHold): Promise<void> {
    if (how === 'sleep') {
      const woken = await wakeUp(url, globalThis.fetch).then(() => true, () => false);
      if (woken) return;
    }
    const found = readMachineSettings().backends.find(({ name, command }) => name === profile && command !== undefined);
    if (found === undefined) this.#world.services.notifier.warn(vscode.l10n.t('The server of "{0}" was put to sleep for a training and does not answer any more. Start it where it runs.', profile));
    else await this.#world.services.servers.start(found);
  }

  /** One that was added from this window is told by `add`; of the others a person hears here. */
  #failed(job: string | undefined, thrown: unknown): void {
    if (job !== undefined) this.#failures.set(job, thrown);
    setTimeout(() => {
      if (job !== undefined && !this.#failures.delete(job)) return;
      this.#world.services.notifier.failed(thrown, job === undefined ? 'server' : basename(job));
    }, lookMs);
  }
}
