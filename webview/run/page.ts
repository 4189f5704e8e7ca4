/** Entry point of a page that plays an exported run: the editor's panels and its engine. */

import { panelElement } from '../../src/view/panels.ts';
import type { PanelName } from '../../src/view/panels.ts';
import type { RecordedRun } from '../../src/view/export/recorded-run.ts';
import { ReplayedRun } from '../../src/view/export/replayed-run.ts';
import { replayingText } from '../../src/view/panel-words/run-page.ts';
import { ClusterPanel } from '../cluster/panel.ts';
import { HistoryPanel } from '../history/panel.ts';
import { LocksPanel } from '../locks/panel.ts';
import { LogsPanel } from '../logs/panel.ts';
import { RolesPanel } from '../roles/panel.ts';
import { SequencePanel } from '../sequence/panel.ts';
import { SpacetimePanel } from '../spacetime/panel.ts';
import { listenForAnswers } from '../ui/host.ts';
import { definePlay } from '../ui/play.ts';
import { dressPage } from '../ui/theme.ts';
import { RunElement } from './element.ts';
import { followSystem } from './themes.ts';

const elements: Record<PanelName, CustomElementConstructor> = {
  cluster: ClusterPanel,
  sequence: SequencePanel,
  spacetime: SpacetimePanel,
  history: HistoryPanel,
  locks: LocksPanel,
  logs: LogsPanel,
  roles: RolesPanel,
};

/** Some milliseconds, after which the page says how far it is. */
const actionsAtOnce = 5_000;

export async function play(run: RecordedRun): Promise<void> {
  const replayed = new ReplayedRun(run);
  const state = document.getElementById('run-state')!;
  while (!replayed.advance(actionsAtOnce)) {
    state.textContent = replayingText(replayed.progress);
    await new Promise((resolve) => setTimeout(resolve));
  }
  dressPage();
  followSystem();
  definePlay();
  listenForAnswers();
  for (const name of run.about.panels) customElements.define(panelElement(name), elements[name]);
  customElements.define('lockstep-run', RunElement);
  const element = new RunElement();
  element.start(run, replayed);
  document.getElementById('run-page')!.replaceChildren(element);
}
