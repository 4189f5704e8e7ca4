// The panels: they open with a session, show its stops, and send it commands.
import * as vscode from 'vscode';
import type {
  Answered,
  FocusKept,
  PanelAnswer,
  PanelCommand,
  PanelEvent,
  PanelMessage,
  ViewEvent,
} from '../../view/contract.ts';
import { type PanelDescriptor, type PanelName, panels } from '../../view/panels.ts';
import { saveFiles } from '../exporting/save-files.ts';
import { reasonOf, refuse } from '../failures.ts';
import {
  contextKeys,
  debugType,
  panelRequest,
  panelTypes,
  settings,
  viewEvent,
} from '../names.ts';
import { Focus } from './focus.ts';
import {
  dividedColumn,
  divideForPanels,
  ownColumn,
  showDebugView,
  unloadedTabs,
} from './layout.ts';
import { panelPage } from './panel-page.ts';

/** A page that does not answer within this time is gone. */
const answerMs = 5_000;

type Descriptor = PanelDescriptor & { readonly name: PanelName };

export class Panels implements vscode.Disposable {
  private readonly opened = new Map<PanelName, vscode.WebviewPanel>();
  /** The panels whose page is loaded. VS Code discards the page of a hidden panel. */
  private readonly visible = new Set<PanelName>();
  /** The session that the panels show; it stays when it ends, until another one takes its place. */
  private shown: vscode.DebugSession | undefined;
  /** The panel that sent the last command. */
  private last: PanelName | undefined;
  /**
   * The panel whose page has the focus. VS Code makes the source's editor active when it shows a
   * frame, even if the focus stays in the panel, so `active` does not tell.
   */
  focused: PanelName | undefined;
  private readonly focus: Focus;
  /** Whether the shown session is over. */
  private isOver = false;
  /** How the shown session ended, for a panel that becomes visible afterwards. */
  private ending: ViewEvent | undefined;
  private readonly subscriptions: vscode.Disposable[];
  private readonly dist: vscode.Uri;

  constructor(extension: vscode.Uri) {
    this.dist = vscode.Uri.joinPath(extension, 'dist');
    this.focus = new Focus(this);
    this.subscriptions = [
      this.focus,
      vscode.debug.onDidStartDebugSession((session) => this.openWith(session)),
      vscode.debug.onDidTerminateDebugSession(({ id }) => {
        this.isOver ||= id === this.shown?.id;
      }),
      vscode.debug.onDidChangeActiveDebugSession((session) => this.show(session)),
      vscode.debug.onDidReceiveDebugSessionCustomEvent((event) => this.receive(event)),
      ...panels.map((descriptor) =>
        vscode.window.registerWebviewPanelSerializer(panelTypes[descriptor.name], {
          deserializeWebviewPanel: async (panel) => this.adopt(descriptor, panel),
        }),
      ),
    ];
  }

  /** Opens a panel by its command, and gives it the focus. */
  async open(name: PanelName): Promise<void> {
    const panel = this.opened.get(name);
    if (panel) return panel.reveal(undefined, false);
    const descriptor = panels.find((one) => one.name === name)!;
    await this.create(descriptor, undefined, false);
  }

  focusLast(): void {
    if (this.last) this.opened.get(this.last)?.reveal(undefined, false);
  }

  async focusOn(name: PanelName): Promise<void> {
    const panel = this.opened.get(name);
    if (!panel?.visible) return;
    panel.reveal(undefined, false);
    // VS Code takes calls in order, and says only of commands that it has done them.
    await vscode.commands.executeCommand('setContext', contextKeys.focusedPanel, name);
  }

  async reported(name: PanelName): Promise<void> {
    const panel = this.opened.get(name);
    // The page of a hidden panel may not be loaded, so it would not answer.
    if (!panel?.visible) return;
    await new Promise<void>((resolve) => {
      const done = () => {
        clearTimeout(limit);
        answers.dispose();
        resolve();
      };
      const limit = setTimeout(done, answerMs);
      const answers = panel.webview.onDidReceiveMessage((message: PanelMessage) => {
        if (message.type === 'heard') done();
      });
      void panel.webview.postMessage({ type: 'heard?' });
    });
  }

  keepFocus(session: vscode.DebugSession, kept: FocusKept): void {
    if (hasMoments(session)) void this.inform(session, { type: 'focus', kept });
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
    for (const panel of this.opened.values()) panel.dispose();
  }

  private async openWith(session: vscode.DebugSession): Promise<void> {
    if (session.type === debugType && session.configuration.noDebug && this.isOver) this.clear();
    if (!hasMoments(session)) return;
    this.show(session);
    const choice = vscode.workspace.getConfiguration().get<string>(settings.openPanels);
    if (choice === 'manually') return;
    const missing = panels.filter(({ name, opensBySession }) => {
      return opensBySession && !this.opened.has(name);
    });
    if (missing.length > 0) await this.openAll(missing);
    await showDebugView();
  }

  /** Opens panels when a session starts; the focus stays in the code. */
  private async openAll(missing: readonly Descriptor[]): Promise<void> {
    const editor = vscode.window.activeTextEditor;
    const isDivided = await divideForPanels();
    for (const descriptor of missing) {
      await this.create(descriptor, isDivided ? dividedColumn(descriptor) : undefined, true);
    }
    if (!editor || isDivided) return;
    const { document, viewColumn } = editor;
    await vscode.window.showTextDocument(document, viewColumn ?? vscode.ViewColumn.One);
  }

