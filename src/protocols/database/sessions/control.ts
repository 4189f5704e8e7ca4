/** Statements about transactions, savepoints, table locks, settings and notifications. */
import type { Node } from '../../../protocol/types.ts';
import { giveBackAll, sessionScope } from '../locks/lock-table.ts';
import { lockTables } from '../locks/table-locks.ts';
import { isError, type SqlError, sqlError } from '../sql/errors.ts';
import type { Control, Level, Statement } from '../sql/syntax.ts';
import type { Context, Database, Result, SessionId } from '../state.ts';
import { savepointStatement } from '../transactions/scopes.ts';
import { begin, commit, rollback } from '../transactions/transactions.ts';
import { notice } from './notices.ts';
import { listen, notify } from './notify.ts';
import { changeSetting, defaultLevel, resetAll, shown } from './settings.ts';

type Server = Node<Database>;

/** Whether a statement may be executed in a transaction that has failed. */
export function endsFailure({ type }: Statement): boolean {
  return type === 'commit' || type === 'rollback' || type === 'rollback to';
}

/** Executes such a statement; undefined if it is of another kind. */
export function control(
  node: Server,
  id: SessionId,
  statement: Statement,
): Result | 'waits' | undefined {
  switch (statement.type) {
    case 'begin':
      return beginBlock(node, id, statement.level);
    case 'commit':
    case 'rollback':
      return endBlock(node, id, statement.type);
    case 'savepoint':
    case 'release':
    case 'rollback to':
      return savepoint(node, id, statement);
    case 'discard all':
      return discardAll(node, id);
    case 'lock table':
      if (isInBlock(node, id)) return controlInside(contextOf(node, id), statement);
      return sqlError('25P01', 'LOCK TABLE can only be used in transaction blocks');
    case 'set level':
    case 'set':
    case 'show':
    case 'reset':
    case 'listen':
    case 'unlisten':
    case 'notify':
      return controlInside(contextOf(node, id), statement);
    default:
      return undefined;
  }
}

/** The session's transaction; one that consists of this Query alone begins if there is none. */
export function contextOf(node: Server, session: SessionId): Context {
  const own = node.state.sessions[session];
  const transaction = own.transaction ?? begin(node, session, defaultLevel(node, own), false);
  return { node, session, transaction };
}

function isInBlock(node: Server, id: SessionId): boolean {
  return node.state.sessions[id].transaction?.explicit === true;
}

function done(tag: string): Result {
  return { type: 'done', tag, count: 0 };
}

function doneUnless(error: SqlError | undefined, tag: string): Result {
  return error ?? done(tag);
}

// Transactions

function beginBlock(node: Server, id: SessionId, level: Level | null): Result {
  const session = node.state.sessions[id];
  const { transaction } = session;
  if (transaction === null) {
    begin(node, id, level ?? defaultLevel(node, session), true);
    return done('BEGIN');
  }
  if (transaction.explicit) {
    notice({ node, session: id }, '25001', 'there is already a transaction in progress');
  } else {
    // The statements before it in the same Query are part of the block.
    transaction.explicit = true;
    node.event('TransactionBegun', { session: session.client, level: transaction.level });
  }
  return level === null ? done('BEGIN') : setLevel(contextOf(node, id), level, 'BEGIN');
}

function endBlock(node: Server, id: SessionId, type: 'commit' | 'rollback'): Result | 'waits' {
  const { transaction, granted } = node.state.sessions[id];
  if (granted !== 'flush' && (transaction === null || !transaction.explicit)) {
    notice({ node, session: id }, '25P01', 'there is no transaction in progress');
  }
  if (type === 'commit' && transaction?.failed !== true) {
    const failed = transaction === null ? undefined : commit(node, id, transaction);
    return failed === 'waits' ? failed : doneUnless(failed, 'COMMIT');
  }
  if (transaction !== null) rollback(node, id, transaction);
  return done('ROLLBACK');
}

function setLevel({ transaction }: Context, level: Level, tag: string): Result {
  if (transaction.queried && transaction.level !== level) {
    const message = 'SET TRANSACTION ISOLATION LEVEL must be called before any query';
    return sqlError('25001', message);
  }
  transaction.level = level;
  return done(tag);
}

function savepoint(
  node: Server,
  id: SessionId,
  { type, name }: Extract<Control, { type: 'savepoint' | 'release' | 'rollback to' }>,
): Result {
  if (!isInBlock(node, id)) {
    const words = { savepoint: 'SAVEPOINT', release: 'RELEASE SAVEPOINT' };
    const what = type === 'rollback to' ? 'ROLLBACK TO SAVEPOINT' : words[type];
    return sqlError('25P01', `${what} can only be used in transaction blocks`);
  }
  const tag = savepointStatement(contextOf(node, id), type, name);
  return isError(tag) ? tag : done(tag);
}

/** What a connection pool sends before it gives a connection to another client. */
function discardAll(node: Server, id: SessionId): Result {
  if (isInBlock(node, id)) {
    return sqlError('25001', 'DISCARD ALL cannot run inside a transaction block');
  }
  const session = node.state.sessions[id];
  resetAll(session);
  session.channels = [];
  giveBackAll(node, id, (scope) => scope === sessionScope);
  return done('DISCARD ALL');
}

// What a block of PL/pgSQL can execute, too

type ControlInside = Extract<
  Control,
  { type: 'set level' | 'set' | 'show' | 'reset' | 'listen' | 'unlisten' | 'notify' | 'lock table' }
>;

export function controlInside(context: Context, statement: ControlInside): Result | 'waits' {
  const { node, session } = context;
  const own = node.state.sessions[session];
  switch (statement.type) {
    case 'set level':
      return setLevel(context, statement.level, 'SET');
    case 'set':
      return setStatement(context, statement);
    case 'reset':
      if (statement.name === null) resetAll(own);
      return doneUnless(
        statement.name === null ? undefined : changeSetting(own, statement.name, null, false),
        'RESET',
      );
    case 'show': {
      const value = shown(node, own, statement.name);
      if (isError(value)) return value;
      return { type: 'rows', tag: 'SHOW', count: 1, columns: [statement.name], rows: [[value]] };
    }
    case 'listen':
      listen(context, statement.channel, true);
      return done('LISTEN');
    case 'unlisten':
      listen(context, statement.channel, false);
      return done('UNLISTEN');
    case 'notify':
      notify(context, statement.channel, statement.payload);
      return done('NOTIFY');
    case 'lock table':
      return lockStatement(context, statement);
  }
}

function setStatement(
  context: Context,
  { name, value, local }: Extract<Control, { type: 'set' }>,
): Result {
  const { node, session, transaction } = context;
  if (name === 'transaction_isolation') {
    const level = value?.toLowerCase().replace('uncommitted', 'committed');
    if (level === 'serializable' || level === 'repeatable read' || level === 'read committed') {
      return setLevel(context, level, 'SET');
    }
    return sqlError('22023', `invalid value for parameter "${name}": "${value}"`);
  }
  if (local && !transaction.explicit) {
    notice(context, '25P01', 'SET LOCAL can only be used in transaction blocks');
  }
  return doneUnless(changeSetting(node.state.sessions[session], name, value, local), 'SET');
}

function lockStatement(
  context: Context,
  { tables, mode, nowait }: Extract<Control, { type: 'lock table' }>,
): Result | 'waits' {
  const locked = lockTables(context, tables, mode, nowait);
  return locked === 'locked' ? done('LOCK TABLE') : locked;
}
