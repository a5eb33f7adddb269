import { join } from 'node:path';
import * as v from 'valibot';
import { createBackend } from '../../app/backends.ts';
import { Compute } from '../../app/compute.ts';
import { defaultRun, parseRunSettings } from '../../app/settings.ts';
import type { OutputJudge } from '../../app/training/gateAdapter.ts';
import { gateJob, type StoredGate } from '../../app/training/gateJob.ts';
import { readJob } from '../../app/training/prepareJob.ts';
import { servedModelFolder } from '../../app/training/servedModel.ts';
import { Serving } from '../../app/training/serving.ts';
import { AppError } from '../../core/errors.ts';
import type { Check } from '../../core/evaluation/gate.ts';
import { onePositional, readArguments, resolvePath, invalid } from '../arguments.ts';
import type { Command, CommandContext, ExitCode } from '../command.ts';
import { readLines } from '../lines.ts';

const help = `Usage: interlinear gate ADAPTER [--json] [--workspace DIR] [--verdicts FILE]

Compares the model that serves now with a trained one on what its job held out: translations by both, pair accuracy, chrF,
and the win rate where somebody judged. Writes gate.json into the job directory.

  ADAPTER           job directory of "interlinear train"
  --workspace DIR   folder whose .interlinear says what serves (default: the current one)
  --verdicts FILE   JSON Lines {"source", "before", "after", "verdict": "new"|"old"|"tie"} of people who saw both outputs blind;
                    a verdict counts while both outputs are still the same
  --n N, --seed S   candidates a source (default 16) and seed (default 7)
  --json            the report as JSON

Exit code 1: the gate did not pass, or nobody judged.`;

const options = {
  json: { type: 'boolean' }, workspace: { type: 'string' }, verdicts: { type: 'string' }, n: { type: 'string' }, seed: { type: 'string' },
} as const;

const verdictSchema = v.object({ source: v.string(), before: v.string(), after: v.string(), verdict: v.picklist(['new', 'old', 'tie']) });

export const gateCommand: Command = {
  name: 'gate',
  summary: 'compare a trained adapter with the model that serves',
  help,
  async run(args, context): Promise<ExitCode> {
    const parsed = readArguments(args, options);
    const job = resolvePath(context.cwd, onePositional(parsed, 'ADAPTER'));
    const { base } = await readJob(context.fs, job);
    if (await context.fs.stat(join(job, 'model', 'manifest.json')) === undefined) throw new AppError('trainer.noAdapter', { job, state: 'without a model folder' });
    const workspace = resolvePath(context.cwd, parsed.text('workspace') ?? '.');
    const settings = parseRunSettings({
      ...defaultRun, candidates: parsed.integer('n', { min: 1, max: 1024, fallback: defaultRun.candidates }),
      seed: parsed.integer('seed', { min: 0, max: 0xffffffff, fallback: defaultRun.seed }),
    });
    const judge = await judgeFrom(parsed.text('verdicts'), context);
    const folders = { before: await servedModelFolder(context.fs, workspace, base), after: join(job, 'model') };
    const gate = await withServings(context, folders, (backend, compute) => new Serving({ backend, compute, settings }), ({ before, after }) => gateJob({
      fs: context.fs, workspace, job, before, after, at: new Date().toISOString(), ...(judge !== undefined && { judge }),
      onProgress: (done, total) => { if (done % 50 === 0) context.note(`${done}/${total}`); },
    }, context.signal));
    if (parsed.flag('json')) context.print(JSON.stringify({ ...gate, outputs: gate.outputs.length }));
    else tell(gate, context);
    return gate.decision.outcome === 'passed' ? 0 : 1;
  },
};

type MakeServing = (backend: ReturnType<typeof createBackend>, compute: Compute) => Serving;

async function withServings<T>(context: CommandContext, folders: { readonly before: string; readonly after: string }, make: MakeServing, work: (servings: { readonly before: Serving; readonly after: Serving }) => Promise<T>): Promise<T> {
  const dist = join(context.home, 'dist');
  const compute = new Compute(join(dist, 'computeWorker.cjs'), context.version);
  const open = (modelFolder: string): ReturnType<typeof createBackend> => createBackend({ kind: 'embedded', modelFolder }, { engineScript: join(dist, 'engine.cjs') });
  const [before, after] = [open(folders.before), open(folders.after)];
  try {
    return await work({ before: make(before, compute), after: make(after, compute) });
  } finally {
    await Promise.all([before.dispose(), after.dispose(), compute.dispose()]);
  }
}

async function judgeFrom(file: string | undefined, context: CommandContext): Promise<OutputJudge | undefined> {
  if (file === undefined) return undefined;
  const lines = await readLines(context.fs, resolvePath(context.cwd, file), file);
  const verdicts = lines.map((line, index) => {
    const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), verdictSchema), line);
    if (!parsed.success) throw invalid(`${file}:${index + 1}`, 'is no verdict');
    return parsed.output;
  });
  return {
    kind: 'people', name: file,
    compare: (source, before, after) => verdicts.find((verdict) => verdict.source === source && verdict.before === before && verdict.after === after)?.verdict,
  };
}

function tell(gate: StoredGate, context: CommandContext): void {
  context.print(`${gate.after.model} ${gate.after.revision} against ${gate.before.model} ${gate.before.revision}: ${gate.decision.outcome}`);
  for (const check of gate.decision.checks) context.print(`  ${checkLine(check)}`);
  context.print(`  this held-out set was used ${gate.heldOutUses} time(s)`);
}

export function checkLine({ name, state, value, low, high, limit, note }: Check): string {
  const number = (x: number): string => (name === 'winRate' || name === 'pairAccuracy' || name === 'diversity' ? 100 * x : x).toFixed(1);
  const interval = low === undefined || high === undefined ? '' : ` [${number(low)}, ${number(high)}]`;
  const bound = limit === undefined ? '' : `, lower bound must be above ${number(limit)}`;
  return `${name.padEnd(13)} ${state.padEnd(13)} ${value === undefined ? '' : number(value)}${interval}${bound}${note === undefined ? '' : ` (${note})`}`;
}
