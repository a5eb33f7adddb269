import * as v from 'valibot';
import * as vscode from 'vscode';

/** What the pages of a job keep (`setState` in webview/training and webview/blind). */
const pageState = v.object({ folder: v.string() });

export interface JobPanel extends vscode.Disposable {
  readonly folder: string;
  readonly active: boolean;
  reveal(): void;
}

/** The open tabs of one kind, one a job; they come back when the window is opened again. */
export class JobPanels<P extends JobPanel> implements vscode.Disposable, vscode.WebviewPanelSerializer {
  readonly #viewType: string;
  readonly #make: (folder: string, panel: vscode.WebviewPanel) => Promise<P>;
  readonly #open = new Map<string, P>();

  constructor(viewType: string, make: (folder: string, panel: vscode.WebviewPanel) => Promise<P>) {
    this.#viewType = viewType;
    this.#make = make;
  }

  /** The tab in front. */
  get active(): P | undefined {
    return [...this.#open.values()].find(({ active }) => active);
  }

  get(folder: string): P | undefined {
    return this.#open.get(folder);
  }

  async show(folder: string): Promise<void> {
    const known = this.#open.get(folder);
    if (known === undefined) await this.#add(folder, vscode.window.createWebviewPanel(this.#viewType, '', vscode.ViewColumn.Active, { enableFindWidget: true }));
    else known.reveal();
  }

  /** A tab whose job is gone is closed. */
  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const parsed = v.safeParse(pageState, state);
    if (!parsed.success || this.#open.has(parsed.output.folder)) {
      panel.dispose();
      return;
    }
    await this.#add(parsed.output.folder, panel).catch(() => { panel.dispose(); });
  }

  dispose(): void {
    for (const panel of this.#open.values()) panel.dispose();
  }

  async #add(folder: string, panel: vscode.WebviewPanel): Promise<void> {
    panel.onDidDispose(() => { this.#open.delete(folder); });
    try {
      this.#open.set(folder, await this.#make(folder, panel));
    } catch (thrown) {
      panel.dispose();
      throw thrown;
    }
  }
}
