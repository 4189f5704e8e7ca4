// The Cluster and Sequence panels: opened with a session, they follow its stops and talk to its adapter.
import * as vscode from 'vscode';
import type { PanelCommand, ViewEvent } from '../view/contract.ts';
import { placesForPanels, type Places } from './layout.ts';
import { debugType, panelRequest, panelTypes, settings, viewEvent, type PanelName } from './names.ts';
import { panelPage } from './panel-page.ts';

const titles: Record<PanelName, string> = { cluster: 'Cluster', sequence: 'Sequence' };
const panelNames = Object.keys(panelTypes) as PanelName[];

export class Panels implements vscode.Disposable {
  private readonly shown = new Map<PanelName, vscode.WebviewPanel>();
  /** The last view of each session; a panel that opens later starts with it. */
  private readonly views = new Map<string, ViewEvent>();
  private latest: ViewEvent | undefined;
  private readonly subscriptions: vscode.Disposable[];
  private readonly dist: vscode.Uri;

  constructor(extension: vscode.Uri) {
    this.dist = vscode.Uri.joinPath(extension, 'dist');
    this.subscriptions = [
      vscode.debug.onDidReceiveDebugSessionCustomEvent((event) => this.receive(event)),
      vscode.debug.onDidChangeActiveDebugSession((session) => this.follow(session)),
      vscode.debug.onDidStartDebugSession((session) => this.openWith(session)),
      vscode.debug.onDidTerminateDebugSession((session) => this.views.delete(session.id)),
      ...panelNames.map((name) =>
        vscode.window.registerWebviewPanelSerializer(panelTypes[name], {
          deserializeWebviewPanel: async (panel) => this.adopt(name, panel),
        }),
      ),
    ];
  }

  async open(name: PanelName): Promise<void> {
    const panel = this.shown.get(name);
    if (panel) panel.reveal(undefined, true);
    else this.create(name, { cluster: vscode.ViewColumn.Beside, sequence: vscode.ViewColumn.Beside });
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
    for (const panel of this.shown.values()) panel.dispose();
  }

  private async openWith(session: vscode.DebugSession): Promise<void> {
    if (session.type !== debugType || session.configuration.noDebug) return;
    const choice = vscode.workspace.getConfiguration().get<string>(settings.openPanels);
    const missing = panelNames.filter((name) => !this.shown.has(name));
    if (choice === 'manually' || missing.length === 0) return;
    const places = await placesForPanels();
    for (const name of missing) this.create(name, places);
  }

  private create(name: PanelName, places: Places): void {
    // A second F5 can come while the layout was being made.
    if (this.shown.has(name)) return;
    const place = { viewColumn: places[name], preserveFocus: true };
    this.adopt(name, vscode.window.createWebviewPanel(panelTypes[name], titles[name], place));
  }

  /** Takes over a panel that was just made, or that a reload of the window left. */
  private adopt(name: PanelName, panel: vscode.WebviewPanel): void {
    this.shown.set(name, panel);
    panel.webview.options = { enableScripts: true, localResourceRoots: [this.dist] };
    panel.webview.onDidReceiveMessage((command: PanelCommand) => this.obey(panel, command));
    panel.onDidDispose(() => {
      if (this.shown.get(name) === panel) this.shown.delete(name);
    });
    panel.webview.html = panelPage(panel.webview, this.dist, name);
  }

  private receive({ session, event, body }: vscode.DebugSessionCustomEvent): void {
    if (session.type !== debugType || event !== viewEvent) return;
    this.views.set(session.id, body as ViewEvent);
    const active = vscode.debug.activeDebugSession;
    if (!active || active.id === session.id || active.type !== debugType) this.show(body as ViewEvent);
  }

  private follow(session: vscode.DebugSession | undefined): void {
    const view = session && this.views.get(session.id);
    if (view) this.show(view);
  }

  private show(view: ViewEvent): void {
    this.latest = view;
    for (const panel of this.shown.values()) void panel.webview.postMessage(view);
  }

  private async obey(panel: vscode.WebviewPanel, command: PanelCommand): Promise<void> {
    // A hidden panel is not kept alive: when it comes back it says `ready`, and gets the last view.
    if (command.type === 'ready' && this.latest) {
      void panel.webview.postMessage(this.latest);
      return;
    }
    const session = vscode.debug.activeDebugSession;
    if (session?.type !== debugType) return;
    try {
      await session.customRequest(panelRequest, command);
    } catch (error) {
      if (command.type !== 'ready') void vscode.window.showErrorMessage(String((error as Error).message));
    }
  }
}
