import { fileURLToPath } from 'node:url';
import type { TestContext } from 'node:test';
import { forkPeer } from '../../../src/backend/childPort.ts';
import { EngineSupervisor } from '../../../src/backend/supervisor.ts';

const entry = fileURLToPath(new URL('../../../src/engine/main.ts', import.meta.url));

/** The engine as the product runs it, in a process of its own; only the bundler is left out. */
export function realEngine(t: TestContext, execArgv: readonly string[] = [], env: Readonly<Record<string, string>> = {}): EngineSupervisor {
  const spawn = (): ReturnType<typeof forkPeer> => forkPeer({ modulePath: entry, execArgv: ['--import', import.meta.resolve('tsx'), ...execArgv], env });
  const supervisor = new EngineSupervisor({ spawn });
  t.after(() => supervisor.dispose());
  return supervisor;
}
