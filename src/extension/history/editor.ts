// The editor of history files: it shows the verdict and the intervals, and follows the text.
import * as vscode from 'vscode';
import type { HistoryOrigin } from '../../check/formats/events.ts';
import type { FileEvent, FileMessage, HistoryChoice } from '../../view/history/history-view.ts';
import { reasonOf } from '../failures.ts';
import { commands, historyEditor, optionalHistoryEditor } from '../names.ts';
import { historyPage } from '../panels/panel-page.ts';
import { history as words } from '../words.ts';
import type { HistoryChecker } from './checker.ts';
import { goToMoment } from './moments.ts';

/** Of edits that follow each other within this time, only the last is checked. */
const burstMs = 250;

export function registerHistoryEditor(
  extension: vscode.Uri,
  checker: HistoryChecker,
): vscode.Disposable {
  const dist = vscode.Uri.joinPath(extension, 'dist');
  const provider: vscode.CustomTextEditorProvider = {
    resolveCustomTextEditor: (document, panel) => {
      const editor = new HistoryEditor(document, panel, checker);
      panel.webview.options = { enableScripts: true, localResourceRoots: [dist] };
      panel.webview.html = historyPage(panel.webview, dist);
      panel.onDidDispose(() => editor.dispose());
    },
  };
  return vscode.Disposable.from(
    vscode.window.registerCustomEditorProvider(historyEditor, provider),
    vscode.window.registerCustomEditorProvider(optionalHistoryEditor, provider),
    vscode.commands.registerCommand(commands.openHistoryFile, openHistory),
    vscode.commands.registerCommand(commands.openHistoryAsText, openAsText),
  );
}

/** Opens the given file, else the one in the active editor, else one that the user chooses. */
async function openHistory(given?: vscode.Uri): Promise<void> {
  const uri = given ?? vscode.window.activeTextEditor?.document.uri ?? (await askFile());
  if (uri) await vscode.commands.executeCommand('vscode.openWith', uri, historyEditor);
}

async function askFile(): Promise<vscode.Uri | undefined> {
  const filters = { [words.files]: ['edn', 'jsonl', 'json', 'log', 'txt'] };
  const [uri] = (await vscode.window.showOpenDialog({ title: words.openTitle, filters })) ?? [];
  return uri;
}

async function openAsText(given?: vscode.Uri): Promise<void> {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  const active = input instanceof vscode.TabInputCustom ? input.uri : undefined;
  const uri = given ?? active;
  if (uri) await vscode.commands.executeCommand('vscode.openWith', uri, 'default');
}

class HistoryEditor {
  private choice: HistoryChoice;
  /** What the present check has reported: a page that VS Code loads again receives it once more. */
  private events: FileEvent[] = [];
  private origin: HistoryOrigin | undefined;
  private checking: vscode.CancellationTokenSource | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly subscriptions: vscode.Disposable[];

  constructor(
    private readonly document: vscode.TextDocument,
    private readonly panel: vscode.WebviewPanel,
    private readonly checker: HistoryChecker,
  ) {
    this.choice = { steps: checker.steps };
    this.subscriptions = [
      panel.webview.onDidReceiveMessage((message: FileMessage) => this.obey(message)),
      vscode.workspace.onDidChangeTextDocument(({ document: changed, contentChanges }) => {
        const isOwn = changed.uri.toString() === document.uri.toString();
        if (isOwn && contentChanges.length > 0) this.checkSoon();
      }),
    ];
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.checking?.cancel();
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private obey(message: FileMessage): void {
    switch (message.type) {
      case 'file ready':
        if (this.checking === undefined) void this.check();
        else for (const event of this.events) void this.panel.webview.postMessage(event);
        return;
      case 'choose':
        this.choice = message.choice;
        return void this.check();
      case 'stop':
        return this.checking?.cancel();
      case 'open as text':
        return void this.openText(message.line, message.column);
      case 'moment':
        if (this.origin) void goToMoment(this.document.uri, this.origin, message.step);
    }
  }

  private checkSoon(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.check(), burstMs);
  }

  private async check(): Promise<void> {
    this.checking?.cancel();
    const checking = new vscode.CancellationTokenSource();
    this.checking = checking;
    this.events = [];
    const { token } = checking;
    const { historyFormats, shippedSpecifications } = await import('../engine.ts');
    const send = (event: FileEvent) => {
      // A later check has taken the place of this one.
      if (this.checking !== checking) return;
      this.events.push(event);
      if (event.type === 'read') this.origin = event.origin;
      void this.panel.webview.postMessage(event);
    };
    send({
      type: 'opened',
      file: this.document.uri.path.replace(/^.*\//, ''),
      choice: this.choice,
      formats: historyFormats.map(({ name }) => name),
      specifications: shippedSpecifications.map(({ name }) => name),
    });
    try {
      await this.checker.check(this.document.getText(), this.choice, send, token);
      send({ type: 'done', isStopped: token.isCancellationRequested });
    } catch (error) {
      const failure = reasonOf(error);
      send({ type: 'done', isStopped: false, failure });
    }
  }

  private async openText(line: number | undefined, column: number | undefined): Promise<void> {
    if (line === undefined || column === undefined) return openAsText(this.document.uri);
    const position = new vscode.Position(line - 1, column - 1);
    const selection = new vscode.Range(position, position);
    await vscode.window.showTextDocument(this.document, { selection });
  }
}
