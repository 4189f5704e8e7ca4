/** Queries: a session executes the statements of one after the other, and answers them together. */
// PostgreSQL, Message Flow, 53.2.2.1: several statements in one Query are one transaction, unless
// BEGIN and COMMIT say otherwise, and nothing after an error is executed.
import type { Json, Node } from '../../../protocol/types.ts';
import { parseSql } from '../sql/parser.ts';
import { isError, notModelled, type SqlError, sqlError } from '../sql/errors.ts';
import type { Statement } from '../sql/syntax.ts';
import type { Answers, Context, Database, Query, Result, SessionId } from '../state.ts';
import { define } from '../definitions.ts';
import { rowOfWait } from '../locks/waits.ts';
import { executeRows } from '../query/execute.ts';
import { commit, failTransaction, refreshSnapshot } from '../transactions/transactions.ts';
import { executeBlock } from './blocks.ts';
import { contextOf, control, controlInside, endsFailure } from './control.ts';
import { deliver } from './notify.ts';
import {
  applySocket, cancelTimers, endSession, endWait, setIdleTimer, setStatementTimers, statusOfSession,
  stopWaiting, terminate,
} from './sessions.ts';
import { performFunction } from './session-functions.ts';
import { terminated } from './signals.ts';

type Server = Node<Database>;

/** What `pg_stat_activity` shows of a statement, with PostgreSQL's `track_activity_query_size`. */
const shownQueryMax = 1_023;

/** Takes a Query; while the session executes another, it is read later. */
export function receive(node: Server, id: SessionId, query: Query): void {
  const session = node.state.sessions[id];
  if (session.query !== null) {
    session.inbox.push(query);
    return;
  }
  cancelTimers(node, id);
  session.lastSerial = query.serial;
  session.times = { ...session.times, queried: node.now(), changed: node.now() };
  session.sql = query.sql.slice(0, shownQueryMax);
  const statements = parseSql(query.sql);
  session.query = { serial: query.serial, statements: [], results: [] };
  if (isError(statements)) {
    fail(node, id, statements);
    return;
  }
  session.query.statements = statements;
  proceedQuery(node, id);
}

/** Executes the statements that are left, until one waits or fails, or all are done. */
function proceedQuery(node: Server, id: SessionId): void {
  const { state } = node;
  for (;;) {
    const { query } = state.sessions[id];
    if (query === null) return;
    if (query.statements.length === 0) break;
    const result = execute(node, id, query.statements[0]);
    // A session can end itself.
    if (state.sessions[id] === undefined) return;
    if (result === 'waits') {
      if (state.sessions[id].waits?.type !== 'flush') setStatementTimers(node, id);
      else cancelTimers(node, id);
      return;
    }
    if (isError(result)) return fail(node, id, result);
    query.results.push(result);
    query.statements.shift();
    endStatement(node, id);
  }
  const { transaction } = state.sessions[id];
  const failed =
    transaction === null || transaction.explicit ? undefined : commit(node, id, transaction);
  if (failed === 'waits') return;
  if (failed === undefined) answer(node, id, undefined);
  else fail(node, id, failed);
}

function endStatement(node: Server, id: SessionId): void {
  const session = node.state.sessions[id];
  session.running = null;
  session.block = null;
  session.raised = null;
  session.granted = '';
  session.raced = false;
  cancelTimers(node, id);
  applySocket(node, id);
  const { transaction } = session;
  if (transaction?.level === 'read committed') transaction.snapshot = null;
}

const aborted = sqlError(
  '25P02',
  'current transaction is aborted, commands ignored until end of transaction block',
);

function execute(
  node: Server,
  id: SessionId,
  statement: Statement,
): Result | 'waits' {
  const session = node.state.sessions[id];
  if (session.transaction?.failed && !endsFailure(statement)) return aborted;
  const controlled = control(node, id, statement);
  if (controlled !== undefined) return controlled;
  const context = contextOf(node, id);
  if (statement.type === 'do') return executeBlock(context, statement.block, executeInside);
  return executeInside(context, statement);
}

/** Executes a statement that is allowed in a block of PL/pgSQL, too. */
function executeInside(context: Context, statement: Statement): Result | 'waits' {
  const { node, session, transaction } = context;
  switch (statement.type) {
    case 'select':
    case 'insert':
    case 'update':
    case 'delete':
      if (node.state.sessions[session].running === null) {
        refreshSnapshot(node, session, transaction);
      }
      return executeRows(context, statement, (running, name, args) =>
        performFunction(context, running, name, args),
      );
    case 'create table':
    case 'alter table':
    case 'create index':
    case 'drop table':
    case 'drop index':
    case 'truncate':
    case 'vacuum':
    case 'analyze':
      transaction.queried = true;
      return define(context, statement);
    case 'set level':
    case 'set':
    case 'show':
    case 'reset':
    case 'listen':
    case 'unlisten':
    case 'notify':
    case 'lock table':
      return controlInside(context, statement);
    default:
      return notModelled(`${statement.type.toUpperCase()} in PL/pgSQL`);
  }
}

