/** How long work is followed and ended. */
export interface Watch {
  /** Checked between steps. */
  readonly signal?: AbortSignal;
  readonly progress?: (value: { readonly done: number; readonly total: number }) => void;
}

/** One step of `total` is about to begin. @throws the signal's AbortError */
export function step({ signal, progress }: Watch, done: number, total: number): void {
  signal?.throwIfAborted();
  progress?.({ done, total });
}
