/** A question that the host opens takes the keyboard in a moment: what is typed until then must not judge. Knows no DOM. */

/** A question that has not come after this long does not come. Milliseconds. */
const questionWithin = 1500;

export class Leaving {
  readonly #now: () => number;
  #since: number | undefined;

  /** @param now milliseconds, monotonic */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** The host was asked for something about which it asks back. */
  start(): void {
    this.#since = this.#now();
  }

  /** The page has lost the keyboard: the question is there. */
  stop(): void {
    this.#since = undefined;
  }

  get isUnderWay(): boolean {
    return this.#since !== undefined && this.#now() - this.#since < questionWithin;
  }
}
