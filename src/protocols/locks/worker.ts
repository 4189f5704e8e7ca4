/** What the workers of every lock share: the locks that they think they hold, and their writes. */
import type { ConnectionId, Ending } from '../../protocol/connection.ts';
import { invariant, operation } from '../../protocol/define.ts';
import type { Standings } from '../../protocol/standings.ts';
import type {
  DerivedEvent, Json, Look, Micros, Node, NodeId, Observed, OperationId, Role,
} from '../../protocol/types.ts';
import type { OptionFor } from '../../protocol/values.ts';
import { linkTo, whyUnanswered } from '../shared/links.ts';
import {
  isStorage, type StorageAnswers, type StorageRequests, type Value,
} from './fenced-storage.ts';

/** A lock that a worker believes it holds, from the answer that granted it until it gives it up. */
export interface Held {
  readonly key: string;
  /** Distinguishes this grant of the lock from all others. */
  readonly grant: string;
  /** The fencing token of the grant; null from a lock that issues none. */
  readonly token: number | null;
  /** A time on the worker's own clock. */
  readonly validUntil: Micros;
}

/** A request to storage without an answer. */
export interface StorageRequest {
  readonly operation: OperationId;
  /** The connection on which it was sent, or the storage if workers send it datagrams. */
  readonly sentTo: NodeId | ConnectionId;
}

export interface WorkerState {
  /** In the order in which the locks were taken. */
  held: Held[];
  /** The number of the last request. */
  serial: number;
  /** Requests to storage without an answer, by their numbers. */
  unanswered: Record<number, StorageRequest>;
}

export interface LockWorker {
  state: WorkerState;
  receives: StorageAnswers;
  sends: StorageRequests;
  timers: object;
  events: object;
  options: HolderOptions;
}

/** The options of a worker that concern the locks which it holds; for the `options` of its role. */
export interface HolderOptions {
  honoursValidity: boolean;
}

export const holderOptions: { [Name in keyof HolderOptions]: OptionFor<HolderOptions[Name]> } = {
  honoursValidity: {
    kind: 'boolean',
    default: false,
    doc:
      'Whether it looks at its own clock before it writes or reads under a lock, and gives the ' +
      'lock up if its time is over. That narrows the danger and does not end it: the message may ' +
      'be late, and the clock wrong.',
  },
};

type WorkerNode = Node<LockWorker>;
export type LockOperations = NonNullable<Role<LockWorker>['operations']>;

export const noLocks = (): WorkerState => ({ held: [], serial: 0, unanswered: {} });

export function heldLock(state: WorkerState, key: string): Held | undefined {
  return state.held.find((held) => held.key === key);
}

/** Returns the lock of this name, or the one taken last; fails the operation if there is none. */
export function holding(
  node: WorkerNode,
  key: string | undefined,
  id: OperationId,
): Held | undefined {
  const { state } = node;
  const held = key === undefined ? state.held.at(-1) : heldLock(state, key);
  if (held === undefined) node.fail(id, `${node.id} does not hold ${key ?? 'a lock'}`);
  return held;
}

/** Removes a lock that the worker has given up, or knows to be lost. */
export function dropLock(state: WorkerState, key: string): void {
  state.held = state.held.filter((held) => held.key !== key);
}

// Storage

/** Where a worker sends a request to storage: on a connection, or as a datagram to the node. */
export type Reach = (node: WorkerNode, storage: NodeId) => NodeId | ConnectionId;

const byDatagram: Reach = (_node, storage) => storage;

/** The operations of a worker on storage. */
export const storageOperationsBy = (reach: Reach): LockOperations => ({
  write: operation<LockWorker>()({
    doc: 'Writes to storage under the lock taken last, or the one named, even if it has expired.',
    parameters: { name: 'string', value: 'value', lock: 'string?', at: 'node?' },
    run: (node, args, id) => write(node, args, id, reach),
  }),
  read: operation<LockWorker>()({
    doc: 'Reads from storage, with the token of the lock taken last or named; answers the value.',
    parameters: { name: 'string', lock: 'string?', at: 'node?' },
    run(node, { name, lock, at }, id) {
      const { token, grant } = underLock(node, lock);
      if (isOver(node, grant, id)) return;
      const storage = storageOf(node, at, id);
      if (storage === undefined) return;
      const sentTo = reach(node, storage);
      const request = beginRequest(node, id, sentTo);
      node.send(sentTo, { type: 'Read', name, token, grant, request });
    },
  }),
});

/** For the workers of a protocol without connections to storage. */
export const storageOperations = storageOperationsBy(byDatagram);
/** For the workers of a protocol that has connections to storage. */
export const linkedStorageOperations = storageOperationsBy(linkTo);

interface Writing {
  readonly name: string;
  readonly value: Value;
  /** The lock to write under; the one taken last by default. */
  readonly lock?: string;
  /** The storage; the first of the scenario by default. */
  readonly at?: NodeId;
}

