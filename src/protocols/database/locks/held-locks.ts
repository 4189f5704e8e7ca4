/** How panels show the locks of a server: advisory locks, and others that a session waits for. */
import type { HolderLook } from '../../../protocol/look.ts';
import type { DatabaseState, Lock, Session, SessionId } from '../state.ts';
import { keyOf } from './lock-table.ts';

/** A lock that no session waits for is one of many: each statement takes some. */
export function heldLocks({ sessions, locks }: Readonly<DatabaseState>): HolderLook[] {
  const shown = Object.values(locks).filter(({ of, queue }) => {
    return of.type === 'advisory' || (of.type === 'relation' && queue.length > 0);
  });
  return [...shown.flatMap((lock) => entriesOf(lock, keyOf(lock.of), sessions)),
    ...rowsOf(sessions, locks)];
}

type Sessions = Readonly<Record<SessionId, Session>>;

function entriesOf({ holders, queue }: Lock, of: string, sessions: Sessions): HolderLook[] {
  const next = queue.flatMap(({ session }) => sessions[session]?.client ?? []);
  const held = holders.map(({ session, mode }) => ({
    of, is: sessions[session]?.client ?? session, shared: mode !== 'exclusive', next,
  }));
  // A session that holds a lock twice is one holder.
  return held.filter((one, i) => held.findIndex(({ is }) => is === one.is) === i);
}

/** A row is locked by a transaction: a session that wants the row waits for its end. */
function rowsOf(sessions: Sessions, locks: Readonly<Record<string, Lock>>): HolderLook[] {
  const rows = new Map<string, { is: string; next: string[] }>();
  for (const { client, waits } of Object.values(sessions)) {
    if (waits?.type !== 'lock' || waits.row === 0) continue;
    const lock = locks[waits.lock];
    if (lock === undefined || lock.of.type === 'advisory') continue;
    const name = `${waits.table} ${waits.row}`;
    const row = rows.get(name) ?? { is: 'none', next: [] };
    // One that waits for its place in the queue waits for another that waits.
    const holder = lock.holders.map(({ session }) => sessions[session]?.client)[0];
    const is = lock.of.type === 'transactionid' ? (holder ?? row.is) : row.is;
    rows.set(name, { is, next: [...row.next, client] });
  }
  return [...rows].map(([of, row]) => ({ of, ...row }));
}
