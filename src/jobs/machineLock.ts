/** One process of this machine at a time: a file that names its holder. A holder that died is no holder. */
import { open, readFile, rm, stat, utimes } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { nodeProcesses } from './process.ts';

const pauseMs = 50;
/** After a reboot another process may have the holder's id: a holder that lives says so more often than this. */
const longestMs = 30 * 60_000;
const beatMs = 60_000;

/** Waits until the lock is free, then runs `work` under it. The folder of `path` exists. */
export async function withLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  for (;;) {
    if (await taken(path)) break;
    await sleep(pauseMs);
  }
  return held(path, work);
}

/** Runs `work` under the lock if it is free now; undefined: somebody else holds it. */
export async function ifUnlocked<T>(path: string, work: () => Promise<T>): Promise<T | undefined> {
  return await taken(path) ? held(path, work) : undefined;
}

async function held<T>(path: string, work: () => Promise<T>): Promise<T> {
  const beat = setInterval(() => { void utimes(path, new Date(), new Date()).catch(() => undefined); }, beatMs);
  beat.unref();
  try {
    return await work();
  } finally {
    clearInterval(beat);
    await rm(path, { force: true });
  }
}

/** True: the file is ours now. */
async function taken(path: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx');
    await file.writeFile(`${process.pid}\n`);
    await file.close();
    return true;
  } catch (thrown) {
    if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'EEXIST')) throw thrown;
  }
  const holder = await holderOf(path);
  if (holder === undefined || !nodeProcesses.alive(holder) || await ageOf(path) > longestMs) await rm(path, { force: true });
  return false;
}

/** Undefined: the file is gone, or its writer died between making and filling it. */
async function holderOf(path: string): Promise<number | undefined> {
  const read = async (): Promise<string> => (await readFile(path, 'utf8').catch(() => '')).trim();
  const first = await read();
  if (first !== '') return Number(first);
  await sleep(4 * pauseMs);
  const second = await read();
  return second === '' ? undefined : Number(second);
}

/** Milliseconds; 0 when it is gone. */
async function ageOf(path: string): Promise<number> {
  const found = await stat(path).catch(() => undefined);
  return found === undefined ? 0 : Date.now() - found.mtimeMs;
}
