import { AppError } from '../errors.ts';
import type { Link } from './aligner.ts';

/** Links of one pair as people marked them: sure ones, and possible ones, which include the sure. */
export interface GoldLinks {
  readonly sure: readonly Link[];
  readonly possible: readonly Link[];
}

/** One line in Pharaoh format, zero-indexed, e.g. `0-0 1-2`. */
export function formatPharaoh(links: readonly Link[]): string {
  return links.map((link) => `${String(link.source)}-${String(link.target)}`).join(' ');
}

/**
 * Reads one Pharaoh line: `i-j` is sure, `ipj` only possible. `firstIndex` is 1 for gold files that count from 1.
 * @throws AppError `input.invalid` naming `where` and the mark that is not one.
 */
export function parsePharaoh(line: string, firstIndex: 0 | 1, where: string): GoldLinks {
  const sure: Link[] = [];
  const possible: Link[] = [];
  for (const mark of line.split(/\s+/)) {
    if (mark === '') continue;
    const match = /^(\d+)([-p])(\d+)$/.exec(mark);
    const link = { source: Number(match?.[1]) - firstIndex, target: Number(match?.[3]) - firstIndex };
    if (match === null || link.source < 0 || link.target < 0) {
      throw new AppError('input.invalid', { where, reason: `"${mark}" is not a link such as ${String(firstIndex)}-${String(firstIndex)}` });
    }
    possible.push(link);
    if (match[2] === '-') sure.push(link);
  }
  return { sure, possible };
}
