/** The variables that VS Code sets for its default themes, as far as the review view reads them. */

export interface Theme {
  /** Class of the body. */
  readonly kind: string;
  readonly variables: Readonly<Record<string, string>>;
}

const common = { '--vscode-font-family': 'system-ui, "Noto Sans", sans-serif', '--vscode-font-size': '13px' };

export const themes = {
  dark: {
    kind: 'vscode-dark',
    variables: {
      ...common,
      '--vscode-editor-background': '#1f1f1f', '--vscode-editor-foreground': '#cccccc', '--vscode-foreground': '#cccccc',
      '--vscode-descriptionForeground': '#9d9d9d', '--vscode-focusBorder': '#0078d4', '--vscode-panel-border': '#2b2b2b',
      '--vscode-editorWidget-background': '#202020', '--vscode-editorWidget-border': '#454545',
      '--vscode-list-hoverBackground': '#2a2d2e', '--vscode-list-inactiveSelectionBackground': '#37373d',
      '--vscode-list-activeSelectionBackground': '#04395e', '--vscode-list-activeSelectionForeground': '#ffffff',
      '--vscode-errorForeground': '#f85149', '--vscode-editorWarning-foreground': '#cca700', '--vscode-charts-blue': '#3794ff',
      '--vscode-charts-green': '#89d185', '--vscode-testing-iconPassed': '#73c991', '--vscode-progressBar-background': '#0078d4',
      '--vscode-editor-selectionBackground': '#264f78', '--vscode-editor-findMatchHighlightBackground': '#ea5c0055',
      '--vscode-editor-wordHighlightBackground': '#575757b8', '--vscode-editor-hoverHighlightBackground': '#264f7840',
      '--vscode-diffEditor-insertedTextBackground': '#9ccc2c33', '--vscode-diffEditor-removedTextBackground': '#ff000033',
      '--vscode-inputValidation-warningBackground': '#352a05', '--vscode-inputValidation-warningBorder': '#b89500',
      '--vscode-input-background': '#313131', '--vscode-input-foreground': '#cccccc', '--vscode-input-border': '#3c3c3c',
      '--vscode-button-background': '#0078d4', '--vscode-button-foreground': '#ffffff', '--vscode-button-hoverBackground': '#026ec1',
      '--vscode-button-border': '#ffffff12', '--vscode-button-secondaryBackground': '#313131', '--vscode-button-secondaryForeground': '#cccccc',
      '--vscode-button-secondaryHoverBackground': '#3c3c3c', '--vscode-dropdown-background': '#313131', '--vscode-dropdown-foreground': '#cccccc',
      '--vscode-dropdown-border': '#3c3c3c', '--vscode-dropdown-listBackground': '#1f1f1f', '--vscode-toolbar-hoverBackground': '#5a5d5e50',
      '--vscode-widget-shadow': '#0000005c',
    },
  },
  light: {
    kind: 'vscode-light',
    variables: {
      ...common,
      '--vscode-editor-background': '#ffffff', '--vscode-editor-foreground': '#3b3b3b', '--vscode-foreground': '#3b3b3b',
      '--vscode-descriptionForeground': '#616161', '--vscode-focusBorder': '#005fb8', '--vscode-panel-border': '#e5e5e5',
      '--vscode-editorWidget-background': '#f8f8f8', '--vscode-editorWidget-border': '#c8c8c8',
      '--vscode-list-hoverBackground': '#f2f2f2', '--vscode-list-inactiveSelectionBackground': '#e4e6f1',
      '--vscode-list-activeSelectionBackground': '#e8e8e8', '--vscode-list-activeSelectionForeground': '#000000',
      '--vscode-errorForeground': '#f85149', '--vscode-editorWarning-foreground': '#bf8803', '--vscode-charts-blue': '#1a85ff',
      '--vscode-charts-green': '#388a34', '--vscode-testing-iconPassed': '#2e7d32', '--vscode-progressBar-background': '#005fb8',
      '--vscode-editor-selectionBackground': '#add6ff', '--vscode-editor-findMatchHighlightBackground': '#ea5c0055',
      '--vscode-editor-wordHighlightBackground': '#57575740', '--vscode-editor-hoverHighlightBackground': '#add6ff26',
      '--vscode-diffEditor-insertedTextBackground': '#9ccc2c40', '--vscode-diffEditor-removedTextBackground': '#ff000033',
      '--vscode-inputValidation-warningBackground': '#f6f5d2', '--vscode-inputValidation-warningBorder': '#b89500',
      '--vscode-input-background': '#ffffff', '--vscode-input-foreground': '#3b3b3b', '--vscode-input-border': '#cecece',
      '--vscode-button-background': '#005fb8', '--vscode-button-foreground': '#ffffff', '--vscode-button-hoverBackground': '#0258a8',
      '--vscode-button-border': '#0000001a', '--vscode-button-secondaryBackground': '#e5e5e5', '--vscode-button-secondaryForeground': '#3b3b3b',
      '--vscode-button-secondaryHoverBackground': '#cccccc', '--vscode-dropdown-background': '#ffffff', '--vscode-dropdown-foreground': '#3b3b3b',
      '--vscode-dropdown-border': '#cecece', '--vscode-dropdown-listBackground': '#ffffff', '--vscode-toolbar-hoverBackground': '#b8b8b850',
      '--vscode-widget-shadow': '#00000029',
    },
  },
  highContrast: {
    kind: 'vscode-high-contrast',
    variables: {
      ...common,
      '--vscode-editor-background': '#000000', '--vscode-editor-foreground': '#ffffff', '--vscode-foreground': '#ffffff',
      '--vscode-descriptionForeground': '#ffffffb3', '--vscode-focusBorder': '#f38518', '--vscode-panel-border': '#6fc3df',
      '--vscode-contrastBorder': '#6fc3df', '--vscode-contrastActiveBorder': '#f38518', '--vscode-editorWidget-background': '#0c141f',
      '--vscode-editorWidget-border': '#6fc3df', '--vscode-list-hoverBackground': '#ffffff1a', '--vscode-errorForeground': '#f48771',
      '--vscode-editorWarning-foreground': '#ffd370', '--vscode-charts-blue': '#3794ff', '--vscode-charts-green': '#89d185',
      '--vscode-testing-iconPassed': '#73c991', '--vscode-progressBar-background': '#6fc3df', '--vscode-editor-selectionBackground': '#003b6f',
      '--vscode-input-background': '#000000', '--vscode-input-foreground': '#ffffff', '--vscode-input-border': '#6fc3df',
      '--vscode-diffEditor-insertedTextBorder': '#33ff2e', '--vscode-diffEditor-removedTextBorder': '#ff008f',
      '--vscode-inputValidation-warningBackground': '#000000', '--vscode-inputValidation-warningBorder': '#6fc3df',
      '--vscode-button-foreground': '#ffffff', '--vscode-button-border': '#6fc3df', '--vscode-dropdown-background': '#000000',
      '--vscode-dropdown-foreground': '#ffffff', '--vscode-dropdown-border': '#6fc3df', '--vscode-dropdown-listBackground': '#000000',
      '--vscode-button-secondaryForeground': '#ffffff',
    },
  },
} as const satisfies Readonly<Record<string, Theme>>;

export type ThemeName = keyof typeof themes;
