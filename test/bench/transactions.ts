/** Benches of checking 100,000 transactions, as clients of a snapshot-isolated store ran them. */
import { checkModel, modelOf } from '../../src/check/models/models.ts';
import type { History, HistoryOperation } from '../../src/protocol/history.ts';
import type { Json } from '../../src/protocol/types.ts';
import { Dice } from '../protocols/dice.ts';
import type { Bench, Figures } from './bench.ts';

const count = 100_000;
const clients = 20;
const activeKeys = 20;
const writesPerKey = 64;
const partsMax = 4;

type Kind = 'append' | 'w';

interface Running {
  readonly index: number;
  readonly parts: readonly [string, number, Json][];
  /** How many versions each key had at the start, so that a snapshot takes no copies. */
  readonly snapshot: ReadonlyMap<number, number>;
}

/**
 * Clients read and write a few keys; a key gives way to a new one after some writes, as in Jepsen.
 * With `serial`, a transaction reads what is there when it commits, so that it is serializable.
 */
function historyOf(kind: Kind, serial: boolean): History {
  const dice = new Dice(1);
  const operations: HistoryOperation[] = [];
  const running = new Map<string, Running>();
  const versions = new Map<number, Json[]>();
  const writes = new Map<number, number>();
  const keys = Array.from({ length: activeKeys }, (_, key) => key);
  let nextKey = activeKeys;
  const partOf = (): [string, number, Json] => {
    const at = dice.below(keys.length);
    const key = keys[at];
    if (dice.chance(0.5)) return ['r', key, null];
    const value = (writes.get(key) ?? 0) + 1;
    writes.set(key, value);
    if (value === writesPerKey) keys[at] = nextKey++;
    return [kind, key, value];
  };
  for (let position = 0; operations.length < count || running.size > 0; position++) {
    const client = `c${dice.below(clients)}`;
    const own = running.get(client);
    if (own === undefined) {
      if (operations.length === count) continue;
      const parts = Array.from({ length: 1 + dice.below(partsMax) }, partOf);
      const sizes = parts.map(([, key]): [number, number] => [key, versions.get(key)?.length ?? 0]);
      running.set(client, { index: operations.length, parts, snapshot: new Map(sizes) });
      operations.push({
        process: client, name: 'txn', args: { operations: parts }, invoked: position,
        returned: undefined, outcome: 'unknown', result: undefined,
      });
    } else {
      running.delete(client);
      const result = committed(own, kind, versions, serial);
      const outcome = result === undefined ? 'failed' : 'ok';
      operations[own.index] = { ...operations[own.index], returned: position, outcome, result };
    }
  }
  return operations;
}

function committed(
  { parts, snapshot }: Running,
  kind: Kind,
  versions: Map<number, Json[]>,
  serial: boolean,
): Json | undefined {
  const sizeOf = (key: number) => versions.get(key)?.length ?? 0;
  const isWritten = ([type, key]: readonly [string, number, Json]) =>
    type !== 'r' && sizeOf(key) !== snapshot.get(key);
  if (!serial && parts.some(isWritten)) return undefined;
  const own = new Map<number, Json[]>();
  const result = parts.map(([type, key, value]): Json => {
    if (type !== 'r') {
      own.set(key, [...(own.get(key) ?? []), value]);
      return [type, key, value];
    }
    const size = serial ? sizeOf(key) : snapshot.get(key)!;
    const seen = [...(versions.get(key) ?? []).slice(0, size), ...(own.get(key) ?? [])];
    return ['r', key, kind === 'append' ? seen : (seen.at(-1) ?? null)];
  });
  for (const [key, values] of own) versions.set(key, [...(versions.get(key) ?? []), ...values]);
  return result;
}

const specification = { doc: '', init: () => null, step: (state: null) => state };

function check(history: History, name: string, expected: string): number {
  const before = process.cpuUsage();
  const { type } = checkModel(history, modelOf(name)!, specification);
  if (type !== expected) throw new Error(`${name}: ${type}, and not ${expected}`);
  const { user, system } = process.cpuUsage(before);
  return Math.round((user + system) / 1_000);
}

function benchOf(kind: Kind, name: string): Bench {
  return {
    name: `transactions-${name}`,
    parameters: { transactions: count, clients, activeKeys, writesPerKey },
    about: `100,000 transactions on ${name}; the budget of a check is 10 s`,
    run(): Figures {
      const serial = historyOf(kind, true);
      const skewed = historyOf(kind, false);
      return {
        strictHoldsCpuMs: check(serial, 'strict-serializable', 'holds'),
        snapshotHoldsCpuMs: check(skewed, 'snapshot-isolation', 'holds'),
        serializableViolatedCpuMs: check(skewed, 'serializable', 'violated'),
        strictViolatedCpuMs: check(skewed, 'strict-serializable', 'violated'),
      };
    },
  };
}

export const transactionBenches: readonly Bench[] = [
  benchOf('append', 'lists'), benchOf('w', 'registers'),
];
