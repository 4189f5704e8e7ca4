/** Random faults in a cluster, all from one seed, and what must be true afterwards. */
import type { Action } from '../../src/kernel/action.ts';
import { actionText } from '../../src/kernel/text/action-text.ts';
import type { Json, Protocol } from '../../src/protocol/types.ts';
import { raft } from '../../src/protocols/raft/raft.ts';
import { Cluster, type ClusterOptions, setupOf } from './cluster.ts';
import { Dice } from './dice.ts';
import { restartOne, someMessage, twoGroups } from './faults.ts';

export function randomCluster(seed: number, dice: Dice, protocol: Protocol): ClusterOptions {
  const slow = dice.chance(0.3);
  return {
    protocol,
    seed,
    replicas: dice.one([3, 3, 5, 4]),
    clients: 2,
    network: {
      latency: slow ? [1_000, 60_000] : [1_000, 5_000],
      loss: dice.one([0, 0.02, 0.1]),
      duplicate: dice.one([0, 0.05, 0.2]),
      reorder: dice.chance(0.5),
    },
    options: { maxEntriesPerAppend: dice.one([1, 2, 100]), conflictHint: dice.chance(0.5) },
  };
}

/** An operation of a client: the steps at which it began and was answered, and the answer. */
interface ClientOperation {
  client: string;
  serial: number;
  began: number;
  answered?: number;
  result?: Json;
}

export interface Storm {
  cluster: Cluster;
  operations: Map<string, ClientOperation>;
}

/** Runs `steps` steps under faults; ends early if an invariant is violated. */
export function storm(
  seed: number,
  steps: number,
  protocol: Protocol = raft,
  logs = false,
): Storm {
  const dice = new Dice(seed);
  const cluster = new Cluster(setupOf(randomCluster(seed, dice, protocol)), logs);
  const result: Storm = { cluster, operations: new Map() };
  const serials: Record<string, number> = { c1: 0, c2: 0 };
  for (let taken = 0; taken < steps && cluster.violations.length === 0; taken++) {
    const fault = dice.chance(0.03) ? randomAction(dice, cluster) : undefined;
    const next = fault ?? cluster.world.next();
    if (next === undefined || !cluster.take(next)) continue;
    note(result, serials);
  }
  return result;
}

function note({ cluster, operations }: Storm, serials: Record<string, number>): void {
  const { effects, world } = cluster;
  const { invoked } = effects;
  if (invoked) {
    const serial = ++serials[invoked.node];
    operations.set(invoked.operation, { client: invoked.node, serial, began: world.step });
  }
  for (const { operation, result } of effects.replies) {
    const one = operations.get(operation);
    if (one) Object.assign(one, { answered: world.step, result });
  }
}

function randomAction(dice: Dice, { world }: Cluster): Action | undefined {
  const at = world.time;
  const replicas = world.nodes.filter(({ role }) => role === 'replica').map(({ id }) => id);
  const all = world.nodes.map(({ id }) => id);
  const kind = dice.below(20);
  if (kind < 8) return command(dice, at);
  if (kind === 8) return { type: 'crash', at, node: dice.one(all) };
  if (kind < 11) return restartOne(dice, world);
  if (kind === 11) return { type: 'pause', at, node: dice.one(all), for: 1_000 * dice.below(600) };
  if (kind === 12) {
    return { type: 'partition', at, groups: twoGroups(dice, all), for: 1_000 * dice.below(2_000) };
  }
  if (kind === 13) {
    const [from, to] = [dice.some(replicas), dice.some(replicas)];
    return { type: 'cut', at, from, to, for: 1_000 * dice.below(900) };
  }
  if (kind === 14) return { type: 'heal', at };
  const node = dice.one(all);
  if (kind === 15) return { type: 'skew', at, node, drift: (dice.below(200) - 100) / 1_000 };
  if (kind === 16) return { type: 'skew', at, node, jump: 1_000_000 * (dice.below(20) - 10) };
  const message = someMessage(dice, world);
  if (message === undefined) return undefined;
  if (kind === 17) return { type: 'drop', ...message };
  if (kind === 18) return { type: 'duplicate', ...message };
  return { type: 'delay', ...message, by: 1_000 * dice.below(400) };
}

function command(dice: Dice, at: number): Action {
  const node = dice.one(['c1', 'c2']);
  const key = dice.one(['x', 'y']);
  const [value, expected] = [dice.below(4), dice.below(4)];
  switch (dice.below(4)) {
    case 0:
      return { type: 'invoke', at, node, operation: 'put', args: { key, value } };
    case 1:
      return { type: 'invoke', at, node, operation: 'get', args: { key } };
    case 2:
      return { type: 'invoke', at, node, operation: 'cas', args: { key, expected, value } };
    default:
      return { type: 'invoke', at, node, operation: 'delete', args: { key } };
  }
}

/**
 * Compares the answers with the log, in which each command counts once, in the order of its first
 * committed copy. Returns a sentence if a client's answer is not what the log implies, or if
 * an operation that began after another was answered precedes it in the log. If neither is the case,
 * the history is linearizable.
 */
export function whyNotLinearizable({ cluster, operations }: Storm): string | undefined {
  const best = cluster.servers().reduce((a, b) =>
    b.state.commitIndex > a.state.commitIndex ? b : a,
  );
  const kv = new Map<string, Json>();
  const done = new Map<string, { index: number; result: Json }>();
  best.state.log.slice(0, best.state.commitIndex).forEach(({ command: one, clientId, serial }, i) => {
    const name = `${clientId}/${serial}`;
    if (one.op === 'no-op' || done.has(name)) return;
    const old = kv.get(one.key) ?? null;
    let result: Json = old;
    if (one.op === 'put') result = 'OK';
    if (one.op === 'cas') result = old === one.expected;
    if (one.op === 'delete') result = kv.delete(one.key);
    if (one.op === 'put' || (one.op === 'cas' && result)) kv.set(one.key, one.value);
    done.set(name, { index: i + 1, result });
  });
  const answered = [...operations].filter(([, one]) => one.answered !== undefined);
  const placed = answered.map(([id, one]) => ({ id, ...one, ...at(done, one) }));
  for (const { id, expected, result } of placed) {
    if (expected !== result) return `${id} answered ${String(result)}, the log implies ${String(expected)}`;
  }
  for (const a of placed) {
    const late = placed.find((b) => b.answered! < a.began && b.index > a.index);
    if (late) return `${a.id} began after ${late.id} was answered, but precedes it in the log`;
  }
  return undefined;
}

function at(
  done: Map<string, { index: number; result: Json }>,
  { client, serial }: ClientOperation,
): { index: number; expected: Json | undefined } {
  const place = done.get(`${client}/${serial}`);
  return { index: place?.index ?? 0, expected: place?.result };
}

/** The end of the run of a seed, for the message of a failed test. */
export function ending(seed: number, steps: number, protocol: Protocol = raft): string {
  const { cluster } = storm(seed, steps, protocol, true);
  const next = cluster.world.next();
  const then = next ? `next: ${actionText(next)}` : 'nothing is left to happen';
  return [`seed ${seed}`, ...cluster.lines.slice(-12), then].join('\n');
}
