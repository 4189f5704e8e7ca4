/** The client of Spanner: transactions in one operation or in several, and reads of the past. */
import { operation, role } from '../../../protocol/define.ts';
import type { Frozen, NodeId, OperationId } from '../../../protocol/types.ts';
import { between, milliseconds, seconds } from '../../../protocol/units.ts';
import {
  giveUpRead, hearSnapshotResult, readOnly, readSnapshot, redirectReads, retryRead,
} from './client-reads.ts';
import type { Client, ClientEvents, ClientTransaction, Program, Session } from './client-state.ts';
import {
  askFor, beginOperation, commit, drop, endOperation, giveUpTransaction, hearCommitResult,
  hearLocksLost, hearReadResult, keepAlive, leaderOf, release, resend, retryTransaction,
  startTransaction, suspectLeader,
} from './client-transactions.ts';
import { listed } from '../look.ts';
import type { NotLeader } from '../messages.ts';
import { byGroup, groupOf } from '../placement.ts';
import { clientSummary } from '../summary.ts';
import {
  clockEvents,
  clockOptions,
  firstClock,
  hearMaster,
  intervalLook,
  now,
  poll,
  startPolling,
} from '../true-time.ts';

const operations = {
  begin: operation<Client>()({
    doc: 'Begins a read-write transaction of several operations; answers OK.',
    parameters: {},
    run(node, _given, id) {
      if (node.state.open !== null) return node.fail(id, 'a transaction is open already');
      node.state.open = startTransaction(node, { kind: 'interactive' }, id).id;
      node.reply(id, 'OK');
    },
  }),
  read: operation<Client>()({
    doc: 'Answers the value of a key: locks it in a transaction, otherwise reads without locks.',
    parameters: { key: 'string' },
    run: (node, { key }, id) => read(node, [key], false, id),
  }),
  readAll: operation<Client>()({
    doc: 'Answers the values of several keys, all at one timestamp, or in the open transaction.',
    parameters: { keys: 'string[]' },
    fault: ({ keys }) => (keys.length === 0 ? 'it needs at least one key' : undefined),
    run: (node, { keys }, id) => read(node, keys, true, id),
  }),
  write: operation<Client>()({
    doc: 'Sets a key: buffered until the commit in a transaction, otherwise one of its own.',
    parameters: { key: 'string', value: 'value' },
    run(node, { key, value }, id) {
      if (node.state.open === null) return run(node, { kind: 'write', key, value }, [key], id);
      const open = openTransaction(node, id);
      if (open === undefined || !beginOperation(node, id, [key])) return;
      open.writes[key] = value;
      endOperation(node, id);
      node.reply(id, 'OK');
    },
  }),
  add: operation<Client>()({
    doc: 'Reads a number, adds to it, and writes it in one transaction; answers the new value.',
    parameters: { key: 'string', by: 'integer' },
    run: (node, { key, by }, id) => run(node, { kind: 'add', key, by }, [key], id),
  }),
  transfer: operation<Client>()({
    doc: 'Moves an amount from one key to another in a transaction; fails if there is too little.',
    parameters: { from: 'string', to: 'string', amount: 'integer' },
    fault({ from, to, amount }) {
      if (from === to) return 'the two keys must differ';
      return amount < 1 ? 'the amount must be positive' : undefined;
    },
    run: (node, { from, to, amount }, id) =>
      run(node, { kind: 'transfer', from, to, amount }, [from, to], id),
  }),
  commit: operation<Client>()({
    doc: 'Commits the open transaction; answers OK, or fails if it was aborted.',
    parameters: {},
    run(node, _given, id) {
      const open = openTransaction(node, id);
      if (open === undefined || !beginOperation(node, id, [])) return;
      open.operation = id;
      commit(node, open);
    },
  }),
  rollback: operation<Client>()({
    doc: 'Ends the open transaction without effect; answers OK.',
    parameters: {},
    run(node, _given, id) {
      const open = openTransaction(node, id);
      if (open === undefined) return;
      release(node, open);
      drop(node, open, 'it was rolled back');
      node.reply(id, 'OK');
    },
  }),
  snapshot: operation<Client>()({
    doc: 'Answers the values of keys at a timestamp, or of an age, from any replica or from one.',
    parameters: { keys: 'string[]', at: 'duration?', age: 'duration?', from: 'node?' },
    fault({ keys, at, age, from }, roleOf) {
      if (keys.length === 0) return 'it needs at least one key';
      if ((at === undefined) === (age === undefined)) return 'give either `at` or `age`';
      if (from !== undefined && roleOf(from) !== 'replica') return `${from} is not a replica`;
      return undefined;
    },
    run(node, { keys, at, age, from }, id) {
      const elsewhere = keys.find((key) => from && !byGroup(node, [key]).has(groupOf(from)));
      if (elsewhere !== undefined) return node.fail(id, `${from} does not store ${elsewhere}`);
      if (!beginOperation(node, id, keys)) return;
      const timestamp = at ?? Math.max(0, now(node).earliest - (age ?? 0));
      readSnapshot(node, id, keys, timestamp, from ?? null);
    },
  }),
};

