/** What happens to links: partitions, one-way cuts, repairs, and changes of the network's rules. */
import type { Action } from '../action.ts';
import { Message } from '../pending.ts';
import { postpone, withdraw } from '../postponed.ts';
import type { World } from '../world.ts';

type NetworkAction = Extract<Action, { type: 'partition' | 'cut' | 'heal' | 'network' }>;

export function changeNetwork(world: World, action: NetworkAction): boolean {
  const all = world.plan.cast.map((cast) => cast.index);
  const numbers = (ids: readonly string[] | undefined) =>
    ids?.map((id) => world.plan.indexOf.get(id) ?? -1).filter((index) => index >= 0) ?? all;
  switch (action.type) {
    case 'network': {
      const [from, to] = [numbers(action.rule.from), numbers(action.rule.to)];
      const before = world.network;
      world.network = before.withRule(action.rule, from, to);
      keepOrder(world, before, from, to);
      return true;
    }
    case 'heal':
      world.network = world.network.withCut(numbers(action.from), numbers(action.to), 0);
      withdraw(world, { ...action, at: 0 });
      return true;
    case 'cut':
      world.network = world.network.withCut(numbers(action.from), numbers(action.to), 1);
      healLater(world, action.for, [[action.from, action.to]]);
      return true;
    case 'partition': {
      const pairs = action.groups.flatMap((from) =>
        action.groups.filter((to) => to !== from).map((to) => [from, to] as const),
      );
      for (const [from, to] of pairs) {
        world.network = world.network.withCut(numbers(from), numbers(to), 1);
      }
      healLater(world, action.for, pairs);
      return true;
    }
  }
}

/**
 * A link that begins to keep its order also keeps that of what is in flight. What arrived early or
 * was lost holds nothing back for longer than a message may take by the new rule: otherwise, what
 * is sent now would wait for a message that is gone.
 */
function keepOrder(
  world: World,
  before: World['network'],
  senders: readonly number[],
  receivers: readonly number[],
): void {
  const { plan: { size }, network, queue, time } = world;
  const last = new Map<number, number>();
  for (const one of queue.items) {
    if (!(one instanceof Message) || one.connection !== '') continue;
    const link = one.fromIndex * size + one.toIndex;
    last.set(link, Math.max(last.get(link) ?? 0, one.at));
  }
  for (const from of senders) {
    for (const to of receivers) {
      const link = from * size + to;
      const at = world.nodes[from].arrives[to] ?? 0;
      const inFlight = last.get(link) ?? 0;
      const { latencyMax, delay, reorder } = network.links[link];
      const begins = before.links[link].reorder && !reorder;
      const latest = at > time + latencyMax + delay ? Math.min(at, Math.max(inFlight, time)) : at;
      const floor = begins ? Math.max(latest, inFlight) : latest;
      if (floor !== at) world.touch(from).arrives[to] = floor;
    }
  }
}

function healLater(
  world: World,
  after: number | undefined,
  pairs: readonly (readonly [string[], string[]])[],
): void {
  if (after === undefined) return;
  for (const [from, to] of pairs) postpone(world, after, { type: 'heal', from, to, at: 0 });
}
