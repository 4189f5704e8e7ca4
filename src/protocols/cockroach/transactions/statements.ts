/** The statements of applications: in a named transaction, or each in one of its own. */
import { operation } from '../../../protocol/define.ts';
import type { Json, OperationId, Role } from '../../../protocol/types.ts';
import { rangeOf } from '../calls.ts';
import {
  abandon, begin, commit, finish, type Progress, read, splitKey, write, writeAndCommit,
} from './coordinator.ts';
import type { CockroachNode, Store } from '../node-types.ts';
import type { Program, Transaction } from '../state.ts';

export const priorities = { low: 1, normal: 2, high: 3 } as const;

/** How many reads and then writes the transaction of a statement consists of. */
const shapes: Record<Program['statement'], { readonly reads: number; readonly writes: number }> = {
  get: { reads: 1, writes: 0 },
  put: { reads: 0, writes: 1 },
  add: { reads: 1, writes: 1 },
  transfer: { reads: 2, writes: 2 },
  split: { reads: 0, writes: 1 },
};

export const progress: Progress = {
  read(store, transaction, value) {
    if (transaction.program === null) return answer(store, transaction, value);
    transaction.program.read.push(value);
    advance(store, transaction, transaction.program);
  },
  wrote(store, transaction) {
    if (transaction.program === null) return answer(store, transaction, 'OK');
    transaction.program.written++;
    advance(store, transaction, transaction.program);
  },
  committed(store, transaction) {
    const { program } = transaction;
    answer(store, transaction, program === null ? 'COMMITTED' : resultOf(program));
  },
  fails(store, { operation: id }, reason) {
    if (id !== null) store.fail(id, reason);
  },
  // A statement is tried again; the statements of an application cannot be repeated for it.
  restarts(store, transaction, reason) {
    const { operation: id, program, priority } = transaction;
    if (program === null) {
      if (id !== null) store.fail(id, `restart transaction: ${reason}`);
      return;
    }
    const { keys, value } = program;
    if (program.statement === 'split' && beginsRange(store, value as string)) {
      return store.fail(id!, `a range begins at ${String(value)} already`);
    }
    // Another split may have moved the key to another range.
    const at = program.statement === 'split' ? [splitKey(store, value as string)] : keys;
    run(store, { ...program, keys: at, read: [], written: 0 }, priority, id!);
  },
};

function run(store: Store, program: Program, priority: number, id: OperationId): void {
  const transaction = begin(store, { name: '', priority, program });
  transaction.operation = id;
  const left = Math.max(0, program.until - store.now());
  store.setTimer('deadline', left, transaction.id);
  advance(store, transaction, program);
}

function advance(store: Store, transaction: Transaction, program: Program): void {
  const { reads, writes } = shapes[program.statement];
  const { read: done, written, keys } = program;
  if (done.length < reads) return read(store, transaction, keys[done.length]);
  if (written < writes) {
    const value = writtenBy(program);
    const isLast = written === writes - 1;
    if (isLast && writeAndCommit(store, transaction, keys[written], value)) {
      program.written++;
      return;
    }
    return write(store, transaction, keys[written], value);
  }
  commit(store, transaction, progress);
}

/** The value of the next write of a statement. */
function writtenBy({ statement, value, read: found, written }: Program): Json {
  if (statement !== 'add' && statement !== 'transfer') return value;
  const amount = Number(value);
  const isTaken = statement === 'transfer' && written === 0;
  return Number(found[written] ?? 0) + (isTaken ? -amount : amount);
}

function resultOf(program: Program): Json {
  if (program.statement === 'get') return program.read[0];
  return program.statement === 'add' ? Number(program.read[0] ?? 0) + Number(program.value) : 'OK';
}

function answer(store: Store, transaction: Transaction, result: Json): void {
  const { operation: id } = transaction;
  if (id === null) return;
  transaction.operation = null;
  store.cancelTimer('deadline', transaction.id);
  store.reply(id, result);
}

/**
 * The application does not wait any longer. A transaction that was about to commit may do so, or
 * have done so: its coordinator does not know, and says so.
 */
export function timeOut(store: Store, key: string): void {
  const transaction = store.state.transactions[key] as Transaction | undefined;
  if (transaction === undefined) return;
  const { operation: id, phase } = transaction;
  transaction.operation = null;
  if (phase === 'committing') finish(store, transaction);
  else abandon(store, transaction);
  if (id === null) return;
  if (phase === 'committing') store.reply(id, 'the result is ambiguous');
  else store.fail(id, 'the statement timed out');
}

// Operations

function statement(
  store: Store,
  id: OperationId,
  { statement: kind, keys, value }: Pick<Program, 'statement' | 'keys' | 'value'>,
): void {
  const ended = store.state.ended;
  if (ended !== null) return store.fail(id, `the node has ended: ${ended}`);
  const until = store.now() + store.options.statementTimeout;
  run(store, { statement: kind, keys, value, read: [], written: 0, until }, priorities.normal, id);
}

