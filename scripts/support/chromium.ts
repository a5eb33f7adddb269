import { existsSync } from 'node:fs';
import { exec, execOrThrow, which } from './exec.ts';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const ADVICE =
  'Install Chromium or Chrome (Debian, Ubuntu: apt-get install chromium fonts-noto-cjk), or name its program in the variable CHROMIUM.';

/** The browser that draws the workbench: the program that CHROMIUM names, else one on the PATH. */
export function findChromium(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const named = env['CHROMIUM'];
  if (named !== undefined && named !== '') {
    if (!existsSync(named)) throw new Error(`The variable CHROMIUM names ${named}, which does not exist.`);
    return named;
  }
  return NAMES.map((name) => which(name, env['PATH'])).find((path) => path !== undefined);
}

/** Finds a browser, or installs Debian's where this process may. Japanese glyphs are installed with it, for the screenshots. */
export async function ensureChromium(log: (line: string) => void): Promise<string> {
  const missing: string[] = [];
  if (findChromium() === undefined) missing.push('chromium');
  if (!(await hasJapaneseFont())) missing.push('fonts-noto-cjk');
  if (missing.length > 0 && mayInstall()) {
    log(`Installing ${missing.join(' and ')} (apt-get) ...`);
    await aptInstall(missing);
  } else if (missing.includes('fonts-noto-cjk')) {
    log('No Japanese font is installed (fonts-noto-cjk): screenshots will show boxes.');
  }
  const found = findChromium();
  if (found === undefined) throw new Error(`The workbench tests need a browser. ${ADVICE}`);
  return found;
}

/** True for root on a system with apt-get, where packages can be installed without asking. */
export function mayInstall(): boolean {
  return process.getuid?.() === 0 && which('apt-get') !== undefined;
}

/** Waits for another apt-get on this machine instead of failing on its lock. */
export async function aptInstall(packages: readonly string[]): Promise<void> {
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  const wait = ['-o', 'DPkg::Lock::Timeout=300'];
  await execOrThrow('apt-get', [...wait, 'update', '-q'], { env });
  await execOrThrow('apt-get', [...wait, 'install', '-y', '-q', '--no-install-recommends', ...packages], { env });
}

async function hasJapaneseFont(): Promise<boolean> {
  if (which('fc-list') === undefined) return false;
  const { stdout } = await exec('fc-list', [':lang=ja', 'family']);
  return stdout.trim() !== '';
}
