/** What each node holds at one moment, or believes to hold, as the picture shows it. */
import type { Moment } from '../../kernel/seam/moment.ts';
import { type Holding, holdings } from '../holding.ts';
import type { HoldView } from './cluster-view.ts';

type Held = Omit<HoldView, 'changed'>;

/** For each node by its name; nodes that hold nothing are left out. */
export function holdViews(moment: Moment, before: Moment | null): Map<string, HoldView[]> {
  const old = before === null ? null : heldBy(before);
  const views = new Map<string, HoldView[]>();
  for (const [node, held] of heldBy(moment)) {
    const known = old?.get(node) ?? [];
    const isKnown = ({ of, belief }: Held) =>
      known.some((one) => one.of === of && one.belief === belief);
    views.set(node, held.map((one) => ({ ...one, changed: old !== null && !isKnown(one) })));
  }
  return views;
}

function heldBy(moment: Moment): Map<string, Held[]> {
  const byNode = new Map<string, Held[]>();
  for (const holding of holdings(moment)) {
    for (const { node, ...held } of heldOf(holding, moment)) {
      byNode.set(node, [...(byNode.get(node) ?? []), held]);
    }
  }
  return byNode;
}

function heldOf({ of, authority, beliefs }: Holding, moment: Moment): (Held & { node: string })[] {
  const isStanding = (node: string) => moment.node(node)?.look.standing === of;
  const believed = beliefs.map(({ node, isHeld }) => {
    return { node, of, isRole: isStanding(node), belief: isHeld ? 'holds' : 'believes' } as const;
  });
  const believing = new Set(beliefs.map(({ node }) => node));
  const unaware = (authority?.holders ?? []).flatMap(({ node }) => {
    if (node === null || believing.has(node)) return [];
    return [{ node, of, isRole: isStanding(node), belief: 'granted' } as const];
  });
  // That a node leads is its standing already, unless it only believes so.
  return [...believed, ...unaware].filter(({ isRole, belief }) => !isRole || belief === 'believes');
}
