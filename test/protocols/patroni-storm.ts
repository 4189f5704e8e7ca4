/** Random fault schedules for Patroni: in its times, which are tens of seconds. */
import type { Action } from '../../src/kernel/action.ts';
import { defaultNetwork, type NodeSetup } from '../../src/kernel/plan.ts';
import type { Json, Protocol } from '../../src/protocol/types.ts';
import type { Cluster as ClusterState, MemberState } from '../../src/protocols/patroni/state.ts';
import { lastLsn, newestTimeline, timelineOf } from '../../src/protocols/patroni/wal.ts';
import { Cluster } from './cluster.ts';
import { Dice } from './dice.ts';
import { restartOne, twoGroups } from './faults.ts';

const second = 1_000_000;
const members = ['n1', 'n2', 'n3'];
const clients = ['a', 'b'];

/** Settings that a schedule draws: none of them is a mistake, as `watchdog: off` would be. */
function setup(dice: Dice): NodeSetup[] {
  const loopWait = dice.one([2, 5, 10]) * second;
  const shared = {
    loopWait,
    ttl: dice.one([30, 30, 40]) * second,
    watchdog: dice.one(['automatic', 'required']),
    synchronousMode: dice.one(['off', 'on', 'strict', 'strict']),
    failsafeMode: dice.chance(0.2),
    checkTimeline: dice.chance(0.3),
    maximumLagOnFailover: dice.one([1000, 2]),
    resetTime: dice.one([2, 30]) * second,
  };
  return [
    { id: 'dcs', role: 'dcs', options: {} },
    ...members.map((id) => {
      const failoverPriority = id === 'n3' ? dice.one([0, 1, 2]) : 1;
      return { id, role: 'member', options: { ...shared, failoverPriority } };
    }),
    ...clients.map((id) => ({ id, role: 'client', options: { timeout: 10 * second } })),
  ];
}

/** Ends early if a handler throws or an invariant is violated; if one is named, at its violation. */
export function patroniStorm(
  protocol: Protocol, seed: number,
  { steps, logs = false, violated, reached }: { steps: number; logs?: boolean; violated?: string; reached?: Set<string> },
): Cluster {
  const dice = new Dice(seed);
  const nodes = setup(dice);
  const network = { ...defaultNetwork, loss: dice.one([0, 0, 0.02, 0.05]) };
  const cluster = new Cluster({ protocol, seed, nodes, network }, logs);
  // Faults before there is a primary lead to the same few runs again and again.
  cluster.run('32s');
  for (let taken = 0; taken < steps; taken++) {
    if (cluster.failures.length > 0) break;
    if (cluster.violations.some(({ monitor }) => violated === undefined || monitor === violated)) break;
    const roll = dice.below(1_000);
    const chosen = roll < 50 ? fault(dice, cluster) : roll < 110 ? operation(dice, cluster) : undefined;
    // Most of the time nothing happens, but time passes.
    if (roll >= 980) cluster.run(dice.one(['3s', '12s', '35s']));
    const next = chosen ?? cluster.world.next();
    if (next === undefined || !cluster.take(next)) continue;
    if (reached !== undefined) for (const { name } of cluster.effects.events) reached.add(name);
  }
  return cluster;
}

function operation(dice: Dice, { world }: Cluster): Action {
  const node = dice.one(clients);
  const key = dice.one(['x', 'y']);
  const args: Record<string, Json> = dice.chance(0.75) ? { key, value: dice.below(9) } : { key };
  return { type: 'invoke', at: world.time, node, operation: 'value' in args ? 'write' : 'read', args };
}

function fault(dice: Dice, { world }: Cluster): Action | undefined {
  const at = world.time;
  const all = world.nodes.map(({ id }) => id);
  const primary = world.nodes.find(({ up, state }) => up && (state as unknown as MemberState).standing === 'primary');
  const node = primary !== undefined && dice.chance(0.5) ? primary.id : dice.one([...members, 'dcs']);
  const length = dice.one([2, 10, 40, 60]) * second;
  switch (dice.below(9)) {
    case 0:
      return { type: 'crash', at, node };
    case 1:
    case 2:
      return restartOne(dice, world);
    case 3:
      return { type: 'pause', at, node, for: length };
    case 4:
    case 5:
      if (node === 'dcs') return undefined;
      return { type: 'invoke', at, node, operation: 'stall', args: { for: length } };
    case 6:
      return { type: 'partition', at, groups: twoGroups(dice, all), for: length };
    case 7:
      return { type: 'cut', at, from: [node], to: dice.some(all.filter((id) => id !== node)), for: length };
    default:
      return { type: 'heal', at };
  }
}

/** Why the cluster does not work again; undefined if it does. */
export function whyNotWhole({ world }: Cluster): string | undefined {
  const states = members.map((id) => world.node(id)!.state as unknown as MemberState);
  const primaries = states.filter(({ standing }) => standing === 'primary');
  if (primaries.length !== 1) return `there are ${primaries.length} primaries`;
  const [{ wal }] = primaries;
  const isSame = states.every((one) => JSON.stringify(one.wal) === JSON.stringify(wal));
  if (!isSame) return 'the members do not have the same WAL';
  return wal.at(-1)?.value === 'recovered' ? undefined : 'the last write is missing';
}

/**
 * Patroni waits for an operator here: a member that `checkTimeline` keeps from the race has more WAL
 * than all that may race, and `_is_healthiest_node` does not ask on which timeline the others are.
 */
export function isHeldByTimeline({ world }: Cluster): boolean {
  const { leader, history } = world.node('dcs')!.state as unknown as ClusterState;
  const newest = newestTimeline(history);
  const { checkTimeline } = world.nodes.find(({ id }) => id === 'n1')!.options as { checkTimeline: boolean };
  const states = members.map((id) => world.node(id)!.state as unknown as MemberState);
  if (leader !== null || !checkTimeline || states.some(({ standing }) => standing === 'primary')) return false;
  const longest = (those: MemberState[]) => Math.max(...those.map((one) => lastLsn(one)));
  const isOld = (one: MemberState) => timelineOf(one) < newest && one.limits.priority > 0;
  return longest(states.filter(isOld)) > longest(states.filter((one) => timelineOf(one) === newest));
}

/** The end of the schedule of a seed, for the message of a failed test. */
export function ending(protocol: Protocol, seed: number, steps: number): string {
  const { lines } = patroniStorm(protocol, seed, { steps, logs: true });
  return [`seed ${seed}`, ...lines.slice(-40)].join('\n');
}