/** Runs a statement of a named transaction, one at a time. */
function within(
  store: Store,
  name: string,
  id: OperationId,
  act: (transaction: Transaction) => void,
): void {
  const { ended, transactions } = store.state;
  if (ended !== null) return store.fail(id, `the node has ended: ${ended}`);
  const found = Object.values(transactions).find((one) => one.name === name);
  if (found === undefined || found.phase === 'acknowledged') {
    return store.fail(id, `there is no transaction ${name} here: it has ended, or never began`);
  }
  if (found.operation !== null) return store.fail(id, `${name} still runs its last statement`);
  found.operation = id;
  store.setTimer('deadline', store.options.statementTimeout, found.id);
  act(found);
}

function reservedKey(...keys: readonly string[]): string | undefined {
  const bad = keys.find((key) => key === '' || key.startsWith('@'));
  if (bad === undefined) return undefined;
  if (bad === '') return 'a key must not be empty';
  return `${bad}: keys that begin with @ are those of the ranges themselves`;
}

const inTransaction = operation<CockroachNode>();

export const operations: NonNullable<Role<CockroachNode>['operations']> = {
  begin: inTransaction({
    doc: 'Begins a transaction, under a name of its own at this node: its coordinator.',
    parameters: { transaction: 'string', priority: 'string?' },
    fault: ({ priority = 'normal' }) => (
      Object.hasOwn(priorities, priority)
        ? undefined
        : `the priority must be low, normal or high, not ${priority}`
    ),
    run(node, { transaction: name, priority = 'normal' }, id) {
      const { ended, transactions } = node.state;
      if (ended !== null) return node.fail(id, `the node has ended: ${ended}`);
      const open = Object.values(transactions).filter(({ phase }) => phase !== 'acknowledged');
      if (open.some((one) => one.name === name)) {
        return node.fail(id, `the transaction ${name} has begun already`);
      }
      const chosen = priorities[priority as keyof typeof priorities];
      begin(node, { name, priority: chosen, program: null });
      node.reply(id, 'OK');
    },
  }),
  read: inTransaction({
    doc: 'Reads a key in a transaction; the answer is its value, null if it has none.',
    parameters: { transaction: 'string', key: 'string' },
    fault: ({ key }) => reservedKey(key),
    run: (node, { transaction, key }, id) =>
      within(node, transaction, id, (one) => read(node, one, key)),
  }),
  write: inTransaction({
    doc: 'Writes a key in a transaction: an intent, which others see only after the commit.',
    parameters: { transaction: 'string', key: 'string', value: 'value' },
    fault: ({ key }) => reservedKey(key),
    run: (node, { transaction, key, value }, id) =>
      within(node, transaction, id, (one) => write(node, one, key, value)),
  }),
  commit: inTransaction({
    doc: 'Commits a transaction; fails if it must be restarted, which only the application can do.',
    parameters: { transaction: 'string' },
    run: (node, { transaction }, id) =>
      within(node, transaction, id, (one) => commit(node, one, progress)),
  }),
  rollback: inTransaction({
    doc: 'Rolls a transaction back: its intents are removed.',
    parameters: { transaction: 'string' },
    run: (node, { transaction }, id) =>
      within(node, transaction, id, (one) => {
        abandon(node, one);
        node.reply(id, 'ROLLED BACK');
      }),
  }),
  get: inTransaction({
    doc: 'Reads a key in a transaction of its own; the answer is its value.',
    parameters: { key: 'string' },
    fault: ({ key }) => reservedKey(key),
    run: (node, { key }, id) => statement(node, id, { statement: 'get', keys: [key], value: null }),
  }),
  put: inTransaction({
    doc: 'Writes a key in a transaction of its own.',
    parameters: { key: 'string', value: 'value' },
    fault: ({ key }) => reservedKey(key),
    run: (node, { key, value }, id) =>
      statement(node, id, { statement: 'put', keys: [key], value }),
  }),
  add: inTransaction({
    doc: 'Adds a number to a key, in a transaction that reads and writes it; answers the sum.',
    parameters: { key: 'string', amount: 'integer' },
    fault: ({ key }) => reservedKey(key),
    run: (node, { key, amount }, id) =>
      statement(node, id, { statement: 'add', keys: [key], value: amount }),
  }),
  transfer: inTransaction({
    doc: 'Moves an amount from one key to another, in one transaction, perhaps across ranges.',
    parameters: { from: 'string', to: 'string', amount: 'integer' },
    fault: ({ from, to }) => (
      from === to ? 'name two different keys' : reservedKey(from, to)
    ),
    run: (node, { from, to, amount }, id) =>
      statement(node, id, { statement: 'transfer', keys: [from, to], value: amount }),
  }),
  split: inTransaction({
    doc: 'Splits the range of a key before this key: the right part becomes a range of its own.',
    parameters: { at: 'string' },
    fault: ({ at }) => reservedKey(at),
    run(node, { at }, id) {
      if (beginsRange(node, at)) return node.fail(id, `a range begins at ${at} already`);
      const keys = [splitKey(node, at)];
      statement(node, id, { statement: 'split', keys, value: at });
    },
  }),
};

function beginsRange(store: Store, at: string): boolean {
  const range = rangeOf(store, at);
  return range !== undefined && store.state.replicas[range].descriptor.start === at;
}