/** Writes under a lock if the worker believes it holds it, otherwise without a token. */
export function write(
  node: WorkerNode,
  { name, value, lock, at }: Writing,
  id: OperationId,
  reach: Reach = byDatagram,
): void {
  const { token, grant } = underLock(node, lock);
  if (isOver(node, grant, id)) return;
  const storage = storageOf(node, at, id);
  if (storage === undefined) return;
  const sentTo = reach(node, storage);
  const request = beginRequest(node, id, sentTo);
  node.send(sentTo, { type: 'Write', token, name, value, grant, request });
}

/** What a request carries of the lock of this name, or of the one taken last, if it is held. */
function underLock({ state }: WorkerNode, lock: string | undefined) {
  const held = lock === undefined ? state.held.at(-1) : heldLock(state, lock);
  return held ?? { token: null, grant: '' };
}

/** Fails an operation under a lock whose time is over, if the worker honours that. */
function isOver(node: WorkerNode, grant: string, id: OperationId): boolean {
  const held = node.state.held.find((one) => one.grant === grant);
  if (held === undefined || !node.options.honoursValidity) return false;
  if (node.now() < held.validUntil) return false;
  dropLock(node.state, held.key);
  node.fail(id, `${held.key} has expired by the clock of ${node.id}, so ${node.id} gave it up`);
  return true;
}

function beginRequest(node: WorkerNode, operation: OperationId, sentTo: string): number {
  const request = ++node.state.serial;
  node.state.unanswered[request] = { operation, sentTo };
  return request;
}

/** Returns the storage that an operation is for; fails the operation if there is none. */
function storageOf(
  node: WorkerNode,
  at: NodeId | undefined,
  id: OperationId,
): NodeId | undefined {
  const all = node.nodes('storage');
  const storage = at === undefined ? all[0] : all.find((other) => other === at);
  const reason = at === undefined ? 'the scenario has no storage' : `${at} is not storage`;
  if (storage === undefined) node.fail(id, reason);
  return storage;
}

/** The handlers of a worker for the answers of storage. */
export const storageAnswers = {
  Written(node: WorkerNode, { request }: { request: number }): void {
    const id = answeredOperation(node, request);
    if (id !== undefined) node.reply(id, 'OK');
  },
  Refused(
    node: WorkerNode,
    { request, token, highest }: { request: number; token: number | null; highest: number },
  ): void {
    const id = answeredOperation(node, request);
    const reason =
      token === null ? 'the write has no token' : `token ${token} is older than ${highest}`;
    if (id !== undefined) node.fail(id, reason);
  },
  Value(node: WorkerNode, { request, value }: { request: number; value: Json }): void {
    const id = answeredOperation(node, request);
    if (id !== undefined) node.reply(id, value);
  },
};

function answeredOperation(node: WorkerNode, request: number): OperationId | undefined {
  const id = node.state.unanswered[request]?.operation;
  delete node.state.unanswered[request];
  return id;
}

/**
 * Fails the requests on a connection to storage that has ended. A worker does not send a write
 * again: if it was accepted, another may have been accepted after it.
 */
export function storageLost(
  node: WorkerNode,
  peer: NodeId,
  connection: ConnectionId,
  how: Ending,
): void {
  for (const [request, { operation: id, sentTo }] of Object.entries(node.state.unanswered)) {
    if (sentTo !== connection) continue;
    delete node.state.unanswered[Number(request)];
    node.fail(id, whyUnanswered(peer, how));
  }
}

/** What a worker believes. Whether it is right, only the lock's server and storage can say. */
export const workerStandings: Standings = {
  '': { doc: 'It holds no lock.', to: { holder: 'its request was granted' } },
  holder: {
    doc: 'It believes that it holds a lock.',
    to: { '': 'it gives the lock up, or learns that it lost it' },
  },
};

export const workerDocs: Readonly<Record<string, string>> = {
  'validity of …': 'How long it may rely on its lock, by its own clock, not the server\'s.',
};

/** Of locks that have a random value in the place of a token. */
export const valueDocs: Readonly<Record<string, string>> = {
  ...workerDocs,
  'grant of …': 'The value that it stored under the key: only who knows it may release the lock.',
};

/** Panels show the locks that a worker believes it holds, and for how long it may rely on them. */
export function workerLook({ held }: WorkerState, { id }: { readonly id: NodeId }): Look {
  const validity = held.filter(({ validUntil }) => Number.isFinite(validUntil));
  const withoutToken = held.filter(({ token }) => token === null);
  return {
    standing: held.length > 0 ? 'holder' : '',
    tone: held.length > 0 ? 'lead' : 'follow',
    lease: validity.map(({ key, validUntil: until }) => {
      return { name: `validity of ${key}`, until, of: key };
    }),
    holder: held.map(({ key, token }) => {
      return { of: key, is: id, own: true, ...(token !== null && { token }) };
    }),
    facts: Object.fromEntries(withoutToken.map(({ key, grant }) => [`grant of ${key}`, grant])),
  };
}

