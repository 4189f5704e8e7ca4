/** Whether a node is in charge, or only believes so: the picture must not show one as the other. */
import type { NodeView } from './cluster-view.ts';

/** It is in charge by its own standing, but all that it believes to hold is not its own. */
export function onlyBelieves({ tone, holds }: Pick<NodeView, 'tone' | 'holds'>): boolean {
  if (tone !== 'lead' || holds.length === 0) return false;
  return holds.every(({ belief }) => belief === 'believes');
}
