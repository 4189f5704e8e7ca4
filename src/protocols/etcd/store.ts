/** etcd's state machine: executes transactions, grants and revokes leases, and fires watches. */
import { frozen } from '../../protocol/define.ts';
import type { Json, Node, NodeId } from '../../protocol/types.ts';
import { atLeastMinimum, forget, isPrimary, refresh } from './lessor.ts';
import {
  type EtcdEntry, type EtcdReplica, type EtcdServing, type EtcdStore, type Found, lockOf,
  type Request, type Txn, type TxnResponse, type Watch,
} from './state.ts';
import { applyOnce } from '../raft/client.ts';

type Server = Node<EtcdReplica>;

export const etcdStore = {
  doc: 'An etcd server: Raft orders its transactions and leases; its leader lets leases run out.',
  init: (): EtcdStore & EtcdServing => ({
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

  apply(node: Server, entry: EtcdEntry): Json {
    // The first entry of a leader's own term makes its lessor the primary one.
    isPrimary(node);
    // What the lessor proposed is asked for by no client, and changes nothing a second time.
    if (entry.clientId === null) return execute({ node, entry });
    return applyOnce(node.state.sessions, entry, { node, entry }, execute);
  },
};

function execute({ node, entry }: { node: Server; entry: EtcdEntry }): Json {
  const { command } = entry;
  switch (command.op) {
    case 'txn':
      return transact(node, command, entry.clientId!);
    case 'lease-grant':
      return grant(node, command.ttl, entry.clientId!);
    case 'lease-revoke':
      return revoke(node, command.lease);
    default:
      return null;
  }
}

/** All of a transaction is done at one revision. */
function transact(node: Server, txn: Txn, client: NodeId): Json {
  const { state } = node;
  const succeeded = txn.if.every(
    ({ key, createRevision }) => (state.keys[key]?.createRevision ?? 0) === createRevision,
  );
  if (!succeeded) tellFenced(node, txn, client);
  const requests = succeeded ? txn.then : txn.else;
  // A put that names a lease which is gone fails the whole transaction.
  const isOrphan = (one: Request) =>
    one.op === 'put' && one.lease !== '' && !(one.lease in state.leases);
  if (requests.some(isOrphan)) return { error: 'requested lease not found' };
  const before = state.revision;
  const responses = requests.map((one) => serve(node, one, before + 1));
  const response: TxnResponse = { revision: state.revision, succeeded, responses };
  return response as unknown as Json;
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
      return found(state, request.key);
    case 'delete': {
      const was = found(state, request.key);
      if (was !== null) remove(node, request.key, revision);
      return was;
    }
    case 'first':
      return byCreation(state, request.prefix)[0] ?? null;
    case 'last':
      return byCreation(state, request.prefix, request.createdUpTo).at(-1) ?? null;
  }
}

function found({ keys }: Pick<EtcdStore, 'keys'>, key: string): Found | null {
  if (!(key in keys)) return null;
  const { value, createRevision } = keys[key];
  return { key, value, createRevision };
}

/** The keys with a prefix, the one that was created first before the others. */
export function byCreation(
  store: Pick<EtcdStore, 'keys'>,
  prefix: string,
  upTo = Infinity,
): Found[] {
  return Object.keys(store.keys)
    .filter((key) => key.startsWith(prefix) && store.keys[key].createRevision <= upTo)
    .map((key) => found(store, key)!)
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

function grant(node: Server, asked: number, client: NodeId): Json {
  const { state } = node;
  const ttl = atLeastMinimum(node, asked);
  const lease = (0x694d00 + ++state.leaseCount).toString(16);
  state.leases[lease] = { ttl, client };
  if (isPrimary(node)) {
    refresh(node, lease);
    node.event('LeaseGranted', { lease, ttl, client });
  }
  return { lease, ttl };
}

/** The lease goes, and with it all keys that were put with it, at one revision. */
function revoke(node: Server, lease: string): Json {
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

/** A watch may begin in the past: what it missed since is told at once. */
export function beginWatch(node: Server, watch: Watch, fromRevision: number): void {
  const { state } = node;
  const missed = state.deleted.find(
    ({ key, revision }) => key === watch.key && revision >= fromRevision,
  );
  if (missed) {
    tellWatch(node, watch, missed.revision);
    return;
  }
  const known = ({ client, watch: number }: Watch) =>
    client === watch.client && number === watch.watch;
  if (!state.watches.some(known)) state.watches.push(watch);
}

function fireWatches(node: Server, key: string, revision: number): void {
  const { state } = node;
  if (!state.watches.some((one) => one.key === key)) return;
  for (const one of state.watches) if (one.key === key) tellWatch(node, one, revision);
  state.watches = state.watches.filter((one) => one.key !== key);
}

function tellWatch(node: Server, { client, watch, key }: Watch, revision: number): void {
  node.event('WatchFired', { key, client, revision });
  node.send(client, { type: 'WatchResponse', watch, key, revision });
}

/** Told by the primary alone: a write whose guard names a key that is gone, or made anew since. */
function tellFenced(node: Server, txn: Txn, from: NodeId): void {
  if (!isPrimary(node)) return;
  const guard = txn.if.find(({ createRevision }) => createRevision > 0);
  if (guard === undefined) return;
  const owner = byCreation(node.state, `${lockOf(guard.key)}/`)[0];
  const highest = owner?.createRevision ?? node.state.revision;
  node.event('WriteFenced', { token: guard.createRevision, highest, from });
}
