/** Joins the page's keydowns to the gate: decides at once, in the page, what VS Code sees (the host learns of focus late). */
import { isComposing } from '../components/composing.ts';
import { type GateKey, KeyGate, type Place } from './keyGate.ts';
import { namesOf } from './keyNames.ts';

export interface KeysParts {
  readonly place: () => Place;
  readonly typeText: (text: string) => void;
  readonly eraseText: () => void;
  /** True where VS Code has a command of ours for this key, as far as is known. */
  readonly isBound: (key: GateKey) => boolean;
  /** Keys of the list that are no commands: the word caret and Escape. */
  readonly onLocalKey: (key: string) => void;
  /**
   * Runs the command of a key that VS Code would not find, since it has not heard yet that the list has the
   * keyboard; false where it would find it, or there is none. Without this a key pressed right after coming back is dead.
   */
  readonly runUnlookedUp: (key: GateKey) => boolean;
  /** Repeats of a held key that would judge several segments are dropped. */
  readonly mayRepeat: (key: GateKey) => boolean;
  readonly onPlace: () => void;
  /** The keyboard is on its way to a question of VS Code: what is typed meanwhile must not judge. */
  readonly isLeaving: () => boolean;
}

/** Ctrl or Cmd with Enter, pressed behind a key that opens a field, belongs to the text. */
function isConfirm(event: KeyboardEvent): boolean {
  return (event.ctrlKey || event.metaKey) && event.key === 'Enter';
}

const localKeys = new Set(['ArrowLeft', 'ArrowRight', 'Escape']);

const bare = new Set(['Shift', 'Control', 'Alt', 'Meta', 'AltGraph', 'CapsLock', 'NumLock', 'Dead', 'Process', 'Unidentified']);

export class ListKeys {
  readonly gate: KeyGate;
  readonly #parts: KeysParts;

  constructor(parts: KeysParts) {
    this.#parts = parts;
    this.gate = new KeyGate({
      place: parts.place,
      typeText: parts.typeText,
      eraseText: parts.eraseText,
      isLocal: (key) => !key.shift && (localKeys.has(key.key) || key.ctrl || key.meta),
      handle: (key) => { this.#handle(key); },
      isBound: parts.isBound,
      later: (run, ms) => { window.setTimeout(run, ms); },
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
    if (event.key === 'Tab' && !event.ctrlKey && !event.altKey && !event.metaKey && !event.isComposing) {
      swallow(event);
      moveFocus(event.shiftKey ? -1 : 1);
      return;
    }
    if (this.#parts.place() !== 'list') return;
    if (this.#parts.isLeaving() && !event.ctrlKey && !event.altKey && !event.metaKey) {
      swallow(event);
      return;
    }
    if (isComposing(event)) {
      event.stopPropagation();
      return;
    }
    const modified = event.ctrlKey || event.altKey || event.metaKey;
    if (bare.has(event.key) || /^F\d+$/u.test(event.key)) return;
    if (modified && !(this.gate.waiting && isConfirm(event))) return;
    const key = gateKey(event);
    if (event.repeat && !localKeys.has(event.key) && !this.#parts.mayRepeat(key)) {
      swallow(event);
      return;
    }
    event.preventDefault();
    if (this.#parts.runUnlookedUp(key) || this.gate.press(key) !== 'forward') event.stopPropagation();
  }

  /** A key of our own, in the list or, pressed again for it, in the text field that has opened meanwhile. */
  #handle(key: GateKey): void {
    if (this.#parts.place() === 'list') {
      this.#parts.onLocalKey(key.key);
      return;
    }
    const init = { key: key.key, code: key.code, ctrlKey: key.ctrl, metaKey: key.meta, bubbles: true, cancelable: true };
    document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', init));
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
