/**
 * Keeps typed text and judgments apart while keys are on their way through VS Code. Pure: no DOM.
 *
 * A key pressed in the list becomes a command only after a round trip: webview, workbench, extension host, webview. What is
 * typed meanwhile may be text for a field that the command is about to open (`e`, then `12ab`). Every key goes on to VS Code
 * at once, since VS Code accepts none that was held and sent again (it forwards trusted events only), and is remembered
 * until its command is back. Commands come back in the order of the keys. So when a command has opened a field, the keys
 * that are still under way were pressed after it: they are text, are typed into the field before anything else can be, and
 * their commands, which come later, are nobody's (`claimed`). Nothing is lost and nothing is judged, however slow the host.
 */

/** What the gate needs to know of a keydown. `names` are the contributed spellings that it could have, such as `shift+x`. */
export interface GateKey {
  readonly key: string;
  readonly code: string;
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
  /** True for a key that the view handles itself (the word caret, Escape): VS Code never sees it. */
  readonly isLocal: (key: GateKey) => boolean;
  /** Handles such a key where the focus is: in the list, or in a text field. */
  readonly handle: (key: GateKey) => void;
  readonly typeText: (text: string) => void;
  readonly eraseText: () => void;
  /** True where some command is contributed with this key: its answer is worth a longer wait. */
  readonly isBound: (key: GateKey) => boolean;
  /** Runs something later; there is nothing to take back. */
  readonly later: (run: () => void, ms: number) => void;
  readonly now: () => number;
}

/**
 * Milliseconds for which a local key waits behind one that has no known command, or has one; and for which a key under way
 * and a claim are remembered.
 */
export const gateWaits = { unbound: 250, bound: 1500, remembered: 5000, claimed: 2000 } as const;

/**
 * What a command that has come back is to be: acted on (for the key, if one caused it), or nobody's. The key is `sure` where it
 * is known to run it, or was alone under way; `skipped` are those before it that caused no command.
 */
export type Resolution = { readonly kind: 'act'; readonly key: GateKey | undefined; readonly sure: boolean; readonly skipped: readonly GateKey[] } | { readonly kind: 'claimed' };

interface Entry {
  readonly key: GateKey;
  /** False for a local key that waits for those before it. */
  readonly sent: boolean;
  /** Until then a local key behind this one waits. */
  readonly until: number;
}

export class KeyGate {
  readonly #parts: GateParts;
  /** Oldest first. */
  #underWay: readonly Entry[] = [];
  /** Keys that were typed as text although VS Code has seen them. */
  #claims: readonly GateKey[] = [];

  constructor(parts: GateParts) {
    this.#parts = parts;
  }

  /** True while a command may still come for a key: what is pressed now may belong to the field that it opens. */
  get waiting(): boolean {
    const now = this.#parts.now();
    return this.#underWay.some((entry) => !entry.sent || entry.until > now);
  }

  /** A key of the list: `forward` it to VS Code, or `keep` it from everybody. */
  press(key: GateKey): 'forward' | 'keep' {
    this.#forget();
    const now = this.#parts.now();
    if (!this.#parts.isLocal(key)) {
      const wait = this.#parts.isBound(key) ? gateWaits.bound : gateWaits.unbound;
      this.#underWay = [...this.#underWay, { key, sent: true, until: now + wait }];
      return 'forward';
    }
    if (this.waiting) {
      this.#underWay = [...this.#underWay, { key, sent: false, until: now }];
      this.#wakeUp();
    } else this.#parts.handle(key);
    return 'keep';
  }

  /**
   * A command has come back. It belongs to the first key under way that is known to run it, or (where the user has bound another
   * key) to the oldest; keys before that one caused no command and are forgotten.
   * @param runs whether a key runs that command, as far as is known
   */
  resolve(runs: (key: GateKey) => boolean): Resolution {
    this.#forget();
    const sent = this.#underWay.findIndex((entry) => entry.sent && runs(entry.key));
    const claim = this.#claims.findIndex(runs);
    if (claim !== -1 || (sent === -1 && this.#claims.length > 0)) {
      this.#claims = this.#claims.slice(Math.max(0, claim) + 1);
      return { kind: 'claimed' };
    }
    const index = sent === -1 ? this.#underWay.findIndex((entry) => entry.sent) : sent;
    const answered = this.#underWay[index];
    const sure = sent !== -1 || this.#underWay.filter((entry) => entry.sent).length === 1;
    const skipped = this.#underWay.filter((entry, position) => position < index && entry.sent).map(({ key }) => key);
    this.#underWay = this.#underWay.filter((entry, position) => position > index || !entry.sent);
    return { kind: 'act', key: answered?.key, sure, skipped };
  }

  /** To be called once the command was acted on: what was pressed behind it is typed, or handled here. */
  settle(): void {
    while (this.#parts.place() === 'text') {
      const [entry, ...rest] = this.#underWay;
      if (entry === undefined) return;
      this.#underWay = rest;
      if (entry.sent) this.#claims = [...this.#claims, entry.key];
      this.#type(entry.key);
    }
    this.#handleWaiting();
  }

  /** The view lost the keyboard: nothing that was pressed before may become text or an act later. */
  reset(): void {
    this.#underWay = [];
    this.#claims = [];
  }

  #type(key: GateKey): void {
    if (key.ctrl || key.meta || this.#parts.isLocal(key)) this.#parts.handle(key);
    else if (isPrintable(key)) this.#parts.typeText(key.key);
    else if (key.key === 'Enter') this.#parts.typeText('\n');
    else if (key.key === 'Backspace') this.#parts.eraseText();
  }

  /** Local keys with no key before them that may still answer. */
  #handleWaiting(): void {
    const now = this.#parts.now();
    for (;;) {
      const local = this.#underWay.findIndex((entry) => !entry.sent);
      const blocked = this.#underWay.slice(0, Math.max(0, local)).some((entry) => entry.until > now);
      const entry = this.#underWay[local];
      if (entry === undefined || blocked) break;
      this.#underWay = this.#underWay.filter((other) => other !== entry);
      if (this.#parts.place() === 'list') this.#parts.handle(entry.key);
    }
    if (this.#underWay.some((entry) => !entry.sent)) this.#wakeUp();
  }

  #wakeUp(): void {
    const latest = Math.max(...this.#underWay.map((entry) => entry.until));
    this.#parts.later(() => { this.settle(); }, Math.max(10, latest - this.#parts.now()));
  }

  #forget(): void {
    const now = this.#parts.now();
    this.#underWay = this.#underWay.filter((entry) => now - entry.key.at <= gateWaits.remembered);
    this.#claims = this.#claims.filter((key) => now - key.at <= gateWaits.claimed);
  }
}

/** One user-visible character, as `KeyboardEvent.key` spells it. */
export function isPrintable(key: { readonly key: string }): boolean {
  return [...key.key].length === 1;
}
