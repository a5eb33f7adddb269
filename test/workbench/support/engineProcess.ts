/** Finds the engine that a workbench of this test process has started, to hold it still or to end it as a crash would. Linux. */
import { readdirSync, readFileSync } from 'node:fs';

interface ProcessRow {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

/** Signals the engine of this test's workbench: `SIGSTOP` holds it still where it is, `SIGCONT` lets it go on, `SIGKILL` ends it. False: it has none. */
export function signalEngine(signal: 'SIGSTOP' | 'SIGCONT' | 'SIGKILL'): boolean {
  const rows = processes();
  const parents = new Map(rows.map(({ pid, parent }) => [pid, parent]));
  const engine = rows.find(({ pid, command }) => command.includes('dist/engine.cjs') && descends(pid, parents));
  if (engine === undefined) return false;
  process.kill(engine.pid, signal);
  return true;
}

function descends(pid: number, parents: ReadonlyMap<number, number>): boolean {
  for (let at: number | undefined = pid; at !== undefined && at > 1; at = parents.get(at)) if (at === process.pid) return true;
  return false;
}

function processes(): readonly ProcessRow[] {
  return readdirSync('/proc').filter((name) => /^\d+$/u.test(name)).flatMap((name) => {
    try {
      const parent = /\) \S (\d+)/u.exec(readFileSync(`/proc/${name}/stat`, 'utf8'))?.[1];
      const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ');
      return parent === undefined ? [] : [{ pid: Number(name), parent: Number(parent), command }];
    } catch {
      return []; // it ended while we were looking
    }
  });
}
