/** Read-write transactions at the client (§4.2.1): locking reads, buffered writes, the commit. */
import { pick } from '../../../protocol/patterns.ts';
import type { Frozen, NodeId, OperationId } from '../../../protocol/types.ts';
import { asDuration } from '../../../protocol/units.ts';
import type { ClientTransaction, Program, Session } from './client-state.ts';
import type { CommitResult, LocksLost, ReadResult } from '../messages.ts';
import { byGroup, membersOf, whyNoPlace } from '../placement.ts';
import type { Age, ReadTimestamps, TransactionId, Value, WritesOf } from '../records.ts';
import { now } from '../true-time.ts';

/** The replica to ask as the leader of a group. */
export function leaderOf(node: Session, group: string): NodeId {
  return (node.state.leaders[group] ??= membersOf(node, group)[0]);
}

/** Asks the next replica of the group the next time. */
export function suspectLeader(node: Session, group: string): void {
  const all = membersOf(node, group);
  node.state.leaders[group] = all[(all.indexOf(leaderOf(node, group)) + 1) % all.length];
}

/** Begins an operation on these keys; returns false if a key has no place, which fails it. */
export function beginOperation(
  node: Session,
  operation: OperationId,
  keys: readonly string[],
): boolean {
  const reason = keys.map((key) => whyNoPlace(node, key)).find((why) => why !== undefined);
  if (reason === undefined) node.setTimer('giveUp', node.options.patience, operation);
  else node.fail(operation, reason);
  return reason === undefined;
}

export function endOperation(node: Session, operation: OperationId): void {
  node.cancelTimer('giveUp', operation);
}

// From the start to the commit

export function startTransaction(
  node: Session,
  program: Program,
  operation: OperationId,
  attempt = 1,
  age: Age = now(node).latest,
): ClientTransaction {
  const id = attempt === 1 ? operation : `${operation}/${attempt}`;
  const waiting = program.kind === 'interactive' ? null : operation;
  const transaction: ClientTransaction = {
    id, program, attempt, age, stage: 'open', operation: waiting, asked: [], reads: {}, writes: {},
    lost: '',
  };
  node.state.transactions[id] = transaction;
  if (attempt > 1) node.event('TransactionRetried', { transaction: id, attempt });
  node.event('TransactionStarted', { transaction: id, age });
  node.setTimer('keepAlive', node.options.keepAliveInterval);
  const keys = keysToRead(program);
  if (keys.length > 0) askFor(node, node.state.transactions[id], keys);
  else if (program.kind === 'write') write(node, node.state.transactions[id]);
  return node.state.transactions[id];
}

function keysToRead(program: Program): string[] {
  if (program.kind === 'add') return [program.key];
  return program.kind === 'transfer' ? [program.from, program.to] : [];
}

export function askFor(
  node: Session,
  transaction: ClientTransaction,
  keys: readonly string[],
): void {
  transaction.asked = [...new Set(keys)];
  sendReads(node, transaction);
}

function sendReads(node: Session, { id, age, asked }: ClientTransaction): void {
  for (const [group, keys] of byGroup(node, asked)) {
    node.send(leaderOf(node, group), { type: 'Read', transaction: id, age, keys });
  }
  node.setTimer('retry', node.options.retryAfter, id);
}

export function hearReadResult(node: Session, message: Frozen<ReadResult>): void {
  const transaction = node.state.transactions[message.transaction];
  if (transaction?.stage !== 'open') return;
  for (const [key, read] of Object.entries(message.values)) {
    if (!transaction.asked.includes(key)) continue;
    transaction.reads[key] = { ...read };
    transaction.asked = transaction.asked.filter((one) => one !== key);
    if (transaction.asked.length === 0) haveRead(node, transaction);
  }
}

