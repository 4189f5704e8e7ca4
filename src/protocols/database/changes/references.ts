/** References between tables: checks those of new rows, and follows them from rows that change. */
import { changedSince, claim, isInSnapshot, lockRow } from '../locks/row-locks.ts';
import { lockTable } from '../locks/table-locks.ts';
import { isError, type SqlError, sqlError } from '../sql/errors.ts';
import type { Value, Values } from '../sql/syntax.ts';
import type { Table, Version } from '../state.ts';
import { isOwn, isVisible, takeSnapshot, versionAt } from '../versions.ts';
import type { Place } from '../expressions/bound.ts';
import { isStop, type Stop, waits } from '../expressions/scope.ts';
import { type Reference, referredKeys, rowFault } from './constraints.ts';
import type { Execution } from '../query/execution.ts';
import { takeRow, writeRow } from './write.ts';

/**
 * Whether a new version refers to the same row as the one before, whose reference was checked when
 * that was committed: then it is not checked again, and the row is not locked.
 */
function isKept(
  { context }: Execution,
  { versions }: Table,
  { row, xmin, position, values }: Version,
  { columns }: Reference,
): boolean {
  const before = versions.findLast(
    (one) => one.row === row && one.xmax === xmin && one.position < position,
  );
  if (before === undefined || isOwn(context.transaction, before.xmin)) return false;
  return columns.every((column) => before.values[column] === values[column]);
}

/** Checks the references of new rows when the statement has ended, and locks what they refer to. */
export function checkReferences(
  execution: Execution,
  name: string,
  positions: readonly number[],
): true | Stop {
  const table = execution.table(name)!;
  for (const constraint of table.constraints) {
    if (constraint.type !== 'references') continue;
    for (const position of positions) {
      const version = versionAt(table, position);
      const key = constraint.columns.map((column) => version.values[column]);
      if (key.includes(null) || isKept(execution, table, version, constraint)) continue;
      const found = lockReferred(execution, name, constraint, key);
      if (isStop(found)) return found;
    }
  }
  return true;
}

function lockReferred(
  execution: Execution,
  name: string,
  constraint: Reference,
  key: readonly Value[],
): true | Stop {
  const columns = referredKeys(constraint, execution.table(constraint.table)!);
  const found = findLocked(execution, { table: constraint.table, columns, key, keeps: true });
  if (isStop(found) || found) return found;
  const what = `insert or update on table "${name}" violates foreign key constraint`;
  return sqlError('23503', `${what} "${constraint.name}"`);
}

/** The rows of a table that have a key. */
interface Keyed {
  readonly table: string;
  readonly columns: readonly string[];
  readonly key: readonly Value[];
  /** Whether the lock is kept; if not, it is enough that the row can be locked. */
  readonly keeps: boolean;
}

/**
 * Whether a row with a key exists, for which it waits. A check is a query of its own: SELECT … FOR
 * KEY SHARE, with a snapshot of its own, which a wait does not change.
 */
function findLocked(execution: Execution, { table, columns, key, keeps }: Keyed): boolean | Stop {
  const { context } = execution;
  const positions = execution.once(() => {
    const locked = lockTable(context, table, 'row share');
    if (locked !== 'locked') return locked === 'waits' ? waits : locked;
    return current(execution, table, columns, key).map(({ position }) => position);
  });
  if (isStop(positions)) return positions;
  for (const position of positions) {
    const isFound = execution.once(() => {
      const seen = versionAt(execution.table(table)!, position);
      const claimed = claim(context, {
        table, seen, strength: 'key share', blocked: 'wait', changes: false,
      });
      if (claimed === 'waits') return waits;
      if (isError(claimed)) return claimed;
      if (claimed.type !== 'free') return false;
      const { values } = claimed.version;
      if (columns.some((column, i) => values[column] !== key[i])) return false;
      if (keeps) lockRow(context, table, claimed.version, 'key share');
      return true;
    });
    if (isStop(isFound) || isFound) return isFound;
  }
  return false;
}

/** The rows with these values that a new statement of the transaction would see. */
function current(
  { context }: Execution,
  name: string,
  columns: readonly string[],
  key: readonly Value[],
): Version[] {
  const { node, transaction } = context;
  const { state } = node;
  const snapshot = takeSnapshot(state);
  const later = { ...transaction, command: transaction.command + 1 };
  return state.tables[name].versions.filter(
    (version) =>
      columns.every((column, i) => version.values[column] === key[i]) &&
      isVisible(state, version, snapshot, later),
  );
}

/** A row of a table that a statement has changed; without `to`, deleted. */
export interface Change {
  readonly from: Values;
  readonly to: Values | null;
}

/**
 * Does what the references to changed rows demand when a statement has ended: an error if a row
 * still refers to a key that is gone, or ON DELETE and ON UPDATE. As in PostgreSQL (ri_triggers.c)
 * each is a query of its own, whose changes are followed after those of the statement itself.
 */
