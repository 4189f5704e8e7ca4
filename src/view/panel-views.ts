/** The function that computes the view of each panel. */
import type { Reading } from '../session/read/reading.ts';
import { clusterOf } from './cluster.ts';
import type { Views } from './contract.ts';
import type { PanelName } from './panels.ts';
import { historyOf } from './history/of-run.ts';
import { sequenceOf } from './sequence.ts';

export const panelViews: { [Name in PanelName]: (reading: Reading) => Views[Name] } = {
  cluster: clusterOf,
  sequence: sequenceOf,
  history: historyOf,
};

/** The views of the panels that are open: they are all that is computed. */
export function viewsOf(reading: Reading, open: Iterable<PanelName>): Partial<Views> {
  return Object.fromEntries([...open].map((name) => [name, panelViews[name](reading)]));
}
