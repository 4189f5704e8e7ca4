/** A client of the database: one connection, one statement at a time, and tasks of several. */
import { operation, role } from '../../protocol/define.ts';
import type { Ending } from '../../protocol/connection.ts';
import type { Json, Node, NodeId, OperationId } from '../../protocol/types.ts';
import { lockOf, purchases, sqlOf, type Task, taskDocs, taskOf, transfer } from './purchase.ts';
import type { Answers, Query, Result } from './state.ts';
import { sqlFault } from './sql/parser.ts';
import { isError, sqlError } from './sql/errors.ts';
import {
  type Connected, endings, type Loss, lossOf, notConnected, socketOf,
} from './client-connection.ts';
import {
  type ClientEvents, type ClientOptions, clientOptions, clientStandings,
} from './client-options.ts';
import { inMilliseconds, releaseCommand } from '../redis/command-line.ts';
import { commandSummary } from '../redis/redis-server.ts';
import type { Command, RedisReply } from '../redis/server-state.ts';
import { linkTo } from '../shared/links.ts';

export interface ClientState extends Connected {
  /** The number of the last statement or command. It survives a crash, for Redis remembers it. */
  serial: number;
  /** The operation whose statement waits for its answer. */
  asking: OperationId | null;
  /** The purchase or transfer in progress. */
  task: Task | null;
  /** The command whose reply from Redis it waits for; empty if it waits for none. */
  command: string;
}

export interface Client {
  state: ClientState;
  receives: Answers & { Reply: RedisReply };
  sends: { Query: Query; Terminate: object; Command: Command };
  timers: { thought: void; lock: void; reconnect: void; repeat: void; restart: void };
  events: ClientEvents;
  options: ClientOptions;
}

type ClientNode = Node<Client>;

export const client = role<Client>({
  doc: 'An application with one connection to the database: it sends SQL, or makes purchases.',
  summary: { messages: { Query: ({ sql }) => sql, ...commandSummary } },
  options: clientOptions,
  durable: ['serial'],
  init: () => ({ serial: 0, asking: null, task: null, command: '', ...notConnected }),
  start(node) {
    connect(node);
    if (node.options.cure === 'lock') for (const server of lockServers(node)) linkTo(node, server);
  },

  connection: {
    socket: ({ options }) => socketOf(options),
    opened(node, _, connection) {
      if (connection === node.state.connection) node.state.isOpen = true;
    },
    ended(node, peer, connection, how) {
      if (connection === node.state.connection) connectionLost(node, how);
      else if (lockServers(node).includes(peer)) linkLost(node, how);
    },
  },

  messages: {
    Result(node, { serial, result, summary, status }) {
      node.state.inTransaction = status !== 'idle';
      if (serial === node.state.serial) statementEnded(node, result, summary);
    },
    Refused(node, { serial, code, message, severity, status }) {
      const text = `${severity} ${code}: ${message}`;
      if (severity === 'FATAL' && node.state.asking === null) node.state.lost = text;
      node.state.inTransaction = status !== 'idle';
      // The end of a session is the answer to whatever the client has asked.
      if (serial !== node.state.serial && severity !== 'FATAL') return;
      statementEnded(node, sqlError(code, message), text);
    },
    /** An application that listens would act on it; a statement does not wait for it. */
    Notification() {},
    Reply(node, { request, reply }) {
      const { task, serial } = node.state;
      if (task === null || request !== serial) return;
      node.state.command = '';
      if (task.steps[task.at].type === 'lock') lockAnswered(node, task, isOk(reply));
      else unlockAnswered(node, task, reply === 1);
    },
  },

  timers: {
    thought: (node) => advance(node, node.state.task!),
    lock(node) {
      const task = node.state.task!;
      if (task.ending === null) perform(node, task);
      else end(node, task);
    },
    reconnect(node) {
      if (node.state.connection === null) connect(node);
    },
    repeat(node) {
      const { again } = node.state;
      if (again === null) return;
      node.state.again = null;
      node.event('StatementRepeated', { statement: again.statement });
      query(node, again.operation, again.statement);
    },
    restart: (node) => end(node, node.state.task!),
  },
  background: ['reconnect'],

  operations: {
    sql: operation<Client>()({
      doc: 'Sends a statement; answers its rows, or a command tag such as UPDATE 1.',
      parameters: { statement: 'string' },
      fault: ({ statement }) => sqlFault(statement),
      run: (node, { statement }, id) => query(node, id, statement),
    }),
    begin: operation<Client>()({
      doc: 'Begins a transaction, at the given isolation level if there is one.',
      parameters: { level: 'string?' },
      run: (node, { level }, id) =>
        query(node, id, level === undefined ? 'BEGIN' : `BEGIN ISOLATION LEVEL ${level}`),
    }),
    commit: operation<Client>()({
      doc: 'Commits the transaction.',
      parameters: {},
      run: (node, _, id) => query(node, id, 'COMMIT'),
    }),
    rollback: operation<Client>()({
      doc: 'Rolls the transaction back.',
      parameters: {},
      run: (node, _, id) => query(node, id, 'ROLLBACK'),
    }),
    disconnect: operation<Client>()({
      doc: 'Says goodbye to the database and closes the connection; the next statement opens one.',
      parameters: {},
      run: (node, _, id) => disconnect(node, id),
    }),
    buy: operation<Client>()({
      doc: 'Buys a piece of an item with the `cure` of its settings; answers bought, or sold out.',
      noEffect: isRolledBack,
      parameters: { item: 'integer?' },
      run: (node, { item = 1 }, id) =>
        begin(node, taskOf(id, purchases[node.options.cure], 'bought', item, item)),
    }),
    transfer: operation<Client>()({
      doc: 'Moves a piece from one item to another; locks both rows in the given order.',
      noEffect: isRolledBack,
      parameters: { from: 'integer', to: 'integer' },
      run: (node, { from, to }, id) => begin(node, taskOf(id, transfer, 'moved', from, to)),
    }),
  },

  standings: clientStandings,
  lookDocs: taskDocs,
  look: ({ task, asking }) => ({
    standing: task?.grant ? 'holder' : asking === null && task === null ? '' : 'busy',
    tone: task?.grant ? 'lead' : 'none',
    ...(task && { facts: { item: task.item, qty: task.qty, attempt: task.attempt } }),
  }),
});

