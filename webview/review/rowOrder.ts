/** Where candidate rows stand and which digit they have. Pure. */

export interface Rows {
  /** Candidate hashes, top to bottom. */
  readonly order: readonly string[];
  /** 1 to 9 by hash, 0 for what the file holds. Once painted, a digit belongs to its candidate until the reviewer leaves the segment. */
  readonly digits: ReadonlyMap<string, number>;
}

export const noRows: Rows = { order: [], digits: new Map() };

/**
 * The wanted order, except that the row which is being read stays at its index and the others move around it. Unfocused
 * rows are equally high, so the same index is the same place on the screen. O(n).
 */
export function placeRows(previous: Rows, wanted: readonly string[], { pinned, existing, numbered = true }: Placing): Rows {
  return { order: pinnedOrder(previous.order, wanted, pinned), digits: nextDigits(previous.digits, numbered ? wanted : [], existing) };
}

export interface Placing {
  /** The row that is being read. */
  readonly pinned?: string | undefined;
  /** What the target file holds: its digit is 0. */
  readonly existing?: string | undefined;
  /** False: no candidate gets a digit that has none yet. */
  readonly numbered?: boolean;
}

function pinnedOrder(previous: readonly string[], wanted: readonly string[], pinned: string | undefined): readonly string[] {
  if (pinned === undefined || !wanted.includes(pinned)) return wanted;
  const index = previous.indexOf(pinned);
  if (index === -1) return wanted;
  const others = wanted.filter((hash) => hash !== pinned);
  return [...others.slice(0, index), pinned, ...others.slice(index)];
}

function nextDigits(previous: ReadonlyMap<string, number>, wanted: readonly string[], existing: string | undefined): ReadonlyMap<string, number> {
  const digits = new Map([...previous].filter(([, digit]) => digit !== 0));
  let next = Math.max(0, ...previous.values());
  if (existing !== undefined) digits.set(existing, 0);
  for (const hash of wanted) {
    if (next >= 9) break;
    if (digits.has(hash)) continue;
    next += 1;
    digits.set(hash, next);
  }
  return digits;
}

/** The candidate that a digit names. */
export function hashOfDigit(rows: Rows, digit: number): string | undefined {
  for (const [hash, value] of rows.digits) if (value === digit) return hash;
  return undefined;
}
