/** Keys as package.json spells them (`shift+x`), as a keyboard event says them, and as people read them. Pure. */
import type { ReviewCommand } from '../../src/protocol/review.ts';

interface KeyEventLike {
  readonly key: string;
  readonly code: string;
  readonly shiftKey: boolean;
}

const named: Readonly<Record<string, string>> = {
  ArrowUp: 'up', ArrowDown: 'down', ArrowLeft: 'left', ArrowRight: 'right', PageUp: 'pageup', PageDown: 'pagedown',
  Enter: 'enter', Escape: 'escape', Backspace: 'backspace', Delete: 'delete', Home: 'home', End: 'end', ' ': 'space', Tab: 'tab',
};

const codes: Readonly<Record<string, string>> = {
  Slash: '/', Minus: '-', Equal: '=', Comma: ',', Period: '.', Semicolon: ';', Quote: "'", BracketLeft: '[', BracketRight: ']',
  Backslash: '\\', Backquote: '`', Space: 'space',
};

/** The spellings that a keydown may have in a keybinding: by its character and by its place on a US keyboard. */
export function namesOf(event: KeyEventLike): readonly string[] {
  const shift = event.shiftKey ? 'shift+' : '';
  const byKey = named[event.key] ?? event.key.toLowerCase();
  const place = /^(?:Key|Digit|Numpad)(.)$/u.exec(event.code)?.[1]?.toLowerCase() ?? codes[event.code];
  return [...new Set([shift + byKey, byKey === event.key.toLowerCase() ? undefined : byKey, place === undefined ? undefined : shift + place])]
    .filter((name) => name !== undefined);
}

const pretty: Readonly<Record<string, string>> = {
  up: '↑', down: '↓', left: '←', right: '→', enter: 'Enter', escape: 'Esc', pageup: 'PgUp', pagedown: 'PgDn', space: 'Space',
  ctrl: 'Ctrl', shift: 'Shift', alt: 'Alt', cmd: '⌘', meta: 'Meta', 'shift+/': '?',
};

/** `shift+x` as `X`, `shift+/` as `?`, `ctrl+enter` as `Ctrl+Enter`. */
export function readableKey(contributed: string): string {
  const whole = pretty[contributed];
  if (whole !== undefined) return whole;
  const letter = /^shift\+([a-z])$/u.exec(contributed)?.[1];
  if (letter !== undefined) return letter.toUpperCase();
  return contributed.split('+').map((part) => pretty[part] ?? (/^f\d+$/u.test(part) ? part.toUpperCase() : part)).join('+');
}

interface HasKeys {
  readonly model: { readonly snapshot: { readonly keys: Readonly<Record<string, readonly string[]>> } };
}

/** Id of a review command in package.json and in `snapshot.keys`. */
export function commandId(command: ReviewCommand): string {
  return `interlinear.review.${command}`;
}

/** The keys of a command as contributed. */
export function contributedKeys({ model }: HasKeys, command: ReviewCommand): readonly string[] {
  return model.snapshot.keys[commandId(command)] ?? [];
}

/** The keys of a command as people read them. */
export function keysOf(frame: HasKeys, command: ReviewCommand): readonly string[] {
  return contributedKeys(frame, command).map(readableKey);
}
