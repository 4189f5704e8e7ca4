// Opens panels: with a session, each where the user last had it, and by their commands.
import * as vscode from 'vscode';
import { type PanelDescriptor, type PanelName, panels } from '../../view/panels.ts';
import { panelTypes, presentedTypes, settings, viewTypes } from '../names.ts';
import {
  dividedColumn,
  divideForPanels,
  ownColumn,
  showDebugView,
  unloadedTabs,
} from './layout.ts';
import { Places } from './places.ts';
import { tabSurface, viewSurface } from './surface.ts';
import type { Surfaces } from './surfaces.ts';

type Descriptor = PanelDescriptor & { readonly name: PanelName };

export class Opening implements vscode.Disposable {
  private readonly places: Places;
  private readonly subscriptions: vscode.Disposable[];

  constructor(
    private readonly surfaces: Surfaces,
    memory: vscode.Memento,
  ) {
    this.places = new Places(memory);
    this.subscriptions = [
      this.places,
      ...panels.flatMap(({ name }) => [
        vscode.window.registerWebviewPanelSerializer(panelTypes[name], {
          deserializeWebviewPanel: async (tab) => this.adopt(name, tab),
        }),
        vscode.window.registerWebviewViewProvider(viewTypes[name], {
          resolveWebviewView: (view) => {
            surfaces.add(viewSurface(name, 'view', view));
            this.places.remember(name, 'views');
          },
        }),
        vscode.window.registerWebviewViewProvider(presentedTypes[name], {
          resolveWebviewView: (view) => surfaces.add(viewSurface(name, 'presented', view)),
        }),
      ]),
    ];
  }

  /** A hidden view was shown, so that is where its panel opens the next time. */
  viewShown(name: PanelName): void {
    this.places.remember(name, 'views');
  }

  /** Opens a panel by its command, and gives it the focus. */
  async open(name: PanelName): Promise<void> {
    const [known] = this.surfaces.of(name);
    if (known?.visible) return known.show(false);
    if (this.places.of(name) === 'views') return showView(viewTypes[name], false);
    await this.openTab(name);
  }

  /** Opens a panel as a tab, and gives it the focus. */
  async openInEditor(name: PanelName): Promise<void> {
    this.places.remember(name, 'editor');
    await this.openTab(name);
  }

  /** At the start of a session. The focus stays in the code. */
  async openWithSession(): Promise<void> {
    const choice = vscode.workspace.getConfiguration().get<string>(settings.openPanels);
    if (choice === 'manually') return;
    const missing = panels.filter((one) => one.opensBySession && !this.isOpen(one.name));
    const tabs = missing.filter(({ name }) => this.places.of(name) === 'editor');
    const views = missing.filter(({ name }) => this.places.of(name) === 'views');
    if (tabs.length > 0) await this.openTabs(tabs);
    await showDebugView();
    // Later, because the view Run and Debug would cover them in the same side bar.
    for (const { name } of views) await showView(viewTypes[name], true);
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private isOpen(name: PanelName): boolean {
    return this.surfaces.of(name).some(({ kind, visible }) => kind === 'editor' || visible);
  }

  private async openTab(name: PanelName): Promise<void> {
    const tab = this.surfaces.tabOf(name);
    if (tab) return tab.show(false);
    const descriptor = panels.find((one) => one.name === name)!;
    await this.create(descriptor, undefined, false);
  }

  private async openTabs(missing: readonly Descriptor[]): Promise<void> {
    const editor = vscode.window.activeTextEditor;
    const isDivided = await divideForPanels(missing.length);
    for (const descriptor of missing) {
      const column = isDivided ? dividedColumn(descriptor, missing.length) : undefined;
      await this.create(descriptor, column, true);
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
    const [other] = this.surfaces.tabs();
    const shared = descriptor.opensBySession ? undefined : this.columnOf(descriptor.place);
    const viewColumn =
      column ??
      unloaded.at(0)?.group.viewColumn ??
      shared ??
      (await ownColumn(descriptor, other));
    // The user may have pressed F5 again while the layout was changing.
    if (this.surfaces.tabOf(name)) return;
    const place = { viewColumn, preserveFocus };
    this.adopt(name, vscode.window.createWebviewPanel(panelTypes[name], title, place));
    // Closed only now, because a group disappears with its last tab.
    if (unloaded.length > 0) await vscode.window.tabGroups.close(unloaded, true);
  }

  /** The column of an open tab with this place: a panel that opens by its command shares it. */
  private columnOf(place: PanelDescriptor['place']): vscode.ViewColumn | undefined {
    const found = panels.find((one) => one.place === place && this.surfaces.tabOf(one.name));
    return found && this.surfaces.tabOf(found.name)?.column;
  }

  /** Takes over a new tab, or one that VS Code restored after a reload of the window. */
  private adopt(name: PanelName, tab: vscode.WebviewPanel): void {
    // VS Code may restore a tab while a session opens it.
    if (this.surfaces.tabOf(name)) return void tab.dispose();
    this.surfaces.add(tabSurface(name, tab));
  }
}

/** Shows a view wherever it is; VS Code has such a command for each view. */
export async function showView(type: string, preserveFocus: boolean): Promise<void> {
  await vscode.commands.executeCommand(`${type}.focus`, { preserveFocus });
}
