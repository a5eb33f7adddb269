/** `interlinear train STAGE --preflight`: what is known of a job before it runs. */
import { join } from 'node:path';
import { createBackend, type BackendChoice } from '../app/backends.ts';
import { compareServing, type ServingComparison } from '../app/training/compareServing.ts';
import { hostOf, type BesideServer } from '../app/training/adapterHost.ts';
import { readSources } from '../app/training/jobData.ts';
import { rehearsedFolder, rehearseServing, type ServingRehearsal } from '../app/training/rehearseServing.ts';
import { AppError } from '../core/errors.ts';
import { runPreflight } from '../jobs/preflight.ts';
import type { PreflightReport } from '../protocol/preflightReport.ts';
import type { CommandContext, ExitCode } from './command.ts';
import { llamaOf } from './llamaServer.ts';
import { accelerateFile, serverOf, type Invocation } from './training.ts';

/** Exit code 1: there is a problem. @throws AppError `trainer.failed`, `backend.*`, `engine.*` */
export async function preflight(job: { readonly out: string; readonly base: string; readonly python: string }, invocation: Invocation): Promise<ExitCode> {
  const { parsed, context } = invocation;
  const accelerate = accelerateFile(invocation);
  const report = await runPreflight({
    python: job.python, package: join(context.home, 'trainer'), env: context.env, job: job.out, rehearse: parsed.flag('rehearse'),
    ...(accelerate !== undefined && { accelerate }),
  }, context.signal);
  const serving = await compareWith(report, job, invocation);
  const served = report.rehearsal === undefined ? undefined : await rehearseOnServer(job, invocation);
  if (served !== undefined) context.note(`the server took the rehearsed adapter, wrote ${JSON.stringify(served.line)}, and let it go`);
  if (parsed.flag('json')) context.print(JSON.stringify({ ...report, ...(serving !== undefined && { serving }), ...(served !== undefined && { served }) }));
  else tell(report, serving, context);
  return report.problems.length > 0 || serving?.state === 'differs' ? 1 : 0;
}

/** With the server of `--llama-command` or `--backend`, else the embedded engine. Undefined: there is nothing to compare with. */
async function compareWith(report: PreflightReport, { out, base }: { readonly out: string; readonly base: string }, invocation: Invocation): Promise<ServingComparison | undefined> {
  const { context } = invocation;
  if (report.scored === undefined) return undefined;
  const llama = llamaOf(invocation);
  if (llama !== undefined) return llama.withBase((choice) => compare(choice, report, { job: out, context }), context.signal);
  const choice = serverOf(invocation) ?? await embedded(base, context);
  return choice === undefined ? undefined : compare(choice, report, { job: out, context });
}

/** By the server of `--llama-command` or `--backend`; undefined: none was named. @throws AppError `adapter.*`, `backend.*` */
async function rehearseOnServer({ out, python }: { readonly out: string; readonly python: string }, invocation: Invocation): Promise<ServingRehearsal | undefined> {
  const { context } = invocation;
  const [server, llama] = [serverOf(invocation), llamaOf(invocation)];
  const [trial] = await readSources(context.fs, join(out, 'rows.jsonl'));
  if (llama !== undefined && trial !== undefined) return rehearseServing(llama.host, llama.parts(out), trial, context.signal);
  if (server === undefined || trial === undefined) {
    await context.fs.remove(rehearsedFolder(out));
    return undefined;
  }
  const host = await hostOf({ name: server.urls[0] ?? '', urls: server.urls, model: server.model ?? '', paths: [], teacher: false }, server, context.signal);
  const besideServer: BesideServer = () => { throw new AppError('backend.cannot', { url: server.urls[0] ?? '', what: 'be rehearsed from the command line', needs: '--llama-command in place of --backend' }); };
  return rehearseServing(host, { fs: context.fs, job: out, trainer: { python, package: join(context.home, 'trainer'), env: context.env }, besideServer }, trial, context.signal);
}

/** Only models with a manifest run in the engine. */
async function embedded(base: string, { fs }: CommandContext): Promise<BackendChoice | undefined> {
  return await fs.stat(join(base, 'manifest.json')) === undefined ? undefined : { kind: 'embedded', modelFolder: base };
}

async function compare(choice: BackendChoice, report: PreflightReport, { job, context }: { readonly job: string; readonly context: CommandContext }): Promise<ServingComparison> {
  const backend = createBackend(choice, { engineScript: join(context.home, 'dist', 'engine.cjs') });
  try {
    return await compareServing(report, backend, await readSources(context.fs, join(job, 'rows.jsonl')), context.signal);
  } finally {
    await backend.dispose();
  }
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`;

function tell(report: PreflightReport, serving: ServingComparison | undefined, context: CommandContext): void {
  const print = (line: string): void => { context.print(line); };
  const { rows, plan, cost, examples, rehearsal } = report;
  if (rows !== undefined) print(`rows          ${rows.read} read, ${rows.kept} kept (${rows.validation} to validate), ${rows.needed} needed${dropped(rows.dropped)}`);
  if (plan !== undefined) print(`steps         ${plan.steps} of ${plan.batch} rows, longest ${plan.longest} of ${plan.maxLength} tokens`);
  if (cost !== undefined) print(`cost          ${cost.trainable} of ${cost.total} weights, ${megabytes(cost.memoryFixed)} of memory before activations (${megabytes(cost.memoryFree)} free), ${megabytes(cost.diskNeeded)} of disk (${megabytes(cost.diskFree)} free)`);
  for (const { role, prompt, learned, endTokens } of examples ?? []) print(`${role.padEnd(13)} ${JSON.stringify(prompt)} -> ${JSON.stringify(learned)}, ${endTokens} end token(s)`);
  if (serving !== undefined) print(`serving       ${servingLine(serving)}`);
  if (rehearsal !== undefined) {
    print(`rehearsal     killed, resumed and used in ${rehearsal.seconds.toFixed(0)} s; it wrote ${JSON.stringify(rehearsal.line)}`);
    print(`at most       ${rehearsal.trainingSeconds.toFixed(0)} s of training (until ${new Date(Date.now() + 1000 * rehearsal.trainingSeconds).toISOString().slice(0, 16)}Z if it starts now), ${megabytes(Math.max(rehearsal.peakGpuMemory, rehearsal.peakMemory))} of memory, ${megabytes(rehearsal.checkpointBytes)} a checkpoint`);
  }
  for (const { code, text } of report.warnings) print(`warning       ${text} (${code})`);
  for (const { code, text } of report.problems) print(`problem       ${text} (${code})`);
}

function dropped(reasons: Readonly<Record<string, number>>): string {
  const parts = Object.entries(reasons).map(([reason, count]) => `${count} ${reason}`);
  return parts.length === 0 ? '' : `; left out: ${parts.join(', ')}`;
}

function servingLine({ server, model, texts, state, otherPrompts, otherTokens, largestGap }: ServingComparison): string {
  const parts = [
    ...(otherPrompts === undefined ? [] : [`${otherPrompts} of ${texts} prompts have other token ids`]),
    ...(otherTokens === undefined ? [] : [`${otherTokens} of ${texts} texts have another number of tokens`]),
    ...(largestGap === undefined ? [] : [`log P differs by up to ${largestGap.toFixed(3)} nats a token`]),
  ];
  return `${model} on ${server}: ${state}${parts.length === 0 ? '; it tells neither token ids nor scores' : `; ${parts.join(', ')}`}`;
}
