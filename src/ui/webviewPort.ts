import type * as vscode from 'vscode';
import type { Port } from '../protocol/channel.ts';

/** A port over a webview; it closes with the panel. */
export function webviewPort(panel: vscode.WebviewPanel): Port {
  return {
    post: (frame) => { void panel.webview.postMessage(frame); },
    onFrame: (listener) => { panel.webview.onDidReceiveMessage(listener); },
    onClose: (listener) => { panel.onDidDispose(() => { listener('panel closed'); }); },
  };
}
