/** What the server shows of its locks and sessions: `pg_locks`, `pg_stat_activity` and the like. */
import type { Value } from '../sql/syntax.ts';
import type { DatabaseState, Lock, Session, SessionId } from '../state.ts';
import { blockersOf } from './lock-table.ts';
import { modeName } from './modes.ts';

export function sessionByPid(state: DatabaseState, pid: number): SessionId | undefined {
  return Object.keys(state.sessions).find((id) => state.sessions[id].pid === pid);
}

/** The kind of lock that a session waits for; null if it waits for none. */
export function awaitedLock(state: DatabaseState, { waits }: Session): string | null {
  if (waits?.type !== 'lock') return null;
  return state.locks[waits.lock]?.of.type ?? null;
}

/** What a session waits for, in the words of `wait_event_type` and `wait_event`. */
function waitEvent(state: DatabaseState, session: Session): [Value, Value] {
  if (session.query === null) return ['Client', 'ClientRead'];
  if (session.waits?.type === 'sleep') return ['Timeout', 'PgSleep'];
  if (session.waits?.type === 'flush') return ['IO', 'WALSync'];
  const lock = awaitedLock(state, session);
  return lock === null ? [null, null] : ['Lock', lock];
}

/** `pg_blocking_pids`: the processes that a process waits for, as an array. */
export function blockingPids(state: DatabaseState, pid: number): string {
  const session = sessionByPid(state, pid);
  if (session === undefined) return '{}';
  const { holders, ahead } = blockersOf(state, session);
  return `{${[...holders, ...ahead].map((one) => state.sessions[one].pid).join(',')}}`;
}

/** `active`, `idle`, `idle in transaction`, `idle in transaction (aborted)`. */
export function activity({ query, transaction }: Session): string {
  if (query !== null) return 'active';
  if (transaction === null) return 'idle';
  return transaction.failed ? 'idle in transaction (aborted)' : 'idle in transaction';
}

/** The user of all sessions. */
export const serverUser = 'postgres';

export interface View {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Value[])[];
}

export const viewColumns = {
  pg_locks: [
    'locktype', 'relation', 'tuple', 'transactionid', 'classid', 'objid', 'objsubid', 'pid', 'mode',
    'granted',
  ],
  pg_stat_activity: [
    'pid', 'usename', 'application_name', 'backend_start', 'xact_start', 'query_start',
    'state_change', 'wait_event_type', 'wait_event', 'state', 'backend_xid', 'query',
    'backend_type',
  ],
} as const;

/** The rows of a system view. */
export function systemRows(state: DatabaseState, name: keyof typeof viewColumns): View {
  const columns = viewColumns[name];
  if (name === 'pg_locks') return { columns, rows: Object.values(state.locks).flatMap(lockRows) };
  const rows = Object.values(state.sessions).map((session): Value[] => {
    const { times, transaction, settings } = session;
    const xid = transaction?.scopes[0].xid ?? 0;
    return [
      session.pid, serverUser, settings.application_name ?? '', times.began,
      transaction?.began ?? null, times.queried, times.changed, ...waitEvent(state, session),
      activity(session), xid === 0 ? null : xid, session.sql, 'client backend',
    ];
  });
  return { columns, rows };

  function lockRows({ of, holders, queue }: Lock): Value[][] {
    const what = lockColumns({ of });
    const held = holders.map(({ session, mode }) => ({ session, mode, granted: true }));
    const waiting = queue.map(({ session, mode }) => ({ session, mode, granted: false }));
    return [...held, ...waiting].map(({ session, mode, granted }) => [
      of.type, ...what, state.sessions[session].pid, modeName(mode), granted,
    ]);
  }
}

/** relation, tuple, transactionid, classid, objid, objsubid. */
function lockColumns({ of }: Pick<Lock, 'of'>): Value[] {
  switch (of.type) {
    case 'relation':
      return [of.table, null, null, null, null, null];
    case 'tuple':
      return [of.table, of.position, null, null, null, null];
    case 'transactionid':
      return [null, null, of.xid, null, null, null];
    case 'advisory': {
      const [first, second] = of.keys;
      if (second !== undefined) return [null, null, null, ...[first, second].map(Number), 2];
      const key = BigInt.asUintN(64, BigInt(first));
      return [null, null, null, Number(key >> 32n), Number(key & 0xffff_ffffn), 1];
    }
  }
}
