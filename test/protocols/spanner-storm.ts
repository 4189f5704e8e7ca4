/** Random schedules of Spanner: transactions under faults, with clocks inside their bounds. */
import type { Action } from '../../src/kernel/action.ts';
import { defaultNetwork, type NodeSetup, type Setup } from '../../src/kernel/plan.ts';
import type { Json, Protocol } from '../../src/protocol/types.ts';
import { spanner } from '../../src/protocols/spanner/spanner.ts';
import { Cluster } from './cluster.ts';
import { Dice } from './dice.ts';
import { endFaults, restartOne, someMessage, twoGroups } from './faults.ts';

/** How much a clock may drift, in parts per million: far more than in the paper, in a short run. */
const driftBound = 20_000;
const pollEpsilon = 8_000;
/** The length of a schedule. */
export const stormSteps = 800;
const clients = ['c1', 'c2', 'c3'];
const keys = ['a/x', 'a/y', 'b/x', 'b/y'];

/** Leases and timeouts are short, so that much happens in few steps. */
function setupOf(seed: number, dice: Dice, protocol: Protocol): Setup {
  const clock = { driftBound, pollEpsilon, pollInterval: 400_000 };
  const server = {
    ...clock, leaseDuration: 400_000, heartbeatInterval: 60_000, electionDelay: [5_000, 60_000],
    safeTimeInterval: 150_000, transactionTimeout: 150_000,
  };
  const client = {
    ...clock, retryAfter: 40_000, restartDelay: [2_000, 20_000], keepAliveInterval: 50_000,
    patience: 3_000_000,
  };
  const ids = ['a1', 'a2', 'a3', 'b1', ...(dice.chance(0.7) ? ['b2', 'b3'] : [])];
  const nodes: NodeSetup[] = [
    ...ids.map((id) => ({ id, role: 'replica', options: server })),
    ...clients.map((id) => ({ id, role: 'client', options: client })),
  ].map((node) => ({ ...node, clock: { offset: within(dice, pollEpsilon), drift: drift(dice) } }));
  if (dice.chance(0.5)) nodes.push({ id: 't', role: 'timeMaster', options: {} });
  const latency: [number, number] = dice.chance(0.3) ? [500, 20_000] : [500, 3_000];
  const network = {
    latency, loss: dice.one([0, 0.02, 0.08]), duplicate: dice.one([0, 0.1]),
    reorder: dice.chance(0.5),
  };
  return { protocol, seed, nodes, network: { ...defaultNetwork, ...network } };
}

/** A number from -bound to bound, at one of its ends in a third of the cases each. */
function within(dice: Dice, bound: number): number {
  return dice.one([-bound, bound, dice.below(2 * bound) - bound]);
}

const drift = (dice: Dice) => within(dice, driftBound) / 1_000_000;

/** Runs `steps` steps under faults; ends early if an invariant is violated. */
export function spannerStorm(
  seed: number,
  steps: number,
  protocol: Protocol = spanner,
  logs = false,
): Cluster {
  const dice = new Dice(seed);
  const cluster = new Cluster(setupOf(seed, dice, protocol), logs);
  for (let taken = 0; taken < steps && cluster.violations.length === 0; taken++) {
    const chosen = dice.chance(0.08) ? randomAction(dice, cluster) : undefined;
    const next = chosen ?? cluster.world.next();
    if (next === undefined) break;
    cluster.take(next);
  }
  return cluster;
}

/** Restores everything, and lets the cluster finish what it began. */
export function calm(cluster: Cluster): void {
  endFaults(cluster, 'loss=0% duplicate=0% reorder=false latency=1ms..3ms');
  cluster.run('4s');
}

function randomAction(dice: Dice, cluster: Cluster): Action | undefined {
  const { world } = cluster;
  const at = world.time;
  const kind = dice.below(30);
  if (kind < 17) return command(dice, cluster);
  const all = world.nodes.map(({ id }) => id);
  const servers = all.filter((id) => /^[ab]/.test(id));
  if (kind === 17) return { type: 'crash', at, node: dice.one([...servers, ...servers, ...clients]) };
  if (kind < 21) return restartOne(dice, world);
  if (kind === 21) return { type: 'pause', at, node: dice.one(all), for: 1_000 * dice.below(600) };
  if (kind === 22) {
    return { type: 'partition', at, groups: twoGroups(dice, all), for: 1_000 * dice.below(500) };
  }
  if (kind === 23) {
    return { type: 'cut', at, from: dice.some(servers), to: dice.some(all), for: 1_000 * dice.below(400) };
  }
  if (kind === 24) return { type: 'heal', at };
  if (kind === 25) return { type: 'skew', at, node: dice.one([...servers, ...clients]), drift: drift(dice) };
  if (kind === 26) {
    return { type: 'invoke', at, node: dice.one(servers), operation: 'abdicate', args: {} };
  }
  const message = someMessage(dice, world);
  if (message === undefined) return undefined;
  if (kind === 27) return { type: 'drop', ...message };
  if (kind === 28) return { type: 'duplicate', ...message };
  return { type: 'delay', ...message, by: 1_000 * dice.below(300) };
}

function command(dice: Dice, cluster: Cluster): Action {
  const { world } = cluster;
  const node = dice.one(clients);
  const invoke = (operation: string, args: Record<string, Json>): Action =>
    ({ type: 'invoke', at: world.time, node, operation, args });
  const [key, other] = [dice.one(keys), dice.one(keys)];
  const { open } = world.node(node)!.state as { open: string | null };
  const kind = dice.below(open === null ? 10 : 6);
  if (open !== null) {
    if (kind === 0) return invoke('commit', {});
    if (kind === 1) return invoke('rollback', {});
    if (kind < 4) return invoke('read', { key });
    return invoke('write', { key, value: dice.below(9) });
  }
  if (kind < 2) return invoke('write', { key, value: 5 + dice.below(9) });
  if (kind < 3) return invoke('add', { key, by: 1 });
  if (kind < 6 && key !== other) return invoke('transfer', { from: key, to: other, amount: 1 });
  if (kind < 6) return invoke('read', { key });
  if (kind === 6) return invoke('readAll', { keys: [...new Set([key, other])] });
  if (kind === 7) return invoke('snapshot', { keys: [key], age: 1_000 * dice.below(60) });
  if (kind === 8) return invoke('begin', {});
  return invoke('add', { key: other, by: 1 });
}
