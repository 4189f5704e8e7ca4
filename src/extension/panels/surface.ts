// A surface shows a panel: a tab of the editor area, or a view of a side bar or the panel area.
import type * as vscode from 'vscode';
import type { PanelName } from '../../view/panels.ts';

/** `presented`: a view of the layout that `Lockstep: Present` makes. */
export type SurfaceKind = 'editor' | 'view' | 'presented';

export interface Surface {
  readonly panel: PanelName;
  readonly kind: SurfaceKind;
  readonly webview: vscode.Webview;
  /** VS Code discards the page of a hidden surface, and loads it again when it is shown. */
  readonly visible: boolean;
  /** The column of a tab. */
  readonly column: vscode.ViewColumn | undefined;
  /** Makes it visible, and gives it the focus unless that is preserved. */
  show(preserveFocus: boolean): void;
  /** Closes a tab. A view belongs to the user, so it stays. */
  close(): void;
  onVisibility(listener: () => void): void;
  onClosed(listener: () => void): void;
}

export function tabSurface(panel: PanelName, tab: vscode.WebviewPanel): Surface {
  return {
    panel,
    kind: 'editor',
    webview: tab.webview,
    get visible() {
      return tab.visible;
    },
    get column() {
      return tab.viewColumn;
    },
    show: (preserveFocus) => tab.reveal(undefined, preserveFocus),
    close: () => tab.dispose(),
    onVisibility: (listener) => void tab.onDidChangeViewState(listener),
    onClosed: (listener) => void tab.onDidDispose(listener),
  };
}

export function viewSurface(
  panel: PanelName,
  kind: 'view' | 'presented',
  view: vscode.WebviewView,
): Surface {
  return {
    panel,
    kind,
    webview: view.webview,
    get visible() {
      return view.visible;
    },
    column: undefined,
    show: (preserveFocus) => view.show(preserveFocus),
    close: () => undefined,
    onVisibility: (listener) => void view.onDidChangeVisibility(listener),
    onClosed: (listener) => void view.onDidDispose(listener),
  };
}
