/** Rows that were moved glide to their new place (first, last, invert, play), unless motion is reduced. */

export function motionReduced(): boolean {
  return document.body.classList.contains('vscode-reduce-motion')
    || window.matchMedia('(prefers-reduced-motion: reduce)').matches;
}

/** Runs a change of the DOM and animates the rows that it moved. `still` never glides: it is being read. */
export function glide(rows: readonly HTMLElement[], still: HTMLElement | undefined, change: () => void): void {
  if (motionReduced()) {
    change();
    return;
  }
  const before = new Map(rows.map((row) => [row, row.getBoundingClientRect().top]));
  change();
  for (const [row, top] of before) {
    const moved = top - row.getBoundingClientRect().top;
    if (row === still || moved === 0 || !row.isConnected) continue;
    row.animate(
      [{ transform: `translateY(${String(moved)}px)` }, { transform: 'none' }],
      { duration: 180, easing: 'cubic-bezier(0.2, 0, 0, 1)' },
    );
  }
}
