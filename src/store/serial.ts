/** Runs asynchronous work one after the other, in the order in which it was asked for. */
export class Serial {
  #last: Promise<unknown> = Promise.resolve();

  /** The result of `work`; a failure is the caller's and does not stop what comes after. */
  run<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work, work);
    this.#last = result.catch(() => undefined);
    return result;
  }
}
