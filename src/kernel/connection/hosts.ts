/** What happens to hosts and to their connections from outside: a lost host, a reset. */
import type { NodeId } from '../../protocol/types.ts';
import type { Action } from '../action.ts';
import type { Effects } from '../effects.ts';
import { postpone, withdraw } from '../postponed.ts';
import { endProcess } from '../processes.ts';
import type { World } from '../world.ts';
import { resetConnection } from './arrive.ts';
import { connectionsBetween, forgetAll } from './send.ts';

type Loss = Extract<Action, { type: 'power-off' | 'unplug' }>;

/** Ends the process of a node and its host's connections, of which no peer is notified. */
export function powerOff(world: World, action: Loss, effects: Effects | null): boolean {
  const index = world.plan.indexOf.get(action.node);
  if (index === undefined || !world.nodes[index].powered) return false;
  const slot = world.touch(index);
  forgetAll(world, slot);
  if (slot.up) endProcess(world, slot, effects);
  slot.powered = false;
  world.network = world.network.withHost(index, 1);
  if (effects !== null) effects.acted = index;
  const { node, for: after } = action;
  if (after !== undefined) postpone(world, after, { type: 'restart', node, at: 0 });
  return true;
}

/** Takes a host off the network. Its processes go on. */
export function unplug(world: World, action: Loss, effects: Effects | null): boolean {
  const index = world.plan.indexOf.get(action.node);
  if (index === undefined || !world.nodes[index].plugged) return false;
  world.touch(index).plugged = false;
  world.network = world.network.withHost(index, 1);
  if (effects !== null) effects.acted = index;
  const { node, for: after } = action;
  if (after !== undefined) postpone(world, after, { type: 'plug-in', node, at: 0 });
  return true;
}

export function plugIn(world: World, node: NodeId, effects: Effects | null): boolean {
  const index = world.plan.indexOf.get(node);
  if (index === undefined || world.nodes[index].plugged) return false;
  const slot = world.touch(index);
  slot.plugged = true;
  if (slot.powered) world.network = world.network.withHost(index, 0);
  if (effects !== null) effects.acted = index;
  withdraw(world, { type: 'plug-in', node, at: 0 });
  return true;
}

export function reset(
  world: World,
  nodes: readonly [NodeId, NodeId],
  effects: Effects | null,
): boolean {
  const ids = connectionsBetween(world, nodes);
  for (const id of ids) resetConnection(world, id, effects);
  return ids.length > 0;
}
