/** Row versions: which ones are visible, and when a version is removed. */
import { keyOf } from './locks/lock-table.ts';
import {
  type DatabaseState, frozen, type Snapshot, type Table, type Transaction, type Version,
} from './state.ts';
import type { Constraint, Value, Values } from './sql/syntax.ts';
import { columnsIn } from './expressions/conditions.ts';

// Transactions by number

export function statusOf(state: DatabaseState, xid: number): 'running' | 'committed' | 'aborted' {
  return xid <= frozen ? 'committed' : state.transactions[xid];
}

export function takeSnapshot(state: DatabaseState): Snapshot {
  const xmax = state.lastEnded + 1;
  const running = runningXids(state).filter((xid) => xid < xmax);
  return Object.freeze({ xmin: running[0] ?? xmax, xmax, running: Object.freeze(running) });
}

/** The numbers of the running transactions, in ascending order. */
function runningXids(state: DatabaseState): number[] {
  return Object.keys(state.transactions)
    .map(Number)
    .filter((xid) => state.transactions[xid] === 'running');
}

/** Whether a transaction had not ended when the snapshot was taken. */
export function isConcurrent(xid: number, snapshot: Snapshot): boolean {
  return xid >= snapshot.xmax || (xid >= snapshot.xmin && snapshot.running.includes(xid));
}

/** Whether the number is that of the transaction, or of a subtransaction that still counts. */
export function isOwn({ scopes }: Transaction, xid: number): boolean {
  if (xid === 0) return false;
  return scopes.some((scope) => scope.xid === xid || scope.released.includes(xid));
}

/** The outermost transaction of a subtransaction; itself if it is none. */
export function outermost(state: DatabaseState, xid: number): number {
  return state.parents[xid] ?? xid;
}

// Visibility

/**
 * Whether a transaction sees the version with this snapshot; `null` is one that begins now. A
 * command sees what the commands before it have changed, but not its own changes.
 */
export function isVisible(
  state: DatabaseState,
  version: Version,
  snapshot: Snapshot,
  transaction: Transaction | null,
): boolean {
  const sees = (xid: number, command: number) => {
    if (transaction !== null && isOwn(transaction, xid)) return command < transaction.command;
    return statusOf(state, xid) === 'committed' && !isConcurrent(xid, snapshot);
  };
  if (!sees(version.xmin, version.cmin)) return false;
  return version.xmax === 0 || !sees(version.xmax, version.cmax);
}

/** The version that replaced this one; undefined if the row was deleted. */
export function successorOf(table: Table, version: Version): Version | undefined {
  return table.versions.find(
    (one) =>
      one.row === version.row && one.position > version.position && one.xmin === version.xmax,
  );
}

/** The table of this name; undefined if there is none, even if it is `constructor`. */
export function tableNamed({ tables }: DatabaseState, name: string): Table | undefined {
  return Object.hasOwn(tables, name) ? tables[name] : undefined;
}

export function versionAt(table: Table, position: number): Version {
  return table.versions.find((one) => one.position === position)!;
}

/** Adds a version at the end of its table, of a new row, or of the row that it replaces. */
export function addVersion(
  table: Table,
  values: Values,
  xmin: number,
  cmin: number,
  before?: Version,
): Version {
  const position = ++table.lastPosition;
  const root = before === undefined || changesIndex(table, before.values, values)
    ? position
    : before.root ?? before.row;
  const row = before?.row ?? position;
  const version: Version = {
    position, row, ...(root === row ? {} : { root }), values: Object.freeze(values),
    xmin, cmin, xmax: 0, cmax: 0, keyChanged: false, lockers: [],
  };
  table.versions.push(version);
  return version;
}

function columnsOfPredicate(one: Constraint): string[] {
  const where = one.type === 'unique' || one.type === 'index' ? one.where : undefined;
  return where === undefined ? [] : columnsIn(where);
}

/** Whether a new version differs in a column of an index, and so has entries of its own there. */
function changesIndex({ constraints }: Table, from: Values, to: Values): boolean {
  return constraints.some(
    (one) =>
      (one.type === 'primary key' || one.type === 'unique' || one.type === 'index') &&
      [...one.columns, ...columnsOfPredicate(one)].some((column) => from[column] !== to[column]),
  );
}

