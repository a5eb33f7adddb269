import { join } from 'node:path';
import * as v from 'valibot';
import { serverBackend, type BackendChoice } from '../../app/backends.ts';
import { Compute } from '../../app/compute.ts';
import { defaultRun, parseRunSettings } from '../../app/settings.ts';
import { withEngineMetric } from '../../app/training/engineMetric.ts';
import type { OutputJudge, SegmentMetric } from '../../app/training/gateAdapter.ts';
import { parseGateSettings, type GateSettings } from '../../app/training/gateSettings.ts';
import { applyStoredVerdicts } from '../../app/training/storedGate.ts';
import { withAdapterOnServer } from '../../app/training/adoptOnServer.ts';
import { withAdapterAt, type LentAdapter } from '../../app/training/adapterHost.ts';
import { gateJob, type StoredGate } from '../../app/training/gateJob.ts';
import { writeGatePage } from '../../app/training/gatePage.ts';
import { readJob } from '../../app/training/prepareJob.ts';
import { servedModelFolder } from '../../app/training/servedModel.ts';
import { withServings, type ServingsRequest } from '../../app/training/servings.ts';
import { AppError } from '../../core/errors.ts';
import type { Check } from '../../core/evaluation/gate.ts';
import { modelLabel } from '../../core/models/modelLabel.ts';
import { AdapterRegistry } from '../../jobs/adapterRegistry.ts';
import { localisedTexts } from '../../protocol/texts.ts';
import type { RemarkView } from '../../protocol/training.ts';
import { remarkText, trainingStrings } from '../../protocol/trainingStrings.ts';
import { nodeStoreParts, openWorkspaceStore } from '../../store/workspaceStore.ts';
import { onePositional, readArguments, resolvePath, invalid } from '../arguments.ts';
import type { Command, CommandContext, ExitCode } from '../command.ts';
import { gatePageTexts } from '../../messages.ts';
import { llamaHelp, llamaOf, llamaOptions } from '../llamaServer.ts';
import { readLines } from '../lines.ts';
import { serverOf, serverOptions, type Invocation } from '../training.ts';

const help = `Usage: interlinear gate ADAPTER [--json] [--workspace DIR] [--verdicts FILE]

Compares the model that serves now with a trained one on what its job held out: translations by both, pair accuracy, chrF,
and the win rate where somebody judged. Writes gate.json into the job directory.

  ADAPTER           job directory of "interlinear train"
  --workspace DIR   folder whose .interlinear says what serves (default: the current one)
  --verdicts FILE   JSON Lines {"source", "before", "after", "verdict": "new"|"old"|"tie"} of people who saw both outputs blind;
                    a verdict counts while both outputs are still the same. Without it what people said in the blind
                    comparison of VS Code counts, which the workspace keeps in .interlinear/verdicts
  --comet-model DIR a COMET or CometKiwi model ("python -m interlinear_trainer export comet" writes it): its change is reported with
                    a paired bootstrap, and where nobody else judged it judges
  --thresholds FILE JSON with any of winRate, pairAccuracy, chrf, drift, omission, diversity, metric, draws, as the settings
                    interlinear.gate.* of VS Code
  --n N, --seed S   candidates a source (default 16) and seed (default 7)
  --backend URL     compare on a running vLLM or SGLang: its model (--model, or the adapter adopted there) against the job's
                    adapter, which is loaded for the time of the gate; --map HERE=THERE as for "interlinear adopt"
${llamaHelp}
  --json            the report as JSON

A page with the segments that changed most is written beside it: gate.html.

Exit code 1: the gate did not pass, or nobody judged.`;

const options = {
  json: { type: 'boolean' }, workspace: { type: 'string' }, verdicts: { type: 'string' }, 'comet-model': { type: 'string' }, thresholds: { type: 'string' }, n: { type: 'string' }, seed: { type: 'string' },
  map: { type: 'string', multiple: true }, python: { type: 'string' }, ...serverOptions, ...llamaOptions,
} as const;

const verdictSchema = v.object({ source: v.string(), before: v.string(), after: v.string(), verdict: v.picklist(['new', 'old', 'tie']) });

export const gateCommand: Command = {
  name: 'gate',
  summary: 'compare a trained adapter with the model that serves',
  help,
  async run(args, context): Promise<ExitCode> {
    const parsed = readArguments(args, options);
    const job = resolvePath(context.cwd, onePositional(parsed, 'ADAPTER'));
    const workspace = resolvePath(context.cwd, parsed.text('workspace') ?? '.');
    const settings = parseRunSettings({
      ...defaultRun, candidates: parsed.integer('n', { min: 1, max: 1024, fallback: defaultRun.candidates }),
      seed: parsed.integer('seed', { min: 0, max: 0xffffffff, fallback: defaultRun.seed }),
    });
    const judge = await judgeFrom(parsed.text('verdicts'), context);
    const asked = await gateSettingsFrom(parsed.text('thresholds'), context);
    const gated = await withMetrics({ parsed, context }, (metrics) => withChoices({ parsed, context }, { job, workspace }, ({ identity, ...choices }) => withCompute(context, (parts) => withServings({ ...choices, ...parts, settings }, ({ before, after }) => gateJob({
      fs: context.fs, workspace, job, before, after, metrics, settings: asked, ...(identity !== undefined && { identity }), at: new Date().toISOString(), ...(judge !== undefined && { judge }),
      onProgress: (done, total) => { if (done % 50 === 0) context.note(`${done}/${total}`); },
    }, context.signal)))));
    const { verdicts } = openWorkspaceStore(workspace, nodeStoreParts());
    const people = judge === undefined ? await applyStoredVerdicts(context.fs, verdicts, job) : undefined;
    await writeGatePage({ fs: context.fs, verdicts, job, texts: gatePageTexts('en') });
    const gate = { ...gated, decision: people?.decision ?? gated.decision };
    if (parsed.flag('json')) context.print(JSON.stringify({ ...gate, outputs: gate.outputs.length }));
    else tell(gate, context);
    return gate.decision.outcome === 'passed' ? 0 : 1;
  },
};