function haveRead(node: Session, transaction: ClientTransaction): void {
  const { id, program, operation } = transaction;
  node.cancelTimer('retry', id);
  if (program.kind !== 'interactive') return write(node, transaction);
  if (operation === null) return;
  transaction.operation = null;
  endOperation(node, operation);
  const { keys, isList } = node.state.interactiveRead;
  const values = keys.map((key) => transaction.reads[key].value);
  node.reply(operation, isList ? values : values[0]);
}

/** Computes the writes of a program from what it read, and commits. */
function write(node: Session, transaction: ClientTransaction): void {
  const { program, writes, reads } = transaction;
  const numberAt = (key: string) => reads[key].value ?? 0;
  if (program.kind === 'write') writes[program.key] = program.value;
  if (program.kind === 'add') {
    const old = numberAt(program.key);
    if (typeof old !== 'number') return refuse(node, transaction, `${program.key} is not a number`);
    writes[program.key] = old + program.by;
  }
  if (program.kind === 'transfer') {
    const { from, to, amount } = program;
    const [source, target] = [numberAt(from), numberAt(to)];
    if (typeof source !== 'number' || typeof target !== 'number') {
      return refuse(node, transaction, `${from} and ${to} are not both numbers`);
    }
    if (source < amount) return refuse(node, transaction, `${from} has only ${source}`);
    writes[from] = source - amount;
    writes[to] = target + amount;
  }
  commit(node, transaction);
}

/** The program itself ends the transaction: it has no effect, and is not tried again. */
function refuse(node: Session, transaction: ClientTransaction, reason: string): void {
  const { operation } = transaction;
  release(node, transaction);
  drop(node, transaction, reason);
  if (operation === null) return;
  endOperation(node, operation);
  node.fail(operation, reason);
}

// The commit: "the client chooses a coordinator group and sends a commit message to each
// participant's leader with the identity of the coordinator and any buffered writes"

/** The groups of a transaction: the coordinator is that of its first write, or else read. */
function groupsOf(node: Session, { reads, writes }: ClientTransaction): string[] {
  return [...byGroup(node, [...Object.keys(writes), ...Object.keys(reads)]).keys()];
}

export function commit(node: Session, transaction: ClientTransaction): void {
  transaction.stage = 'committing';
  if (groupsOf(node, transaction).length > 0) return sendCommits(node, transaction);
  // It read and wrote nothing.
  const { operation } = transaction;
  drop(node, transaction, 'it did nothing');
  if (operation === null) return;
  endOperation(node, operation);
  node.reply(operation, 'OK');
}

function sendCommits(node: Session, transaction: ClientTransaction): void {
  const { id, age } = transaction;
  const groups = groupsOf(node, transaction);
  const coordinator = leaderOf(node, groups[0]);
  for (const group of groups) {
    const [writes, reads] = partOf(node, transaction, group);
    node.send(leaderOf(node, group), {
      type: 'Commit', transaction: id, age, groups, coordinator, writes, reads,
    });
  }
  node.setTimer('retry', node.options.retryAfter, id);
}

function partOf(
  node: Session,
  { reads, writes }: ClientTransaction,
  group: string,
): [WritesOf, ReadTimestamps] {
  const ofGroup = (all: object) => byGroup(node, Object.keys(all)).get(group) ?? [];
  const written: Record<string, Value> = {};
  const read: ReadTimestamps = {};
  for (const key of ofGroup(writes)) written[key] = writes[key];
  for (const key of ofGroup(reads)) read[key] = reads[key].timestamp;
  return [written, read];
}

export function hearCommitResult(node: Session, message: Frozen<CommitResult>): void {
  const { transaction: id, timestamp, reason } = message;
  const transaction = node.state.transactions[id];
  if (transaction?.stage !== 'committing') return;
  if (timestamp === null) return aborted(node, transaction, reason);
  const { operation, program, writes } = transaction;
  node.event('TransactionCommitted', { transaction: id, timestamp });
  forget(node, transaction);
  if (operation === null) return;
  endOperation(node, operation);
  node.reply(operation, program.kind === 'add' ? writes[program.key] : 'OK');
}

