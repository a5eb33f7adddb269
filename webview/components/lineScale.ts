/** Scales and paths of a line chart. Pure. */
import type { Point } from '../../src/protocol/training.ts';

export interface Extent {
  readonly low: number;
  readonly high: number;
}

export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly steps: Extent;
  readonly values: Extent;
}

/** Lowest and highest of numbers; equal ones get room, none give 0 to 1. */
export function extentOf(numbers: readonly number[]): Extent {
  if (numbers.length === 0) return { low: 0, high: 1 };
  const low = numbers.reduce((least, value) => Math.min(least, value), Infinity);
  const high = numbers.reduce((most, value) => Math.max(most, value), -Infinity);
  if (low < high) return { low, high };
  const room = low === 0 ? 1 : Math.abs(low) / 10;
  return { low: low - room, high: high + room };
}

/** Where a point stands in the frame, from its top left. */
export function placeOf({ step, value }: Point, { width, height, steps, values }: Frame): { readonly x: number; readonly y: number } {
  return {
    x: width * (step - steps.low) / (steps.high - steps.low),
    y: height * (1 - (value - values.low) / (values.high - values.low)),
  };
}

/** The `d` of an SVG path through points. */
export function pathOf(points: readonly Point[], frame: Frame): string {
  return points.map((point, index) => {
    const { x, y } = placeOf(point, frame);
    return `${index === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`;
  }).join('');
}

/** Three significant digits, in powers of ten where that is shorter. */
export function shortNumber(value: number): string {
  if (value === 0) return '0';
  const size = Math.abs(value);
  return size < 1e-3 || size >= 1e5 ? value.toExponential(1) : String(Number(value.toPrecision(3)));
}

/** The point at a step, or the last one before it. */
export function pointAt(points: readonly Point[], step: number): Point | undefined {
  return points.findLast((point) => point.step <= step);
}
