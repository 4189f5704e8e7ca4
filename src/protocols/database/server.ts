/** The database server: it executes the statements of sessions, answers them, or lets them wait. */
import { role } from '../../protocol/define.ts';
import { broadcast } from '../../protocol/patterns.ts';
import type { Json, Node, NodeId } from '../../protocol/types.ts';
import { faultIn } from './analysis.ts';
import { cycleThrough } from './locks.ts';
import { parseSql } from './parser.ts';
import {
  type Answers, type Database, type DatabaseState, frozen, options, type Result, type Running,
  type Session, type Table, type Transaction,
} from './state.ts';
import { prepareStatement, proceed } from './statements.ts';
import {
  type Column, type CreateTable, isError, type Level, type RowStatement, sqlError,
  type Statement, type Value, type Values,
} from './syntax.ts';
import {
  begin, commit, failTransaction, newSession, refreshSnapshot, rollback,
} from './transactions.ts';
import { addVersion, committedRows, rowName, vacuum } from './versions.ts';

type Server = Node<Database>;

export const database = role<Database>({
  doc: 'A database server like PostgreSQL: row versions, row locks, three isolation levels.',
  options,
  // `serial` only matches an answer with its statement.
  summary: {
    messages: {
      Result: ({ summary }) => (typeof summary === 'string' ? summary : JSON.stringify(summary)),
      Refused: ({ code, message }) => `${code} ${message}`,
    },
  },
  durable: ['tables', 'transactions', 'nextXid', 'lastEnded', 'committed', 'boots'],
  init({ options: { items, stock } }) {
    const state: DatabaseState = {
      tables: shop(items, stock), transactions: {}, nextXid: frozen + 1, lastEnded: frozen,
      committed: {}, boots: 0, sessions: {}, watched: {}, lastWatched: 0, lastCommit: 0,
      lastTicket: 0, ready: [],
    };
    for (const [name, table] of Object.entries(state.tables)) {
      state.committed[name] = committedRows(state, table);
    }
    return state;
  },
  start(node) {
    if (node.state.boots++ > 0) recover(node);
  },

  messages: {
    Query(node, { serial, sql }, from) {
      const session = (node.state.sessions[from] ??= newSession());
      // A duplicate of an earlier statement.
      if (serial <= session.lastSerial) return;
      session.lastSerial = serial;
      const result = execute(node, from, serial, sql);
      if (result !== 'waits') answer(node, from, serial, result);
      continueReady(node);
    },

    /** A client connects again after a crash: its old connection is closed. */
    Connect(node, _, from) {
      const session = node.state.sessions[from];
      if (session === undefined) return;
      stopWaiting(node, from, session);
      if (session.transaction !== null) rollback(node, from, session.transaction);
      delete node.state.sessions[from];
      continueReady(node);
    },
  },

  timers: {
    deadlock(node, { session: id, ticket }) {
      const session = node.state.sessions[id];
      if (session?.waits?.ticket !== ticket) return;
      const cycle = cycleThrough(node.state, id);
      if (cycle === undefined) return;
      node.event('Deadlock', { session: id, cycle });
      const { serial } = session.running!;
      stopWaiting(node, id, session);
      answer(node, id, serial, finish(node, id, sqlError('40P01', 'deadlock detected')));
      continueReady(node);
    },
  },

  look: ({ sessions, committed }) => ({
    facts: { ...sessionFacts(sessions), ...tableFacts(committed) },
  }),
});

// The first state, and the state after a crash

/** The tables of a shop: the items for sale, and the orders. */
function shop(items: number, stock: number): Record<string, Table> {
  const integer = (name: string): Column => ({ name, type: 'integer' });
  const buyer: Column = { name: 'buyer', type: 'text' };
  const goods = emptyTable([integer('id'), integer('qty'), integer('version')], 'id');
  for (let id = 1; id <= items; id++) addVersion(goods, { id, qty: stock, version: 0 }, frozen);
  return { items: goods, orders: emptyTable([buyer, integer('item')], null) };
}

function emptyTable(columns: readonly Column[], primaryKey: string | null): Table {
  return { columns, primaryKey, versions: [], lastPosition: 0 };
}

/** Transactions that had not committed before the crash are aborted. */
function recover(node: Server): void {
  const { state } = node;
  for (const xid of Object.keys(state.transactions)) {
    if (state.transactions[xid] === 'running') state.transactions[xid] = 'aborted';
  }
  state.lastEnded = state.nextXid - 1;
  vacuum(state);
  broadcast(node, { type: 'ConnectionClosed' }, node.nodes('client'));
}

// Statements

const aborted = sqlError(
  '25P02',
  'current transaction is aborted, commands ignored until end of transaction block',
);

function execute(node: Server, id: NodeId, serial: number, sql: string): Result | 'waits' {
  const statement = parseSql(sql);
  if (isError(statement)) return finish(node, id, statement);
  const { transaction } = node.state.sessions[id];
  const ends = statement.type === 'commit' || statement.type === 'rollback';
  if (transaction?.failed && !ends) {
    return finish(node, id, aborted);
  }
  switch (statement.type) {
    case 'begin':
    case 'set level':
    case 'commit':
    case 'rollback':
      return control(node, id, statement);
    case 'create table':
      return finish(node, id, createTable(node, statement, transaction));
    default:
      return run(node, id, serial, statement);
  }
}

