/** The only file that knows the webview toolkit: it registers the controls in use and makes them. */
import {
  provideVSCodeDesignSystem, vsCodeButton, vsCodeDropdown, vsCodeOption, vsCodeProgressRing,
} from '@vscode/webview-ui-toolkit';

export function registerControls(): void {
  provideVSCodeDesignSystem().register(vsCodeButton(), vsCodeDropdown(), vsCodeOption(), vsCodeProgressRing());
}

export type ButtonKind = 'primary' | 'secondary';

export function button(text: string, kind: ButtonKind, onClick: () => void): HTMLElement {
  const node = document.createElement('vscode-button');
  setButtonKind(node, kind);
  node.textContent = text;
  node.addEventListener('click', onClick);
  return node;
}

/** By its property: the control writes that over its attribute whenever it likes. */
export function setButtonKind(node: HTMLElement, kind: ButtonKind): void {
  // a custom element's property, which the DOM's types do not know
  (node as HTMLElement & { appearance: ButtonKind }).appearance = kind;
}

export function progressRing(): HTMLElement {
  return document.createElement('vscode-progress-ring');
}

export interface Dropdown {
  readonly node: HTMLElement;
  setLabel(label: string): void;
  /** The selected one is shown; without any, the first. */
  setOptions(options: readonly { readonly value: string; readonly text: string; readonly selected?: boolean }[]): void;
}

export function dropdown(id: string, onChange: (value: string) => void): Dropdown {
  const node = document.createElement('vscode-dropdown');
  node.id = id;
  node.addEventListener('change', () => {
    // The control is a form element: it has a value, which the DOM's types do not know of a custom element.
    onChange((node as HTMLElement & { readonly value: string }).value);
  });
  return {
    node,
    setLabel: (label) => { node.setAttribute('aria-label', label); },
    setOptions: (options) => {
      node.replaceChildren(...options.map(({ value, text, selected = false }) => {
        const option = document.createElement('vscode-option');
        option.setAttribute('value', value);
        option.toggleAttribute('selected', selected);
        option.textContent = text;
        return option;
      }));
    },
  };
}
