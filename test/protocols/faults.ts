/** The faults that random schedules share. */
import type { Action, MessageName } from '../../src/kernel/action.ts';
import type { Message } from '../../src/kernel/pending.ts';
import type { World } from '../../src/kernel/world.ts';
import type { NodeId } from '../../src/protocol/types.ts';
import type { Cluster } from './cluster.ts';
import { Dice } from './dice.ts';

/** Undefined if all nodes are up. */
export function restartOne(dice: Dice, { nodes, time: at }: World): Action | undefined {
  const down = nodes.filter(({ up }) => !up).map(({ id }) => id);
  return down.length > 0 ? { type: 'restart', at, node: dice.one(down) } : undefined;
}

/** The nodes of a partition. */
export function twoGroups(dice: Dice, all: readonly NodeId[]): NodeId[][] {
  const side = dice.some(all);
  return [side, all.filter((id) => !side.includes(id))];
}

/** One of the messages in flight, as actions name it; undefined if there is none. */
export function someMessage(
  dice: Dice,
  { queue, time: at }: World,
): (MessageName & { at: number }) | undefined {
  const flying = queue.items.filter((one): one is Message => one.type === 'deliver');
  if (flying.length === 0) return undefined;
  const { from, to, ordinal, copy } = dice.one(flying);
  return { at, from, to, ordinal, copy };
}

/**
 * The faults of disks, in every fourth schedule. They have draws of their own, so that the schedule
 * is otherwise the same.
 */
export function diskFaults(seed: number, nodes: readonly NodeId[], chance: number): DiskFaults {
  const dice = seed % 4 === 2 ? new Dice(seed + 1_000_000) : undefined;
  return (at) => {
    if (dice === undefined || !dice.chance(chance)) return undefined;
    const [node, does] = [dice.one(nodes), dice.below(4)];
    if (does === 0) return { type: 'disk', at, node, does: 'ok' };
    if (does === 1) return { type: 'disk', at, node, does: 'slow', by: 1_000 * (1 + dice.below(30)) };
    return { type: 'disk', at, node, does: 'stall', for: 1_000 * (50 + dice.below(500)) };
  };
}

/** A disk that becomes slow, stands still for a while, or is well again; mostly undefined. */
type DiskFaults = (at: number) => Action | undefined;

/** From then on, all nodes are up and connected, and their clocks run at the same rate. */
export function endFaults(
  cluster: Cluster,
  network = 'loss=0% duplicate=0% reorder=false latency=1ms..5ms',
): void {
  cluster.do('heal');
  cluster.do(`network ${network}`);
  for (const node of cluster.world.nodes) {
    if (!node.up) cluster.do(`restart ${node.id}`);
    if (node.paused) cluster.do(`resume ${node.id}`);
    cluster.do(`clock ${node.id} drift +0ppm`);
    cluster.take({ type: 'disk', at: cluster.world.time, node: node.id, does: 'ok' });
  }
}
