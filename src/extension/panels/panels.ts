// The Cluster and Sequence panels: they open with a session, follow its stops and command it.
import * as vscode from 'vscode';
import type { PanelCommand, ViewEvent } from '../../view/contract.ts';
import { besideCode, placesForPanels, showDebugView, type Places } from './layout.ts';
import {
  debugType,
  panelRequest,
  panelTypes,
  settings,
  viewEvent,
  type PanelName,
} from '../names.ts';
import { panelPage } from './panel-page.ts';

const titles: Record<PanelName, string> = { cluster: 'Cluster', sequence: 'Sequence' };
const panelNames = Object.keys(panelTypes) as PanelName[];

export class Panels implements vscode.Disposable {
  private readonly shown = new Map<PanelName, vscode.WebviewPanel>();
  /** What a panel must hear to show a session as it is now: its last stop, and what came after. */
  private readonly recent = new Map<string, ViewEvent[]>();
  private latest: ViewEvent[] = [];
  private readonly subscriptions: vscode.Disposable[];
  private readonly dist: vscode.Uri;

  constructor(extension: vscode.Uri) {
    this.dist = vscode.Uri.joinPath(extension, 'dist');
    this.subscriptions = [
      vscode.debug.onDidReceiveDebugSessionCustomEvent((event) => this.receive(event)),
      vscode.debug.onDidChangeActiveDebugSession((session) => this.follow(session)),
      vscode.debug.onDidStartDebugSession((session) => this.openWith(session)),
      vscode.debug.onDidTerminateDebugSession((session) => this.recent.delete(session.id)),
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
    else this.create(name, besideCode);
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
    for (const panel of this.shown.values()) panel.dispose();
  }

  private async openWith(session: vscode.DebugSession): Promise<void> {
    if (session.type !== debugType || session.configuration.noDebug) return;
    const choice = vscode.workspace.getConfiguration().get<string>(settings.openPanels);
    if (choice === 'manually') return;
    const missing = panelNames.filter((name) => !this.shown.has(name));
    if (missing.length > 0) {
      const places = await placesForPanels();
      for (const name of missing) this.create(name, places);
    }
    await showDebugView();
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
    const heard = body as ViewEvent;
    const before = this.recent.get(session.id) ?? [];
    const stop = before.filter(({ type }) => type === 'stopped');
    const events = heard.type === 'stopped' ? [heard] : [...stop, heard];
    this.recent.set(session.id, events);
    const active = vscode.debug.activeDebugSession;
    if (active?.type === debugType && active.id !== session.id) return;
    this.latest = events;
    for (const panel of this.shown.values()) void panel.webview.postMessage(heard);
  }

  /** The person turned to another session: the panels show it instead. */
  private follow(session: vscode.DebugSession | undefined): void {
    const events = session && this.recent.get(session.id);
    if (!events || events === this.latest) return;
    this.latest = events;
    for (const panel of this.shown.values()) this.catchUp(panel);
  }

  private catchUp(panel: vscode.WebviewPanel): void {
    for (const event of this.latest) void panel.webview.postMessage(event);
  }

  private async obey(panel: vscode.WebviewPanel, command: PanelCommand): Promise<void> {
    // A hidden panel is not kept alive: when it comes back it says `ready`.
    if (command.type === 'ready' && this.latest.length > 0) return this.catchUp(panel);
    const session = vscode.debug.activeDebugSession;
    if (session?.type !== debugType) return;
    try {
      await session.customRequest(panelRequest, command);
    } catch (error) {
      if (command.type === 'ready') return;
      void vscode.window.showErrorMessage(error instanceof Error ? error.message : String(error));
    }
  }
}
