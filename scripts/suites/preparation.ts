import { ensureChromium } from '../support/chromium.ts';
import { execOrThrow } from '../support/exec.ts';
import { ensurePython, trainerEnvironment } from '../support/python.ts';
import { installWorkbench } from '../support/workbenchInstall.ts';

/** What suites share and what takes long to set up and is done once, at the first call. */
export interface Preparation {
  /** Bundles into `dist/` and `build/suite/`. */
  build(): Promise<void>;
  /** Path of the Python that has the trainer's packages. */
  python(): Promise<string>;
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
  const browser = once(() => ensureChromium(log));
  const workbench = once(async () => {
    await installWorkbench(log);
  });
  return { build, python, browser, workbench };
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
