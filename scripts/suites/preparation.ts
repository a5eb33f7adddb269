import { ensureChromium } from '../support/chromium.ts';
import { execOrThrow } from '../support/exec.ts';
import { ensurePython, serversEnvironment, trainerEnvironment } from '../support/python.ts';
import { installWorkbench } from '../support/workbenchInstall.ts';

/** What suites share and what takes long to set up and is done once, at the first call. */
export interface Preparation {
  /** Bundles into `dist/` and `build/suite/`. */
  build(): Promise<void>;
  /** Path of the Python that has the trainer's packages. */
  python(): Promise<string>;
  /** The model servers of the contract tests; where they cannot be installed those tests say so and are skipped. */
  servers(): Promise<void>;
  /** Path of a Chromium. */
  browser(): Promise<string>;
  /** code-server in `.workbench/`. */
  workbench(): Promise<void>;
}

export function makePreparation(log: (line: string) => void): Preparation {
  const build = once(async () => {
    await execOrThrow(process.execPath, ['esbuild.mjs']);
  });
  const python = once(() => ensurePython(trainerEnvironment, log));
  const servers = once(async () => {
    await python().catch(() => undefined); // one at a time
    await ensurePython(serversEnvironment, log).catch((error: unknown) => { log(`no model servers: ${String(error)}`); });
  });
  const browser = once(() => ensureChromium(log));
  const workbench = once(async () => {
    await installWorkbench(log);
  });
  return { build, python, servers, browser, workbench };
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
