/** Row versions: which ones are visible, how a table is searched, and when a version is removed. */
import type { NodeId } from '../../protocol/types.ts';
import { narrows } from './expressions.ts';
import {
  type DatabaseState, frozen, type Snapshot, type Table, type Transaction, type Version,
} from './state.ts';
import type { Expression, Value, Values } from './syntax.ts';

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

/** The session whose running transaction has this number. */
export function sessionOf(state: DatabaseState, xid: number): NodeId | undefined {
  return Object.keys(state.sessions).find((id) => state.sessions[id].transaction?.xid === xid);
}

// Visibility

/** Whether a transaction with this snapshot and number sees the version; 0 for no number yet. */
export function isVisible(
  state: DatabaseState,
  version: Version,
  snapshot: Snapshot,
  ownXid: number,
): boolean {
  const { xmin, xmax, locksOnly } = version;
  const sees = (xid: number) =>
    xid === ownXid || (statusOf(state, xid) === 'committed' && !isConcurrent(xid, snapshot));
  if (!sees(xmin)) return false;
  return xmax === 0 || locksOnly || !sees(xmax);
}

/** The version that replaced this one; undefined if the row was deleted. */
export function successorOf(table: Table, version: Version): Version | undefined {
  return table.versions.find(
    (one) =>
      one.row === version.row && one.position > version.position && one.xmin === version.xmax,
  );
}

export function versionAt(table: Table, position: number): Version {
  return table.versions.find((one) => one.position === position)!;
}

/** Adds a version at the end of its table, of the row `row` or of a new row. */
export function addVersion(table: Table, values: Values, xmin: number, row?: number): Version {
  const position = ++table.lastPosition;
  const version: Version = {
    position, row: row ?? position, values: Object.freeze(values), xmin, xmax: 0, locksOnly: false,
  };
  table.versions.push(version);
  return version;
}

// Search

/**
 * How rows are found. PostgreSQL uses the index of the primary key if the condition narrows it, and
 * reads the whole table otherwise. The two find rows in different orders, and under serializable a
 * search by the index notes less as read. (PostgreSQL's planner also considers sizes: it may read a
 * small table as a whole although there is an index.)
 */
export type Path = 'index' | 'table';

export function pathFor(table: Table, where: Expression | null, order: string | null): Path {
  const key = table.primaryKey;
  return key !== null && (narrows(where, key) || order === key) ? 'index' : 'table';
}

/**
 * The versions in the order in which a search finds them: by an index, row after row, and of each
 * row only up to the version that is visible.
 */
export function searched(
  state: DatabaseState,
  name: string,
  path: Path,
  isSeen: (version: Version) => boolean,
): Version[] {
  const { versions } = state.tables[name];
  if (path === 'table') return versions.slice();
  const rows: Record<number, Version[]> = {};
  for (const version of versions) {
    if (isKeyOpen(state, name, version)) continue;
    const found = (rows[version.row] ??= []);
    if (found.length === 0 || !isSeen(found[found.length - 1])) found.push(version);
  }
  // In the order of their numbers, which is the order of the rows' first versions.
  return Object.values(rows).flat();
}

/** Whether the key of a new row waits for another transaction, so that no index has it yet. */
export function isKeyOpen(state: DatabaseState, name: string, { row }: Version): boolean {
  return Object.values(state.sessions).some(
    ({ waits }) => waits !== null && !waits.queued && waits.table === name && waits.row === row,
  );
}

// Names for display

/** The primary key of a row; if the table has none, the number of the row. */
export function rowName(table: Table, version: Version): Value {
  return table.primaryKey === null ? version.row : version.values[table.primaryKey];
}

// Cleaning up

/** Removes versions that no transaction can see any more, and the status of old transactions. */
export function vacuum(state: DatabaseState): void {
  const horizon = horizonOf(state);
  const isPast = (xid: number) => xid < horizon;
  for (const table of Object.values(state.tables)) {
    table.versions = table.versions.filter((version) => {
      if (isPast(version.xmax) && version.xmax > 0) {
        if (!version.locksOnly && statusOf(state, version.xmax) === 'committed') return false;
        version.xmax = 0;
        version.locksOnly = false;
      }
      if (!isPast(version.xmin)) return true;
      if (statusOf(state, version.xmin) === 'aborted') return false;
      version.xmin = frozen;
      return true;
    });
  }
  for (const xid of Object.keys(state.transactions)) {
    if (isPast(Number(xid))) delete state.transactions[xid];
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
    .filter((version) => isVisible(state, version, snapshot, 0))
    .map(({ values }) => values);
}

/** Assigns a number to the transaction, at its first change or lock. */
export function assignXid(state: DatabaseState, transaction: Transaction): number {
  if (transaction.xid === 0) {
    transaction.xid = state.nextXid++;
    state.transactions[transaction.xid] = 'running';
    const watched = state.watched[transaction.serializable];
    if (watched !== undefined) watched.xid = transaction.xid;
  }
  return transaction.xid;
}
