/** Ready-made configurations of the stages; every key and its range is in `trainer/interlinear_trainer/stages/config.py`. */
import type { TrainingStage } from './jobData.ts';

export interface Preset {
  readonly id: 'standard' | 'replay' | 'large' | 'second' | 'trial';
  /** Keys of the trainer's YAML; what is left out has the stage's default. */
  readonly config: Readonly<Record<string, unknown>>;
}

/** What the number of steps follows from; the stage's defaults where a preset says nothing. */
export interface Shape {
  readonly batch: number;
  readonly epochs: number;
  /** 0: no limit. */
  readonly maxSteps: number;
  readonly validationShare: number;
  readonly minimumRows: number;
  readonly learningRate: number;
}

const usual: Shape = { batch: 8, epochs: 3, maxSteps: 0, validationShare: 0.1, minimumRows: 64, learningRate: 2e-4 };

/** As `DEFAULTS` of the trainer. */
const defaults: Readonly<Record<TrainingStage, Shape>> = {
  cpt: { ...usual, batch: 16, epochs: 1, learningRate: 2e-5 },
  sft: { ...usual, batch: 16, epochs: 1, learningRate: 2e-5 },
  cpo: usual,
  mrpo: { ...usual, learningRate: 1e-6 },
  // 16 rows, twice accumulated
  grpo: { ...usual, batch: 32, epochs: 1, learningRate: 1e-6 },
};

/** Steps of the trial preset: enough to see curves, too few to learn from. */
const trialSteps = 12;

const trial: Preset = { id: 'trial', config: { max_steps: trialSteps, minimum_rows: 16, evaluations: 4 } };

/** @param replay whether the data has rows to replay */
export function presetsFor(stage: TrainingStage, replay: boolean): readonly Preset[] {
  const standard: Preset = { id: 'standard', config: {} };
  if (stage === 'sft') return [standard, { id: 'second', config: { learning_rate: 1e-5 } }, trial];
  if (stage !== 'cpo') return [standard, trial];
  // what was measured in docs/training.md
  const withReplay: Preset = {
    id: 'replay',
    config: { learning_rate: 8e-4, epochs: 4, lora: { rank: 32, alpha: 64 }, loss: { beta: 0.5, alpha: 1 }, replay: { share: 2, weight: 1 }, stop: { patience: 10, guard_rise: 0.08 } },
  };
  // Algharb 2.3: for tens of thousands of pairs
  const large: Preset = { id: 'large', config: { learning_rate: 2e-6, batch_size: 64, epochs: 1 } };
  return [...(replay ? [withReplay] : []), standard, large, trial];
}

/** The backend that scores principles in stage `grpo`. */
export interface PresetJudge {
  readonly url: string;
  readonly model: string;
  /** Variable that holds its key; undefined: it wants none. */
  readonly apiKeyEnv?: string | undefined;
  /** Of the project; none: the trainer's own. */
  readonly principles: readonly string[];
}

export function withJudge(preset: Preset, { url, model, apiKeyEnv, principles }: PresetJudge): Preset {
  const judge = { url, model, ...(apiKeyEnv !== undefined && { api_key_env: apiKeyEnv }) };
  return { ...preset, config: { ...preset.config, grpo: { judge, ...(principles.length > 0 && { principles }) } } };
}

export function shapeOf(stage: TrainingStage, { config }: Preset): Shape {
  const base = defaults[stage];
  const number = (key: string, otherwise: number): number => {
    const value = config[key];
    return typeof value === 'number' ? value : otherwise;
  };
  return {
    batch: number('batch_size', base.batch), epochs: number('epochs', base.epochs), maxSteps: number('max_steps', base.maxSteps),
    validationShare: base.validationShare, minimumRows: number('minimum_rows', base.minimumRows), learningRate: number('learning_rate', base.learningRate),
  };
}

/** JSON is YAML. */
export function presetText({ config }: Preset): string {
  return `${JSON.stringify(config, undefined, 2)}\n`;
}
