/** Lists as multisets. Pure. */

/** What the first list has more often than the second; each once, in order. */
export function difference(a: readonly string[], b: readonly string[]): readonly string[] {
  const left = new Map<string, number>();
  for (const item of b) left.set(item, (left.get(item) ?? 0) + 1);
  const more = new Set<string>();
  for (const item of a) {
    const count = left.get(item) ?? 0;
    if (count === 0) more.add(item);
    else left.set(item, count - 1);
  }
  return [...more];
}
