/**
 * The part of our scripts that must run before anything is installed: nothing here imports more than Node.
 * Checks Node, installs node_modules when they are missing or stale, then runs `scripts/tasks/NAME.ts` in this process.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const OLDEST_NODE = 20;
const root = fileURLToPath(new URL('..', import.meta.url));

/** Runs a task with the arguments of this process; its number becomes the exit code. */
export async function runTask(name) {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < OLDEST_NODE) return stop(`Node ${OLDEST_NODE} or later is needed; this is ${process.versions.node}.`);
  if (!dependenciesAreFresh() && !installDependencies()) {
    return stop('npm ci failed (its messages are above). Is the npm registry reachable?');
  }
  const { register } = await import('tsx/esm/api');
  register();
  const task = await import(new URL(`./tasks/${name}.ts`, import.meta.url).href);
  process.exitCode = await task.main(process.argv.slice(2));
}

function stop(sentence) {
  console.error(sentence);
  process.exitCode = 1;
}

/** True when every package of package-lock.json that this platform must have is installed in that version. */
function dependenciesAreFresh() {
  const wanted = readPackages(new URL('../package-lock.json', import.meta.url));
  const installed = readPackages(new URL('../node_modules/.package-lock.json', import.meta.url));
  return Object.entries(wanted).every(
    ([path, entry]) => path === '' || entry.optional === true || installed[path]?.version === entry.version,
  );
}

function readPackages(url) {
  return existsSync(url) ? JSON.parse(readFileSync(url, 'utf8')).packages : {};
}

function installDependencies() {
  console.log('Installing the npm packages (npm ci) ...');
  // npm is a .cmd file on Windows, which needs a shell; the arguments are fixed, so nothing has to be quoted.
  const npm = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  return npm.status === 0;
}
