/** `npm start`: builds, then opens VS Code on `samples/` with the extension: the desktop's, else one in the browser. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createWriteStream, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { exec, execOrThrow, which } from '../support/exec.ts';
import { quietSettings } from '../support/quietSettings.ts';
import { inRoot, root } from '../support/root.ts';
import { packageExtension } from '../support/vsix.ts';
import { installWorkbench, workbenchObstacle } from '../support/workbenchInstall.ts';
import { freePort, installExtension, isFree, launchServer, serverEnvironment } from '../support/workbenchServer.ts';

const USAGE = `usage: npm start [-- OPTION...]

Opens VS Code on samples/ with Interlinear running: desktop VS Code when \`code\` is on the PATH, else (Linux x64) a VS Code
in the browser that only this machine can reach.

  --browser     the browser workbench even where desktop VS Code is installed
  --port N      port of the browser workbench (default: a free one)
  --no-open     print the address and leave opening it to you
  --help        this text`;

const TRUST = 'Log in with that password. VS Code asks whether you trust the folder: servers and training want a yes, the rest works without.';
const PRESS = 'Then open letter.en.md, press F1 and run "Interlinear: Translate File...". In the review, ? lists all keys.';

export async function main(args: readonly string[]): Promise<number> {
  const options = parse(args);
  if (typeof options === 'number') return options;
  const code = options.browser ? undefined : which('code');
  if (code !== undefined) return startDesktop(code);
  const obstacle = workbenchObstacle();
  if (obstacle !== undefined) {
    console.error(obstacle);
    return 1;
  }
  return startBrowser(options);
}

interface StartOptions {
  readonly browser: boolean;
  readonly port: number | undefined;
  readonly open: boolean;
}

/** The options, or an exit code when there is nothing to start. */
function parse(args: readonly string[]): StartOptions | number {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { browser: { type: 'boolean' }, port: { type: 'string' }, 'no-open': { type: 'boolean' }, help: { type: 'boolean' } },
    });
    if (values.help === true) {
      console.log(USAGE);
      return 0;
    }
    const port = values.port === undefined ? undefined : Number(values.port);
    if (port !== undefined && !(Number.isInteger(port) && port > 0 && port < 65_536)) throw new Error(`--port ${values.port ?? ''}: expected 1 to 65535`);
    return { browser: values.browser === true, port, open: values['no-open'] !== true };
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    return 2;
  }
}

async function startDesktop(code: string): Promise<number> {
  console.log('Building ...');
  await execOrThrow(process.execPath, ['esbuild.mjs']);
  console.log(`Opening desktop VS Code on samples/. ${PRESS}`);
  // On Windows `code` is a batch file, which only a shell starts.
  const shell = process.platform === 'win32';
  const child = spawn(shell ? `"${code}"` : code, ['--new-window', `--extensionDevelopmentPath=${root}`, inRoot('samples')], { stdio: 'inherit', shell });
  return new Promise((resolve) => {
    child.once('error', () => { resolve(1); });
    child.once('exit', (status) => { resolve(status ?? 1); });
  });
}

async function startBrowser(options: StartOptions): Promise<number> {
  if (options.port !== undefined && !(await isFree(options.port))) {
    console.error(`--port ${options.port}: something else listens there. Name another port, or leave it out: a free one is taken.`);
    return 2;
  }
  const install = await installWorkbench(console.log);
  console.log('Building and packaging the extension ...');
  const folders = { user: inRoot('build/start/user'), extensions: inRoot('build/start/extensions') };
  prepareSettings(`${folders.user}/User/settings.json`);
  await installExtension(install, folders, await packageExtension({ minify: false }));
  const password = randomBytes(12).toString('base64url');
  const log = createWriteStream(inRoot('build/start/server.log'));
  const server = await launchServer({
    install,
    folders,
    port: options.port ?? (await freePort()),
    args: ['--auth', 'password'],
    env: serverEnvironment({ PASSWORD: password }),
    onLine: (line) => log.write(`${line}\n`),
  });
  const address = `${server.url}/?folder=${encodeURIComponent(inRoot('samples'))}`;
  console.log(`\n  Address   ${address}\n  Password  ${password}\n\n${TRUST}\n${PRESS}\nCtrl+C stops it. Its log: build/start/server.log`);
  if (options.open) openInBrowser(address);
  await Promise.race([server.ended, interrupted()]);
  await server.stop();
  return 0;
}

/** Written once: what the person changes in the workbench stays. Without the question VS Code would open in Restricted Mode and not say why. */
function prepareSettings(path: string): void {
  if (existsSync(path)) return;
  mkdirSync(dirname(path), { recursive: true });
  // samples/ lies in the repository of this clone, of which VS Code would ask whether it is to be opened.
  const settings = { ...quietSettings, 'security.workspace.trust.startupPrompt': 'always', 'git.openRepositoryInParentFolders': 'never' };
  writeFileSync(path, JSON.stringify(settings, undefined, 2));
}

function openInBrowser(address: string): void {
  const hasDisplay = process.env['DISPLAY'] !== undefined || process.env['WAYLAND_DISPLAY'] !== undefined;
  const opener = which('xdg-open');
  if (hasDisplay && opener !== undefined) void exec(opener, [address]);
}

async function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => { resolve(); });
  });
}