// Derived events and an invariant, which compare what workers believe with what is true

export function isWorker(node: Observed | undefined): node is Observed<WorkerState> {
  return node?.role === 'worker';
}

function runningWorkers(nodes: readonly Observed[]): Observed<WorkerState>[] {
  return nodes.filter((node): node is Observed<WorkerState> => isWorker(node) && node.up);
}

/** Two workers believe at once that they hold one lock. There is no harm until both write. */
export const twoHolders: DerivedEvent<Record<string, true>> = {
  remember: () => ({}),
  look({ nodes, acted, memory }) {
    if (!isWorker(acted) || !acted.up) return [];
    const found: Record<string, Json>[] = [];
    for (const { key, grant } of acted.state.held) {
      for (const other of runningWorkers(nodes)) {
        const rival = other.id === acted.id ? undefined : heldLock(other.state, key);
        if (rival === undefined || memory[`${rival.grant} ${grant}`]) continue;
        memory[`${rival.grant} ${grant}`] = memory[`${grant} ${rival.grant}`] = true;
        found.push({ key, first: other.id, second: acted.id });
      }
    }
    return found;
  },
};

/**
 * A lock is gone, but its holder believes that it still has it. `keeps` says whether the servers
 * still have a grant.
 */
export function lockLost(
  keeps: (nodes: readonly Observed[], held: Held) => boolean,
): DerivedEvent<Record<string, true>> {
  return {
    remember: () => ({}),
    look({ nodes, memory }) {
      const found: Record<string, Json>[] = [];
      for (const { id, state } of runningWorkers(nodes)) {
        for (const held of state.held) {
          if (memory[held.grant] || keeps(nodes, held)) continue;
          memory[held.grant] = true;
          found.push({ key: held.key, holder: id, token: held.token });
        }
      }
      return found;
    },
  };
}

export interface Grant {
  readonly key: string;
  /** Counts the grants in the order in which workers received them. */
  readonly ordinal: number;
  readonly token: number | null;
  readonly holder: NodeId;
}

export interface Grants {
  count: number;
  byName: Record<string, Grant>;
  /** The number of writes of each storage when it was last checked. */
  seen: Record<NodeId, number>;
  /** The latest grant under which a value was written: `storage lock name` → the grant. */
  latest: Record<string, Grant>;
}

/**
 * Mutual exclusion as the data sees it: once a later holder of the lock has written, no earlier
 * holder writes. This needs no tokens, because the order of the grants is observed.
 */
export const earlierHolderNeverOverwrites = invariant<Grants>({
  doc: 'Once the next holder of a lock has written a value, no earlier holder overwrites it.',
  remember: () => ({ count: 0, byName: {}, seen: {}, latest: {} }),
  check({ acted, memory }) {
    if (isWorker(acted)) noteGrants(acted, memory);
    if (!isStorage(acted)) return undefined;
    const { writes, name, grant, value } = acted.state;
    if (writes === (memory.seen[acted.id] ?? 0)) return undefined;
    memory.seen[acted.id] = writes;
    const own = memory.byName[grant];
    if (own === undefined) return undefined;
    const place = `${acted.id} ${own.key} ${name}`;
    const later = memory.latest[place];
    if (later === undefined || !isEarlier(own, later)) {
      memory.latest[place] = own;
      return undefined;
    }
    return (
      `${own.holder} wrote ${name}=${JSON.stringify(value)} at ${acted.id} after ${later.holder} ` +
      `had written it, though ${later.holder} got the lock ${own.key} later: ${own.holder} wrote ` +
      `under a lock that it had lost, and ${later.holder}'s write is overwritten.`
    );
  },
});

/** By the tokens, if both have one; otherwise by the order in which workers received the grants. */
export function isEarlier(a: Grant, b: Grant): boolean {
  if (a.token !== null && b.token !== null && a.token !== b.token) return a.token < b.token;
  return a.ordinal < b.ordinal;
}

export function noteGrants(
  { id, state }: Observed<WorkerState>,
  memory: Pick<Grants, 'count' | 'byName'>,
): void {
  for (const { key, grant, token } of state.held) {
    if (memory.byName[grant] !== undefined) continue;
    const ordinal = ++memory.count;
    memory.byName[grant] = Object.freeze({ key, ordinal, token, holder: id });
  }
}

/** Documents the derived events; for the `events` of a protocol. */
export const lockEvents = {
  LockLost: 'A lock is gone, and its holder does not know it yet.',
  TwoHolders: 'Two workers believe at once that they hold one lock.',
};
