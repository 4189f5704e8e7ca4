/** etcd's state machine: it executes transactions, grants and revokes leases, notes each change. */
import { frozen } from '../../protocol/define.ts';
import type { Json, Node } from '../../protocol/types.ts';
import {
  type Answer, type Compare, type EtcdCommand, failure, type Found, type Get, type KeyValue,
  type Operation, type Txn, type TxnAnswer, type WatchEvent,
} from './api.ts';
import { atLeastMinimum, forget, isPrimary, refresh } from './lessor.ts';
import { type EtcdReplica, type EtcdStore, lockOf } from './state.ts';
import { notifyWatchers } from './watches.ts';

type Server = Node<EtcdReplica>;

export const emptyStore = (): EtcdStore => ({
  revision: 1, keys: {}, history: [], compacted: 0, leases: {}, leaseCount: 0,
});

/** Executes a command for a client; `client` is the member itself for a command of its own. */
export function execute(node: Server, command: EtcdCommand, client: string): Answer {
  const { state } = node;
  switch (command.op) {
    case 'txn':
      return transact(node, command, client);
    case 'lease-grant':
      return grant(node, command.lease, command.ttl, client);
    case 'lease-revoke':
      return revoke(node, command.lease);
    case 'compact': {
      const { revision } = command;
      if (revision <= state.compacted) {
        return failure('etcdserver: mvcc: required revision has been compacted');
      }
      if (revision > state.revision) {
        return failure('etcdserver: mvcc: required revision is a future revision');
      }
      state.compacted = revision;
      return { revision: state.revision };
    }
  }
}

/** All changes of a transaction have the same revision. */
function transact(node: Server, txn: Txn, client: string): Answer {
  const { state } = node;
  const succeeded = txn.if.every((compare) => isTrue(state, compare));
  if (!succeeded) reportFenced(node, txn, client);
  const operations = succeeded ? txn.then : txn.else;
  // A put with a lease that does not exist fails the whole transaction.
  const isOrphan = (operation: Operation) =>
    operation.op === 'put' && operation.lease !== '' && !(operation.lease in state.leases);
  if (operations.some(isOrphan)) return failure('etcdserver: requested lease not found');
  const [from, revision] = [state.history.length, state.revision + 1];
  const responses = operations.map((operation) => perform(state, operation, revision));
  notifyWatchers(node, state.history.slice(from));
  return { revision: state.revision, succeeded, responses };
}

function isTrue({ keys }: EtcdStore, { key, target, equals }: Compare): boolean {
  if (!(key in keys)) return target !== 'value' && equals === 0;
  return keys[key][target] === equals;
}

function perform(state: EtcdStore, operation: Operation, revision: number): readonly Found[] {
  switch (operation.op) {
    case 'put':
      store(state, operation.key, operation.value, operation.lease, revision);
      return [];
    case 'delete': {
      const found = select(state.keys, operation.key, operation.prefix);
      for (const { key } of found) remove(state, key, revision);
      return found;
    }
    default:
      return readKeys(state, operation);
  }
}

/** A read within the store as it is, or was at a revision. */
export function readKeys(
  state: Readonly<EtcdStore>,
  operation: Exclude<Operation, { op: 'put' | 'delete' }>,
): readonly Found[] {
  switch (operation.op) {
    case 'get':
      return select(keysAt(state, operation), operation.key, operation.prefix);
    case 'first':
      return byCreation(state, operation.prefix).slice(0, 1);
    case 'last':
      return byCreation(state, operation.prefix, operation.createdUpTo).slice(-1);
  }
}

/** The answer to a read outside of the log. */
export function answerRead(state: Readonly<EtcdStore>, operation: Operation): Answer {
  if (operation.op === 'put' || operation.op === 'delete') throw new Error('this is not a read');
  const at = operation.op === 'get' ? operation.revision : 0;
  if (at > state.revision) {
    return failure('etcdserver: mvcc: required revision is a future revision');
  }
  if (at > 0 && at < state.compacted) {
    return failure('etcdserver: mvcc: required revision has been compacted');
  }
  const responses = [readKeys(state, operation)];
  return { revision: state.revision, succeeded: true, responses } satisfies TxnAnswer;
}

