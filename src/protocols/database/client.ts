/** A client of the database: one connection, one statement at a time, and tasks of several. */
import { operation, role } from '../../protocol/define.ts';
import type { Json, Micros, Node, OperationId, Range } from '../../protocol/types.ts';
import { between, milliseconds, seconds } from '../../protocol/units.ts';
import {
  type Cure, cures, purchases, sqlOf, type Step, type Task, transfer,
} from './purchase.ts';
import type { Answers, Query, Result } from './state.ts';
import { isError, sqlError } from './syntax.ts';
import { inMilliseconds, releaseCommand } from '../redis/command-line.ts';
import { commandSummary } from '../redis/redis.ts';
import type { Command, RedisReply } from '../redis/server-state.ts';

export interface ClientState {
  /** The number of the last statement or command. It survives a crash: the server remembers it. */
  serial: number;
  /** How often the client has booted. */
  boots: number;
  /** The operation whose statement waits for its answer. */
  asking: OperationId | null;
  /** The purchase or transfer in progress. */
  task: Task | null;
}

export interface ClientEvents {
  ItemBought: { item: number };
  SoldOut: { item: number };
  VersionConflict: { item: number; version: number };
  Retried: { attempt: number; reason: string };
  LockAcquired: { key: string };
  LockRefused: { key: string };
  LockReleased: { key: string };
}

export interface Client {
  state: ClientState;
  receives: Answers & { Reply: RedisReply };
  sends: { Query: Query; Connect: object; Command: Command };
  timers: { thought: void; lock: void };
  events: ClientEvents;
  options: { cure: Cure; thinking: Range; retries: number; retryAfter: Range; lockTtl: Micros };
}

type ClientNode = Node<Client>;

export const clientEvents: Record<keyof ClientEvents, string> = {
  ItemBought: 'A purchase was committed: its buyer has the item.',
  SoldOut: 'A buyer found that no piece is left.',
  VersionConflict: 'No row was changed, because its version is not the one that was read.',
  Retried: 'A client starts again, after a rollback by the database or a version conflict.',
  LockAcquired: 'A client has the lock in Redis, as far as it knows.',
  LockRefused: 'A client did not get the lock, because another has it.',
  LockReleased: 'A client released the lock.',
};

export const client = role<Client>({
  doc: 'An application with one connection to the database: it sends SQL, or makes purchases.',
  summary: { messages: { Query: ({ sql }) => sql, ...commandSummary } },
  options: {
    cure: {
      kind: 'choice',
      default: 'none',
      choices: cures,
      doc: 'How `buy` prevents another client from buying the same piece.',
    },
    thinking: {
      kind: 'range',
      default: between(milliseconds(10), milliseconds(50)),
      min: 0,
      doc: 'How long the application works between reading and writing.',
    },
    retries: {
      kind: 'integer',
      default: 3,
      min: 0,
      doc: 'How often it starts again after a conflict, a deadlock or a serialization failure.',
    },
    retryAfter: {
      kind: 'range',
      default: between(milliseconds(10), milliseconds(30)),
      min: milliseconds(1),
      doc: 'How long it waits before it tries again to get the lock.',
    },
    lockTtl: {
      kind: 'duration',
      default: seconds(10),
      min: milliseconds(1),
      doc: 'How long Redis keeps the lock of a client that does not release it: PX, at least 1 ms.',
    },
  },
  durable: ['serial', 'boots'],
  init: () => ({ serial: 0, boots: 0, asking: null, task: null }),
  start(node) {
    if (node.state.boots++ > 0) node.send(databaseOf(node), { type: 'Connect' });
  },

  messages: {
    Result(node, { serial, result, summary }) {
      if (serial === node.state.serial) statementEnded(node, result, summary);
    },
    Refused(node, { serial, code, message }) {
      if (serial !== node.state.serial) return;
      statementEnded(node, sqlError(code, message), `ERROR ${code}: ${message}`);
    },
    ConnectionClosed(node) {
      // The client cannot know whether the statement was executed.
      const { asking } = node.state;
      node.state.asking = null;
      node.state.task = null;
      if (asking !== null) node.reply(asking, 'server closed the connection unexpectedly');
    },
    Reply(node, { request, reply }) {
      const { task, serial } = node.state;
      if (task === null || request !== serial) return;
      if (task.steps[task.at].type === 'lock') lockAnswered(node, task, isOk(reply));
      else unlockAnswered(node, task, reply === 1);
    },
  },

  timers: {
    thought: (node) => advance(node, node.state.task!),
    lock: (node) => perform(node, node.state.task!),
  },

  operations: {
    sql: operation<Client>()({
      doc: 'Sends a statement; answers its rows, or a command tag such as UPDATE 1.',
      parameters: { statement: 'string' },
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
    buy: operation<Client>()({
      doc: 'Buys a piece of an item with the `cure` of its settings; answers bought, or sold out.',
      parameters: { item: 'integer?' },
      run: (node, { item = 1 }, id) =>
        begin(node, taskOf(id, purchases[node.options.cure], 'bought', item, item)),
    }),
    transfer: operation<Client>()({
      doc: 'Moves a piece from one item to another; locks both rows in the given order.',
      parameters: { from: 'integer', to: 'integer' },
      run: (node, { from, to }, id) => begin(node, taskOf(id, transfer, 'moved', from, to)),
    }),
  },

  look: ({ task, asking }) => ({
    standing: task?.grant ? 'holder' : asking === null && task === null ? '' : 'busy',
    tone: task?.grant ? 'lead' : 'none',
    ...(task && { facts: { item: task.item, qty: task.qty, attempt: task.attempt } }),
  }),
});

// Statements

function query(node: ClientNode, id: OperationId, sql: string): void {
  const { asking, task } = node.state;
  if (asking !== null || (task !== null && task.operation !== id)) {
    node.fail(id, `${node.id} waits for an answer: a connection runs one statement at a time`);
    return;
  }
  node.state.asking = id;
  node.send(databaseOf(node), { type: 'Query', sql, serial: ++node.state.serial });
}

function statementEnded(node: ClientNode, result: Result, summary: Json): void {
  const { asking, task } = node.state;
  if (asking === null) return;
  node.state.asking = null;
  if (task !== null) stepAnswered(node, task, result);
  else if (isError(result)) node.fail(asking, String(summary));
  else node.reply(asking, summary);
}

function databaseOf(node: ClientNode): string {
  return node.nodes('database')[0];
}

// Tasks of several steps

function taskOf(
  id: OperationId,
  steps: readonly Step[],
  success: string,
  item: number,
  to: number,
): Task {
  return {
    operation: id, steps, success, item, to,
    at: 0, attempt: 1, qty: 0, version: 0, ending: null, grant: '',
  };
}

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

type Ending = NonNullable<Task['ending']>;

/** Rolls the transaction of a task back, which then ends or starts again. */
function leave(node: ClientNode, task: Task, type: Ending['type'], reason: string): void {
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

function lockOf(task: Task): string {
  return `lock:item${task.item}`;
}

function command(node: ClientNode, text: string): void {
  const to = node.nodes('redis')[0];
  node.send(to, { type: 'Command', command: text, request: ++node.state.serial });
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
