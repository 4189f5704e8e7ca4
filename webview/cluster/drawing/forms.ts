/**
 * In which form the nodes of a picture say their epoch: `term 3` if there is room for it at all of
 * them, otherwise `t3` at all. Two forms side by side would look like two things.
 */

import type { ClusterView, NodeView, RoleView } from '../../../src/view/cluster/cluster-view.ts';
import { epochInitial, epochText } from '../../../src/view/panel-words/cluster.ts';
import { textWidth } from '../../ui/measure.ts';
import { nameRoom, nameSizes, sizeOfName } from '../layout/names.ts';
import type { CrowdNames } from '../layout/names.ts';
import type { Slot } from '../layout/slot.ts';
import { inDisc } from './disc-words.ts';
import { lineSize, strong } from './word-rows.ts';

export interface Forms {
  /** Whether the words beside discs have the short form. */
  readonly isTerse: boolean;
  /** Of a small disc. */
  smallEpoch(node: NodeView, slot: Slot): { readonly text: string; readonly size: number };
}

/** The epoch's letters, compared with those of the name above it. */
export const epochShare = 0.82;

export function formsOf(
  { nodes, roles }: ClusterView,
  slots: ReadonlyMap<string, Slot>,
  isDetailed: (node: string) => boolean,
  { nameOf }: CrowdNames,
): Forms {
  const small = nodes.filter(({ id, epoch }) => epoch !== undefined && !isDetailed(id));
  const groups = new Map<string, { size: number; wide: number }>();
  for (const node of small) {
    const { radius } = slots.get(node.id)!;
    const size = Math.max(nameSizes.least, sizeOfName(nameOf(node.id), radius)) * epochShare;
    const wide = textWidth(epochText(node.epoch!), 1);
    const group = groups.get(keyOf(radius)) ?? { size, wide };
    groups.set(keyOf(radius), {
      size: Math.max(group.size, size), wide: Math.max(group.wide, wide),
    });
  }
  const beside = nodes.filter(({ id }) => isDetailed(id));
  return {
    isTerse: beside.some((node) => isCut(node, slots.get(node.id)!, roles)),
    smallEpoch: ({ epoch }, { radius }) => {
      const { size, wide } = groups.get(keyOf(radius))!;
      const isWhole = wide * size <= radius * nameRoom;
      return { text: isWhole ? epochText(epoch!) : epochInitial(epoch!), size };
    },
  };
}

function keyOf(radius: number): string {
  return radius.toFixed(1);
}

/** Whether its longest standing leaves its epoch no room: steps do not change the form. */
function isCut(node: NodeView, slot: Slot, roles: readonly RoleView[]): boolean {
  const { epoch, role } = node;
  const disc = inDisc(node, slot);
  if (epoch === undefined || slot.words.side === 'none' || disc.epoch) return false;
  const standings = roles.find(({ name }) => name === role)?.standings ?? [];
  const texts = [node.standing, ...standings.map(({ name }) => name)].map((standing) =>
    standing === '' || disc.standing ? epochText(epoch) : `${standing}, ${epochText(epoch)}`);
  return texts.some((text) => textWidth(text, lineSize * strong) > slot.words.width);
}