type Keys = EtcdStore['keys'];

function keysAt({ keys, history, revision: now }: Readonly<EtcdStore>, { revision }: Get): Keys {
  if (revision === 0 || revision === now) return keys;
  const then: Keys = {};
  for (const { type, key, ...kept } of history) {
    if (kept.modRevision > revision) break;
    if (type === 'delete') delete then[key];
    else then[key] = kept;
  }
  return then;
}

/** In the order of the keys, as etcd keeps them. */
function select(keys: Readonly<Keys>, key: string, prefix: boolean): Found[] {
  if (!prefix) return key in keys ? [foundAt(key, keys[key])] : [];
  return Object.keys(keys).filter((one) => one.startsWith(key)).sort()
    .map((one) => foundAt(one, keys[one]));
}

function foundAt(key: string, { value, createRevision, ...rest }: KeyValue): Found {
  return { key, value, createRevision, ...rest };
}

/** The keys with a prefix, in the order of their creation. */
export function byCreation(
  { keys }: Pick<EtcdStore, 'keys'>,
  prefix: string,
  upTo = Infinity,
): Found[] {
  return select(keys, prefix, true)
    .filter(({ createRevision }) => createRevision <= upTo)
    .sort((a, b) => a.createRevision - b.createRevision);
}

function store(state: EtcdStore, key: string, value: Json, lease: string, revision: number): void {
  const before = state.keys[key];
  const createRevision = before?.createRevision ?? revision;
  const version = (before?.version ?? 0) + 1;
  state.keys[key] = frozen({ value, createRevision, modRevision: revision, version, lease });
  note(state, { type: 'put', key, ...state.keys[key] });
}

function remove(state: EtcdStore, key: string, modRevision: number): void {
  delete state.keys[key];
  note(state, {
    type: 'delete', key, value: null, createRevision: 0, modRevision, version: 0, lease: '',
  });
}

function note(state: EtcdStore, event: WatchEvent): void {
  state.history.push(frozen(event));
  state.revision = event.modRevision;
}

// Leases

const longestTtl = 9_000_000_000;

function grant(node: Server, requested: string, seconds: number, client: string): Answer {
  const { state } = node;
  const lease = requested === '' ? nextLease(state) : requested;
  if (lease in state.leases) return failure('etcdserver: lease already exists');
  if (seconds > longestTtl) return failure('etcdserver: too large lease TTL');
  const ttl = atLeastMinimum(node, seconds);
  state.leases[lease] = { ttl, client };
  if (isPrimary(node)) {
    refresh(node, lease);
    node.event('LeaseGranted', { lease, ttl, client });
  }
  return { revision: state.revision, lease, ttl };
}

function nextLease(state: EtcdStore): string {
  let lease: string;
  do lease = (0x694d00 + ++state.leaseCount).toString(16);
  while (lease in state.leases);
  return lease;
}

/** Deletes the lease and all keys that were put with it, at one revision. */
function revoke(node: Server, lease: string): Answer {
  const { state } = node;
  if (!(lease in state.leases)) return failure('etcdserver: requested lease not found');
  forget(node, lease);
  delete state.leases[lease];
  const [from, revision] = [state.history.length, state.revision + 1];
  for (const key of keysOf(state, lease)) remove(state, key, revision);
  notifyWatchers(node, state.history.slice(from));
  return { revision: state.revision };
}

export function keysOf({ keys }: Readonly<EtcdStore>, lease: string): string[] {
  return Object.keys(keys).filter((key) => keys[key].lease === lease).sort();
}

/**
 * Reports a write whose guard names a key that was deleted, or deleted and created again. Only the
 * primary reports it, so that it appears once.
 */
function reportFenced(node: Server, txn: Txn, from: string): void {
  if (!isPrimary(node)) return;
  const guard = txn.if.find(
    ({ target, equals }) => target === 'createRevision' && Number(equals) > 0,
  );
  if (guard === undefined) return;
  const owner = byCreation(node.state, `${lockOf(guard.key)}/`)[0];
  const highest = owner?.createRevision ?? node.state.revision;
  node.event('WriteFenced', { token: Number(guard.equals), highest, from });
}
