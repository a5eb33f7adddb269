/** What a bench prints: one JSON line a figure. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** Measurements behind the value, or items it is over. */
  readonly n: number;
  /** What was compared with, with its version. */
  readonly peer?: string;
}

export interface SkippedFigure {
  readonly name: string;
  readonly skipped: string;
}

export type Emit = (figure: Figure | SkippedFigure) => void;

export interface Bench {
  /** Beginning of the names that it prints. */
  readonly prefix: string;
  /** Another name to ask for it by. */
  readonly group?: string;
  /** It compares with a Python peer: the Python of `test/bench/requirements.txt` is in INTERLINEAR_PYTHON if it can be had. */
  readonly needsPython?: boolean;
  /** It looks at the extension in a browser workbench: this tree is built, and the two are installed. */
  readonly needsWorkbench?: boolean;
  run(emit: Emit): Promise<void>;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}

/** Milliseconds of each of `runs` calls, after `warmUp` that do not count. */
export function timeRuns(work: () => void, runs: number, warmUp: number): number[] {
  const times: number[] = [];
  for (let run = -warmUp; run < runs; run++) {
    const started = performance.now();
    work();
    if (run >= 0) times.push(performance.now() - started);
  }
  return times;
}
