/** `npm run bench [-- PREFIX|GROUP...]`: runs what prints figures with these prefixes (all, without) and prints one JSON line a figure. */
import { pathToFileURL } from 'node:url';
import { makePreparation } from '../suites/preparation.ts';
import { findTests } from '../support/nodeTests.ts';
import { benchEnvironment, ensurePython } from '../support/python.ts';
import { inRoot } from '../support/root.ts';

/** As `test/bench/support/figures.ts` declares it. */
interface Bench {
  readonly prefix: string;
  readonly group?: string;
  readonly needsPython?: boolean;
  readonly needsWorkbench?: boolean;
  run(emit: (figure: object) => void): Promise<void>;
}

export async function main(args: readonly string[]): Promise<number> {
  const benches = await loadBenches();
  const unknown = args.filter((prefix) => !benches.some((bench) => answers(bench, prefix)));
  if (unknown.length > 0) {
    console.error(`Nothing prints names that begin with ${unknown.join(', ')}. Known: ${benches.map(({ prefix }) => prefix).join(', ')}`);
    return 2;
  }
  const chosen = benches.filter((bench) => args.length === 0 || args.some((prefix) => answers(bench, prefix)));
  if (chosen.some((bench) => bench.needsPython === true)) await preparePython();
  if (chosen.some((bench) => bench.needsWorkbench === true)) await prepareWorkbench();
  let code = 0;
  for (const bench of chosen) {
    try {
      await bench.run((figure) => { console.log(JSON.stringify(figure)); });
    } catch (error) {
      console.error(`${bench.prefix}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      code = 1;
    }
  }
  return code;
}

async function loadBenches(): Promise<Bench[]> {
  const files = findTests('test/bench', '.bench.ts');
  const modules = await Promise.all(files.map((file) => import(pathToFileURL(inRoot(file)).href)));
  return modules.flatMap((module) => (module as { readonly benches: readonly Bench[] }).benches); // what a *.bench.ts file exports
}

/** What was asked for may be a group (`human-scores`), a part of the prefix (`chrf`) or one figure (`chrf.pairwise.n100.ms`). */
function answers({ prefix, group }: Bench, asked: string): boolean {
  return group === asked || prefix.startsWith(asked) || asked.startsWith(prefix);
}

/** The extension as it is in this tree, and what it runs in. */
async function prepareWorkbench(): Promise<void> {
  const preparation = makePreparation((line) => { console.error(line); });
  await Promise.all([preparation.build(), preparation.workbench()]);
  process.env['CHROMIUM'] = await preparation.browser();
}

/** The peers' Python, unless the caller names one. Without it the comparisons are skipped, each with its reason. */
async function preparePython(): Promise<void> {
  if (process.env['INTERLINEAR_PYTHON'] !== undefined) return;
  try {
    process.env['INTERLINEAR_PYTHON'] = await ensurePython(benchEnvironment, (line) => { console.error(line); });
  } catch (error) {
    console.error(`The peers cannot be installed: ${error instanceof Error ? error.message : String(error)}`);
  }
}
