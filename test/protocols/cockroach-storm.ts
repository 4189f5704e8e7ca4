/** Random faults in a CockroachDB cluster, all from one seed, with clocks within the maximum offset. */
import type { Action } from '../../src/kernel/action.ts';
import { defaultNetwork, type NodeSetup, type Setup } from '../../src/kernel/plan.ts';
import type { Protocol } from '../../src/protocol/types.ts';
import { cockroach } from '../../src/protocols/cockroach/cockroach.ts';
import { descriptorKey } from '../../src/protocols/cockroach/data.ts';
import type { NodeState } from '../../src/protocols/cockroach/state.ts';
import { Cluster } from './cluster.ts';
import { Dice } from './dice.ts';
import { restartOne, someMessage, twoGroups } from './faults.ts';

const ms = 1_000;
const maxOffset = 120 * ms;
const all = ['n1', 'n2', 'n3'];
export const keys = ['a', 'b', 'x', 'y'];
const names = ['T', 'U'];

/** Everything happens sooner than with the defaults, so that a short run contains more of it. */
const quick = {
  splits: ['m'], maxOffset,
  electionTimeout: [200 * ms, 400 * ms], heartbeatInterval: 120 * ms,
  leaseDuration: 1_000 * ms, leaseRenewal: 450 * ms,
  transactionHeartbeat: 200 * ms, transactionExpiry: 500 * ms,
  requestTimeout: 200 * ms, statementTimeout: 8_000 * ms, clockProbeInterval: 1_000 * ms,
};

function setupOf(seed: number, dice: Dice, protocol: Protocol): Setup {
  const nodes: NodeSetup[] = all.map((id) => ({ id, role: 'node', options: quick }));
  const network = {
    ...defaultNetwork,
    latency: dice.chance(0.3) ? ([1 * ms, 40 * ms] as const) : ([1 * ms, 5 * ms] as const),
    loss: dice.one([0, 0.02, 0.08]),
    duplicate: dice.one([0, 0.05, 0.2]),
    reorder: dice.chance(0.5),
  };
  return { protocol, seed, nodes, network };
}

/** Runs `steps` steps under faults; ends early if an invariant is violated. */
export function cockroachStorm(
  seed: number,
  steps: number,
  protocol: Protocol = cockroach,
  logs = false,
): Cluster {
  const dice = new Dice(seed);
  const cluster = new Cluster(setupOf(seed, dice, protocol), logs);
  const at = cluster.world.time;
  for (const node of all) cluster.take(clock(dice, at, node));
  cluster.do('fire n1 election[r1]');
  cluster.do('fire n2 election[r2]');
  for (let taken = 0; taken < steps && cluster.violations.length === 0; taken++) {
    const chosen = dice.chance(0.05) ? randomAction(dice, cluster) : undefined;
    const next = chosen ?? cluster.world.next();
    if (next !== undefined) cluster.take(next);
    crashCoordinator(dice, cluster);
    if (cluster.failures.length > 0) break;
  }
  return cluster;
}

/** A coordinator that crashes in mid-commit leaves the outcome to the transactions that meet it. */
function crashCoordinator(dice: Dice, cluster: Cluster): void {
  const { world, effects } = cluster;
  for (const { name, fields } of effects.events) {
    const chance = name === 'TransactionStaged' ? 0.3 : name === 'CommitAcknowledged' ? 0.05 : 0;
    if (chance === 0 || !dice.chance(chance)) continue;
    const [node] = String(fields.transaction).split('.');
    cluster.take({ type: 'crash', at: world.time, node });
    cluster.take({ type: 'restart', at: world.time, node });
    return;
  }
}

/**
 * Ends the faults and the transactions of applications, and reads every key. Returns what is not as
 * it should be then: an implicit commit becomes explicit, and no intent stays where it is met.
 */
