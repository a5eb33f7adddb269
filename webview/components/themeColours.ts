/** Theme colours for the canvas, which cannot use CSS variables, and word of their change. */
import { parseColour, type Rgb } from './colourRamp.ts';

export interface ThemeColours {
  readonly background: Rgb;
  readonly accent: Rgb;
  readonly text: string;
  readonly dim: string;
  readonly warning: string;
  readonly focus: string;
  readonly grid: string;
  readonly highContrast: boolean;
}

export function readThemeColours(): ThemeColours {
  const style = getComputedStyle(document.body);
  if (window.matchMedia('(forced-colors: active)').matches) return forcedColours(style);
  const read = (name: string, otherwise: string): string => style.getPropertyValue(name).trim() || otherwise;
  const text = read('--vscode-editor-foreground', '#808080');
  return {
    background: parseColour(read('--vscode-editor-background', '#1e1e1e')) ?? [0, 0, 0],
    accent: parseColour(read('--vscode-charts-blue', '#3794ff')) ?? [0.2, 0.5, 1],
    text,
    dim: read('--vscode-descriptionForeground', text),
    warning: read('--vscode-editorWarning-foreground', text),
    focus: read('--vscode-focusBorder', text),
    grid: read('--vscode-contrastBorder', read('--vscode-editorWidget-border', text)),
    highContrast: document.body.classList.contains('vscode-high-contrast')
      || document.body.classList.contains('vscode-high-contrast-light'),
  };
}

/** The system's own colours, as the body has them. */
function forcedColours(style: CSSStyleDeclaration): ThemeColours {
  const text = style.color;
  const ink = parseColour(text) ?? [0.5, 0.5, 0.5];
  const background = parseColour(style.backgroundColor) ?? [1, 1, 1];
  return { background, accent: ink, text, dim: text, warning: text, focus: text, grid: text, highContrast: true };
}

/** VS Code changes the class of the body and the style of the root when the theme changes. Returns how to stop. */
export function onThemeChange(listener: () => void): () => void {
  const observer = new MutationObserver(listener);
  observer.observe(document.body, { attributes: true, attributeFilter: ['class'] });
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style', 'class'] });
  const forced = window.matchMedia('(forced-colors: active)');
  forced.addEventListener('change', listener);
  return () => {
    observer.disconnect();
    forced.removeEventListener('change', listener);
  };
}
