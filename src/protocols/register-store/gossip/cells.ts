/** What a replica stores of a key, by `type` and `conflict`: how it is updated, merged and read. */
import type { Json, Micros } from '../../../protocol/types.ts';
import { type Dot, hasDot } from '../data/dots.ts';
import { union, type Versions } from '../data/sessions.ts';
import { type Counter, counted, mergedCounters, total } from './counter.ts';
import { type DottedValues, mergedValues, type Scalar, updated } from './dotted.ts';
import { type LastWrite, mergedWrites, noWrite, written } from './last-writer.ts';

export type Cell =
  | ({ readonly keeps: 'last write' } & LastWrite)
  | ({ readonly keeps: 'siblings' | 'elements' } & DottedValues)
  | ({ readonly keeps: 'sums' } & Counter);

/** What a client wants to change. */
export type Update =
  /** `context` is what its session had read of the key: the siblings that it replaces. */
  | { readonly type: 'write'; readonly value: Scalar; readonly context: Versions }
  | { readonly type: 'increment'; readonly amount: number }
  | { readonly type: 'add' | 'remove'; readonly value: Scalar };

/** A key that was never updated. */
export function emptyCell(type: string, conflict: string): Cell {
  if (conflict === 'last-writer-wins') {
    const value = type === 'counter' ? 0 : type === 'set' ? [] : null;
    return { keeps: 'last write', ...noWrite(value) };
  }
  if (type === 'counter') return { keeps: 'sums', vector: {}, added: {}, taken: {} };
  return { keeps: type === 'set' ? 'elements' : 'siblings', vector: {}, values: [] };
}

export function updatedCell(cell: Cell, update: Update, dot: Dot, time: Micros): Cell {
  switch (cell.keeps) {
    case 'last write':
      return { ...cell, ...written(cell, dot, time, changed(cell.value, update)) };
    case 'sums':
      return { ...cell, ...counted(cell, dot, update.type === 'increment' ? update.amount : 0) };
    case 'elements': {
      if (update.type !== 'add' && update.type !== 'remove') return cell;
      const { type, value } = update;
      // Both replace the dots of the element that this replica has: those it has observed.
      const own = type === 'add' ? value : undefined;
      return { ...cell, ...updated(cell, dot, own, (one) => one.value === value) };
    }
    case 'siblings': {
      if (update.type !== 'write') return cell;
      const { value, context } = update;
      // The context may name updates that this server lacks: they are replaced when they arrive.
      const known = { values: cell.values, vector: union(cell.vector, context) };
      return { ...cell, ...updated(known, dot, value, (one) => hasDot(context, one)) };
    }
  }
}

/** Read, changed and written back: what an update does to a value that is stored as a whole. */
function changed(value: Json, update: Update): Json {
  if (update.type === 'write') return update.value;
  if (update.type === 'increment') return Number(value) + update.amount;
  const others = (value as readonly Json[]).filter((one) => one !== update.value);
  return inOrder(update.type === 'add' ? [...others, update.value] : others);
}

export function mergedCells(a: Cell, b: Cell): Cell {
  if (a.keeps === 'last write' && b.keeps === a.keeps) return { ...a, ...mergedWrites(a, b) };
  if (a.keeps === 'sums' && b.keeps === a.keeps) return { ...a, ...mergedCounters(a, b) };
  const isDotted = a.keeps === b.keeps && 'values' in a && 'values' in b;
  if (isDotted) return { ...a, ...mergedValues(a, b) };
  throw new Error(
    `a server keeps ${a.keeps}, and received ${b.keeps}: give all servers the same ` +
      '`type` and `conflict`',
  );
}

/** What a client reads: a value, a number, the elements of a set, or a list of siblings. */
export function shownCell(cell: Cell): Json {
  switch (cell.keeps) {
    case 'last write':
      return cell.value;
    case 'sums':
      return total(cell);
    case 'siblings':
      return cell.values.map(({ value }) => value);
    case 'elements':
      return inOrder([...new Set(cell.values.map(({ value }) => value))]);
  }
}

function inOrder(values: readonly Json[]): Json[] {
  return [...values].sort((a, b) => (String(a) < String(b) ? -1 : 1));
}
