/** Whether a data set is large enough and what is held out of it, before the trainer itself is asked. */
import { AppError } from '../../core/errors.ts';
import { sha256Hex } from '../../core/hash.ts';
import type { JobData } from './jobData.ts';
import type { Shape } from './presets.ts';

export interface Preflight {
  readonly training: number;
  readonly validation: number;
  readonly heldOut: number;
  readonly heldOutSources: number;
  readonly heldOutUnit: string;
  readonly droppedForHeldOut: number;
  readonly replay: number;
  readonly references: number;
  readonly steps: number;
  /** Below this the trainer warns that the steps change little. */
  readonly fewSteps: boolean;
}

/** As `FEW_STEPS` of the trainer. */
const fewSteps = 20;

/**
 * Counts of a data set under a preset. Rows that the trainer will drop (too long, repeated) are still counted here.
 * @throws AppError `trainer.tooFewRows` that says how many more are needed
 */
export function preflight(data: JobData, shape: Shape): Preflight {
  const sources = sourcesOf(data.rows);
  const validation = sources.filter((source) => isValidation(source, shape.validationShare)).length;
  const training = sources.length - validation;
  if (training < shape.minimumRows) {
    // of what is judged more, a tenth goes to the held-out set and a share to validation
    const missing = Math.ceil((shape.minimumRows - training) / (0.9 * (1 - shape.validationShare)));
    throw new AppError('trainer.tooFewRows', { rows: training, needed: shape.minimumRows, missing });
  }
  const whole = Math.ceil(Math.ceil(training / shape.batch) * shape.epochs);
  const steps = shape.maxSteps === 0 ? whole : Math.min(whole, shape.maxSteps);
  const { split } = data;
  return {
    training, validation, heldOut: split.heldOut, heldOutSources: split.sources, heldOutUnit: split.unit, droppedForHeldOut: split.droppedForHeldOut,
    replay: lines(data.replay).length, references: lines(data.references).length, steps, fewSteps: steps < fewSteps,
  };
}

/** As `split_by_source` of the trainer: by the first 64 bits of the hash. */
function isValidation(source: string, share: number): boolean {
  return Number.parseInt(sha256Hex(source).slice(0, 13), 16) < share * 2 ** 52;
}

function lines(text: string): readonly string[] {
  return text.split('\n').filter((line) => line !== '');
}

function sourcesOf(rows: string): readonly string[] {
  return lines(rows).map((line) => {
    const row = JSON.parse(line) as { readonly source?: string; readonly prompt?: string; readonly text?: string }; // checked by readJobData
    return row.source ?? row.prompt ?? row.text ?? '';
  });
}
