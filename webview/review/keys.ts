/** Joins the page's keydowns to the gate: decides at once, in the page, what VS Code sees (the host learns of focus late). */
import { type GateKey, KeyGate, type Place } from './keyGate.ts';
import { namesOf } from './keyNames.ts';

export interface KeysParts {
  readonly place: () => Place;
  readonly typeText: (text: string) => void;
  readonly eraseText: () => void;
  /** All keys of the contributed commands. */
  readonly boundKeys: () => ReadonlySet<string>;
  /** Keys of the list that are no commands: the word caret and Escape. */
  readonly onLocalKey: (key: string) => boolean;
  /** Repeats of a held key that would judge several segments are dropped. */
  readonly mayRepeat: (key: GateKey) => boolean;
  readonly onPlace: () => void;
}

/** Ctrl or Cmd with Enter, pressed behind a key that opens a field, belongs to the text. */
function isConfirm(event: KeyboardEvent): boolean {
  return (event.ctrlKey || event.metaKey) && event.key === 'Enter';
}

const bare = new Set(['Shift', 'Control', 'Alt', 'Meta', 'AltGraph', 'CapsLock', 'NumLock', 'Dead', 'Process', 'Unidentified']);

export class ListKeys {
  readonly gate: KeyGate;
  readonly #parts: KeysParts;
  readonly #resent = new WeakSet<Event>();

  constructor(parts: KeysParts) {
    this.#parts = parts;
    this.gate = new KeyGate({
      place: parts.place,
      typeText: parts.typeText,
      eraseText: parts.eraseText,
      handleHere: (key) => this.#handleHere(key.key, key.shift),
      resend: (key) => { this.#resend(key); },
      isBound: (key) => key.names.some((name) => parts.boundKeys().has(name)),
      setTimer: (run, ms) => window.setTimeout(run, ms),
      clearTimer: (timer) => { window.clearTimeout(timer); },
      now: () => performance.now(),
    });
  }

  attach(): void {
    window.addEventListener('keydown', (event) => { this.#keydown(event); }, { capture: true });
    window.addEventListener('blur', () => {
      this.gate.reset();
      this.#parts.onPlace();
    });
    window.addEventListener('focus', () => { this.#parts.onPlace(); });
    document.addEventListener('focusin', () => { this.#parts.onPlace(); });
    document.addEventListener('focusout', () => { this.#parts.onPlace(); });
  }

  #keydown(event: KeyboardEvent): void {
    if (this.#resent.has(event)) return;
    if (event.key === 'Tab' && !event.ctrlKey && !event.altKey && !event.metaKey && !event.isComposing) {
      swallow(event);
      moveFocus(event.shiftKey ? -1 : 1);
      return;
    }
    if (this.#parts.place() !== 'list') return;
    if (event.isComposing || event.keyCode === 229) {
      event.stopPropagation();
      return;
    }
    const modified = event.ctrlKey || event.altKey || event.metaKey;
    if (bare.has(event.key) || /^F\d+$/u.test(event.key)) return;
    if (modified && !(this.gate.waiting && isConfirm(event))) return;
    const key = gateKey(event);
    if (event.repeat && !this.gate.waiting && !this.#parts.mayRepeat(key)) {
      swallow(event);
      return;
    }
    event.preventDefault();
    if (this.gate.press(key) !== 'forward') event.stopPropagation();
  }

  #handleHere(key: string, shift: boolean): boolean {
    if (this.#parts.place() !== 'list' || shift) return false;
    return this.#parts.onLocalKey(key);
  }

  /** Chromium takes `keyCode` from the init dictionary, and VS Code's keyboard mapper reads it. */
  #resend(key: GateKey): void {
    const init: KeyboardEventInit & { readonly keyCode: number } = {
      key: key.key,
      code: key.code,
      keyCode: key.keyCode,
      shiftKey: key.shift,
      ctrlKey: key.ctrl,
      metaKey: key.meta,
      bubbles: true,
      cancelable: true,
      composed: true,
    };
    const event = new KeyboardEvent('keydown', init);
    this.#resent.add(event);
    (document.activeElement ?? document.body).dispatchEvent(event);
  }
}

function swallow(event: KeyboardEvent): void {
  event.preventDefault();
  event.stopPropagation();
}

function gateKey(event: KeyboardEvent): GateKey {
  return {
    key: event.key,
    code: event.code,
    keyCode: event.keyCode,
    shift: event.shiftKey,
    ctrl: event.ctrlKey,
    meta: event.metaKey,
    repeat: event.repeat,
    names: namesOf(event),
    at: event.timeStamp,
  };
}

/** Tab goes round inside the view (inside the help while it is open): the keyboard leaves by Escape or F6. */
function moveFocus(by: 1 | -1): void {
  const help = document.querySelector('.help:not([hidden])');
  const stops = [...(help ?? document).querySelectorAll<HTMLElement>('vscode-button, vscode-dropdown, textarea, [tabindex="0"]')]
    .filter((node) => node.offsetParent !== null);
  const at = stops.findIndex((node) => node === document.activeElement);
  const next = at === -1 ? (by === 1 ? 0 : stops.length - 1) : (at + by + stops.length) % stops.length;
  stops[next]?.focus();
}
