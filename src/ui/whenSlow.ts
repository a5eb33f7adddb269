import * as vscode from 'vscode';
import { signalOf } from './signalOf.ts';
import type { Watch } from '../store/watch.ts';

/** Work that lasts longer than this says so, and can be cancelled. Milliseconds. */
const patience = 700;

/** Runs work that is short on small files and long on large ones: only then a notification shows how far it is. */
export async function whenSlow<T>(title: string, work: (watch: Required<Watch>) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  let report: Required<Watch>['progress'] = () => undefined;
  const running = work({ signal: controller.signal, progress: (value) => { report(value); } });
  const settled = running.then(() => true, () => true);
  const quick = await Promise.race([settled, new Promise<boolean>((resolve) => { setTimeout(() => { resolve(false); }, patience); })]);
  if (!quick) {
    await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title, cancellable: true }, async (progress, token) => {
      signalOf(token).addEventListener('abort', () => { controller.abort(); });
      let shown = 0;
      report = ({ done, total }) => {
        const percent = total === 0 ? 100 : Math.floor((100 * done) / total);
        if (percent !== shown) progress.report({ increment: percent - shown, message: `${percent} %` });
        shown = percent;
      };
      await settled;
    });
  }
  return running;
}
