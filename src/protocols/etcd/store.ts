/** etcd's state machine: it executes transactions, grants and revokes leases, and fires watches. */
import { frozen } from '../../protocol/define.ts';
import type { Frozen, Node, NodeId } from '../../protocol/types.ts';
import type { Entry, NoOp } from '../raft/state.ts';
import { executeOnce } from '../shared/execute-once.ts';
import { atLeastMinimum, forget, isPrimary, refresh } from './lessor.ts';
import {
  type EtcdCommand, type EtcdMachine, type EtcdReplica, type EtcdResponse, type EtcdStore,
  type Found, lockOf, type Request, type Txn, type Watch,
} from './state.ts';

type Server = Node<EtcdReplica>;

export const etcdStore = {
  doc: 'An etcd server: Raft orders transactions and leases; the leader lets leases expire.',
  init: (): EtcdMachine => ({
    revision: 1,
    keys: {},
    deleted: [],
    leases: {},
    leaseCount: 0,
    sessions: {},
    primaryIn: 0,
    expired: {},
    revocations: 0,
    watches: [],
  }),

  apply(node: Server, entry: Frozen<Entry<EtcdCommand>>): EtcdResponse {
    // The first entry of a leader's own term makes its lessor the primary.
    isPrimary(node);
    const { clientId: client } = entry;
    if (client === null) return applyOwn(node, entry.command);
    return executeOnce(node.state.sessions, client, entry, { node, client }, execute);
  },
};

/** A command of the leader itself; revoking a lease a second time changes nothing. */
function applyOwn(node: Server, command: EtcdCommand | NoOp): EtcdResponse {
  return command.op === 'lease-revoke' ? revoke(node, command.lease) : null;
}

interface Execution {
  readonly node: Server;
  readonly client: NodeId;
}

function execute({ node, client }: Execution, command: EtcdCommand | NoOp): EtcdResponse {
  switch (command.op) {
    case 'no-op':
      return null;
    case 'txn':
      return transact(node, command, client);
    case 'lease-grant':
      return grant(node, command.ttl, client);
    case 'lease-revoke':
      return revoke(node, command.lease);
  }
}

/** All changes of a transaction have the same revision. */
function transact(node: Server, txn: Txn, client: NodeId): EtcdResponse {
  const { state } = node;
  const succeeded = txn.if.every(
    ({ key, createRevision }) => (state.keys[key]?.createRevision ?? 0) === createRevision,
  );
  if (!succeeded) reportFenced(node, txn, client);
  const requests = succeeded ? txn.then : txn.else;
  // A put with a lease that does not exist fails the whole transaction.
  const isOrphan = (request: Request) =>
    request.op === 'put' && request.lease !== '' && !(request.lease in state.leases);
  if (requests.some(isOrphan)) return { error: 'requested lease not found' };
  const before = state.revision;
  const responses = requests.map((request) => serve(node, request, before + 1));
  return { revision: state.revision, succeeded, responses };
}

function serve(node: Server, request: Request, revision: number): Found | null {
  const { state } = node;
  switch (request.op) {
    case 'put': {
      const { key, value, lease } = request;
      const createRevision = state.keys[key]?.createRevision ?? revision;
      state.keys[key] = frozen({ value, createRevision, modRevision: revision, lease });
      state.revision = revision;
      return { key, value, createRevision };
    }
    case 'get':
      return find(state, request.key);
    case 'delete': {
      const found = find(state, request.key);
      if (found !== null) remove(node, request.key, revision);
      return found;
    }
    case 'first':
      return byCreation(state, request.prefix)[0] ?? null;
    case 'last':
      return byCreation(state, request.prefix, request.createdUpTo).at(-1) ?? null;
  }
}

type Keys = Pick<EtcdStore, 'keys'>;

function find({ keys }: Keys, key: string): Found | null {
  if (!(key in keys)) return null;
  const { value, createRevision } = keys[key];
  return { key, value, createRevision };
}

/** The keys with a prefix, in the order of their creation. */
export function byCreation({ keys }: Keys, prefix: string, upTo = Infinity): Found[] {
  return Object.entries(keys)
    .filter(([key, { createRevision }]) => key.startsWith(prefix) && createRevision <= upTo)
    .map(([key, { value, createRevision }]) => ({ key, value, createRevision }))
    .sort((a, b) => a.createRevision - b.createRevision);
}

function remove(node: Server, key: string, revision: number): void {
  const { state } = node;
  delete state.keys[key];
  state.revision = revision;
  state.deleted.push(Object.freeze({ key, revision }));
  fireWatches(node, key, revision);
}

// Leases

function grant(node: Server, requested: number, client: NodeId): EtcdResponse {
  const { state } = node;
  const ttl = atLeastMinimum(node, requested);
  const lease = (0x694d00 + ++state.leaseCount).toString(16);
  state.leases[lease] = { ttl, client };
  if (isPrimary(node)) {
    refresh(node, lease);
    node.event('LeaseGranted', { lease, ttl, client });
  }
  return { lease, ttl };
}

/** Deletes the lease and all keys that were put with it, at one revision. */
function revoke(node: Server, lease: string): null {
  const { state } = node;
  if (!(lease in state.leases)) return null;
  forget(node, lease);
  delete state.leases[lease];
  const revision = state.revision + 1;
  const attached = Object.keys(state.keys).filter((key) => state.keys[key].lease === lease);
  for (const key of attached) remove(node, key, revision);
  return null;
}

// Watches

/** A watch may begin in the past: if it missed the deletion, it fires at once. */
export function beginWatch(node: Server, watch: Watch, fromRevision: number): void {
  const { state } = node;
  const missed = state.deleted.find(
    ({ key, revision }) => key === watch.key && revision >= fromRevision,
  );
  if (missed) {
    fire(node, watch, missed.revision);
    return;
  }
  const isSame = ({ client, watch: number }: Watch) =>
    client === watch.client && number === watch.watch;
  if (!state.watches.some(isSame)) state.watches.push(watch);
}

function fireWatches(node: Server, key: string, revision: number): void {
  const { state } = node;
  if (!state.watches.some((watch) => watch.key === key)) return;
  for (const watch of state.watches) if (watch.key === key) fire(node, watch, revision);
  state.watches = state.watches.filter((watch) => watch.key !== key);
}

function fire(node: Server, { client, watch, key }: Watch, revision: number): void {
  node.event('WatchFired', { key, client, revision });
  node.send(client, { type: 'WatchResponse', watch, key, revision });
}

/**
 * Reports a write whose guard names a key that was deleted, or deleted and created again. Only the
 * primary reports it, so that it appears once.
 */
function reportFenced(node: Server, txn: Txn, from: NodeId): void {
  if (!isPrimary(node)) return;
  const guard = txn.if.find(({ createRevision }) => createRevision > 0);
  if (guard === undefined) return;
  const owner = byCreation(node.state, `${lockOf(guard.key)}/`)[0];
  const highest = owner?.createRevision ?? node.state.revision;
  node.event('WriteFenced', { token: guard.createRevision, highest, from });
}
