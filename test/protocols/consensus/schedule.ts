/** Random fault schedules for any protocol: crashes, cuts, pauses, clocks, loss and late messages. */
import type { Action } from '../../../src/kernel/action.ts';
import type { NodeSetup } from '../../../src/kernel/plan.ts';
import { defaultNetwork } from '../../../src/kernel/plan.ts';
import type { Json, Protocol } from '../../../src/protocol/types.ts';
import { Cluster } from '../cluster.ts';
import { Dice } from '../dice.ts';
import { diskFaults, restartOne, someMessage, twoGroups } from '../faults.ts';

/** A family of schedules: its clusters, and what clients do in them. */
export interface Family {
  nodes(dice: Dice): NodeSetup[];
  /** A client operation; undefined for none at this moment. */
  operation(dice: Dice, cluster: Cluster): Operation | undefined;
  /** How many actions a schedule has. */
  actions: number;
  /** How many actions there are before the first fault and the first operation; 0 if not given. */
  quiet?: number;
  /** How many of a thousand actions are faults, and how many are operations. */
  faults: number;
  operations: number;
  /** The shares of messages that are lost, one of which each schedule has. */
  losses: readonly number[];
  /** Whether disks become slow and stand still, too. */
  disks?: boolean;
  /** Half of the cuts are between the nodes of these two roles. */
  between?: readonly [string, string];
}

type Invocation = Extract<Action, { type: 'invoke' }>;

/** Without arguments, if none are given. */
export type Operation = Pick<Invocation, 'node' | 'operation'> & Partial<Pick<Invocation, 'args'>>;

export interface Played {
  cluster: Cluster;
  /** Operation → its answer. */
  answers: Map<string, Json>;
}

/**
 * Plays the schedule of a seed. Ends early if a handler throws or an invariant is violated; if one
 * is named, then only at its violation.
 */
export function play(
  family: Family,
  protocol: Protocol,
  seed: number,
  { logs = false, violated }: { logs?: boolean; violated?: string } = {},
): Played {
  const dice = new Dice(seed);
  const nodes = family.nodes(dice);
  const network = {
    ...defaultNetwork,
    latency: dice.chance(0.3) ? ([1_000, 60_000] as const) : ([1_000, 5_000] as const),
    loss: dice.one(family.losses),
    duplicate: dice.one([0, 0.05, 0.2]),
    reorder: dice.chance(0.5),
  };
  const cluster = new Cluster({ protocol, seed, nodes, network }, logs);
  const answers = new Map<string, Json>();
  // Half of the schedules keep no order of time: any message may be the next to arrive.
  const disorder = dice.one([0, 0, 0.5, 0.9]);
  const ids = nodes.map(({ id }) => id);
  const diskFault = diskFaults(seed, ids, family.disks === true ? family.faults / 3_000 : 0);
  for (let taken = 0; taken < family.actions; taken++) {
    if (cluster.failures.length > 0) break;
    if (cluster.violations.some(({ monitor }) => violated === undefined || monitor === violated)) break;
    const roll = taken < (family.quiet ?? 0) ? 1_000 : dice.below(1_000);
    const chosen =
      roll < family.faults
        ? fault(family, dice, cluster)
        : roll < family.faults + family.operations
          ? invocation(family, dice, cluster)
          : undefined;
    const early = dice.chance(disorder) ? anyMessage(dice, cluster) : undefined;
    const next = diskFault(cluster.world.time) ?? chosen ?? early ?? cluster.world.next();
    if (next === undefined || !cluster.take(next)) continue;
    for (const { operation, result } of cluster.effects.replies) answers.set(operation, result);
  }
  return { cluster, answers };
}

function anyMessage(dice: Dice, { world }: Cluster): Action | undefined {
  const message = someMessage(dice, world);
  return message && { type: 'deliver', ...message };
}

function invocation(family: Family, dice: Dice, cluster: Cluster): Action | undefined {
  const given = family.operation(dice, cluster);
  return given && { type: 'invoke', at: cluster.world.time, args: {}, ...given };
}

function fault({ between }: Family, dice: Dice, { world }: Cluster): Action | undefined {
  const at = world.time;
  const all = world.nodes.map(({ id }) => id);
  const node = dice.one(all);
  switch (dice.below(12)) {
    case 0:
      return { type: 'crash', at, node };
    case 1:
    case 2:
      return restartOne(dice, world);
    case 3:
      return { type: 'pause', at, node, for: 1_000 * dice.below(600) };
    case 4:
      return { type: 'partition', at, groups: twoGroups(dice, all), for: 1_000 * dice.below(1_000) };
    case 5: {
      if (between === undefined || dice.chance(0.5)) {
        return { type: 'cut', at, from: dice.some(all), to: dice.some(all), for: 1_000 * dice.below(900) };
      }
      const [from, to] = between.map((role) =>
        dice.some(world.nodes.filter((one) => one.role === role).map(({ id }) => id)),
      );
      return { type: 'cut', at, from, to, for: 1_000 * dice.below(100) };
    }
    case 6:
      return { type: 'heal', at };
    case 7:
      return { type: 'skew', at, node, drift: (dice.below(200) - 100) / 1_000 };
  }
  const message = someMessage(dice, world);
  if (message === undefined) return undefined;
  switch (dice.below(4)) {
    case 0:
      return { type: 'drop', ...message };
    case 1:
      return { type: 'duplicate', ...message };
    default:
      return { type: 'delay', ...message, by: 1_000 * dice.below(400) };
  }
}

/** The same family, in which all nodes of a role have these options, too. */
export function withOptions(family: Family, role: string, options: object): Family {
  return {
    ...family,
    nodes: (dice) => family.nodes(dice).map((one) =>
      one.role === role ? { ...one, options: { ...one.options, ...options } } : one,
    ),
  };
}

/** Nodes of one role with the same options. */
export function nodes(role: string, names: readonly string[], options = {}): NodeSetup[] {
  return names.map((id) => ({ id, role, options: { ...options } }));
}

/** The end of the schedule of a seed, for the message of a failed test. */
export function ending(family: Family, protocol: Protocol, seed: number): string {
  const { cluster } = play(family, protocol, seed, { logs: true });
  return [`seed ${seed}`, ...cluster.lines.slice(-25)].join('\n');
}
