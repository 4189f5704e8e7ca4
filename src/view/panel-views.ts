/** The function that computes the view of each panel. */
import { clusterOf } from './cluster.ts';
import type { Views } from './contract.ts';
import type { PanelName } from './panels.ts';
import type { Scene } from './scene.ts';
import { sequenceOf } from './sequence.ts';

export const panelViews: { [Name in PanelName]: (scene: Scene) => Views[Name] } = {
  cluster: clusterOf,
  sequence: sequenceOf,
};

/** The views of the panels that are open: they are all that is computed. */
export function viewsOf(scene: Scene, open: Iterable<PanelName>): Partial<Views> {
  return Object.fromEntries([...open].map((name) => [name, panelViews[name](scene)]));
}