  /** Without a column, it takes the place of its unloaded tab, or opens in a group of its own. */
  private async create(
    descriptor: Descriptor,
    column: vscode.ViewColumn | undefined,
    preserveFocus: boolean,
  ): Promise<void> {
    const { name, title } = descriptor;
    const unloaded = unloadedTabs(name);
    const [other] = this.opened.values();
    const shared = descriptor.opensBySession ? undefined : this.columnOf(descriptor.place);
    const viewColumn =
      column ??
      unloaded.at(0)?.group.viewColumn ??
      shared ??
      (await ownColumn(descriptor, other));
    // The user may have pressed F5 again while the layout was changing.
    if (this.opened.has(name)) return;
    const place = { viewColumn, preserveFocus };
    this.adopt(descriptor, vscode.window.createWebviewPanel(panelTypes[name], title, place));
    // Closed only now, because a group disappears with its last tab.
    if (unloaded.length > 0) await vscode.window.tabGroups.close(unloaded, true);
  }

  /** The column of an open panel with this place: one that opens by its command shares it. */
  private columnOf(place: PanelDescriptor['place']): vscode.ViewColumn | undefined {
    const found = panels.find((one) => one.place === place && this.opened.has(one.name));
    return found && this.opened.get(found.name)?.viewColumn;
  }

  /** Takes over a new panel, or one that VS Code restored after a reload of the window. */
  private adopt(descriptor: Descriptor, panel: vscode.WebviewPanel): void {
    const { name } = descriptor;
    // VS Code may restore a panel while a session opens it.
    if (this.opened.has(name)) return void panel.dispose();
    this.opened.set(name, panel);
    panel.webview.options = { enableScripts: true, localResourceRoots: [this.dist] };
    panel.webview.onDidReceiveMessage((message: PanelMessage) => {
      if (message.type === 'has focus') this.focusMoved(name, message.hasFocus);
      else if (message.type === 'shortcut') this.focus.shortcutPressed();
      else if (message.type === 'heard') return;
      else if (message.type === 'save') void saveFiles(message.files);
      else if (message.type === 'ask') void this.ask(panel.webview, message);
      else void this.obey(name, message);
    });
    panel.onDidChangeViewState(() => {
      if (!panel.visible) this.hidden(name);
    });
    panel.onDidDispose(() => {
      if (this.opened.get(name) !== panel) return;
      this.opened.delete(name);
      this.hidden(name);
    });
    panel.webview.html = panelPage(panel.webview, this.dist, descriptor);
  }

  /** Shows another session. Only the adapter of the shown session computes views. */
  private show(session: vscode.DebugSession | undefined): void {
    if (!hasMoments(session) || session.id === this.shown?.id) return;
    for (const panel of this.visible) {
      void this.inform(this.shown, { type: 'hidden', panel });
      void this.inform(session, { type: 'ready', panel });
    }
    this.shown = session;
    this.isOver = false;
    this.ending = undefined;
  }

  /** A run without debugging shows nothing, and an earlier session must not be taken for it. */
  private clear(): void {
    this.shown = undefined;
    this.ending = undefined;
    for (const panel of this.opened.values()) void panel.webview.postMessage({ type: 'cleared' });
  }

  private receive({ session, event, body }: vscode.DebugSessionCustomEvent): void {
    if (session.type !== debugType || event !== viewEvent) return;
    const active = vscode.debug.activeDebugSession;
    if (active?.type === debugType && active.id !== session.id) return;
    this.show(session);
    const received = body as ViewEvent;
    this.ending = received.type === 'ended' ? received : undefined;
    for (const [name, panel] of this.opened) {
      const own = ownPart(received, name);
      if (own) void panel.webview.postMessage(own);
    }
  }

  private focusMoved(name: PanelName, hasFocus: boolean): void {
    if (hasFocus) this.focused = name;
    else if (this.focused === name) this.focused = undefined;
    this.focus.moved(name, hasFocus);
  }

  /** A page that VS Code discards does not report that it lost the focus. */
  private hidden(name: PanelName): void {
    if (this.focused === name) this.focusMoved(name, false);
    if (this.visible.delete(name)) void this.inform(this.shown, { type: 'hidden', panel: name });
  }

  private async obey(name: PanelName, command: PanelCommand): Promise<void> {
    if (command.type === 'ready') {
      this.visible.add(command.panel);
      if (this.ending) void this.opened.get(command.panel)?.webview.postMessage(this.ending);
      else await this.inform(this.shown, command);
      return;
    }
    this.last = name;
    try {
      await this.shown?.customRequest(panelRequest, command);
    } catch (error) {
      refuse(reasonOf(error));
    }
  }

  private async ask(
    webview: vscode.Webview,
    { number, ...command }: Extract<PanelMessage, { type: 'ask' }>,
  ): Promise<void> {
    const reply = (answer: PanelAnswer) => void webview.postMessage(answer);
    try {
      const answered: Answered<PanelName> | undefined = await this.shown?.customRequest(
        panelRequest,
        command,
      );
      if (answered) reply({ type: 'answer', number, answer: answered.answer });
      else reply({ type: 'no answer', number, why: '' });
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      reply({ type: 'no answer', number, why });
    }
  }

  private async inform(
    session: vscode.DebugSession | undefined,
    command: PanelCommand,
  ): Promise<void> {
    try {
      await session?.customRequest(panelRequest, command);
    } catch {
      // A session that has ended refuses: it has nothing to show.
    }
  }
}

/** Whether a session stops at moments that panels can show: not if it runs without debugging. */
function hasMoments(session: vscode.DebugSession | undefined): session is vscode.DebugSession {
  return session?.type === debugType && !session.configuration.noDebug;
}

/** Undefined if the event holds no view of that panel: then it shows what it did before. */
function ownPart<Name extends PanelName>(
  event: ViewEvent,
  name: Name,
): PanelEvent<Name> | undefined {
  if (event.type !== 'stopped') return event;
  const view = event.views[name];
  return view && { type: 'stopped', moment: event.moment, view };
}
