import type { BackendProfile } from './backendProfile.ts';
import { ManagedServer, type ManagedServerOptions, type ManagedServerParts } from '../backend/managedServer.ts';
import { parseEndpoint } from '../backend/openai/endpointUrl.ts';
import { AppError } from '../core/errors.ts';

/** What the starting of servers shares with other windows: where the last one that we started can be found. */
export interface ServerMemory {
  get(profile: string): string | undefined;
  set(profile: string, url: string | undefined): void;
}

export interface ManagedBackendsParts extends Pick<ManagedServerParts, 'spawn' | 'fetch' | 'clock'> {
  readonly memory: ServerMemory;
  readonly guard?: ManagedServerOptions['guard'];
  readonly cwd?: string;
  readonly onLog: (profile: string, text: string) => void;
  /** A server that we started is gone without being asked to go: how (`ended with code 1`). */
  readonly onEnded: (profile: string, how: string) => void;
}

export interface ServersFound {
  readonly urls: readonly string[];
  /** True when it was running already: it is not ours and is not stopped by us. */
  readonly attached: boolean;
}

interface Entry {
  readonly command: string;
  readonly server: ManagedServer;
}

const ASK_MS = 2_000;

/** The servers of profiles with a command: attached to where one runs, started otherwise, ended with this window. */
export class ManagedBackends {
  readonly #parts: ManagedBackendsParts;
  readonly #entries = new Map<string, Entry>();
  readonly #starting = new Map<string, Promise<ServersFound>>();
  readonly #beside = new Set<ManagedServer>();

  constructor(parts: ManagedBackendsParts) {
    this.#parts = parts;
  }

  /** Where the profile's servers are, without starting any: its URLs, or the one that we started. Undefined: it has none yet. */
  urls(profile: BackendProfile): readonly string[] | undefined {
    const own = this.#entries.get(profile.name)?.server.url;
    if (own !== undefined) return [own];
    return profile.urls.length > 0 ? profile.urls : undefined;
  }

  /** Every server that we started and that runs, its profile renamed or removed meanwhile or not. */
  ours(): readonly { readonly name: string; readonly url: string }[] {
    return [...this.#entries].flatMap(([name, { server: { url } }]) => (url === undefined ? [] : [{ name, url }]));
  }

  /** True while a server that we started for it runs or starts. */
  isOurs(name: string): boolean {
    return this.#starting.has(name) || this.#entries.get(name)?.server.url !== undefined;
  }

  /**
   * Servers that answer: ours, those of the profile's URLs, one that another window started, or a new one. The caller has
   * checked that the workspace is trusted. Cancelling ends what was being started; a second call meanwhile joins the first.
   * @throws AppError `backend.startFailed`, `input.invalid`
   */
  start(profile: BackendProfile, signal: AbortSignal): Promise<ServersFound> {
    const { name } = profile;
    const starting = this.#starting.get(name) ?? this.#start(profile, signal).finally(() => { this.#starting.delete(name); });
    this.#starting.set(name, starting);
    return starting;
  }

  async #start(profile: BackendProfile, signal: AbortSignal): Promise<ServersFound> {
    const own = this.#entries.get(profile.name)?.server.url;
    if (own !== undefined) return { urls: [own], attached: false };
    const running = await this.#running(profile, signal);
    if (running !== undefined) return { urls: running, attached: true };
    return { urls: [await this.#launch(profile, signal)], attached: false };
  }

  /** False when there was none that we had started. */
  async stop(name: string): Promise<boolean> {
    const entry = this.#entries.get(name);
    if (entry?.server.url === undefined) return false;
    this.#parts.memory.set(name, undefined);
    await entry.server.stop();
    return true;
  }

  /** A server of its own beside that of the profile, for as long as `work` runs with its URL. @throws AppError `backend.startFailed`, `input.invalid` */
  async beside<T>(profile: BackendProfile, work: (url: string) => Promise<T>, signal: AbortSignal): Promise<T> {
    const server = this.#server(profile, () => undefined);
    this.#beside.add(server);
    try {
      return await work(await server.start(signal));
    } finally {
      await server.stop();
      this.#beside.delete(server);
    }
  }

  /** Idempotent. */
  async dispose(): Promise<void> {
    await Promise.all([...[...this.#entries.keys()].map((name) => this.stop(name)), ...[...this.#beside].map((server) => server.stop())]);
  }

  async #launch(profile: BackendProfile, signal: AbortSignal): Promise<string> {
    const url = await this.#entry(profile).server.start(signal);
    this.#parts.memory.set(profile.name, url);
    return url;
  }

  /** One a profile: a restarted server comes back on its port. */
  #entry(profile: BackendProfile): Entry {
    const { name, command = '' } = profile;
    const known = this.#entries.get(name);
    if (known?.command === command) return known;
    const server = this.#server(profile, (how) => {
      this.#parts.memory.set(name, undefined);
      this.#parts.onEnded(name, how);
    });
    const entry: Entry = { command, server };
    this.#entries.set(name, entry);
    return entry;
  }

  #server({ name, command }: BackendProfile, onEnded: (how: string) => void): ManagedServer {
    if (command === undefined) throw new AppError('input.invalid', { where: `interlinear.backends: ${name}`, reason: 'it has no command, so there is nothing to start' });
    const { spawn, fetch, clock, guard, cwd, onLog } = this.#parts;
    return new ManagedServer(
      { command, ...(guard !== undefined && { guard }), ...(cwd !== undefined && { cwd }) },
      { spawn, fetch, clock, onLog: (text) => { onLog(name, text); }, onEnded },
    );
  }

  async #running(profile: BackendProfile, signal: AbortSignal): Promise<readonly string[] | undefined> {
    const answering = await Promise.all(profile.urls.map((url) => this.#answers(url, undefined, signal)));
    if (answering.some(Boolean)) return profile.urls;
    const remembered = this.#parts.memory.get(profile.name);
    // another program may have taken the port since: only a server that offers the model counts
    if (remembered !== undefined && profile.model !== '' && await this.#answers(remembered, profile.model, signal)) return [remembered];
    return undefined;
  }

  async #answers(url: string, model: string | undefined, signal: AbortSignal): Promise<boolean> {
    try {
      const reply = await this.#parts.fetch(`${parseEndpoint(url).api}/models`, { signal: AbortSignal.any([signal, AbortSignal.timeout(ASK_MS)]) });
      const text = await reply.text();
      // a server that wants a key runs as well
      return model === undefined ? reply.ok || reply.status === 401 : reply.ok && text.includes(JSON.stringify(model));
    } catch {
      return false; // nobody is there
    }
  }
}
