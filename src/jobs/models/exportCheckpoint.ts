/** Runs the trainer's exporter over a checkpoint: a model folder of the engine, there whole or not at all. */
import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm, rmdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import * as v from 'valibot';
import { AppError } from '../../core/errors.ts';
import type { RunCommand } from '../runCommand.ts';
import { trainerEnvironment } from '../trainerJobs.ts';

export interface ExportRequest {
  readonly kind: string;
  readonly name: string;
  readonly licence: string;
  /** Where the checkpoint came from, for the manifest. */
  readonly source: string;
  readonly bits: number;
  readonly checkpoint: string;
  /** Folder of the encoder's settings and tokenizer, where the checkpoint has none. */
  readonly encoder: string | undefined;
  /** A new folder, or an empty one. */
  readonly out: string;
}

/** How far the exporter is. */
export interface ExportStep {
  /** 1 to `of`. */
  readonly step: number;
  readonly of: number;
  readonly what: string;
}

export interface ExportParts {
  readonly python: string;
  readonly package: string;
  readonly run: RunCommand;
  readonly signal: AbortSignal;
  readonly onStep: (step: ExportStep) => void;
}

const stepLine = v.pipe(v.string(), v.parseJson(), v.object({ step: v.number(), of: v.number(), what: v.string() }));

/** @throws AppError `model.notConverted`; the signal's AbortError. Nothing half-made stays. */
export async function exportCheckpoint(request: ExportRequest, { python, package: folder, run, signal, onStep }: ExportParts): Promise<void> {
  const { out, checkpoint } = request;
  const work = join(dirname(out), `.${basename(out)}.${randomUUID()}`);
  await mkdir(work, { recursive: true });
  try {
    const { code, stderr } = await run(python, ['-m', 'interlinear_trainer', 'export', ...argumentsOf(request, join(work, 'model'))], {
      env: trainerEnvironment(folder), signal,
      onLine: (line) => {
        const parsed = v.safeParse(stepLine, line);
        if (parsed.success) onStep(parsed.output);
      },
    });
    signal.throwIfAborted();
    if (code !== 0) throw new AppError('model.notConverted', { path: checkpoint, reason: lastLine(stderr) });
    await rmdir(out).catch(() => undefined);
    await rename(join(work, 'model'), out);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

function argumentsOf({ kind, name, licence, source, bits, checkpoint, encoder }: ExportRequest, out: string): readonly string[] {
  const told = ['--name', name, '--licence', licence, '--source', source, '--bits', String(bits), '--steps'];
  return [kind, checkpoint, out, ...told, ...(encoder === undefined ? [] : ['--encoder', encoder])];
}

/** What the exporter says last that is no step: `checkpointBroken: ...`, or the end of a traceback. */
function lastLine(text: string): string {
  const isStep = (line: string): boolean => v.safeParse(stepLine, line).success;
  const said = text.split('\n').map((line) => line.trim()).filter((line) => line !== '' && !isStep(line));
  return (said.at(-1) ?? 'the exporter said nothing').replace(/^checkpointBroken: /u, '');
}
