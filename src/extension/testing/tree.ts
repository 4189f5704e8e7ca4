// The tree of the Testing view: folders and scenarios, the files that `lockstep test` finds.
import * as vscode from 'vscode';
import { isScenario, notSearched, scenarioPattern } from '../scenario-files.ts';
import { testing as words } from '../words.ts';

const excludedPath = /(^|\/)(\.[^/]*|node_modules)\//;
const filesMax = 10_000;

/** Fills itself when the view is first shown, and then follows the files. */
export class TestTree implements vscode.Disposable {
  private readonly subscriptions: vscode.Disposable[] = [];
  private isFollowing = false;

  constructor(private readonly controller: vscode.TestController) {}

  async discover(): Promise<void> {
    this.follow();
    const found = await vscode.workspace.findFiles(scenarioPattern, notSearched, filesMax);
    this.controller.items.replace([]);
    for (const uri of found) this.add(uri);
  }

  /** The scenarios below an item; it is one itself if it has no children. */
  scenariosOf(item: vscode.TestItem): vscode.TestItem[] {
    if (isScenario(item.uri!)) return [item];
    return this.all(item.children);
  }

  all(items = this.controller.items): vscode.TestItem[] {
    const found: vscode.TestItem[] = [];
    items.forEach((item) => found.push(...this.scenariosOf(item)));
    return found;
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private follow(): void {
    if (this.isFollowing) return;
    this.isFollowing = true;
    const watcher = vscode.workspace.createFileSystemWatcher(scenarioPattern);
    this.subscriptions.push(
      watcher,
      watcher.onDidCreate((uri) => this.add(uri)),
      watcher.onDidDelete((uri) => this.remove(uri)),
      watcher.onDidChange((uri) => this.outdate(uri)),
      vscode.workspace.onDidChangeWorkspaceFolders(() => this.discover()),
      // Any of them may be a part of the protocol of any scenario.
      vscode.workspace.onDidSaveTextDocument(({ uri }) => {
        if (uri.path.endsWith('.ts')) this.controller.invalidateTestResults();
      }),
    );
  }

  private add(uri: vscode.Uri): void {
    const folder = vscode.workspace.getWorkspaceFolder(uri);
    if (!folder || excludedPath.test(vscode.workspace.asRelativePath(uri, false))) return;
    // A description would leave too little room for the name in a narrow view.
    const isTwin = /\.broken\.[^/]*$/.test(uri.path);
    const label = isTwin ? words.mustFail(nameOf(uri)) : nameOf(uri);
    const item = this.controller.createTestItem(uri.toString(), label, uri);
    // The editor shows the result and the buttons at the first line.
    item.range = new vscode.Range(0, 0, 0, 0);
    this.childrenOf(vscode.Uri.joinPath(uri, '..'), folder).add(item);
  }

  /** The children of a folder's item. Several workspace folders have an item each, one has none. */
  private childrenOf(uri: vscode.Uri, folder: vscode.WorkspaceFolder): vscode.TestItemCollection {
    const isTop = uri.path.length <= folder.uri.path.replace(/\/$/, '').length;
    const hasItem = !isTop || (vscode.workspace.workspaceFolders ?? []).length > 1;
    if (!hasItem) return this.controller.items;
    const parent = isTop
      ? this.controller.items
      : this.childrenOf(vscode.Uri.joinPath(uri, '..'), folder);
    const id = uri.toString();
    const present = parent.get(id);
    if (present) return present.children;
    const label = isTop ? folder.name : nameOf(uri);
    const created = this.controller.createTestItem(id, label, uri);
    parent.add(created);
    return created.children;
  }

  private itemOf(uri: vscode.Uri): vscode.TestItem | undefined {
    const id = uri.toString();
    return this.all().find((item) => item.id === id);
  }

  private outdate(uri: vscode.Uri): void {
    const item = this.itemOf(uri);
    if (item) this.controller.invalidateTestResults(item);
  }

  /** Removes a scenario, and the folders that are empty without it. */
  private remove(uri: vscode.Uri): void {
    let gone = this.itemOf(uri);
    while (gone && gone.children.size === 0) {
      const { parent, id }: vscode.TestItem = gone;
      (parent?.children ?? this.controller.items).delete(id);
      gone = parent;
    }
  }
}

function nameOf(uri: vscode.Uri): string {
  return uri.path.replace(/^.*\//, '');
}
