/** What reading a store found wrong. Nothing here stops the work: good records are in use. */
import { AppError, assertNever } from '../core/errors.ts';

/** Paths are relative to the workspace, with `/`. */
export type StoreProblem =
  | {
    readonly kind: 'torn' | 'garbage';
    readonly path: string;
    /** From 1. */
    readonly line: number;
    readonly reason: string;
    /** Where the bytes were copied; absent when that could not be written. */
    readonly quarantine?: string;
    /** False when an earlier reading had found and copied the same: said before. */
    readonly fresh: boolean;
  }
  /** Records that a writer numbered and that are not here: a file or lines were lost. */
  | { readonly kind: 'gap'; readonly writer: string; readonly reviewer: string; readonly missing: readonly number[] }
  /** Two different records of one id; only a hand in the file makes that. */
  | { readonly kind: 'conflict'; readonly id: string; readonly path: string }
  /** A frozen set whose content is not what its name says, or cannot be read. It is not used. */
  | { readonly kind: 'set'; readonly path: string; readonly reason: string };

/** As errors, without what an earlier reading has told already. */
export function freshErrors(problems: readonly StoreProblem[]): readonly AppError[] {
  return problems.filter((problem) => !('fresh' in problem) || problem.fresh).map(problemError);
}

/** The same as an error that has a sentence. */
export function problemError(problem: StoreProblem): AppError {
  switch (problem.kind) {
    case 'torn':
    case 'garbage':
      return new AppError('store.corrupt', { path: problem.path, line: problem.line, quarantine: problem.quarantine ?? '-' });
    case 'gap':
      return new AppError('store.recordsMissing', {
        writer: problem.writer, reviewer: problem.reviewer, missing: problem.missing.slice(0, 5).join(', '), count: problem.missing.length,
      });
    case 'conflict':
      return new AppError('store.altered', { path: problem.path, reason: `two different records have the id ${problem.id}` });
    case 'set':
      return new AppError('store.altered', { path: problem.path, reason: problem.reason });
    default:
      return assertNever(problem);
  }
}
