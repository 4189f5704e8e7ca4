/** Random faults in a cluster of Consul servers with workers and operators, all from one seed. */
import type { Action } from '../../src/kernel/action.ts';
import { defaultNetwork, type NodeSetup } from '../../src/kernel/plan.ts';
import type { World } from '../../src/kernel/world.ts';
import type { Json, Protocol } from '../../src/protocol/types.ts';
import { Cluster } from './cluster.ts';
import { Dice } from './dice.ts';
import { diskFaults, endFaults, restartOne, twoGroups } from './faults.ts';

const workers = ['A', 'B'];
const operators = ['ops', 'other'];

/** Few heartbeats, so that a schedule of few actions lasts for the TTL of a session. */
const options = { heartbeatInterval: 240_000 };

export function consulStorm(protocol: Protocol, seed: number, steps: number, logs = false): Cluster {
  const dice = new Dice(seed);
  const servers = dice.chance(0.2) ? ['c1', 'c2', 'c3', 'c4', 'c5'] : ['c1', 'c2', 'c3'];
  const nodes: NodeSetup[] = [
    ...servers.map((id) => ({ id, role: 'server', options })),
    ...workers.map((id) => ({ id, role: 'worker', options: {} })),
    ...operators.map((id) => ({ id, role: 'operator', options: {} })),
  ];
  const network = { ...defaultNetwork, loss: dice.one([0, 0, 0.02]) };
  const cluster = new Cluster({ protocol, seed, nodes, network }, logs);
  const { world } = cluster;
  const diskFault = diskFaults(seed, servers, 0.005);
  for (let i = 0; i < steps && cluster.violations.length + cluster.failures.length === 0; i++) {
    if (dice.chance(0.025)) invoke(cluster, dice);
    const fault = dice.chance(0.01) ? faultIn(world, dice, servers) : undefined;
    if (fault !== undefined) cluster.take(fault);
    const next = diskFault(world.time) ?? world.next();
    if (next !== undefined) cluster.take(next);
  }
  return cluster;
}

function invoke(cluster: Cluster, dice: Dice): void {
  const at = cluster.world.time;
  const node = dice.one([...workers, ...workers, ...operators]);
  if (!cluster.world.node(node)!.up) return;
  const isWorker = workers.includes(node);
  const [operation, args] = isWorker ? ofWorker(dice) : ofOperator(dice);
  cluster.take({ type: 'invoke', at, node, operation, args });
}

type Invocation = [operation: string, args: Record<string, Json>];

function ofWorker(dice: Dice): Invocation {
  const key = dice.one(['x', 'y']);
  switch (dice.below(6)) {
    case 0:
      return ['unlock', { key }];
    case 1:
      return ['close', {}];
    case 2:
      return ['destroy', { key }];
    default: {
      const behavior = dice.one(['release', 'delete']);
      const lockDelay = dice.one([1_000_000, 4_000_000, 15_000_000]);
      const monitorRetries = dice.one([0, 3]);
      return ['lock', { key, ttl: 10_000_000, behavior, lockDelay, monitorRetries }];
    }
  }
}

function ofOperator(dice: Dice): Invocation {
  const key = dice.one(['x', 'y', 'z']);
  const node = dice.one(workers);
  switch (dice.below(9)) {
    case 0:
      return ['kv', { subcommand: 'delete', key }];
    case 1:
      return ['write', { key: 'z', value: 'v' }];
    case 2:
      return ['session', { subcommand: 'destroy', session: `s${1 + dice.below(5)}` }];
    case 3:
      return ['check', { node, check: 'serfHealth', status: dice.one(['critical', 'passing']) }];
    case 4:
      return ['catalog', { subcommand: dice.one(['register', 'deregister']), node }];
    default: {
      const mode = dice.one(['default', 'consistent', 'consistent', 'stale']);
      return ['read', { key, mode, ...(dice.chance(0.3) ? { index: 3, wait: 5_000_000 } : {}) }];
    }
  }
}

function faultIn(world: World, dice: Dice, servers: readonly string[]): Action | undefined {
  const all = world.nodes.map(({ id }) => id);
  const node = dice.one([...servers, ...all]);
  const at = world.time;
  switch (dice.below(11)) {
    case 0:
    case 1:
      return { type: 'crash', at, node };
    case 2:
    case 3:
      return restartOne(dice, world);
    case 4:
      return { type: 'pause', at, node, for: 1_000 * dice.below(6_000) };
    case 5:
      return { type: 'partition', at, groups: twoGroups(dice, all), for: 1_000 * dice.below(8_000) };
    case 6: {
      const [from, to] = [dice.some(servers), dice.some(servers)];
      return { type: 'cut', at, from, to, for: 1_000 * dice.below(4_000) };
    }
    case 7:
      return { type: 'heal', at };
    case 8:
      return { type: 'unplug', at, node, for: 1_000 * dice.below(8_000) };
    case 9:
      return { type: 'power-off', at, node, for: 1_000 * dice.below(8_000) };
    default: {
      const other = dice.one(servers.filter((id) => id !== node));
      return { type: 'reset', at, nodes: [node, other] };
    }
  }
}

/** Ends all faults; a leader is elected, and serves. */
export function recover(cluster: Cluster): void {
  endFaults(cluster, 'loss=0%');
  cluster.run('40s');
}
