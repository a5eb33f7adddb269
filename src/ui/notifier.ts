import * as vscode from 'vscode';
import { isAbort, toAppError } from '../core/errors.ts';
import { sentenceFor } from '../messages.ts';

/** The one place where errors reach the user: a sentence with what to do, and the details in the log. */
export class Notifier {
  readonly #log: vscode.LogOutputChannel;

  constructor(log: vscode.LogOutputChannel) {
    this.#log = log;
  }

  /** Cancelling is no error and says nothing. */
  failed(thrown: unknown, where: string): void {
    if (isAbort(thrown)) return;
    const error = toAppError(thrown, where);
    this.#log.error(`${where}: ${error.stack ?? error.message}`);
    const showLog = vscode.l10n.t('Show Log');
    void vscode.window.showErrorMessage(sentenceFor(error), showLog).then((choice) => {
      if (choice === showLog) this.#log.show();
    });
  }

  /** Something to know that stops nothing. */
  warn(message: string): void {
    this.#log.warn(message);
    void vscode.window.showWarningMessage(message);
  }

  /** Something that was asked for has happened. */
  info(message: string): void {
    void vscode.window.showInformationMessage(message);
  }

  /** Runs what nobody asked for and whose failure costs nobody anything: it goes to the log alone. */
  async quietly(where: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (thrown) {
      this.#log.warn(`${where}: ${toAppError(thrown, where).message}`);
    }
  }

  /** Runs a command's body; whatever it throws is told. */
  async guard(where: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (thrown) {
      this.failed(thrown, where);
    }
  }
}
