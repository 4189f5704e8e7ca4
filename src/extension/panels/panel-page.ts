// The page of a panel, for a webview: of a session, or of a history file.
import * as vscode from 'vscode';
import { type PanelDescriptor, panels } from '../../view/panels.ts';
import { pageText } from './page-text.ts';

export function panelPage(
  webview: vscode.Webview,
  dist: vscode.Uri,
  descriptor: PanelDescriptor,
  isPresented: boolean,
): string {
  return page(webview, dist, descriptor, isPresented ? 'presented' : 'session');
}

/** The page of a history file, which the script of the History panel draws, too. */
export function historyPage(webview: vscode.Webview, dist: vscode.Uri): string {
  return page(webview, dist, panels.find(({ name }) => name === 'history')!, 'file');
}

/** `of`: what the script draws, and how. */
function page(
  webview: vscode.Webview,
  dist: vscode.Uri,
  { name, title }: Pick<PanelDescriptor, 'name' | 'title'>,
  of: 'session' | 'presented' | 'file',
): string {
  const script = webview.asWebviewUri(vscode.Uri.joinPath(dist, 'webview', `${name}.js`));
  const source = webview.cspSource;
  const translations = vscode.l10n.bundle;
  return pageText({ title, script: String(script), nonce: newNonce(), source, of, translations });
}

function newNonce(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