/** The metric of `--comet-model`, or none. */
async function withMetrics<T>({ parsed, context }: Invocation, work: (metrics: readonly SegmentMetric[]) => Promise<T>): Promise<T> {
  const folder = parsed.text('comet-model');
  if (folder === undefined) return work([]);
  return withEngineMetric(resolvePath(context.cwd, folder), join(context.home, 'dist', 'engine.cjs'), (metric) => work([metric]), context.signal);
}

async function gateSettingsFrom(file: string | undefined, context: CommandContext): Promise<GateSettings> {
  if (file === undefined) return parseGateSettings({});
  const bytes = await context.fs.read(resolvePath(context.cwd, file));
  if (bytes === undefined) throw new AppError('document.notFound', { path: file });
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson()), new TextDecoder().decode(bytes));
  if (!parsed.success) throw invalid(file, 'is no JSON');
  return parseGateSettings(parsed.output, file);
}

interface Choices {
  readonly before: BackendChoice;
  readonly after: BackendChoice;
  /** Undefined: what the new model says of itself. */
  readonly identity?: NonNullable<LentAdapter['identity']>;
}

/** What serves now and what may: model folders of the embedded engine, or two names on a server. */
async function withChoices<T>(invocation: Invocation, { job, workspace }: { readonly job: string; readonly workspace: string }, work: (choices: Choices) => Promise<T>): Promise<T> {
  const { fs, signal } = invocation.context;
  const server = serverOf(invocation);
  const { base } = await readJob(fs, job);
  const llama = llamaOf(invocation);
  if (llama !== undefined) return llama.withBase((before) => withAdapterAt(llama.host, llama.parts(job), ({ choice, identity }) => work({ before, after: choice, ...(identity !== undefined && { identity }) }), signal), signal);
  if (server === undefined) {
    if (await fs.stat(join(job, 'model', 'manifest.json')) === undefined) throw new AppError('trainer.noAdapter', { job, state: 'without a model folder' });
    return work({ before: { kind: 'embedded', modelFolder: await servedModelFolder(fs, workspace, base) }, after: { kind: 'embedded', modelFolder: join(job, 'model') } });
  }
  const [url = ''] = server.urls;
  const open = (model: string | undefined): ReturnType<typeof serverBackend> => serverBackend({ ...server, urls: [url], model });
  const present = await new AdapterRegistry(workspace, fs).modelAt(url) ?? server.model;
  return withAdapterOnServer({ fs, job, url, base: server.model, open }, (name) => work({ before: { ...server, urls: [url], model: present }, after: { ...server, urls: [url], model: name } }), signal);
}

/** The compute worker with the aligner for as long as `work` runs. */
async function withCompute<T>(context: CommandContext, work: (parts: Pick<ServingsRequest, 'compute' | 'engineScript'>) => Promise<T>): Promise<T> {
  const dist = join(context.home, 'dist');
  const compute = new Compute(join(dist, 'computeWorker.cjs'), context.version);
  try {
    await compute.loadAligner(join(context.home, 'media', 'aligner-en-ja'));
    return await work({ compute, engineScript: join(dist, 'engine.cjs') });
  } finally {
    await compute.dispose();
  }
}

async function judgeFrom(file: string | undefined, context: CommandContext): Promise<OutputJudge | undefined> {
  if (file === undefined) return undefined;
  const lines = await readLines(file, context);
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

/** A check as it comes out of a gate, or out of its file. */
type ShownCheck = Omit<Check, 'name' | 'remark'> & { readonly name: string; readonly remark?: RemarkView };

type ShownGate = Pick<StoredGate, 'before' | 'after' | 'heldOutUses'> & { readonly decision: { readonly outcome: string; readonly checks: readonly ShownCheck[] } };

function tell(gate: ShownGate, context: CommandContext): void {
  context.print(`${modelLabel(gate.after.model, gate.after.revision)} against ${modelLabel(gate.before.model, gate.before.revision)}: ${gate.decision.outcome}`);
  for (const check of gate.decision.checks) context.print(`  ${checkLine(check)}`);
  context.print(`  this held-out set was used ${gate.heldOutUses} time(s)`);
}

export function checkLine({ name, state, value, low, high, limit, remark }: ShownCheck): string {
  const note = remarkText(remark, localisedTexts(trainingStrings, {}));
  const number = (x: number): string => (name === 'winRate' || name === 'pairAccuracy' || name === 'diversity' || name === 'omission' ? 100 * x : x).toFixed(1);
  const interval = low === undefined || high === undefined ? '' : ` [${number(low)}, ${number(high)}]`;
  const bound = limit === undefined ? '' : `, lower bound must be above ${number(limit)}`;
  return `${name.padEnd(13)} ${state.padEnd(13)} ${value === undefined ? '' : number(value)}${interval}${bound}${note === '' ? '' : ` (${note})`}`;
}
