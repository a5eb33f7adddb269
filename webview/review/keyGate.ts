/**
 * Keeps typed text and judgments apart while a key is on its way through VS Code. Pure: no DOM.
 *
 * A key pressed in the list becomes a command only after a round trip: webview, workbench, extension host, webview. What
 * is typed meanwhile may be text for a field that the command is about to open (`e`, then `12ab`). So one key at a time is
 * in flight, and those after it wait here, seen by nobody, until the command has come back and was acted on. Then they are
 * typed into the field that has opened, or sent on one by one. A key that causes no command is given up after a while; if
 * its command comes later nevertheless, it is recognised by its contributed key, and the keys behind it are still text.
 */

/** What the gate needs to know of a keydown. `names` are the contributed spellings that it could have, such as `shift+x`. */
export interface GateKey {
  readonly key: string;
  readonly code: string;
  readonly keyCode: number;
  readonly shift: boolean;
  readonly ctrl: boolean;
  readonly meta: boolean;
  readonly repeat: boolean;
  readonly names: readonly string[];
  /** Milliseconds, from the event. */
  readonly at: number;
}

export type Place = 'list' | 'text' | 'elsewhere';

export interface GateParts {
  readonly place: () => Place;
  /** Acts on a key that is none of VS Code's (the word caret); false where it is. */
  readonly handleHere: (key: GateKey) => boolean;
  /** Sends a held key again to whatever has focus. */
  readonly resend: (key: GateKey) => void;
  readonly typeText: (text: string) => void;
  readonly eraseText: () => void;
  /** True where some command is contributed with this key: its answer is worth a longer wait. */
  readonly isBound: (key: GateKey) => boolean;
  readonly setTimer: (run: () => void, ms: number) => number;
  readonly clearTimer: (timer: number) => void;
  readonly now: () => number;
}

/** Waits in milliseconds: for a key that no command is known for, for a bound one, and for recognising a late command. */
export const gateWaits = { unbound: 250, bound: 1500, late: 3000 } as const;

export class KeyGate {
  readonly #parts: GateParts;
  /** Sent to VS Code and not answered, oldest first; the last one is waited for while `#timer` runs. */
  #inFlight: readonly GateKey[] = [];
  #queue: readonly GateKey[] = [];
  #timer: number | undefined;

  constructor(parts: GateParts) {
    this.#parts = parts;
  }

  /** True while a key is in flight and others have to wait. */
  get waiting(): boolean {
    return this.#timer !== undefined;
  }

  /** A key of the list: `forward` it to VS Code, or `hold` it away from everybody. */
  press(key: GateKey): 'forward' | 'hold' {
    if (!this.waiting) {
      if (this.#parts.handleHere(key)) return 'hold';
      this.#send(key);
      return 'forward';
    }
    const last = this.#queue.at(-1) ?? this.#inFlight.at(-1);
    const repeated = key.repeat && last?.code === key.code;
    if (!repeated) this.#queue = [...this.#queue, key];
    return 'hold';
  }

  /** A command has come: the key that it answers, if a key did. Keys before that one are settled too: order is kept. */
  resolve(contributed: readonly string[]): GateKey | undefined {
    this.#forgetLate();
    const named = this.#inFlight.findIndex((key) => key.names.some((name) => contributed.includes(name)));
    const index = named === -1 ? this.#inFlight.length - 1 : named;
    const answered = this.#inFlight[index];
    this.#inFlight = this.#inFlight.slice(index + 1);
    if (this.#inFlight.length === 0) this.#stopTimer();
    return answered;
  }

  /** To be called once the command was acted on: what waited is typed or sent on. */
  drain(): void {
    if (this.#parts.place() === 'text' && this.#inFlight.length > 0) {
      // Sent before the field opened and not yet answered: text. Its command, if one comes, is ignored in a text field.
      this.#queue = [...this.#inFlight, ...this.#queue];
      this.#inFlight = [];
      this.#stopTimer();
    }
    while (!this.waiting) {
      const [key, ...rest] = this.#queue;
      if (key === undefined) return;
      this.#queue = rest;
      const place = this.#parts.place();
      if (place === 'elsewhere') this.#queue = [];
      else if (place === 'text') this.#type(key);
      else if (!this.#parts.handleHere(key)) {
        this.#send(key);
        this.#parts.resend(key);
      }
    }
  }

  /** The view lost the keyboard: nothing that was held may become a judgment later. */
  reset(): void {
    this.#stopTimer();
    this.#inFlight = [];
    this.#queue = [];
  }

  #type(key: GateKey): void {
    if (key.ctrl || key.meta) this.#parts.resend(key);
    else if (isPrintable(key)) this.#parts.typeText(key.key);
    else if (key.key === 'Enter') this.#parts.typeText('\n');
    else if (key.key === 'Backspace') this.#parts.eraseText();
    else this.#parts.resend(key);
  }

  #send(key: GateKey): void {
    this.#inFlight = [...this.#inFlight, key];
    const wait = this.#parts.isBound(key) ? gateWaits.bound : gateWaits.unbound;
    this.#timer = this.#parts.setTimer(() => { this.#giveUp(); }, wait);
  }

  #giveUp(): void {
    this.#timer = undefined;
    this.#forgetLate();
    this.drain();
  }

  #forgetLate(): void {
    const oldest = this.#parts.now() - gateWaits.late;
    this.#inFlight = this.#inFlight.filter((key) => key.at >= oldest);
  }

  #stopTimer(): void {
    if (this.#timer !== undefined) this.#parts.clearTimer(this.#timer);
    this.#timer = undefined;
  }
}

/** One user-visible character, as `KeyboardEvent.key` spells it. */
export function isPrintable(key: { readonly key: string }): boolean {
  return [...key.key].length === 1;
}
