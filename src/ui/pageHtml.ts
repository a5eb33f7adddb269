import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';

/** The document of a view: no inline script or style, nothing from elsewhere (design.md 8). */
export function pageHtml(webview: vscode.Webview, extension: vscode.Uri, page: 'review' | 'training' | 'blind' | 'concordance'): string {
  const nonce = randomBytes(16).toString('base64url');
  const uri = (file: string): string => webview.asWebviewUri(vscode.Uri.joinPath(extension, 'dist', 'webview', file)).toString();
  const policy = [
    `default-src 'none'`,
    // The nonce here and in the meta element is for an empty probe style of the toolkit.
    `style-src ${webview.cspSource} 'nonce-${nonce}'`,
    `font-src ${webview.cspSource}`,
    `script-src 'nonce-${nonce}'`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="${vscode.env.language}">
<head>
  <meta charset="utf-8">
  <meta http-equiv="Content-Security-Policy" content="${policy}">
  <meta property="csp-nonce" content="${nonce}">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <link rel="stylesheet" href="${uri(`${page}.css`)}">
  <title>Interlinear</title>
</head>
<body>
  <script nonce="${nonce}" src="${uri(`${page}.js`)}"></script>
</body>
</html>`;
}
