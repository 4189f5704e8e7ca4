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
    case 'network':
      world.network = world.network.withRule(
        action.rule,
        numbers(action.rule.from),
        numbers(action.rule.to),
      );
      forgetArrived(world);
      return true;
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
 * A link keeps the order of what is in flight, also of what was sent while it did not. What arrived
 * early or was lost holds nothing back, so that messages which are sent by the new rule arrive by
 * it.
 */
function forgetArrived(world: World): void {
  const { nodes, plan: { size }, queue, time } = world;
  const last = new Map<number, number>();
  for (const one of queue.items) {
    if (!(one instanceof Message) || one.connection !== '') continue;
    const link = one.fromIndex * size + one.toIndex;
    last.set(link, Math.max(last.get(link) ?? 0, one.at));
  }
  for (let from = 0; from < nodes.length; from++) {
    for (const [to, at] of nodes[from].arrives.entries()) {
      const latest = Math.max(Math.min(at, time), last.get(from * size + to) ?? 0);
      if (at !== latest) world.touch(from).arrives[to] = latest;
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
