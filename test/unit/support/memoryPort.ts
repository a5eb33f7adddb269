import type { Port } from '../../../src/protocol/channel.ts';

export interface MemoryPort extends Port {
  /** Frames go both ways only after this: for tests that choose the order. */
  deliver(): boolean;
  close(reason: string): void;
  readonly waiting: number;
}

/** Two ends of one wire. Frames are cloned, as on a real one, and wait until `deliver` hands on the next. */
export function memoryPorts(): readonly [MemoryPort, MemoryPort] {
  const left = new End();
  const right = new End();
  left.peer = right;
  right.peer = left;
  return [left, right];
}

class End implements MemoryPort {
  peer: End | undefined;
  readonly #inbox: unknown[] = [];
  readonly #frames: ((frame: unknown) => void)[] = [];
  readonly #closes: ((reason: string) => void)[] = [];

  get waiting(): number {
    return this.#inbox.length;
  }

  post(frame: unknown): void {
    this.peer?.receive(structuredClone(frame));
  }

  receive(frame: unknown): void {
    this.#inbox.push(frame);
  }

  deliver(): boolean {
    if (this.#inbox.length === 0) return false;
    const frame = this.#inbox.shift();
    for (const listener of this.#frames) listener(frame);
    return true;
  }

  close(reason: string): void {
    for (const listener of this.#closes) listener(reason);
  }

  onFrame(listener: (frame: unknown) => void): void {
    this.#frames.push(listener);
  }

  onClose(listener: (reason: string) => void): void {
    this.#closes.push(listener);
  }
}

/** Delivers on both ends, and lets promises run, until nothing moves any more. */
export async function settle(ends: readonly MemoryPort[]): Promise<void> {
  let quiet = 0;
  while (quiet < 5) {
    const moved = ends.map((end) => end.deliver()).some(Boolean);
    quiet = moved ? 0 : quiet + 1;
    await new Promise((resolve) => { setImmediate(resolve); });
  }
}
