/**
 * Keys that the user has bound otherwise than they are contributed. VS Code tells nobody what is bound to a key, so it is
 * learned from what VS Code answers: needed in the moment in which VS Code does not look keys up for the view yet. Pure.
 */
import type { OwnKey, ReviewCommand } from '../../src/protocol/review.ts';
import type { GateKey } from './keyGate.ts';

export interface OwnKeysParts {
  /** The commands that are contributed with this key. */
  readonly contributed: (key: GateKey) => readonly ReviewCommand[];
  /** What was learned before. */
  readonly known: Readonly<Record<string, ReviewCommand | 'none'>>;
  /** Something was learned, which is to be kept. */
  readonly learned: (own: OwnKey) => void;
}

export class OwnKeys {
  readonly #parts: OwnKeysParts;
  readonly #own: Map<string, ReviewCommand | 'none'>;

  constructor(parts: OwnKeysParts) {
    this.#parts = parts;
    this.#own = new Map(Object.entries(parts.known));
  }

  /** What VS Code would run for a key: what it ran for it last, else what is contributed; undefined for nothing of ours. */
  commandOf(key: GateKey): ReviewCommand | undefined {
    const own = this.#own.get(nameOf(key));
    if (own === undefined) return this.#parts.contributed(key)[0];
    return own === 'none' ? undefined : own;
  }

  /** Whether VS Code would run this command for a key, as far as is known. */
  mayRun(key: GateKey, command: ReviewCommand): boolean {
    const own = this.#own.get(nameOf(key));
    return own === undefined ? this.#parts.contributed(key).includes(command) : own === command;
  }

  /** VS Code was given this key alone, and has run this command for it. */
  answered(key: GateKey, command: ReviewCommand): void {
    this.#learn(key, this.#parts.contributed(key).includes(command) ? undefined : command);
  }

  /** VS Code was given this key and has run a command for one that was pressed after it, and none for this one. */
  unanswered(key: GateKey): void {
    this.#learn(key, this.#parts.contributed(key).length === 0 ? undefined : 'none');
  }

  #learn(key: GateKey, own: ReviewCommand | 'none' | undefined): void {
    const name = nameOf(key);
    if (this.#own.get(name) === own) return;
    if (own === undefined) this.#own.delete(name);
    else this.#own.set(name, own);
    this.#parts.learned({ key: name, command: own ?? 'contributed' });
  }
}

/** As its character is spelled in a keybinding. */
function nameOf({ names, key }: GateKey): string {
  return names[0] ?? key;
}
