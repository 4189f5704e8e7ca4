// All surfaces: which of them are loaded, which has the focus, and what their pages report.
import * as vscode from 'vscode';
import type { PageEvent, PanelMessage } from '../../view/contract.ts';
import { type PanelName, panels } from '../../view/panels.ts';
import { contextKeys } from '../names.ts';
import { panelNotLoaded } from '../words.ts';
import { plainPage } from './page-text.ts';
import { panelPage } from './panel-page.ts';
import type { Surface } from './surface.ts';

/** A page that does not answer within this time is gone. */
const answerMs = 5_000;

const loadsMax = 3;

/** The messages of a page that are about more than the page itself. */
export type PageMessage = Exclude<
  PanelMessage,
  { type: 'has focus' | 'heard' | 'shortcut' | 'not loaded' | 'pinned' }
>;

export interface SurfaceListener {
  received(surface: Surface, message: PageMessage): void;
  /** The page of the surface is discarded, or its surface is closed. */
  hidden(surface: Surface): void;
  /** A surface has become visible. */
  shown(surface: Surface): void;
  focusMoved(surface: Surface, hasFocus: boolean): void;
  shortcutPressed(): void;
}

export class Surfaces implements vscode.Disposable {
  private readonly all = new Set<Surface>();
  /** The surfaces whose page is loaded. */
  private readonly loaded = new Set<Surface>();
  private readonly failedLoads = new WeakMap<Surface, number>();
  private readonly pinned = new Set<Surface>();
  /**
   * The surface whose page has the focus. VS Code makes the source's editor active when it shows a
   * frame, even if the focus stays in a tab, so `active` does not tell.
   */
  focused: Surface | undefined;
  /** The surface that last had the focus, as long as it is open. */
  lastFocused: Surface | undefined;

  constructor(
    private readonly dist: vscode.Uri,
    private readonly listener: SurfaceListener,
  ) {}

  /** All open surfaces of a panel, hidden ones too; the visible ones first. */
  of(panel: PanelName): Surface[] {
    return [...this.all]
      .filter((one) => one.panel === panel)
      .sort((one, other) => Number(other.visible) - Number(one.visible));
  }

  tabOf(panel: PanelName): Surface | undefined {
    return this.of(panel).find(({ kind }) => kind === 'editor');
  }

  tabs(): Surface[] {
    return [...this.all].filter(({ kind }) => kind === 'editor');
  }

  loadedOf(panel: PanelName): Surface[] {
    return [...this.loaded].filter((one) => one.panel === panel);
  }

  /** The panels that have a loaded page. */
  shownPanels(): PanelName[] {
    return panels.map(({ name }) => name).filter((name) => this.loadedOf(name).length > 0);
  }

  add(surface: Surface): void {
    const { webview } = surface;
    this.all.add(surface);
    webview.options = { enableScripts: true, localResourceRoots: [this.dist] };
    webview.onDidReceiveMessage((message: PanelMessage) => this.receive(surface, message));
    surface.onVisibility(() => {
      if (surface.visible) this.listener.shown(surface);
      else this.hidden(surface);
    });
    surface.onClosed(() => {
      this.all.delete(surface);
      if (this.pinned.has(surface)) this.setPinned(surface, false);
      if (this.lastFocused === surface) this.lastFocused = undefined;
      this.hidden(surface);
    });
    this.setPage(surface);
  }

  /** The page has run its script. */
  load(surface: Surface): void {
    this.loaded.add(surface);
    this.failedLoads.delete(surface);
  }

  private setPage({ webview, panel, kind }: Surface): void {
    const descriptor = panels.find(({ name }) => name === panel)!;
    webview.html = panelPage(webview, this.dist, descriptor, kind === 'presented');
  }

  private loadAgain(surface: Surface): void {
    const count = (this.failedLoads.get(surface) ?? 0) + 1;
    this.failedLoads.set(surface, count);
    if (count < loadsMax) this.setPage(surface);
    else surface.webview.html = plainPage(panelNotLoaded);
  }

  post(surface: Surface, event: PageEvent): void {
    void surface.webview.postMessage(event);
  }

  /** Gives the focus to a surface that is visible; resolves once VS Code has done so. */
  async focusOn(surface: Surface): Promise<void> {
    if (!surface.visible) return;
    surface.show(false);
    // VS Code takes calls in order, and says only of commands that it has done them.
    await vscode.commands.executeCommand('setContext', contextKeys.focusedPanel, surface.panel);
  }

  /** Resolves once the page has reported every change of its focus until now. */
  async reported(surface: Surface): Promise<void> {
    // The page of a hidden surface may not be loaded, so it would not answer.
    if (!surface.visible) return;
    await new Promise<void>((resolve) => {
      const done = () => {
        clearTimeout(limit);
        answers.dispose();
        resolve();
      };
      const limit = setTimeout(done, answerMs);
      const answers = surface.webview.onDidReceiveMessage((message: PanelMessage) => {
        if (message.type === 'heard') done();
      });
      this.post(surface, { type: 'heard?' });
    });
  }

  dispose(): void {
    for (const surface of this.all) surface.close();
  }

  private receive(surface: Surface, message: PanelMessage): void {
    switch (message.type) {
      case 'has focus':
        return this.moveFocus(surface, message.hasFocus);
      case 'shortcut':
        return this.listener.shortcutPressed();
      case 'heard':
        return;
      case 'not loaded':
        return this.loadAgain(surface);
      case 'pinned':
        return this.setPinned(surface, message.isPinned);
      default:
        return this.listener.received(surface, message);
    }
  }

  /** The title of a view shows whether it is pinned. A hidden page stays as it is. */
  private setPinned(surface: Surface, isPinned: boolean): void {
    if (isPinned) this.pinned.add(surface);
    else this.pinned.delete(surface);
    const views = [...this.pinned].filter(({ kind }) => kind === 'view');
    const names = views.map(({ panel }) => panel).join(' ');
    void vscode.commands.executeCommand('setContext', contextKeys.pinnedViews, names);
  }

  private moveFocus(surface: Surface, hasFocus: boolean): void {
    if (hasFocus) {
      this.focused = surface;
      this.lastFocused = surface;
    } else if (this.focused === surface) this.focused = undefined;
    this.listener.focusMoved(surface, hasFocus);
  }

  /** A page that VS Code discards does not report that it lost the focus. */
  private hidden(surface: Surface): void {
    if (this.focused === surface) this.moveFocus(surface, false);
    if (this.loaded.delete(surface)) this.listener.hidden(surface);
  }
}
