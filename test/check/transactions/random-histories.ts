/** Random histories of transactions: some serial, some of a store that confuses its versions. */
import type { History, HistoryOperation } from '../../../src/protocol/history.ts';
import type { Json } from '../../../src/protocol/types.ts';
import { Dice } from '../../protocols/dice.ts';

export interface Size {
  readonly transactions: number;
  readonly keys: number;
  readonly parts: number;
  readonly clients: number;
}

export type Kind = 'list' | 'register';

type Part = [string, string, Json];

/** Transactions with no values read yet, and overlapping at random. */
function skeleton(dice: Dice, size: Size, kind: Kind): HistoryOperation[] {
  const open = new Map<string, number>();
  const operations: HistoryOperation[] = [];
  const next = new Map<string, number>();
  const total = 1 + dice.below(size.transactions);
  const clients = Array.from({ length: size.clients }, (_, at) => `c${at}`);
  for (let position = 0; operations.length < total || open.size > 0; position++) {
    const idle = clients.filter((one) => !open.has(one));
    const canBegin = operations.length < total && idle.length > 0;
    if (!canBegin || (open.size > 0 && dice.chance(0.5))) {
      const client = dice.one([...open.keys()]);
      operations[open.get(client)!] = { ...operations[open.get(client)!], returned: position };
      open.delete(client);
      continue;
    }
    const client = dice.one(idle);
    const parts = Array.from({ length: 1 + dice.below(size.parts) }, (): Part => {
      const key = `k${dice.below(size.keys)}`;
      if (dice.chance(0.5)) return ['r', key, null];
      const value = (next.get(key) ?? 0) + 1;
      next.set(key, value);
      return [kind === 'list' ? 'append' : 'w', key, value];
    });
    open.set(client, operations.length);
    operations.push({
      process: client, name: 'txn', args: { operations: parts }, invoked: position,
      returned: undefined, outcome: 'ok', result: undefined,
    });
  }
  return operations;
}

/** Executed one after the other, in the order of their responses: every model holds. */
export function serialHistory(seed: number, size: Size, kind: Kind): History {
  const dice = new Dice(seed);
  const operations = skeleton(dice, size, kind);
  const values = new Map<string, Json[]>();
  const order = [...operations].sort((one, other) => one.returned! - other.returned!);
  const results = new Map(order.map((one) => [one, completed(partsIn(one), kind, (key) => {
    let now = values.get(key);
    if (now === undefined) values.set(key, (now = []));
    return now;
  })]));
  return operations.map((one) => ({ ...one, result: results.get(one)! }));
}

/**
 * Each transaction reads some state of the list or register, which need not be a state that it
 * could have seen; some abort, and some have no known outcome.
 */
export function confusedHistory(seed: number, size: Size, kind: Kind): History {
  const dice = new Dice(seed);
  const operations = skeleton(dice, size, kind);
  const written = new Map<string, Json[]>();
  for (const [type, key, value] of operations.flatMap(partsIn)) {
    if (type !== 'r') written.set(key, [...(written.get(key) ?? []), value]);
  }
  if (dice.chance(0.5)) for (const values of written.values()) shuffle(dice, values);
  return operations.map((one): HistoryOperation => {
    if (dice.chance(0.06)) return { ...one, outcome: 'failed' };
    if (dice.chance(0.08)) return { ...one, outcome: 'unknown' };
    const bases = new Map<string, Json[]>();
    const result = completed(partsIn(one), kind, (key) => {
      let base = bases.get(key);
      if (base !== undefined && !dice.chance(0.05)) return base;
      const all = written.get(key) ?? [];
      base = all.slice(0, dice.below(all.length + 1));
      if (dice.chance(0.03)) shuffle(dice, base);
      bases.set(key, base);
      return base;
    });
    return { ...one, result };
  });
}

function partsIn({ args }: HistoryOperation): Part[] {
  return args.operations as unknown as Part[];
}

function completed(parts: readonly Part[], kind: Kind, stateOf: (key: string) => Json[]): Json {
  return parts.map(([type, key, value]): Json => {
    const state = stateOf(key);
    if (type !== 'r') {
      state.push(value);
      return [type, key, value];
    }
    return ['r', key, kind === 'list' ? [...state] : (state.at(-1) ?? null)];
  });
}

function shuffle(dice: Dice, items: Json[]): void {
  for (let at = items.length - 1; at > 0; at--) {
    const other = dice.below(at + 1);
    [items[at], items[other]] = [items[other], items[at]];
  }
}