export function whyNotRecovered(cluster: Cluster): string {
  const at = cluster.world.time;
  cluster.take({ type: 'heal', at });
  cluster.take({ type: 'network', at, rule: { loss: 0, duplicate: 0, latency: [ms, 5 * ms] } });
  for (const { id, up } of cluster.world.nodes) {
    if (up && stateOf(cluster, id).ended !== null) cluster.take({ type: 'crash', at, node: id });
    cluster.take({ type: 'restart', at, node: id });
    cluster.take({ type: 'resume', at, node: id });
    cluster.take({ type: 'skew', at, node: id, offset: 0 });
  }
  cluster.run('3s');
  for (const node of all) for (const name of names) invoke(cluster, node, 'rollback', { transaction: name });
  cluster.run('1s');
  // A split that its coordinator left leaves an intent on the descriptor of its range.
  const read = [...keys, ...Object.keys(stateOf(cluster, 'n1').replicas).map(descriptorKey)];
  const open = new Set(read.map((key) => invoke(cluster, 'n1', 'get', { key })));
  const until = cluster.world.time + 9_000 * ms;
  for (let next = cluster.world.next(); next && next.at <= until; next = cluster.world.next()) {
    cluster.take(next);
    for (const { operation, ok } of cluster.effects.replies) if (ok) open.delete(operation);
    if (open.size === 0) break;
  }
  cluster.run('1s');
  if (cluster.violations.length > 0) return cluster.violations[0].why;
  if (open.size > 0) return `${open.size} of ${read.length} reads were not answered`;
  for (const { records, intents } of Object.values(stateOf(cluster, 'n1').replicas)) {
    for (const { id, status } of Object.values(records)) {
      if (status === 'STAGING') return `${id} is still staging`;
    }
    for (const [key, { transaction }] of Object.entries(intents)) {
      return `the intent of ${transaction.id} on ${key} is still there`;
    }
  }
  return '';
}

/** Returns the name of the operation. */
function invoke(cluster: Cluster, node: string, operation: string, args: Record<string, string>): string {
  cluster.take({ type: 'invoke', at: cluster.world.time, node, operation, args });
  return cluster.effects.invoked?.operation ?? '';
}

export function stateOf(cluster: Cluster, id: string): NodeState {
  return cluster.world.node(id)!.state as unknown as NodeState;
}

/** The offset of a clock, so that no two clocks are further apart than the maximum. */
function clock(dice: Dice, at: number, node: string): Action {
  return { type: 'skew', at, node, offset: dice.below(maxOffset) - maxOffset / 2 };
}

function randomAction(dice: Dice, { world }: Cluster): Action | undefined {
  const at = world.time;
  const node = dice.one(all);
  const kind = dice.below(26);
  if (kind < 15) return statement(dice, at, node);
  if (kind === 15) return { type: 'crash', at, node };
  if (kind < 18) return restartOne(dice, world);
  if (kind === 18) return { type: 'pause', at, node, for: ms * dice.below(2_500) };
  if (kind === 19) {
    return { type: 'partition', at, groups: twoGroups(dice, all), for: ms * dice.below(3_000) };
  }
  if (kind === 20) {
    return { type: 'cut', at, from: [node], to: all.filter((id) => id !== node), for: ms * dice.below(1_500) };
  }
  if (kind === 21) return clock(dice, at, node);
  if (kind === 22) return { type: 'heal', at };
  const message = someMessage(dice, world);
  if (message === undefined) return undefined;
  if (kind === 23) return { type: 'drop', ...message };
  if (kind === 24) return { type: 'duplicate', ...message };
  return { type: 'delay', ...message, by: ms * dice.below(1_200) };
}

function statement(dice: Dice, at: number, node: string): Action {
  const key = dice.one(keys);
  const transaction = dice.one(names);
  const invoke = (operation: string, args: Record<string, string | number>): Action =>
    ({ type: 'invoke', at, node, operation, args });
  switch (dice.below(12)) {
    case 0:
    case 1:
      return invoke('get', { key });
    case 2:
      return invoke('put', { key, value: dice.below(100) });
    case 3:
      return invoke('add', { key, amount: 1 });
    case 4:
    case 5:
      return invoke('transfer', { from: dice.one(['a', 'x']), to: dice.one(['b', 'y']), amount: 1 });
    case 6:
      return dice.chance(0.1) ? invoke('split', { at: dice.one(['b', 'y']) }) : invoke('get', { key });
    case 7:
      return invoke('begin', { transaction, priority: dice.one(['low', 'normal', 'high']) });
    case 8:
      return invoke('read', { transaction, key });
    case 9:
    case 10:
      return invoke('write', { transaction, key, value: dice.below(100) });
    default:
      return invoke('commit', { transaction });
  }
}
