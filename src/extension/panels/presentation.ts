// `Lockstep: Present`: only the panels, as large as the window, with large text; and back again.
import * as vscode from 'vscode';
import { type PanelName, panels } from '../../view/panels.ts';
import { contextKeys, presentedTypes } from '../names.ts';
import { showView } from './opening.ts';
import type { Surfaces } from './surfaces.ts';

/** VS Code has no command for one direction alone. */
const toggleMaximized = 'workbench.action.toggleMaximizedPanel';
/** A setting of VS Code: `always`, `never` or `preserve`. */
const opensMaximized = 'workbench.panel.opensMaximized';

/** Kept over a reload of the window, because VS Code restores the layout then. */
const key = 'lockstep.isPresenting';

/**
 * Presented panels are views of their own, in the panel area, which VS Code can maximise over all
 * editors. So nothing that the user has opened is moved or closed. Zen mode hides the rest of the
 * window, and restores it.
 */
export class Presentation {
  isOn = false;

  constructor(
    private readonly surfaces: Surfaces,
    private readonly memory: vscode.Memento,
    private readonly changed: (isOn: boolean) => void,
  ) {
    if (memory.get<boolean>(key)) void this.end();
  }

  async toggle(): Promise<void> {
    await (this.isOn ? this.end() : this.begin());
  }

  private async begin(): Promise<void> {
    this.set(true);
    const names = this.presentable();
    await vscode.commands.executeCommand('setContext', contextKeys.presented, names.join(' '));
    await vscode.commands.executeCommand('workbench.action.toggleZenMode');
    // Only an area that is opened anew is known to be as large as usual.
    await vscode.commands.executeCommand('workbench.action.closePanel');
    for (const name of names) await showView(presentedTypes[name], true);
    const opens = vscode.workspace.getConfiguration().get<string>(opensMaximized);
    if (opens !== 'always') await vscode.commands.executeCommand(toggleMaximized);
    const [first] = names;
    if (first) await showView(presentedTypes[first], false);
  }

  private async end(): Promise<void> {
    this.set(false);
    // An area that is closed while it is maximised would open so the next time, for whatever view.
    await vscode.commands.executeCommand(toggleMaximized);
    await vscode.commands.executeCommand('workbench.action.closePanel');
    await vscode.commands.executeCommand('setContext', contextKeys.presented, '');
    await vscode.commands.executeCommand('workbench.action.exitZenMode');
  }

  private set(isOn: boolean): void {
    this.isOn = isOn;
    void this.memory.update(key, isOn || undefined);
    this.changed(isOn);
  }

  /** The panels that are visible, else those that open with a session. */
  private presentable(): PanelName[] {
    const shown = this.surfaces.shownPanels();
    if (shown.length > 0) return shown;
    return panels.filter(({ opensBySession }) => opensBySession).map(({ name }) => name);
  }
}
