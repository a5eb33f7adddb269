/** The longest time in which this thread's event loop did not turn: what a key that was pressed then would have waited. */
export class EventLoopWatch {
  #last = performance.now();
  #longest = 0;
  readonly #timer: NodeJS.Timeout;

  constructor() {
    this.#timer = setInterval(() => { this.#turn(); }, 1);
  }

  /** Milliseconds since the last time that it was asked; the two of the timer itself are in it. */
  longest(): number {
    this.#turn();
    const longest = this.#longest;
    this.#longest = 0;
    return longest;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #turn(): void {
    const now = performance.now();
    this.#longest = Math.max(this.#longest, now - this.#last);
    this.#last = now;
  }
}
