// The page of a panel: a nonce allows its script and the parts that this imports, and no others.
import * as vscode from 'vscode';
import { type PanelDescriptor, panels } from '../../view/panels.ts';

export function panelPage(
  webview: vscode.Webview,
  dist: vscode.Uri,
  { name, title }: PanelDescriptor,
): string {
  return page(webview, dist, { name, title }, 'session');
}

/** The page of a history file, which the script of the History panel draws, too. */
export function historyPage(webview: vscode.Webview, dist: vscode.Uri): string {
  return page(webview, dist, panels.find(({ name }) => name === 'history')!, 'file');
}

/** `of`: what the script draws, where it can do both. */
function page(
  webview: vscode.Webview,
  dist: vscode.Uri,
  { name, title }: Pick<PanelDescriptor, 'name' | 'title'>,
  of: 'session' | 'file',
): string {
  const script = webview.asWebviewUri(vscode.Uri.joinPath(dist, 'webview', `${name}.js`));
  const nonce = newNonce();
  // Lit and Mermaid insert style elements. Other scripts and the network are blocked.
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${webview.cspSource} 'unsafe-inline'`,
    `font-src ${webview.cspSource} data:`,
    `img-src ${webview.cspSource} data:`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="${policy}">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Lockstep ${title}</title>
  </head>
  <body>
    <div id="app" data-of="${of}"></div>
    <script type="module" nonce="${nonce}" src="${script}"></script>
  </body>
</html>`;
}

function newNonce(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
