/** What becomes of a world once faults stop, on a network that runs by itself again. */
import type { Action } from '../kernel/action.ts';
import { canArrive } from '../kernel/network/in-flight.ts';
import { isOwn, type Message } from '../kernel/pending.ts';
import type { NetworkSetup } from '../kernel/plan.ts';
import { asPending } from '../kernel/run.ts';
import { step } from '../kernel/step.ts';
import type { World } from '../kernel/world.ts';
import { bySending } from './choices.ts';
import { missed } from './search/ending.ts';
import type { Targets } from './search/problem.ts';

export type LeadsTo = NonNullable<Targets['leadsTo']>;

/**
 * Ends all faults in the world itself: partitions heal, crashed nodes restart, paused ones resume,
 * and what the network held back arrives, in the order of sending. Returns the actions.
 */
export function released(world: World, network: NetworkSetup): Action[] {
  const actions: Action[] = [];
  const take = (action: Action) => {
    if (step(world, action)) actions.push({ ...action, at: world.time });
  };
  const at = world.time;
  if (world.network.isCut) take({ type: 'heal', at });
  for (const { id: node, up, started, paused } of world.nodes) {
    if (!up && started) take({ type: 'restart', at, node });
    if (paused) take({ type: 'resume', at, node });
  }
  const { latency, loss, duplicate, reorder } = network;
  const rule = { latency, loss, duplicate, reorder };
  const held = world.queue.items.filter((one): one is Message => one.type === 'deliver');
  const waits = !reorder && held.length > 0;
  // On a link that keeps its order, a reply would wait until what is held back arrives by itself.
  // All replies take equally long, so that they keep their order.
  const meanwhile = { ...rule, latency: [latency[1], latency[1]] as const, reorder: true };
  take({ type: 'network', at, rule: waits ? meanwhile : rule });
  for (const { from, to, ordinal, copy } of held.sort(bySending)) {
    take({ type: 'deliver', at, from, to, ordinal, copy });
  }
  if (waits) take({ type: 'network', at, rule });
  return actions;
}

/** Whether the condition stays false for so long, once faults stop. The world stays as it is. */
export function isMissed(world: World, network: NetworkSetup, leadsTo: LeadsTo): boolean {
  const run = world.fork();
  released(run, network);
  const found = missed(run, leadsTo);
  return found !== undefined && 'actions' in found;
}

/** What becomes of a run that `isMissed`: faults end, and the condition stays false for so long. */
export function continuation(
  from: World,
  actions: readonly Action[],
  network: NetworkSetup,
  leadsTo: LeadsTo,
): readonly Action[] {
  const world = from.fork();
  for (const action of actions) step(world, asPending(world, action));
  const end = released(world, network);
  const found = missed(world, leadsTo);
  return found !== undefined && 'actions' in found ? [...end, ...found.actions] : end;
}

/** How much is on its way that a run would wait for: messages, and timers that count as work. */
export function underWay(world: World): number {
  let count = 0;
  for (const one of world.queue.items) {
    if (one.type === 'postponed') count++;
    if (one.type === 'deliver' && (isOwn(one) || canArrive(world, one))) count++;
  }
  for (const { cast, timers, held, up } of world.nodes) {
    count += held.length;
    if (!up) continue;
    for (const { isSet, name } of timers) {
      if (isSet && cast.role.background?.includes(name) !== true) count++;
    }
  }
  return count;
}
