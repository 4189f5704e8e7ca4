/** Which links are cut, and the islands into which cuts divide the network. */
import type { Moment, NodeMoment } from '../../kernel/seam/moment.ts';
import type { ClusterView } from './cluster-view.ts';

/** A lost host is marked itself: its links count as neither cut nor whole. */
function onNetwork({ nodes }: Moment): NodeMoment[] {
  return nodes.filter(({ host }) => host === 'on');
}

export function cutsOf(moment: Moment): ClusterView['cuts'] {
  if (!moment.hasCuts) return [];
  const cuts: ClusterView['cuts'] = [];
  const nodes = onNetwork(moment);
  for (const from of nodes) {
    for (const to of nodes) {
      if (moment.isCut(from.index, to.index)) cuts.push({ from: from.id, to: to.id });
    }
  }
  return cuts;
}

/** Connected components: two nodes are joined if the link works in at least one direction. */
export function islandsOf(moment: Moment): string[][] {
  if (!moment.hasCuts) return [];
  const nodes = onNetwork(moment);
  const parent = moment.nodes.map(({ index }) => index);
  const root = (index: number): number => (parent[index] === index ? index : root(parent[index]));
  for (const { index: a } of nodes) {
    for (const { index: b } of nodes) {
      if (b >= a) break;
      if (!moment.isCut(a, b) || !moment.isCut(b, a)) parent[root(a)] = root(b);
    }
  }
  const islands = new Map<number, string[]>();
  for (const { id, index } of nodes) {
    const island = root(index);
    islands.set(island, [...(islands.get(island) ?? []), id]);
  }
  return islands.size > 1 ? [...islands.values()] : [];
}
