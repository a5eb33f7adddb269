/** A stretch of a long sequence that is run alone. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

/**
 * Windows of at most `room` items that overlap by half, so that every item but the outer ones has neighbours on both sides
 * in one of them; one window where all fit. An empty sequence has an empty window.
 */
export function windowsOf(count: number, room: number): readonly Window[] {
  if (count <= room) return [{ from: 0, to: count }];
  const step = Math.max(1, Math.floor(room / 2));
  const windows: Window[] = [];
  for (let from = 0; from + room < count; from += step) windows.push({ from, to: from + room });
  return [...windows, { from: count - room, to: count }];
}

/** The window in which an item is farthest from an edge; the sequence's own ends are no edges. */
export function homeOf(windows: readonly Window[], item: number): number {
  const last = windows.at(-1)?.to ?? 0;
  const depth = ({ from, to }: Window): number => {
    if (item < from || item >= to) return -1;
    return Math.min(from === 0 ? Infinity : item - from, to === last ? Infinity : to - 1 - item);
  };
  return windows.reduce((best, window, index) => (depth(window) > depth(windows[best] ?? window) ? index : best), 0);
}