// Statements

function query(node: ClientNode, id: OperationId, sql: string): void {
  const { asking, task, again, lost } = node.state;
  if (asking !== null || again !== null || (task !== null && task.operation !== id)) {
    node.fail(id, `${node.id} waits for an answer: a connection runs one statement at a time`);
    return;
  }
  if (lost !== '' && task === null) {
    // The library reports the loss when the connection is used next.
    node.state.lost = '';
    node.fail(id, lost);
    return;
  }
  if (node.state.connection === null) connect(node);
  node.state.asking = id;
  node.state.statement = sql;
  node.send(node.state.connection!, { type: 'Query', sql, serial: ++node.state.serial });
}

/** Opens a connection. What is sent on it before it is open leaves as soon as it is. */
function connect(node: ClientNode): void {
  const database = databaseOf(node);
  if (database === undefined) return;
  node.cancelTimer('reconnect');
  node.state.connection = node.connect(database);
  node.state.isOpen = false;
  node.state.inTransaction = false;
}

function disconnect(node: ClientNode, id: OperationId): void {
  const { connection, asking, task } = node.state;
  if (asking !== null || task !== null) {
    node.fail(id, `${node.id} waits for an answer: it cannot say goodbye before that`);
    return;
  }
  if (connection !== null) {
    node.send(connection, { type: 'Terminate' });
    node.disconnect(connection);
  }
  Object.assign(node.state, notConnected);
  node.reply(id, 'disconnected');
}

/** The connection ended: tells the application what is known of its statement, and tries again. */
function connectionLost(node: ClientNode, how: Ending): void {
  const { state } = node;
  const { asking, task, statement, inTransaction } = state;
  const loss = lossOf(state, how);
  state.connection = null;
  state.inTransaction = false;
  node.setTimer('reconnect', node.options.reconnectAfter);
  if (asking === null) {
    if (!inTransaction) return;
    const reason = `${endings[how]}: the transaction is rolled back`;
    if (task === null) state.lost ||= reason;
    else taskLost(node, task, { unknown: false, reason });
    return;
  }
  state.asking = null;
  if (loss.unknown) node.event('OutcomeUnknown', { statement, how });
  if (task !== null) taskLost(node, task, loss);
  else if (loss.unknown && node.options.retryUnknown) {
    state.again = { operation: asking, statement };
    node.setTimer('repeat', node.options.reconnectAfter);
  } else node.fail(asking, loss.reason);
}

/** A task whose transaction is rolled back starts again; one that may be committed only if told. */
function taskLost(node: ClientNode, task: Task, { unknown, reason }: Loss): void {
  node.cancelTimer('thought');
  const isRetried = !unknown || node.options.retryUnknown;
  task.ending ??= { type: isRetried ? 'again' : 'failed', reason };
  node.setTimer('restart', node.options.reconnectAfter);
}

function statementEnded(node: ClientNode, result: Result, summary: Json): void {
  const { asking, task } = node.state;
  if (asking === null) return;
  node.state.asking = null;
  if (task !== null) stepAnswered(node, task, result);
  else if (isError(result)) node.fail(asking, String(summary));
  else node.reply(asking, summary);
}

function databaseOf(node: ClientNode): string | undefined {
  return node.nodes('database')[0];
}

// Tasks of several steps

function begin(node: ClientNode, task: Task): void {
  if (node.state.task !== null || node.state.asking !== null) {
    node.fail(task.operation, `${node.id} is busy: a connection runs one statement at a time`);
    return;
  }
  if (task.steps.some(({ type }) => type === 'lock') && node.nodes('redis').length === 0) {
    node.fail(task.operation, 'the scenario has no node of the role redis, which keeps the lock');
    return;
  }
  node.state.task = task;
  perform(node, task);
}