// Aborts, retries and unknown outcomes

export function hearLocksLost(node: Session, { transaction: id, reason }: Frozen<LocksLost>): void {
  const transaction = node.state.transactions[id];
  // After the commit was requested, only its result counts.
  if (transaction?.stage !== 'open' || transaction.lost !== '') return;
  release(node, transaction);
  aborted(node, transaction, reason);
}

/** Tries a program again, at the same age; the scenario decides about an interactive one. */
function aborted(node: Session, transaction: ClientTransaction, reason: string): void {
  const { id, program, operation, attempt, age } = transaction;
  if (program.kind !== 'interactive') {
    drop(node, transaction, reason);
    if (operation === null) return;
    const again = { program, operation, attempt: attempt + 1, age };
    return node.setTimer('restart', node.options.restartDelay, again, operation);
  }
  if (operation === null) {
    node.event('TransactionAborted', { transaction: id, reason });
    transaction.lost = reason;
    return;
  }
  drop(node, transaction, reason);
  endOperation(node, operation);
  node.fail(operation, `aborted: ${reason}`);
}

/** The leaders need not wait until the locks of this transaction time out. */
export function release(node: Session, transaction: ClientTransaction): void {
  const keys = [...Object.keys(transaction.reads), ...transaction.asked];
  for (const group of byGroup(node, keys).keys()) {
    node.send(leaderOf(node, group), { type: 'Release', transaction: transaction.id });
  }
}

export function drop(node: Session, transaction: ClientTransaction, reason: string): void {
  const { id, lost } = transaction;
  if (lost === '') node.event('TransactionAborted', { transaction: id, reason });
  forget(node, transaction);
}

function forget({ state, cancelTimer }: Session, { id }: ClientTransaction): void {
  cancelTimer('retry', id);
  if (state.open === id) state.open = null;
  delete state.transactions[id];
}

/** No answer came in time: the leader may have changed. */
export function retryTransaction(node: Session, id: TransactionId): void {
  const transaction = node.state.transactions[id];
  if (transaction === undefined) return;
  const isReading = transaction.stage === 'open';
  const keys = isReading
    ? transaction.asked
    : [...Object.keys(transaction.writes), ...Object.keys(transaction.reads)];
  const groups = [...byGroup(node, keys).keys()];
  for (const group of groups) suspectLeader(node, group);
  node.event('ClientRetried', { what: id, to: groups.map((group) => leaderOf(node, group)) });
  resend(node, transaction);
}

export function resend(node: Session, transaction: ClientTransaction): void {
  if (transaction.stage === 'committing') sendCommits(node, transaction);
  else if (transaction.asked.length > 0) sendReads(node, transaction);
}

/** The client's patience is over: whether a transaction committed may be unknown then. */
export function giveUpTransaction(node: Session, transaction: ClientTransaction): void {
  const { id, operation, stage } = transaction;
  if (operation === null) return;
  const reason = `no answer within ${asDuration(node.options.patience)}`;
  if (stage === 'open') return refuse(node, transaction, reason);
  node.event('OutcomeUnknown', { transaction: id });
  forget(node, transaction);
  node.reply(operation, { outcome: 'unknown' });
}

/** "It sends keepalive messages to prevent participant leaders from timing out its transaction." */
export function keepAlive(node: Session): void {
  const open = Object.values(node.state.transactions).filter(({ stage }) => stage === 'open');
  for (const { id, reads, asked } of open) {
    for (const group of byGroup(node, [...Object.keys(reads), ...asked]).keys()) {
      node.send(leaderOf(node, group), { type: 'KeepAlive', transaction: id });
    }
  }
  if (open.length > 0) node.setTimer('keepAlive', node.options.keepAliveInterval);
}

/** Any replica of a group: a read at a timestamp need not go to its leader. */
export function anyReplica(node: Session, group: string): NodeId {
  return pick(node, membersOf(node, group));
}
