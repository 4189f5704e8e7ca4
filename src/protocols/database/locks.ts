/** Row locks: the holder of a row, the transactions that wait for it, and deadlocks. */
import type { Node, NodeId } from '../../protocol/types.ts';
import type {
  Database, DatabaseState, Session, Table, Transaction, Version, Wait,
} from './state.ts';
import { type SqlError, sqlError } from './syntax.ts';
import { rowName, sessionOf, statusOf, successorOf } from './versions.ts';

type Server = Node<Database>;

/** The result of an attempt to change or lock a row that the snapshot shows. */
export type Claim =
  /** The row can be changed or locked; `moved` if it has a newer version than the snapshot's. */
  | { readonly type: 'free'; readonly version: Version; readonly moved: boolean }
  /** A running transaction has the row. */
  | { readonly type: 'held'; readonly by: number }
  /** The row was deleted. */
  | { readonly type: 'gone' }
  | SqlError;

/**
 * Follows a row from the version that the snapshot shows to its last version. Read committed
 * continues with the last version. The other levels have one snapshot for the whole transaction, so
 * a row that has changed since is an error. `changes` is false for a statement that only locks,
 * whose error says `update` even for a deleted row.
 */
export function claim(
  state: DatabaseState,
  table: Table,
  seen: Version,
  transaction: Transaction,
  changes: boolean,
): Claim {
  let version = seen;
  for (;;) {
    const { xmax, locksOnly } = version;
    if (xmax === transaction.xid && xmax > 0) {
      if (!locksOnly) return { type: 'gone' };
      return { type: 'free', version, moved: version !== seen };
    }
    const status = xmax === 0 ? 'aborted' : statusOf(state, xmax);
    if (status === 'running') return { type: 'held', by: xmax };
    if (status === 'aborted' || locksOnly) {
      return { type: 'free', version, moved: version !== seen };
    }
    const next = successorOf(table, version);
    if (transaction.level !== 'read committed') {
      const what = next === undefined && changes ? 'delete' : 'update';
      return sqlError('40001', `could not serialize access due to concurrent ${what}`);
    }
    if (next === undefined) return { type: 'gone' };
    version = next;
  }
}

export function lockRow(
  node: Server,
  session: NodeId,
  name: string,
  version: Version,
  xid: number,
): void {
  if (version.xmax === xid) return;
  version.xmax = xid;
  version.locksOnly = true;
  const row = rowName(node.state.tables[name], version);
  node.event('RowLocked', { session, table: name, row });
}

/** Lets the current statement wait for a transaction. */
export function waitFor(
  node: Server,
  session: NodeId,
  name: string,
  version: Version,
  xid: number,
  queued: boolean,
): void {
  const { state } = node;
  const own = state.sessions[session];
  // A session that already waited for this row keeps its place in the queue.
  const ticket = own.waits?.row === version.row ? own.waits.ticket : ++state.lastTicket;
  own.waits = { xid, table: name, row: version.row, queued, ticket };
  const row = rowName(state.tables[name], version);
  const holder = sessionOf(state, xid)!;
  node.event('LockWaited', { session, table: name, row, holder });
  node.setTimer('deadlock', node.options.deadlockTimeout, { session, ticket }, session);
}

// Deadlocks

/** The sessions of a cycle of waits, beginning with `start`; undefined if there is no cycle. */
export function cycleThrough(state: DatabaseState, start: NodeId): NodeId[] | undefined {
  const visited = new Set<NodeId>();
  const search = (session: NodeId, path: readonly NodeId[]): NodeId[] | undefined => {
    for (const next of waitedFor(state, session)) {
      if (next === start) return [...path];
      if (visited.has(next)) continue;
      visited.add(next);
      const found = search(next, [...path, next]);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return search(start, [start]);
}

/** The sessions that a session waits for: the holder of the row, and those ahead in the queue. */
function waitedFor(state: DatabaseState, session: NodeId): NodeId[] {
  const { waits } = state.sessions[session];
  if (waits === null) return [];
  const holder = sessionOf(state, waits.xid);
  const before = Object.keys(state.sessions).filter((id) =>
    isBefore(state.sessions[id], waits),
  );
  return holder === undefined ? before : [holder, ...before];
}

function isBefore({ waits }: Session, own: Wait): boolean {
  if (waits === null || !waits.queued || !own.queued) return false;
  return waits.table === own.table && waits.row === own.row && waits.ticket < own.ticket;
}
