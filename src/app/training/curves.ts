/** Curves of a job from its events, thinned to what a screen can show. */
import type { CurveName, Curves, Point } from '../../protocol/training.ts';
import type { TrainerEvent } from '../../protocol/trainerEvents.ts';

type StepEvent = Extract<TrainerEvent, { kind: 'step' }>;
type EvaluatedEvent = Extract<TrainerEvent, { kind: 'evaluated' }>;

const ofSteps: Partial<Readonly<Record<CurveName, (event: StepEvent) => number | undefined>>> = {
  loss: (event) => event.loss, nll: (event) => event.nll, replayNll: (event) => event.replayNll, margin: (event) => event.margin,
  accuracy: (event) => event.accuracy, chosenLogP: (event) => event.chosenLogP, entropy: (event) => event.entropy, reward: (event) => event.reward,
  learningRate: (event) => event.learningRate, gradNorm: (event) => event.gradNorm, gpuBytes: (event) => event.gpuBytes,
};

const ofEvaluations: Partial<Readonly<Record<CurveName, (event: EvaluatedEvent) => number | undefined>>> = {
  validationAccuracy: (event) => event.accuracy, validationChosenLogP: (event) => event.chosenLogP, guardNll: (event) => event.guardNll,
};

/** Steps of a run that was resumed replace those that were lost with the run before. */
export function curvesOf(events: readonly TrainerEvent[], most = 400): Curves {
  const steps = events.filter((event) => event.kind === 'step');
  const evaluations = events.filter((event) => event.kind === 'evaluated');
  return { ...curves(ofSteps, steps, most), ...curves(ofEvaluations, evaluations, most) };
}

function curves<E extends { readonly step: number }>(table: Partial<Readonly<Record<CurveName, (event: E) => number | undefined>>>, events: readonly E[], most: number): Curves {
  return Object.fromEntries(Object.entries(table).flatMap(([name, read]) => {
    const points = latestByStep(events.flatMap((event): readonly Point[] => {
      const value = read(event);
      return value === undefined ? [] : [{ step: event.step, value }];
    }));
    return points.length === 0 ? [] : [[name, thinned(points, most)] as const];
  }));
}

function latestByStep(points: readonly Point[]): readonly Point[] {
  return [...new Map(points.map((point) => [point.step, point])).values()].sort((a, b) => a.step - b.step);
}

/** Of each stretch of steps the lowest and the highest value stay: a spike is never thinned away. */
export function thinned(points: readonly Point[], most: number): readonly Point[] {
  if (points.length <= most) return points;
  const stretch = Math.ceil(points.length / Math.floor(most / 2));
  const kept: Point[] = [];
  for (let start = 0; start < points.length; start += stretch) {
    const part = points.slice(start, start + stretch);
    const low = part.reduce((best, point) => point.value < best.value ? point : best);
    const high = part.reduce((best, point) => point.value > best.value ? point : best);
    kept.push(...(low === high ? [low] : low.step < high.step ? [low, high] : [high, low]));
  }
  return kept;
}