export function followReferences(
  execution: Execution,
  name: string,
  changes: readonly Change[],
  place: Place,
): true | Stop {
  const { tables } = execution.context.node.state;
  const pending = changes.map((change) => ({ name, change }));
  for (const one of pending) {
    for (const [table, { constraints }] of Object.entries(tables)) {
      for (const constraint of constraints) {
        if (constraint.type !== 'references' || constraint.table !== one.name) continue;
        const reference = { execution, name: one.name, table, constraint, place };
        const followed = follow(reference, one.change);
        if (isStop(followed)) return followed;
        pending.push(...followed.map((change) => ({ name: table, change })));
      }
    }
  }
  return true;
}

interface Followed {
  readonly execution: Execution;
  /** The table that is referred to. */
  readonly name: string;
  /** The table that has the constraint. */
  readonly table: string;
  readonly constraint: Reference;
  readonly place: Place;
}

/** Returns the changes of the rows that refer to a changed one. */
function follow(reference: Followed, { from, to }: Change): Change[] | Stop {
  const { execution, constraint } = reference;
  const keys = referredKeys(constraint, execution.table(constraint.table)!);
  if (to !== null && keys.every((column) => from[column] === to[column])) return [];
  const key = keys.map((column) => from[column]);
  if (key.includes(null)) return [];
  const action = to === null ? constraint.onDelete : constraint.onUpdate;
  if (action === 'no action' || action === 'restrict') {
    const isReplaceable = action === 'no action';
    const checked = referring(reference, keys, key, isReplaceable);
    return isStop(checked) ? checked : [];
  }
  const values = keys.map((column) => (action === 'cascade' && to !== null ? to[column] : null));
  const isDeleted = action === 'cascade' && to === null;
  return changeReferring(reference, key, isDeleted ? null : values);
}

/** Fails if a row refers to this key. */
function referring(
  { execution, name, table: other, constraint }: Followed,
  keys: readonly string[],
  key: readonly Value[],
  isReplaceable: boolean,
): true | Stop {
  // Another row may have the same key by now, which only helps if the constraint says NO ACTION.
  const isReplaced = execution.once(
    () => isReplaceable && current(execution, name, keys, key).length > 0,
  );
  if (isStop(isReplaced)) return isReplaced;
  if (isReplaced) return true;
  const { columns } = constraint;
  const found = findLocked(execution, { table: other, columns, key, keeps: false });
  if (isStop(found)) return found;
  if (!found) return true;
  const what = `update or delete on table "${name}" violates foreign key constraint`;
  return sqlError('23503', `${what} "${constraint.name}" on table "${other}"`);
}

/** Deletes the rows that refer to a key, or gives them other values for it. */
function changeReferring(
  reference: Followed,
  key: readonly Value[],
  values: readonly Value[] | null,
): Change[] | Stop {
  const { execution, table: name } = reference;
  const positions = execution.once(() => referringRows(reference, key));
  if (isStop(positions)) return positions;
  const changes: Change[] = [];
  const written: number[] = [];
  for (const position of positions) {
    const seen = versionAt(execution.table(name)!, position);
    const done = changeRow(reference, key, values, seen);
    if (isStop(done)) return done;
    if (done === 'left out') continue;
    changes.push({ from: done.from.values, to: done.to?.values ?? null });
    if (done.to !== null) written.push(done.to.position);
  }
  const checked = checkReferences(execution, name, written);
  return isStop(checked) ? checked : changes;
}

/** The positions of the rows that refer to a key, of those too that the snapshot does not show. */
function referringRows(
  { execution, table: name, constraint }: Followed,
  key: readonly Value[],
): number[] | Stop {
  const locked = lockTable(execution.context, name, 'row exclusive');
  if (locked !== 'locked') return locked === 'waits' ? waits : locked;
  const found = current(execution, name, constraint.columns, key);
  if (!found.every((version) => isInSnapshot(execution.context, version))) {
    return changedSince('update');
  }
  return found.map(({ position }) => position);
}

interface ChangedRow {
  readonly from: Version;
  readonly to: Version | null;
}

/** Gets a row, and changes it if it still refers to the key after a wait. */
function changeRow(
  { execution, table: name, constraint, place }: Followed,
  key: readonly Value[],
  values: readonly Value[] | null,
  first: Version,
): ChangedRow | 'left out' | Stop {
  const { columns } = constraint;
  let seen = first;
  for (;;) {
    const set = values?.map((value, i) => [columns[i], value] as const);
    const next = set === undefined ? null : { ...seen.values, ...Object.fromEntries(set) };
    const found = execution.once(() => takeRow(execution, name, seen, next));
    if (isStop(found) || found === 'left out') return found;
    if (found === seen.position) {
      const fault = next === null ? undefined : faultOf(execution, name, next, place);
      if (fault !== undefined) return fault;
      const to = writeRow(execution, name, seen, next, []);
      return isStop(to) ? to : { from: seen, to };
    }
    seen = versionAt(execution.table(name)!, found);
    if (columns.some((column, i) => seen.values[column] !== key[i])) return 'left out';
  }
}

function faultOf(
  execution: Execution,
  name: string,
  values: Values,
  place: Place,
): SqlError | Stop | undefined {
  return rowFault(name, execution.table(name)!, values, (scope) => ({ ...place, scope }));
}