export const client = role<Client>({
  doc: 'A client: it runs transactions, tries aborted ones again, and reads at any timestamp.',
  joins: true,
  options: {
    ...clockOptions,
    retryAfter: {
      kind: 'duration',
      default: seconds(1),
      min: milliseconds(1),
      doc: 'How long it waits for an answer before it asks the next replica of the group.',
    },
    restartDelay: {
      kind: 'range',
      default: between(milliseconds(10), milliseconds(50)),
      min: milliseconds(1),
      doc: 'How long it waits before it tries an aborted transaction again.',
    },
    keepAliveInterval: {
      kind: 'duration',
      default: seconds(1),
      min: milliseconds(1),
      doc: 'How often it tells the leaders that a transaction is still open (§4.2.1).',
    },
    patience: {
      kind: 'duration',
      default: seconds(60),
      min: milliseconds(1),
      doc: 'How long an operation may last. The outcome of a commit is unknown after that.',
    },
  },
  // The clock is set by the time service of the machine.
  durable: ['polled'],
  init: ({ options }) => ({
    ...firstClock(options), leaders: {}, transactions: {}, open: null, reads: {},
    interactiveRead: { keys: [], isList: false },
  }),
  start: startPolling,
  messages: {
    ReadResult: hearReadResult,
    LocksLost: hearLocksLost,
    CommitResult: hearCommitResult,
    SnapshotResult: hearSnapshotResult,
    NotLeader: hearNotLeader,
    MasterTime: hearMaster,
  },
  timers: {
    retry(node, what) {
      if (node.state.reads[what] !== undefined) retryRead(node, what);
      else retryTransaction(node, what);
    },
    restart(node, { program, operation: id, attempt, age }) {
      startTransaction(node, program, id, attempt, age);
    },
    keepAlive,
    giveUp,
    poll,
  },
  background: ['keepAlive', 'poll'],
  operations,
  lookDocs: {
    'TT.now()': 'The true time is in here.',
    open: 'The transaction that it has begun, statement by statement.',
    transactions: 'The transactions of it that have no outcome yet.',
    reads: 'The reads without locks that have no answer yet.',
  },
  look: ({ open, transactions, reads, ...clocked }, { options }) => ({
    interval: intervalLook(clocked, options),
    facts: {
      ...(open !== null && { open }),
      ...listed('transactions', transactions),
      ...listed('reads', reads),
    },
  }),
  summary: clientSummary,
});

/** An operation that is a whole transaction. */
function run(node: Session, program: Program, keys: readonly string[], id: OperationId): void {
  if (node.state.open !== null) {
    return node.fail(id, 'a transaction is open: commit it, or roll it back');
  }
  if (beginOperation(node, id, keys)) startTransaction(node, program, id);
}

function read(node: Session, keys: readonly string[], isList: boolean, id: OperationId): void {
  if (node.state.open === null) {
    if (beginOperation(node, id, keys)) readOnly(node, id, keys, isList);
    return;
  }
  const open = openTransaction(node, id);
  if (open === undefined || !beginOperation(node, id, keys)) return;
  open.operation = id;
  node.state.interactiveRead = { keys: [...keys], isList };
  askFor(node, open, keys);
}

/** The transaction that the scenario has begun; fails the operation if it cannot go on. */
function openTransaction(node: Session, id: OperationId): ClientTransaction | undefined {
  const { open, transactions } = node.state;
  const transaction = open === null ? undefined : transactions[open];
  if (transaction === undefined) node.fail(id, 'no transaction is open');
  else if (transaction.lost !== '') {
    drop(node, transaction, transaction.lost);
    node.fail(id, `aborted: ${transaction.lost}`);
  } else if (transaction.operation !== null) {
    node.fail(id, 'the transaction waits for another operation');
  } else return transaction;
  return undefined;
}

/** Asks the replica that may lead instead. */
function hearNotLeader(
  node: Session,
  { group, leaderHint }: Frozen<NotLeader>,
  from: NodeId,
): void {
  const { state } = node;
  // An answer to an earlier question: another replica is asked already.
  if (leaderOf(node, group) !== from) return;
  if (leaderHint === null) return suspectLeader(node, group);
  state.leaders[group] = leaderHint;
  redirectReads(node, group);
  for (const transaction of Object.values(state.transactions)) resend(node, transaction);
}

function giveUp(node: Session, id: OperationId): void {
  const { state } = node;
  if (state.reads[id] !== undefined) return giveUpRead(node, id);
  const transaction = Object.values(state.transactions).find(({ operation: one }) => one === id);
  if (transaction !== undefined) return giveUpTransaction(node, transaction);
  // It waits to be tried again.
  node.cancelTimer('restart', id);
  node.fail(id, 'the transaction was aborted too often');
}

export const clientEvents: Record<keyof ClientEvents, string> = {
  ...clockEvents,
  TransactionStarted: 'A client began a read-write transaction, or began it again (§4.2.1).',
  TransactionCommitted: 'A client learned that its transaction committed, at this timestamp.',
  TransactionAborted: 'A client learned that its transaction has no effect, or gave it up.',
  TransactionRetried: 'A client tries an aborted transaction again, at the same age.',
  OutcomeUnknown: 'A client gave up: whether its transaction committed, it does not know.',
  ReadStarted: 'A client began a read without locks (§4.1.4, §4.2.2).',
  ReadAnswered: 'A client has all values of a read without locks, as of one timestamp.',
  ClientRetried: 'A client received no answer in time, and asks other replicas.',
};
