/** Entry point of a page that plays an exported run: the editor's panels without a debugger. */

import { panelElement } from '../../src/view/panels.ts';
import type { PanelName } from '../../src/view/panels.ts';
import type { RecordedRun } from '../../src/view/export/recorded-run.ts';
import { ClusterPanel } from '../cluster/panel.ts';
import { HistoryPanel } from '../history/panel.ts';
import { SequencePanel } from '../sequence/panel.ts';
import { dressPage } from '../ui/theme.ts';
import { RunElement } from './element.ts';

const elements: Partial<Record<PanelName, CustomElementConstructor>> = {
  cluster: ClusterPanel,
  sequence: SequencePanel,
  history: HistoryPanel,
};

export function play(run: RecordedRun): void {
  dressPage();
  for (const name of run.about.panels) customElements.define(panelElement(name), elements[name]!);
  customElements.define('lockstep-run', RunElement);
  const element = new RunElement();
  element.run = run;
  document.getElementById('app')!.replaceChildren(element);
}
