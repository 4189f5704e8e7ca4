/** Row locks: who has a row, who waits for it, and who waits in a circle. */
import type { Node, NodeId } from '../../protocol/types.ts';
import type {
  Database, DatabaseState, Session, Table, Transaction, Version, Wait,
} from './state.ts';
import { type SqlError, sqlError } from './syntax.ts';
import { rowName, sessionOf, statusOf, successorOf } from './versions.ts';

type Here = Node<Database>;

/** What became of the wish to change or lock a row that the snapshot showed. */
export type Claim =
  /** `moved`: it is a newer version than the snapshot's. */
  | { readonly type: 'free'; readonly version: Version; readonly moved: boolean }
  | { readonly type: 'held'; readonly by: number }
  /** Deleted meanwhile. */
  | { readonly type: 'gone' }
  | SqlError;

/**
 * Follows a row from the version that was seen to the last one. Under read committed the last one
 * is as good; with a snapshot of the whole transaction, a row that changed since cannot be had.
 * `changes` is false for a statement that only locks: of a deleted row it says `update`, too.
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
  node: Here,
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

/** Puts the statement under way in line behind a transaction. */
export function waitFor(
  node: Here,
  session: NodeId,
  name: string,
  version: Version,
  xid: number,
  queued: boolean,
): void {
  const { state } = node;
  const mine = state.sessions[session];
  // Who waited for this row already keeps the place in line.
  const ticket = mine.waits?.row === version.row ? mine.waits.ticket : ++state.lastTicket;
  mine.waits = { xid, table: name, row: version.row, queued, ticket };
  const row = rowName(state.tables[name], version);
  const holder = sessionOf(state, xid)!;
  node.event('LockWaited', { session, table: name, row, holder });
  node.setTimer('deadlock', node.options.deadlockTimeout, { session, ticket }, session);
}

// Deadlocks

/** The sessions of a circle of waits through `start`, which comes first; undefined without one. */
export function circleThrough(state: DatabaseState, start: NodeId): NodeId[] | undefined {
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

/** Whom a session waits for: the one that has the row, and those before it in line. */
function waitedFor(state: DatabaseState, session: NodeId): NodeId[] {
  const { waits } = state.sessions[session];
  if (waits === null) return [];
  const holder = sessionOf(state, waits.xid);
  const before = Object.keys(state.sessions).filter((id) =>
    isBefore(state.sessions[id], waits),
  );
  return holder === undefined ? before : [holder, ...before];
}

function isBefore({ waits }: Session, mine: Wait): boolean {
  if (waits === null || !waits.queued || !mine.queued) return false;
  return waits.table === mine.table && waits.row === mine.row && waits.ticket < mine.ticket;
}