/** Starts the current step of a task. */
function perform(node: ClientNode, task: Task): void {
  const step = task.steps[task.at];
  switch (step.type) {
    case 'think':
      return node.setTimer('thought', node.options.thinking);
    case 'lock': {
      task.grant = '';
      const grant = `${node.id}:${node.state.serial + 1}`;
      const ttl = inMilliseconds(node.options.lockTtl);
      return command(node, `SET ${lockOf(task)} ${grant} NX PX ${ttl}`);
    }
    case 'unlock':
      return unlock(node, task);
    default:
      return query(node, task.operation, sqlOf(step.sql, task, node.id));
  }
}

/** Continues with the next step of a task. */
function advance(node: ClientNode, task: Task): void {
  task.at++;
  if (task.at < task.steps.length) return perform(node, task);
  node.state.task = null;
  if (task.success === 'bought') node.event('ItemBought', { item: task.item });
  node.reply(task.operation, task.success);
}

/** Continues a task when the statement of its current step is answered. */
function stepAnswered(node: ClientNode, task: Task, result: Result): void {
  if (task.ending !== null) return end(node, task);
  if (isError(result)) {
    const isRetried = result.code === '40001' || result.code === '40P01';
    return leave(node, task, isRetried ? 'again' : 'failed', `${result.code}: ${result.message}`);
  }
  const step = task.steps[task.at];
  if (task.success === 'moved' && result.type === 'rows' && result.rows.length === 0) {
    const item = step.type === 'read' ? task.item : task.to;
    return leave(node, task, 'failed', `row not found: there is no item ${item}`);
  }
  if (step.type === 'read' && result.type === 'rows') {
    const [qty, version] = result.rows[0] ?? [0, 0];
    task.qty = Number(qty);
    task.version = Number(version);
    if (task.qty < 1) return leave(node, task, 'sold out', 'no piece is left');
  }
  if (step.type === 'write' && result.type === 'done' && result.count === 0) {
    const { item, version } = task;
    if (step.ifNone === 'again') node.event('VersionConflict', { item, version });
    return leave(node, task, step.ifNone, 'no row was changed');
  }
  advance(node, task);
}

// Tasks that do not succeed

type TaskEnding = NonNullable<Task['ending']>;

/** The task ended because of what it read or of a conflict, and its transaction did not commit. */
function isRolledBack(reason: string): boolean {
  return /^(no row was changed|row not found: |40001: |40P01: )/.test(reason);
}

/** Rolls the transaction of a task back, which then ends or starts again. */
function leave(node: ClientNode, task: Task, type: TaskEnding['type'], reason: string): void {
  task.ending = { type, reason };
  query(node, task.operation, 'ROLLBACK');
}

/** After the rollback: releases the lock, then starts the task again or ends it. */
function end(node: ClientNode, task: Task): void {
  if (task.grant !== '') return unlock(node, task);
  const { type, reason } = task.ending!;
  if (type === 'again' && task.attempt <= node.options.retries) {
    task.attempt++;
    task.at = 0;
    task.ending = null;
    node.event('Retried', { attempt: task.attempt, reason });
    return perform(node, task);
  }
  node.state.task = null;
  if (type !== 'sold out') return node.fail(task.operation, reason);
  node.event('SoldOut', { item: task.item });
  node.reply(task.operation, 'sold out');
}

// The lock in Redis

function lockServers(node: ClientNode): readonly NodeId[] {
  return node.nodes('redis').slice(0, 1);
}

function command(node: ClientNode, text: string): void {
  node.state.command = text;
  const link = linkTo(node, lockServers(node)[0]);
  node.send(link, { type: 'Command', command: text, request: ++node.state.serial });
}

/**
 * The connection to Redis ended before the reply came. The step is repeated on a new one: a release
 * does no harm twice, and a lock that it has without knowing is refused to it until that expires.
 */
function linkLost(node: ClientNode, how: Ending): void {
  const { command: statement } = node.state;
  if (statement === '') return;
  node.state.command = '';
  if (how !== 'refused') node.event('OutcomeUnknown', { statement, how });
  node.setTimer('lock', node.options.retryAfter);
}

function lockAnswered(node: ClientNode, task: Task, isGranted: boolean): void {
  const key = lockOf(task);
  if (!isGranted) {
    node.event('LockRefused', { key });
    return node.setTimer('lock', node.options.retryAfter);
  }
  task.grant = `${node.id}:${node.state.serial}`;
  node.event('LockAcquired', { key });
  advance(node, task);
}

function isOk(reply: RedisReply['reply']): boolean {
  return typeof reply === 'object' && reply !== null && 'ok' in reply;
}

/** Compares before it deletes, because by now another client may have the lock. */
function unlock(node: ClientNode, task: Task): void {
  command(node, releaseCommand(lockOf(task), task.grant));
}

function unlockAnswered(node: ClientNode, task: Task, wasHeld: boolean): void {
  task.grant = '';
  if (wasHeld) node.event('LockReleased', { key: lockOf(task) });
  if (task.ending !== null) end(node, task);
  else advance(node, task);
}
