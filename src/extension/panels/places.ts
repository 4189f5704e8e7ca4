// Remembers where the user last had each panel: as a tab, or as a view.
import * as vscode from 'vscode';
import type { PanelName } from '../../view/panels.ts';
import { settings } from '../names.ts';

/** `views` are in the view container *Lockstep*, or wherever the user has moved them. */
export type Place = 'editor' | 'views';

const key = 'lockstep.places';

type Known = Partial<Record<PanelName, Place>>;

export class Places implements vscode.Disposable {
  private readonly subscription: vscode.Disposable;

  constructor(private readonly memory: vscode.Memento) {
    this.subscription = vscode.workspace.onDidChangeConfiguration((change) => {
      // The setting is about all panels, so what was remembered of them is out of date.
      if (change.affectsConfiguration(settings.placePanels)) void memory.update(key, undefined);
    });
  }

  of(panel: PanelName): Place {
    const chosen = vscode.workspace.getConfiguration().get<string>(settings.placePanels);
    return this.known[panel] ?? (chosen === 'views' ? 'views' : 'editor');
  }

  remember(panel: PanelName, place: Place): void {
    if (this.of(panel) === place) return;
    void this.memory.update(key, { ...this.known, [panel]: place });
  }

  dispose(): void {
    this.subscription.dispose();
  }

  private get known(): Known {
    return this.memory.get<Known>(key) ?? {};
  }
}
