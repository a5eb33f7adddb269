/** Asks the host for what belongs to the thing in focus, and forgets the answer when the focus has gone on. Knows no DOM. */
import { isAbort } from '../../src/core/errors.ts';

export interface AskerParts<T> {
  /** Draws what has come. */
  readonly show: (answer: T) => void;
  readonly failed: (message: string) => void;
}

export class Asker<T> {
  readonly #parts: AskerParts<T>;
  #key = '';
  #running: AbortController | undefined;

  constructor(parts: AskerParts<T>) {
    this.#parts = parts;
  }

  /** True where `key` is another one than before: then what was asked for it is dropped, and `ask`, if any, begins. */
  turnTo(key: string, ask: ((signal: AbortSignal) => Promise<T>) | undefined): boolean {
    if (key === this.#key) return false;
    this.#key = key;
    this.#running?.abort();
    if (ask === undefined) return true;
    const running = new AbortController();
    this.#running = running;
    const current = (): boolean => key === this.#key;
    ask(running.signal).then(
      (answer) => { if (current()) this.#parts.show(answer); },
      (reason: unknown) => { if (current() && !isAbort(reason)) this.#parts.failed(messageOf(reason)); },
    );
    return true;
  }
}

/** For people, as far as the reason has a sentence. */
export function messageOf(reason: unknown): string {
  return reason instanceof Error ? reason.message : String(reason);
}