/** Ends the Query with an error. */
function fail(node: Server, id: SessionId, error: SqlError): void {
  const session = node.state.sessions[id];
  const { code, message } = error;
  node.event('StatementFailed', { session: session.client, code, message });
  if (code === terminated.code) return terminate(node, id, code, message);
  if (code === '40001') node.event('SerializationFailure', { session: session.client, message });
  if (session.transaction !== null) failTransaction(node, id, session.transaction);
  endStatement(node, id);
  answer(node, id, error);
}

function answer(node: Server, id: SessionId, error: SqlError | undefined): void {
  const session = node.state.sessions[id];
  const { query, gone } = session;
  const { serial, results } = query!;
  const status = statusOfSession(session);
  session.query = null;
  session.times = { ...session.times, changed: node.now() };
  if (gone) {
    // The answer cannot be sent, by which the session learns of the end of its connection.
    endSession(node, id, 'its connection ended');
    node.disconnect(id);
    return;
  }
  // Before the answer, as PostgreSQL does before ReadyForQuery.
  deliver(node, id);
  const at = results.findLastIndex(({ type }) => type !== 'notice');
  if (error !== undefined) {
    const { code, message } = error;
    const answered = { before: results, status } as const;
    node.send(id, { type: 'Refused', code, message, serial, severity: 'ERROR', ...answered });
  } else {
    const found = results[at] ?? { type: 'done', tag: '', count: 0 };
    const result = found.type === 'notice' ? { type: 'done', tag: '', count: 0 } as const : found;
    const before = results.filter((_, index) => index !== at);
    node.send(id, {
      type: 'Result', summary: summary(result), serial, result, before, status,
    });
  }
  if (session.dying !== null) return terminate(node, id, session.dying.code, session.dying.message);
  const next = session.inbox.shift();
  if (next !== undefined) receive(node, id, next);
  else setIdleTimer(node, id);
}

/** A result in short: a single value, rows as `(1, 10), (2, 20)`, or the command tag. */
export function summary(result: Answers['Result']['result']): Json {
  if (result.type === 'done') return result.tag;
  const { rows } = result;
  if (rows.length === 0) return '0 rows';
  if (rows.length === 1 && rows[0].length === 1) return rows[0][0];
  return rows.map((row) => `(${row.join(', ')})`).join(', ');
}

// The end of waits

/** Continues the statements whose wait is over. If they free locks, others continue too. */
export function continueReady(node: Server): void {
  const { state } = node;
  for (;;) {
    for (const { session, type, code, message } of state.signals.splice(0)) {
      if (state.sessions[session] === undefined) continue;
      if (type === 'cancel') cancelStatement(node, session, code, message);
      else terminate(node, session, code, message);
    }
    const id = state.ready.shift();
    if (id === undefined) return;
    if (state.sessions[id] === undefined || state.sessions[id].waits === null) continue;
    reportEnd(node, id);
    endWait(node, id);
    proceedQuery(node, id);
  }
}

function reportEnd(node: Server, id: SessionId): void {
  const { client, waits } = node.state.sessions[id];
  if (waits?.type !== 'lock') return;
  const { on, table } = waits;
  node.event('WaitEnded', { session: client, on, table, row: rowOfWait(node.state, waits) });
}

/** Ends the statement that a session executes with an error. */
export function cancelStatement(node: Server, id: SessionId, code: string, message: string): void {
  const session = node.state.sessions[id];
  if (session?.query === undefined || session.query === null) return;
  // Nothing interrupts a commit (HOLD_INTERRUPTS in CommitTransaction).
  if (session.waits?.type === 'flush') return;
  stopWaiting(node, id);
  if (session.block === null) return fail(node, id, sqlError(code, message));
  // A block of PL/pgSQL may catch it.
  session.raised = sqlError(code, message);
  proceedQuery(node, id);
}

/** Looks whether the client of a session that executes a statement is still there. */
export function checkClient(node: Server, id: SessionId): boolean {
  if (!node.state.sessions[id]?.gone) return true;
  terminate(node, id, '08006', 'connection to client lost');
  return false;
}
