/** Histories of client operations, and the specifications that they are held against. */
import type { Json, Micros, NodeId, OperationId } from './data.ts';

/** A client operation that was invoked. */
export interface ObservedOperation {
  readonly operation: OperationId;
  readonly node: NodeId;
  /** The name of the operation, such as `put`. */
  readonly name: string;
  readonly args: Readonly<Record<string, Json>>;
}

/** A client operation that was answered: by `node.reply` if `ok`, otherwise by `node.fail`. */
export interface ObservedAnswer extends ObservedOperation {
  readonly ok: boolean;
  /** The result, or the reason of the failure. */
  readonly result: Json;
  /** When the operation was invoked, in virtual time. */
  readonly invokedAt: Micros;
}

/**
 * What clients invoked and what they were answered, in the order of the invocations.
 *
 * Positions, not times, order what happened: two events in one microsecond keep their order.
 */
export type History = readonly HistoryOperation[];

/** A client operation, from its invocation to its response. */
export interface HistoryOperation {
  /** The client that invoked it. A client invokes one operation after the other. */
  readonly process: string;
  /** The name of the operation, such as `put`. */
  readonly name: string;
  readonly args: Readonly<Record<string, Json>>;
  /** The position of the invocation among all invocations and responses of the history, from 0. */
  readonly invoked: number;
  /** The position of the response; undefined as long as there is none. */
  readonly returned: number | undefined;
  /**
   * `ok`: it took effect and returned `result`. `failed`: it had no effect. `unknown`: it may have
   * taken effect, or may still do so; such is every operation without a response.
   */
  readonly outcome: 'ok' | 'failed' | 'unknown';
  /** What it returned; undefined unless its outcome is `ok`. */
  readonly result: Json | undefined;
}

/** An operation of a run: where it was invoked, and in which steps. */
export interface RecordedOperation extends HistoryOperation {
  readonly operation: OperationId;
  readonly node: NodeId;
  /** The step of the invocation, and its virtual time. */
  readonly invokedStep: number;
  readonly invokedAt: Micros;
  /** The step that ended it, also if its outcome is unknown; undefined if none has. */
  readonly endedStep: number | undefined;
  readonly endedAt: Micros | undefined;
  /** The reason that `node.fail` gave; undefined unless it ended the operation. */
  readonly reason: Json | undefined;
}

/**
 * What operations do when they run one after the other: a sequential specification. A history is
 * linearizable if its operations could have run so, each at a moment between its invocation and its
 * response (Herlihy and Wing 1990).
 */
export interface Specification<State extends Json = any> {
  /** One sentence: the object that this specifies. */
  doc: string;
  /** The names of the operations that it is about; all of the protocol, if absent. */
  operations?: readonly string[];
  /**
   * The names of operations that change the object in ways that this does not specify: a history
   * that has one of them is not judged.
   */
  excludes?: readonly string[];
  /** Whether `step` reads which process invoked an operation, as that of a lock must. */
  readsProcess?: true;
  /** Returns the part of the object that an operation is about: parts are checked separately. */
  key?(operation: HistoryOperation): string;
  /** Returns the state at the start of a history; plain data, as all states are. */
  init(): State;
  /**
   * Returns the state after the operation, or undefined if it could not return its result in this
   * state. An operation of unknown outcome may return anything. It must not change `state`.
   */
  step(state: State, operation: HistoryOperation): State | undefined;
}

/** One specification, or several by name: a key-value store, and a lock beside it. */
export type Specifications = Specification | Readonly<Record<string, Specification>>;

/** What an operation read or wrote: of a read, the value that it returned, null for none. */
export type MicroOperation = readonly [
  kind: 'read' | 'write' | 'append', key: string | number, value: Json,
];

/** What an operation does: it begins or ends a transaction of its client, or reads and writes. */
export type TransactionEffect = 'begin' | 'commit' | 'rollback' | readonly MicroOperation[];

/**
 * How operations make up transactions: a scenario can expect that `history is serializable`.
 * Reads and writes between `begin` and `commit` are those of one transaction; outside, each
 * operation that reads or writes is a transaction by itself.
 */
export interface Transactions<Memory = any> {
  /** One sentence: what a transaction is. */
  doc: string;
  /** Returns the memory that `effect` keeps from operation to operation; plain data. */
  remember?(): Memory;
  /**
   * Returns what the operation did, an empty list if nothing. Undefined means that this cannot be
   * said in reads and writes of keys: the history is then not judged. It runs for all operations in
   * the order of their invocations, and may change `memory` in place, but not `operation`. What a
   * failed operation returns for its reads and writes does not count.
   */
  effect(operation: HistoryOperation, memory: Memory): TransactionEffect | undefined;
  /** Returns which open transaction of its client it is part of; without it, there is only one. */
  transaction?(operation: HistoryOperation): string | undefined;
}