/** Whether the key of a new row waits for another transaction, so that no index has it yet. */
export function isKeyOpen(state: DatabaseState, name: string, { row, xmin }: Version): boolean {
  return Object.values(state.sessions).some(({ waits, transaction }) => {
    if (waits?.type !== 'lock' || waits.on !== 'key') return false;
    if (waits.table !== name || waits.row !== row) return false;
    return transaction !== null && isOwn(transaction, xmin);
  });
}

// Names for display

/** The primary key of a row; if the table has none, the number of the row. */
export function rowName(table: Table, version: Version): Value {
  return table.primaryKey === null ? version.row : version.values[table.primaryKey];
}

/** The name of a row by its number; null if there is no such row. */
export function rowNameOf(
  state: DatabaseState,
  { table: name, row }: { readonly table: string; readonly row: number },
): Value {
  const table = tableNamed(state, name);
  const version = table?.versions.find((one) => one.row === row);
  return table === undefined || version === undefined ? null : rowName(table, version);
}

// Cleaning up

/** Removes versions that no transaction can see any more, and the status of old transactions. */
export function vacuum(state: DatabaseState): void {
  // A serializable statement that waits finds the versions again that it has noted as read.
  const isKept = Object.values(state.sessions).some(
    ({ waits, transaction }) => waits !== null && (transaction?.serializable ?? 0) > 0,
  );
  if (isKept) return;
  const horizon = horizonOf(state);
  const isPast = (xid: number) => xid < horizon;
  for (const table of Object.values(state.tables)) {
    table.versions = table.versions.filter((version) => {
      if (version.lockers.some(({ xid }) => isPast(xid))) {
        version.lockers = version.lockers.filter(({ xid }) => !isPast(xid));
      }
      if (isPast(version.xmax) && version.xmax > 0) {
        if (statusOf(state, version.xmax) === 'committed') return false;
        version.xmax = 0;
        version.keyChanged = false;
      }
      if (!isPast(version.xmin)) return true;
      if (statusOf(state, version.xmin) === 'aborted') return false;
      version.xmin = frozen;
      return true;
    });
  }
  for (const xid of Object.keys(state.transactions)) {
    if (!isPast(Number(xid))) continue;
    delete state.transactions[xid];
    delete state.parents[xid];
  }
}

/** All transactions with lower numbers have ended, and every snapshot sees that they have. */
function horizonOf(state: DatabaseState): number {
  let horizon = Math.min(state.nextXid, ...runningXids(state));
  for (const { transaction } of Object.values(state.sessions)) {
    if (transaction?.snapshot) horizon = Math.min(horizon, transaction.snapshot.xmin);
  }
  return horizon;
}

/** The rows that a transaction would see if it began now. */
export function committedRows(state: DatabaseState, table: Table): Values[] {
  const snapshot = takeSnapshot(state);
  return table.versions
    .filter((version) => isVisible(state, version, snapshot, null))
    .map(({ values }) => values);
}

/**
 * The number of the current subtransaction, assigned at its first change or lock. Those around it
 * get theirs first. Others wait for the end of a transaction by the lock that it has on its number.
 */
export function assignXid(state: DatabaseState, transaction: Transaction): number {
  const { scopes, session } = transaction;
  for (let scope = 0; scope < scopes.length; scope++) {
    if (scopes[scope].xid > 0) continue;
    const xid = state.nextXid++;
    scopes[scope].xid = xid;
    state.transactions[xid] = 'running';
    if (scope > 0) state.parents[xid] = scopes[0].xid;
    const of = { type: 'transactionid', xid } as const;
    const holder = { session, mode: 'exclusive', scope, count: 1 } as const;
    state.locks[keyOf(of)] = { of, holders: [{ ...holder }], queue: [] };
  }
  transaction.xid = scopes[scopes.length - 1].xid;
  const watched = state.watched[transaction.serializable];
  if (watched !== undefined) watched.xid = scopes[0].xid;
  return transaction.xid;
}
