import type * as vscode from 'vscode';
import type { Port } from '../protocol/channel.ts';

/** A port over the webview of a panel or a view; it closes with it. */
export function webviewPort(holder: vscode.WebviewPanel | vscode.WebviewView): Port {
  return {
    post: (frame) => { void holder.webview.postMessage(frame); },
    onFrame: (listener) => { holder.webview.onDidReceiveMessage(listener); },
    onClose: (listener) => { holder.onDidDispose(() => { listener('view closed'); }); },
  };
}