/** Executes BEGIN, COMMIT and the like; ignores misplaced ones, as PostgreSQL does. */
function control(node: Server, id: NodeId, statement: Statement): Result {
  const { transaction } = node.state.sessions[id];
  switch (statement.type) {
    case 'begin':
      if (transaction === null) {
        begin(node, id, statement.level ?? node.options.isolation, true);
        return done('BEGIN');
      }
      if (statement.level === null) return done('BEGIN');
      return setLevel(node, id, statement.level, 'BEGIN');
    case 'set level':
      return transaction === null ? done('SET') : setLevel(node, id, statement.level, 'SET');
    case 'commit': {
      if (transaction === null) return done('COMMIT');
      if (!transaction.failed) {
        const failed = commit(node, id, transaction);
        return failed === undefined ? done('COMMIT') : finish(node, id, failed);
      }
      break;
    }
    default:
      break;
  }
  if (transaction !== null) rollback(node, id, transaction);
  return done('ROLLBACK');
}

function setLevel(node: Server, id: NodeId, level: Level, tag: string): Result {
  const transaction = node.state.sessions[id].transaction!;
  if (!transaction.queried || transaction.level === level) {
    transaction.level = level;
    return done(tag);
  }
  const message = 'SET TRANSACTION ISOLATION LEVEL must be called before any query';
  return finish(node, id, sqlError('25001', message));
}

function createTable(
  node: Server,
  statement: CreateTable,
  transaction: Transaction | null,
): Result {
  const { table, columns, primaryKey } = statement;
  if (transaction !== null) {
    return sqlError('25001', 'CREATE TABLE inside a transaction block is not supported here');
  }
  if (Object.hasOwn(node.state.tables, table)) {
    return sqlError('42P07', `relation "${table}" already exists`);
  }
  node.state.tables[table] = emptyTable(columns, primaryKey);
  node.state.committed[table] = [];
  return done('CREATE TABLE');
}

function run(node: Server, id: NodeId, serial: number, statement: RowStatement): Result | 'waits' {
  const session = node.state.sessions[id];
  const transaction = session.transaction ?? begin(node, id, node.options.isolation, false);
  refreshSnapshot(node, id, transaction);
  const fault = faultIn(statement, node.state.tables);
  if (fault !== undefined) return finish(node, id, fault);
  const running: Running = { serial, statement, targets: [], at: 0, count: 0, rows: [] };
  const work = { node, session: id, transaction, running };
  const failed = prepareStatement(work);
  if (failed !== undefined) return finish(node, id, failed);
  const result = proceed(work);
  if (result !== 'waits') return finish(node, id, result);
  session.running = running;
  return 'waits';
}

/** Ends a statement, and the transaction that consists of it alone; returns the final result. */
function finish(node: Server, id: NodeId, result: Result): Result {
  const { transaction } = node.state.sessions[id];
  if (isError(result)) {
    const { code, message } = result;
    node.event('StatementFailed', { session: id, code, message });
    if (code === '40001') node.event('SerializationFailure', { session: id, message });
    if (transaction !== null) failTransaction(node, id, transaction);
    return result;
  }
  if (transaction === null) return result;
  if (transaction.explicit) {
    if (transaction.level === 'read committed') transaction.snapshot = null;
    return result;
  }
  const failed = commit(node, id, transaction);
  return failed === undefined ? result : finish(node, id, failed);
}

function done(tag: string): Result {
  return { type: 'done', tag, count: 0 };
}

function answer(node: Server, id: NodeId, serial: number, result: Result): void {
  if (isError(result)) {
    const { code, message } = result;
    node.send(id, { type: 'Refused', code, message, serial });
  } else {
    node.send(id, { type: 'Result', summary: summary(result), serial, result });
  }
}

/** A result in short: a single value, rows as `(1, 10), (2, 20)`, or the command tag. */
export function summary(result: Answers['Result']['result']): Json {
  if (result.type === 'done') return result.tag;
  const { rows } = result;
  if (rows.length === 0) return '0 rows';
  if (rows.length === 1 && rows[0].length === 1) return rows[0][0];
  return rows.map((row) => `(${row.join(', ')})`).join(', ');
}

// Waits

/** Continues the statements whose wait is over. If they end a transaction, others continue too. */
function continueReady(node: Server): void {
  const { state } = node;
  for (let id = state.ready.shift(); id !== undefined; id = state.ready.shift()) {
    const session = state.sessions[id];
    const { running, waits, transaction } = session ?? newSession();
    if (running === null || waits === null) continue;
    const { table, row } = waits;
    node.event('WaitEnded', { session: id, table, row: nameOfRow(state, table, row) });
    const result = proceed({ node, session: id, transaction: transaction!, running });
    if (result === 'waits') continue;
    stopWaiting(node, id, session);
    answer(node, id, running.serial, finish(node, id, result));
  }
}

function stopWaiting(node: Server, id: NodeId, session: Session): void {
  if (session.waits !== null) node.cancelTimer('deadlock', id);
  session.waits = null;
  session.running = null;
}

function nameOfRow(state: DatabaseState, name: string, row: number): Value {
  const table = state.tables[name];
  const version = table.versions.find((one) => one.row === row);
  return version === undefined ? row : rowName(table, version);
}

// For panels

function sessionFacts(sessions: Readonly<Record<NodeId, Session>>): Record<string, string> {
  const facts: Record<string, string> = {};
  for (const [id, { transaction, waits }] of Object.entries(sessions)) {
    if (waits !== null) facts[id] = `waits for ${waits.table} ${waits.row}`;
    else if (transaction !== null) facts[id] = transaction.failed ? 'failed' : transaction.level;
  }
  return facts;
}

function tableFacts(committed: DatabaseState['committed']): Record<string, string> {
  const facts: Record<string, string> = {};
  for (const [name, rows] of Object.entries(committed)) {
    facts[name] = rows.length > 4 ? `${rows.length} rows` : rows.map(textOf).join(', ');
  }
  return facts;
}

function textOf(row: Values): string {
  return `(${Object.values(row).join(', ')})`;
}
