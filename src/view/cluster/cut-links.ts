/** Cut links as the picture and its words show them: one entry for both directions. */
import type { ClusterView } from './cluster-view.ts';

/** A link that is cut, in one direction or in both. */
export interface CutLink {
  from: string;
  to: string;
  bothWays: boolean;
}

/** Merges the two directions of a link that is cut both ways. */
export function cutLinks(cuts: ClusterView['cuts']): CutLink[] {
  const directions = new Set(cuts.map(({ from, to }) => JSON.stringify([from, to])));
  return cuts
    .map(({ from, to }) => ({ from, to, bothWays: directions.has(JSON.stringify([to, from])) }))
    .filter(({ from, to, bothWays }) => !bothWays || from < to);
}
