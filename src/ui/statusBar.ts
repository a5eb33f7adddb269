import * as vscode from 'vscode';

export interface StatusFacts {
  readonly reviewed: number;
  readonly total: number;
  readonly language: string;
  readonly backend: string;
  readonly translating: boolean;
}

/** Reviewed of total, language and backend; a click opens the review. */
export class StatusBar implements vscode.Disposable {
  readonly #item: vscode.StatusBarItem;

  constructor() {
    this.#item = vscode.window.createStatusBarItem('interlinear.status', vscode.StatusBarAlignment.Left, 50);
    this.#item.name = 'Interlinear';
    this.#item.command = 'interlinear.openReview';
  }

  show(facts: StatusFacts): void {
    const icon = facts.translating ? '$(sync~spin)' : '$(checklist)';
    this.#item.text = `${icon} ${facts.reviewed}/${facts.total} ${facts.language} · ${facts.backend}`;
    this.#item.tooltip = vscode.l10n.t('{0} of {1} segments reviewed, into {2}, translated by {3}. Click to open the review.', facts.reviewed, facts.total, facts.language, facts.backend);
    this.#item.accessibilityInformation = { label: this.#item.tooltip };
    this.#item.show();
  }

  hide(): void {
    this.#item.hide();
  }

  dispose(): void {
    this.#item.dispose();
  }
}
