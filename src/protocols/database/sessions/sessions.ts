/** Sessions: how one begins, how the server learns that its client is gone, and how it ends. */
import type { Node, NodeId } from '../../../protocol/types.ts';
import { seconds } from '../../../protocol/units.ts';
import { dequeue, giveBackAll } from '../locks/lock-table.ts';
import type {
  Answered, Database, NumberSettingName, Session, SessionId,
} from '../state.ts';
import { rollback } from '../transactions/transactions.ts';
import { durationOf, settingOf } from './settings.ts';

type Server = Node<Database>;

export function openSession(node: Server, id: SessionId, client: NodeId): Session {
  const { state } = node;
  const now = node.now();
  const session: Session = {
    client, pid: ++state.lastPid, times: { began: now, queried: null, changed: now }, sql: '',
    lastSerial: 0, transaction: null, query: null, timed: false,
    inbox: [], running: null, block: null, raised: null, waits: null, granted: '', raced: false,
    gone: false, dying: null, settings: {}, local: {}, socket: [], channels: [], notified: [],
    seen: {},
  };
  state.sessions[id] = session;
  const { tcp_keepalives_idle: idle, tcp_keepalives_interval: interval } = node.options;
  session.socket = [
    idle, interval, node.options.tcp_keepalives_count, node.options.tcp_user_timeout,
  ];
  setIdleTimer(node, id);
  return session;
}

/** Ends a session: its transaction is rolled back, and all of its locks are free. */
export function endSession(node: Server, id: SessionId, reason: string): void {
  const { state } = node;
  const session = state.sessions[id];
  stopWaiting(node, id);
  cancelTimers(node, id);
  session.query = null;
  session.running = null;
  if (session.transaction !== null) rollback(node, id, session.transaction);
  giveBackAll(node, id, () => true);
  node.event('SessionEnded', { session: session.client, pid: session.pid, reason });
  delete state.sessions[id];
}

/**
 * The connection of a session has ended. A session that waits for its client ends at once. One that
 * executes a statement does not look at its connection, and goes on until the statement has ended.
 */
export function clientGone(node: Server, id: SessionId): void {
  const session = node.state.sessions[id];
  if (session === undefined) return;
  if (session.query === null) {
    endSession(node, id, 'its connection ended');
    return;
  }
  session.gone = true;
  node.event('ClientLost', { session: session.client });
}

/** A client says goodbye. */
export function leave(node: Server, id: SessionId): void {
  const session = node.state.sessions[id];
  if (session === undefined) return;
  if (session.query === null) {
    endSession(node, id, 'its client left');
    node.disconnect(id);
  } else {
    // What it reads after the current statement is the goodbye.
    session.gone = true;
  }
}

/** Ends a session with a message to its client. */
export function terminate(node: Server, id: SessionId, code: string, message: string): void {
  const session = node.state.sessions[id];
  const { query, lastSerial, gone } = session;
  if (session.waits?.type === 'flush') {
    session.dying = { code, message };
    return;
  }
  const before = query?.results ?? [];
  const serial = query?.serial ?? lastSerial;
  if (!gone) {
    node.send(id, {
      type: 'Refused', code, message, serial, severity: 'FATAL', before, status: 'idle',
    });
  }
  endSession(node, id, message);
  node.disconnect(id);
}

/** Linux: two hours of silence, then nine probes, 75 seconds apart. */
const systemDefault = { idle: seconds(7_200), interval: seconds(75), count: 9 } as const;

/** Gives the connection of a session the settings of TCP that the session has now. */
export function applySocket(node: Server, id: SessionId): void {
  const session = node.state.sessions[id];
  const of = (name: NumberSettingName) => durationOf(node, session, name);
  // 0 stands for the default of the system.
  const count = settingOf(node, session, 'tcp_keepalives_count') || systemDefault.count;
  const wanted = [
    of('tcp_keepalives_idle') || systemDefault.idle,
    of('tcp_keepalives_interval') || systemDefault.interval, count, of('tcp_user_timeout'),
  ];
  if (wanted.every((one, index) => one === session.socket[index])) return;
  const [idle, interval, , userTimeout] = wanted;
  session.socket = wanted;
  node.setSocket(id, { keepAlive: { idle, interval, count }, userTimeout });
}

/** Takes a session out of the queue that it waits in. */
export function stopWaiting(node: Server, id: SessionId): void {
  const session = node.state.sessions[id];
  const { waits } = session;
  if (waits === null) return;
  endWait(node, id);
  if (waits.type === 'lock') dequeue(node, id, waits.lock);
}

/** Notes that a wait is over. */
export function endWait(node: Server, id: SessionId): void {
  node.state.sessions[id].waits = null;
  node.cancelTimer('deadlock', id);
  node.cancelTimer('lockTimeout', id);
  node.cancelTimer('sleep', id);
}

export function statusOfSession({ transaction }: Session): Answered['status'] {
  if (transaction === null) return 'idle';
  return transaction.failed ? 'failed transaction' : 'in transaction';
}

// Timers. A session has those of the statement that it executes, or one while it is idle.

/** Sets the timers of a statement, when it first waits: until then no time has passed. */
export function setStatementTimers(node: Server, id: SessionId): void {
  const session = node.state.sessions[id];
  if (session.timed) return;
  session.timed = true;
  const limit = durationOf(node, session, 'statement_timeout');
  if (limit > 0) node.setTimer('statementTimeout', limit, id);
  setCheckTimer(node, id);
}

export function setCheckTimer(node: Server, id: SessionId): void {
  const session = node.state.sessions[id];
  const interval = durationOf(node, session, 'client_connection_check_interval');
  if (interval > 0) node.setTimer('checkConnection', interval, id);
}

export function cancelTimers(node: Server, id: SessionId): void {
  node.state.sessions[id].timed = false;
  node.cancelTimer('statementTimeout', id);
  node.cancelTimer('checkConnection', id);
  node.cancelTimer('idleTimeout', id);
}

export function setIdleTimer(node: Server, id: SessionId): void {
  const session = node.state.sessions[id];
  const name =
    session.transaction === null ? 'idle_session_timeout' : 'idle_in_transaction_session_timeout';
  const limit = durationOf(node, session, name);
  if (limit > 0) node.setTimer('idleTimeout', limit, id);
}
