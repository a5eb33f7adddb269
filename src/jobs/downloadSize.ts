/** What a set-up would download, asked of pip itself: `pip install --dry-run --report` resolves and installs nothing. */
import { stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import type { RunCommand } from './runCommand.ts';
import type { SetUpPlan } from './trainerEnvironment.ts';

export interface DownloadSize {
  readonly packages: number;
  readonly bytes: number;
}

export interface AskParts {
  readonly run: RunCommand;
  readonly fetch: typeof fetch;
  readonly signal: AbortSignal;
}

const reportSchema = v.pipe(v.string(), v.parseJson(), v.object({
  install: v.array(v.object({ download_info: v.object({ url: v.string() }) })),
}));

/** Requests under way at once. */
const atOnce = 8;

/**
 * Undefined where pip cannot tell: there is no Python yet, it has no pip, the index does not answer or tells no sizes. Takes
 * up to a minute, as the index is asked for each package. What is in pip's cache is counted too.
 * @throws the signal's AbortError
 */
export async function downloadSize({ python, wanted }: Pick<SetUpPlan, 'python' | 'wanted'>, { run, fetch, signal }: AskParts): Promise<DownloadSize | undefined> {
  if (python === undefined) return undefined;
  const asked = ['-m', 'pip', 'install', '--dry-run', '--ignore-installed', '--quiet', '--disable-pip-version-check', '--report', '-', ...wanted];
  const { code, stdout } = await run(python, asked, { signal });
  signal.throwIfAborted();
  const report = v.safeParse(reportSchema, stdout);
  if (code !== 0 || !report.success) return undefined;
  const urls = report.output.install.map(({ download_info: { url } }) => url);
  let bytes = 0;
  for (let from = 0; from < urls.length; from += atOnce) {
    const sizes = await Promise.all(urls.slice(from, from + atOnce).map((url) => sizeOf(url, fetch, signal)));
    signal.throwIfAborted();
    for (const size of sizes) {
      if (size === undefined) return undefined;
      bytes += size;
    }
  }
  return { packages: urls.length, bytes };
}

async function sizeOf(url: string, ask: typeof fetch, signal: AbortSignal): Promise<number | undefined> {
  try {
    if (url.startsWith('file:')) return (await stat(fileURLToPath(url))).size;
    const { ok, headers } = await ask(url, { method: 'HEAD', signal });
    const length = headers.get('content-length');
    return ok && length !== null ? Number(length) : undefined;
  } catch {
    return undefined;
  }
}
