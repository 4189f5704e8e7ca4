/** Waits: how a statement begins to wait, and what ends the wait. */
import type { Micros } from '../../../protocol/types.ts';
import { milliseconds, seconds } from '../../../protocol/units.ts';
import { settingOf } from '../sessions/settings.ts';
import { type SqlError, sqlError } from '../sql/errors.ts';
import type { TableMode, Value } from '../sql/syntax.ts';
import type { Context, DatabaseState, LockedObject, Wait } from '../state.ts';
import { scopeOf } from '../transactions/scopes.ts';
import { rowNameOf } from '../versions.ts';
import { advisoryKey, blockersOf, join, keyOf, take } from './lock-table.ts';

/** What a lock is wanted for. */
export type LockWait = Pick<Extract<Wait, { type: 'lock' }>, 'on' | 'table' | 'row' | 'writes'>;

/** Takes a lock, or lets the current statement wait for it. */
export function waitForLock(
  context: Context,
  of: LockedObject,
  mode: TableMode,
  wait: LockWait,
  scope = scopeOf(context.transaction),
): 'taken' | 'waits' | SqlError {
  const { node, session } = context;
  const { state } = node;
  if (take(state, session, of, mode, scope)) return 'taken';
  const joined = join(state, session, of, mode, scope);
  if (joined === 'taken') return 'taken';
  if (joined === 'deadlock') return reportDeadlock(context, of);
  const waits = { type: 'lock', lock: keyOf(of), mode, ...wait } as const;
  const ticket = setWait(context, waits);
  const { holders, ahead } = blockersOf(state, session);
  const [holder] = [...holders, ...ahead];
  const own = state.sessions[session];
  node.event('LockWaited', {
    session: own.client,
    on: wait.on,
    table: wait.table,
    row: rowOfWait(state, waits),
    holder: state.sessions[holder].client,
  });
  node.setTimer('deadlock', milliseconds(settingOf(node, own, 'deadlock_timeout')), {
    session, ticket,
  }, session);
  const limit = settingOf(node, own, 'lock_timeout');
  if (limit > 0) node.setTimer('lockTimeout', milliseconds(limit), { session, ticket }, session);
  return 'waits';
}

/** The row that a session waits for, or the key of an advisory lock, as events show it. */
export function rowOfWait(state: DatabaseState, waits: LockWait & { lock: string }): Value {
  return waits.on === 'advisory' ? advisoryKey(waits.lock) : rowNameOf(state, waits);
}

/** The first in the queue waits for this session, which would have to wait for it. */
function reportDeadlock({ node, session }: Context, of: LockedObject): SqlError {
  const { sessions, locks } = node.state;
  const waiting = locks[keyOf(of)].queue.map((one) => sessions[one.session].client);
  const own = sessions[session].client;
  node.event('Deadlock', { session: own, cycle: [own, ...waiting.slice(0, 1)] });
  return sqlError('40P01', 'deadlock detected');
}

type NewWait = Wait extends infer One ? (One extends Wait ? Omit<One, 'ticket'> : never) : never;

/** Notes what the session waits for; returns the number of the wait. */
export function setWait({ node, session }: Context, wait: NewWait): number {
  const own = node.state.sessions[session];
  const ticket = ++node.state.lastTicket;
  node.cancelTimer('deadlock', session);
  node.cancelTimer('lockTimeout', session);
  own.waits = { ...wait, ticket };
  return ticket;
}

/** About 31 years: a longer sleep ends then, within what a timer can be set to. */
const sleepMax = seconds(1_000_000_000);

/** Lets the statement wait for a while. The first call begins the wait, the second ends it. */
export function sleep(context: Context, span: Micros): 'over' | 'waits' {
  const { node, session } = context;
  const own = node.state.sessions[session];
  if (own.granted === 'sleep') {
    own.granted = '';
    return 'over';
  }
  if (!(span > 0)) return 'over';
  const ticket = setWait(context, { type: 'sleep' });
  node.setTimer('sleep', Math.min(Math.round(span), sleepMax), { session, ticket }, session);
  return 'waits';
}
