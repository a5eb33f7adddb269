/** Values by key, the ones unused for longest forgotten once all together cost more than the limit. */
export class Memory<T> {
  readonly #limit: number;
  readonly #entries = new Map<string, { readonly value: T; readonly cost: number }>();
  #cost = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get(key: string): T | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.value;
  }

  /** A value that costs more than the limit alone is not kept. */
  set(key: string, value: T, cost: number): void {
    this.#cost += cost - (this.#entries.get(key)?.cost ?? 0);
    this.#entries.delete(key);
    this.#entries.set(key, { value, cost });
    for (const [oldest, entry] of this.#entries) {
      if (this.#cost <= this.#limit) return;
      this.#entries.delete(oldest);
      this.#cost -= entry.cost;
    }
  }
}
