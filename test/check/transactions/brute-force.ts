/** The definitions of the transactional models, executed over every order there is. */
import type { History, HistoryOperation } from '../../../src/protocol/history.ts';

export type Part = readonly ['append' | 'w' | 'r', string, unknown];

/** The micro-operations that an operation completed, or was invoked with. */
export function partsOf({ outcome, args, result }: HistoryOperation): readonly Part[] {
  return (outcome === 'ok' ? result : args.operations) as unknown as readonly Part[];
}

export type Order = 'none' | 'process' | 'realtime';

type Values = ReadonlyMap<string, readonly unknown[]>;

/** Whether some transactions of unknown outcome, and all that committed, have an order. */
export function isSerializable(history: History, order: Order): boolean {
  return subsets(history).some((operations) => hasSerialOrder(operations, order, new Map()));
}

function hasSerialOrder(left: readonly HistoryOperation[], order: Order, values: Values): boolean {
  if (left.length === 0) return true;
  return left.some((next) => {
    if (left.some((one) => precedes(one, next, order))) return false;
    const after = executed(next, values);
    return after !== undefined && hasSerialOrder(left.filter((one) => one !== next), order, after);
  });
}

/** Transactions read from a snapshot; of two at once that write a key, one commits. */
export function isSnapshotIsolated(history: History, order: Order): boolean {
  return subsets(history).some((operations) =>
    hasSnapshotOrder(operations, new Map(), order, new Map()),
  );
}

function hasSnapshotOrder(
  waiting: readonly HistoryOperation[],
  running: ReadonlyMap<HistoryOperation, Values>,
  order: Order,
  values: Values,
): boolean {
  if (waiting.length === 0 && running.size === 0) return true;
  const starts = waiting.some((next) => {
    if ([...waiting, ...running.keys()].some((one) => precedes(one, next, order))) return false;
    if (executed(next, values) === undefined) return false;
    const others = waiting.filter((one) => one !== next);
    return hasSnapshotOrder(others, new Map([...running, [next, values]]), order, values);
  });
  if (starts) return true;
  return [...running].some(([next, snapshot]) => {
    const written = new Set(partsOf(next).flatMap(([kind, key]) => (kind === 'r' ? [] : [key])));
    for (const key of written) if (snapshot.get(key) !== values.get(key)) return false;
    const after = new Map(values);
    const own = executed(next, snapshot)!;
    for (const key of written) after.set(key, own.get(key)!);
    const others = new Map([...running].filter(([one]) => one !== next));
    return hasSnapshotOrder(waiting, others, order, after);
  });
}

/** PL-2 of Adya 1999: an order of the versions of each key, without G1 in it. */
export function isReadCommitted(history: History): boolean {
  const committed = subsets(history);
  return committed.some((operations) =>
    versionOrders(operations).some((orders) => !hasG1(operations, orders)),
  );
}

type VersionOrder = ReadonlyMap<string, readonly { value: unknown; by: number; final: boolean }[]>;

function versionOrders(operations: readonly HistoryOperation[]): VersionOrder[] {
  const keys = new Map<string, Map<number, unknown[]>>();
  operations.forEach((operation, by) => {
    for (const [kind, key, value] of partsOf(operation)) {
      if (kind === 'r') continue;
      const writers = keys.get(key) ?? new Map<number, unknown[]>();
      keys.set(key, writers);
      writers.set(by, kind === 'w' ? [value] : [...(writers.get(by) ?? []), value]);
    }
  });
  let orders: VersionOrder[] = [new Map()];
  for (const [key, writers] of keys) {
    const all = permutations([...writers]).map((order) =>
      order.flatMap(([by, values]) =>
        values.map((value, at) => ({ value, by, final: at === values.length - 1 })),
      ),
    );
    orders = orders.flatMap((before) => all.map((order) => new Map([...before, [key, order]])));
  }
  return orders;
}

function hasG1(operations: readonly HistoryOperation[], orders: VersionOrder): boolean {
  const edges = new Set<string>();
  for (const order of orders.values()) {
    order.forEach(({ by }, at) => {
      const next = order[at + 1]?.by;
      if (next !== undefined && next !== by) edges.add(`${by} ${next}`);
    });
  }
  for (const [reader, operation] of operations.entries()) {
    const own = new Map<string, unknown[]>();
    for (const [kind, key, value] of partsOf(operation)) {
      const before = own.get(key) ?? [];
      if (kind !== 'r') {
        own.set(key, kind === 'w' ? [value] : [...before, value]);
        continue;
      }
      const from = writerRead(orders.get(key) ?? [], value, before, reader);
      if (from === 'G1') return true;
      if (from !== undefined && from !== reader) edges.add(`${from} ${reader}`);
    }
  }
  return isCyclic(operations.length, edges);
}

function writerRead(
  order: readonly { value: unknown; by: number; final: boolean }[],
  value: unknown,
  own: readonly unknown[],
  reader: number,
): number | 'G1' | undefined {
  if (value === null) return undefined;
  if (!Array.isArray(value)) {
    const version = order.find((one) => one.value === value);
    if (version === undefined) return own.includes(value) ? reader : 'G1';
    return version.by === reader && !own.includes(value) ? 'G1' : version.by;
  }
  if (value.some((one, at) => order[at]?.value !== one)) return 'G1';
  const last = order[value.length - own.length - 1];
  if (last === undefined) return undefined;
  return last.final && last.by !== reader ? last.by : 'G1';
}

function isCyclic(count: number, edges: ReadonlySet<string>): boolean {
  let left = Array.from({ length: count }, (_, node) => node);
  for (let before = -1; before !== left.length;) {
    before = left.length;
    left = left.filter((node) => left.some((other) => edges.has(`${other} ${node}`)));
  }
  return left.length > 0;
}

/** Returns what the keys have after a transaction, or undefined if it would read other values. */
function executed(operation: HistoryOperation, values: Values): Values | undefined {
  const after = new Map(values);
  for (const [kind, key, value] of partsOf(operation)) {
    const now = after.get(key) ?? [];
    if (kind === 'append') after.set(key, [...now, value]);
    else if (kind === 'w') after.set(key, [value]);
    else if (operation.outcome === 'ok') {
      const read = Array.isArray(value) ? now : (now.at(-1) ?? null);
      if (JSON.stringify(read) !== JSON.stringify(value)) return undefined;
    }
  }
  return after;
}

function precedes(one: HistoryOperation, other: HistoryOperation, order: Order): boolean {
  if (order === 'none' || one.outcome !== 'ok' || one.returned! > other.invoked) return false;
  return order === 'realtime' || one.process === other.process;
}

/** All that committed, with each choice of those of unknown outcome. */
function subsets(history: History): readonly HistoryOperation[][] {
  const certain = history.filter(({ outcome }) => outcome === 'ok');
  let all = [certain];
  for (const operation of history) {
    if (operation.outcome === 'unknown') all = all.flatMap((one) => [one, [...one, operation]]);
  }
  return all;
}

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, at) =>
    permutations(items.filter((_, other) => other !== at)).map((rest) => [item, ...rest]),
  );
}
