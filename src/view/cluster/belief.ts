/** Whether a node is in charge, or only believes so: the picture must not show one as the other. */
import type { NodeView } from './cluster-view.ts';

/** It leads or holds by its own standing, but what it believes to hold belongs to none or another. */
export function onlyBelieves({ tone, holds }: Pick<NodeView, 'tone' | 'holds'>): boolean {
  if (tone !== 'lead' || holds.length === 0) return false;
  return holds.every(({ belief }) => belief === 'believes');
}
