/** Where a unit stood, in a form that another document can be compared with. Pure. */
import { sha256Hex } from '../hash.ts';
import { comparable } from './score.ts';
import type { UnitContext } from './unit.ts';

/** Name of a neighbour by its source: 16 hex digits. */
export function contextHash(source: string): string {
  return sha256Hex(comparable(source)).slice(0, 16);
}

/** Equal keys, or the same segments before and after; a segment without any neighbour stands nowhere. */
export function sameContext(a: UnitContext | undefined, b: UnitContext | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  if (a.key !== undefined && a.key === b.key) return true;
  if (a.previous === undefined && a.next === undefined) return false;
  return a.previous === b.previous && a.next === b.next;
}
