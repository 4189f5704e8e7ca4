/** Random faults in a group of SWIM members, all from one seed. */
import type { Action } from '../../src/kernel/action.ts';
import type { World } from '../../src/kernel/world.ts';
import type { Protocol } from '../../src/protocol/types.ts';
import type { MemberState } from '../../src/protocols/swim/state.ts';
import { defaultNetwork, type NodeSetup } from '../../src/kernel/plan.ts';
import { Cluster } from './cluster.ts';
import { Dice } from './dice.ts';
import { endFaults, restartOne, twoGroups } from './faults.ts';

/** Short periods, so that a schedule of few actions has many of them. */
const quick = {
  protocolPeriod: 200_000, pingTimeout: 80_000, suspicionMult: 3, gossipInterval: 50_000,
  pushPullInterval: 3_000_000, reconnectInterval: 3_000_000, gossipToTheDead: 2_000_000,
};

export interface Options {
  members: number;
  steps: number;
  logs?: boolean;
  options?: Record<string, unknown>;
}

/** Runs a group under faults; ends early if an invariant is violated. */
export function swimStorm(protocol: Protocol, seed: number, given: Options): Cluster {
  const dice = new Dice(seed);
  const options = { ...quick, lifeguard: dice.chance(0.5), ...given.options };
  const nodes: NodeSetup[] = [];
  for (let i = 1; i <= given.members; i++) nodes.push({ id: `n${i}`, role: 'member', options });
  const network = {
    ...defaultNetwork,
    loss: dice.one([0, 0, 0.02, 0.2]), duplicate: dice.one([0, 0.05]), reorder: dice.chance(0.5),
  };
  const cluster = new Cluster({ protocol, seed, nodes, network }, given.logs ?? false);
  const { world } = cluster;
  for (let i = 0; i < given.steps && cluster.violations.length + cluster.failures.length === 0; i++) {
    const fault = dice.chance(0.01) ? faultIn(world, dice) : undefined;
    if (fault !== undefined) cluster.take(fault);
    const next = world.next();
    if (next !== undefined) cluster.take(next);
  }
  return cluster;
}

function faultIn(world: World, dice: Dice): Action | undefined {
  const all = world.nodes.map(({ id }) => id);
  const node = dice.one(all);
  const state = world.node(node)!;
  const others = all.filter((id) => id !== node);
  const at = world.time;
  switch (dice.below(10)) {
    case 0:
    case 1:
      return { type: 'crash', at, node };
    case 2:
    case 3:
      return restartOne(dice, world);
    case 4:
      return { type: 'pause', at, node, for: 1_000 * dice.below(1_500) };
    case 5:
      return { type: 'partition', at, groups: twoGroups(dice, all), for: 1_000 * dice.below(3_000) };
    case 6:
      return { type: 'cut', at, from: [node], to: dice.some(others), for: 900_000 };
    case 7:
      return { type: 'heal', at };
    case 8:
      return state.up ? { type: 'invoke', at, node, operation: 'leave', args: {} } : undefined;
    default: {
      if (!state.up) return undefined;
      const args = { seed: dice.one(others) };
      return { type: 'invoke', at, node, operation: 'join', args };
    }
  }
}

/** Ends all faults, and has every member join again that left. */
export function recover(cluster: Cluster): void {
  const { world } = cluster;
  endFaults(cluster, 'loss=0% duplicate=0% reorder=false');
  cluster.run('200ms');
  for (const { id } of world.nodes) {
    const { hasLeft, joining } = world.node(id)!.state as unknown as MemberState;
    if (hasLeft && joining === null) {
      const seed = world.nodes.find((other) => other.id !== id)!.id;
      cluster.do(`${id} join {"seed":"${seed}"}`);
    }
  }
}

/** Why a member is not held alive by another one; undefined if each holds all others alive. */
export function whyNotWhole(cluster: Cluster): string | undefined {
  for (const { id, state } of cluster.world.nodes) {
    const { members } = state as unknown as MemberState;
    for (const other of cluster.world.nodes) {
      if (other.id === id) continue;
      const status = members[other.id]?.status ?? 'unknown';
      if (status !== 'alive') return `${id} holds ${other.id} ${status}`;
    }
  }
  return undefined;
}
