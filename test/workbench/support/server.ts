/** VS Code's server for one test: private home, profile and temp folder, all gone afterwards. */
import { createWriteStream, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { quietSettings } from '../../../scripts/support/quietSettings.ts';
import { inRoot } from '../../../scripts/support/root.ts';
import type { WorkbenchInstall } from '../../../scripts/support/workbenchInstall.ts';
import { freePort, installExtension, launchServer, serverEnvironment } from '../../../scripts/support/workbenchServer.ts';

/** `disabled`: there is no workspace trust, all is trusted. `restricted`: the folder is not trusted. `granted`: it was asked and granted. */
export type Trust = 'disabled' | 'restricted' | 'granted';

/** An entry of the user's keybindings.json. */
export interface Keybinding {
  readonly key: string;
  readonly command: string;
  readonly when?: string;
}

export interface ServerOptions {
  readonly install: WorkbenchInstall;
  /** Folder for the server's log. */
  readonly artifacts: string;
  readonly trust?: Trust;
  /** User settings beside those that keep the workbench quiet. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** The user's own keybindings. */
  readonly keybindings?: readonly Keybinding[];
  /** Reaches the extension host and its children. */
  readonly env?: Readonly<Record<string, string>>;
  /** Packaged extensions to install first. */
  readonly vsix?: readonly string[];
}

export interface Server {
  readonly url: string;
  readonly authority: string;
  /** Private folder of this run, deleted by `stop`. */
  readonly profile: string;
  /** Calls back for each line of the server's log. */
  onLine(listener: (line: string) => void): void;
  stop(): Promise<void>;
}

export async function startServer(options: ServerOptions): Promise<Server> {
  const trust = options.trust ?? 'disabled';
  const profile = makeProfile(options, trust);
  const removeProfile = (): void => { rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 }); };
  process.once('exit', removeProfile);
  const folders = { user: join(profile, 'user'), extensions: join(profile, 'extensions') };
  for (const vsix of options.vsix ?? []) await installExtension(options.install, folders, vsix);
  const listeners: ((line: string) => void)[] = [];
  const log = createWriteStream(join(options.artifacts, 'server.log'));
  const server = await launchServer({
    install: options.install,
    folders,
    port: await freePort(),
    args: ['--auth', 'none', ...(trust === 'disabled' ? ['--disable-workspace-trust'] : [])],
    env: serverEnvironment({ ...options.env, ...privateFolders(profile) }),
    onLine: (line) => {
      log.write(`${line}\n`);
      for (const listener of listeners) listener(line);
    },
  });
  return {
    url: server.url,
    authority: new URL(server.url).host,
    profile,
    onLine: (listener) => listeners.push(listener),
    async stop() {
      await server.stop();
      process.removeListener('exit', removeProfile);
      removeProfile();
    },
  };
}

/** Settings that package.json gives machine scope. */
function machineSettings(): ReadonlySet<string> {
  // our own manifest, whose shape tests of its own hold
  const { contributes } = JSON.parse(readFileSync(inRoot('package.json'), 'utf8')) as {
    readonly contributes: { readonly configuration: { readonly properties: Readonly<Record<string, { readonly scope: string }>> } };
  };
  return new Set(Object.entries(contributes.configuration.properties).flatMap(([name, { scope }]) => scope === 'machine' ? [name] : []));
}

function makeProfile(options: ServerOptions, trust: Trust): string {
  const profile = mkdtempSync(join(tmpdir(), 'interlinear-workbench-'));
  for (const name of ['user/User', 'user/Machine', 'extensions', 'tmp', 'chrome']) mkdirSync(join(profile, name), { recursive: true });
  mkdirSync(options.artifacts, { recursive: true });
  const settings = {
    ...quietSettings,
    'workbench.reduceMotion': 'on',
    'window.autoDetectColorScheme': false,
    'security.workspace.trust.enabled': trust !== 'disabled',
    'security.workspace.trust.startupPrompt': trust === 'granted' ? 'always' : 'never',
    ...options.settings,
  };
  writeFileSync(join(profile, 'user/User/settings.json'), JSON.stringify(settings));
  // a setting of machine scope that stands in the user's settings comes and goes while a remote window opens
  const names = machineSettings();
  const ofMachine = Object.entries(options.settings ?? {}).filter(([name]) => names.has(name));
  writeFileSync(join(profile, 'user/Machine/settings.json'), JSON.stringify(Object.fromEntries(ofMachine)));
  writeFileSync(join(profile, 'user/User/keybindings.json'), JSON.stringify(options.keybindings ?? []));
  return profile;
}

/** A home of its own keeps runs apart and leaves nothing in the person's. */
function privateFolders(profile: string): Record<string, string> {
  const temporary = join(profile, 'tmp');
  return { HOME: profile, XDG_CONFIG_HOME: join(profile, 'config'), XDG_DATA_HOME: join(profile, 'data'), XDG_RUNTIME_DIR: temporary, TMPDIR: temporary };
}
