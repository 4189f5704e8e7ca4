/** A client of etcd that sends single requests, as `etcdctl` does, and never repeats one. */
import type { Ending } from '../../protocol/connection.ts';
import { operation, role } from '../../protocol/define.ts';
import type { Frozen, Json, Node, NodeId, OperationId } from '../../protocol/types.ts';
import { linkTo } from '../shared/links.ts';
import {
  always, type Answer, type ClientReceives, type ClientSends, type Compare, type EtcdError,
  type EtcdRequest, type Failure, failure, get, isFailure, isUnknown, put, read, type WatchEvent,
} from './api.ts';
import { leaderRead, leaveTxn, proclaimTxn, resignTxn } from './queue.ts';
import { requestSummary } from './summary.ts';

export interface ClientState {
  /** The member that it is connected to. */
  endpoint: NodeId | null;
  serial: number;
  /** Requests without an answer: number → the operation, and the error if nothing was executed. */
  pending: Record<number, { readonly operation: OperationId; readonly otherwise: string }>;
  /** What its watches gave, by the number of the watch; `compacted` if one could not begin. */
  watches: Record<number, { readonly events: readonly WatchEvent[]; readonly compacted: number }>;
}

export interface EtcdClient {
  state: ClientState;
  receives: ClientReceives;
  sends: ClientSends;
  timers: object;
  events: object;
  options: { endpoint: NodeId | null };
}

type Client = Node<EtcdClient>;

/** The lease 0 means none, as in etcd's API; ids of leases are hexadecimal. */
const leaseOf = (lease = '') => (/^0*$/.test(lease) ? '' : lease);

export const client = role<EtcdClient>({
  doc: 'A client that sends single requests to one member, and never repeats one.',
  joins: true,
  options: {
    endpoint: {
      kind: 'node',
      default: null,
      role: 'replica',
      doc: 'The member that it is connected to at first; the first one if none is named.',
    },
  },
  durable: ['serial'],
  init: ({ options }) => ({ endpoint: options.endpoint, serial: 0, pending: {}, watches: {} }),

  connection: { ended: connectionEnded },

  messages: {
    Response(node, { request, answer }) {
      const waiting = node.state.pending[request];
      if (waiting === undefined) return;
      delete node.state.pending[request];
      const { operation: id, otherwise } = waiting;
      finish(node, id, isRefused(answer, otherwise) ? failure(otherwise as EtcdError) : answer);
    },
    WatchEvents(node, { watch, events, compacted }) {
      const known = node.state.watches[watch];
      if (known === undefined) return;
      node.state.watches[watch] = { events: [...known.events, ...events], compacted };
    },
  },
  timers: {},

  operations: {
    connect: operation<EtcdClient>()({
      doc: 'Connects to a member, to which all its requests go from now on. Answers OK.',
      parameters: { member: 'node' },
      run(node, { member }, id) {
        if (!node.nodes('replica').includes(member)) {
          return node.fail(id, `${member} is not a member`);
        }
        disconnect(node);
        node.state.endpoint = member;
        node.connect(member);
        node.reply(id, 'OK');
      },
    }),
    disconnect: operation<EtcdClient>()({
      doc: 'Closes its connection: its waiting requests and its watches end. Answers OK.',
      parameters: {},
      run(node, _none, id) {
        disconnect(node);
        node.reply(id, 'OK');
      },
    }),
    put: operation<EtcdClient>()({
      doc: 'Sets a key to a value, with a lease if one is given; answers the revision.',
      noEffect: true,
      parameters: { key: 'string', value: 'value', lease: 'string?' },
      run: (node, { key, value, lease }, id) =>
        request(node, id, always(put(key, value, leaseOf(lease)))),
    }),
    get: operation<EtcdClient>()({
      doc: 'Reads a key, or all keys with a prefix, now or at a revision; answers what it found.',
      noEffect: true,
      parameters: {
        key: 'string', prefix: 'boolean?', revision: 'integer?', serializable: 'boolean?',
      },
      run: (node, { key, prefix, revision, serializable }, id) =>
        request(node, id, read(get(key, prefix, revision), serializable)),
    }),
    delete: operation<EtcdClient>()({
      doc: 'Deletes a key, or all keys with a prefix; answers what it deleted.',
      noEffect: true,
      parameters: { key: 'string', prefix: 'boolean?' },
      run: (node, { key, prefix = false }, id) =>
        request(node, id, always({ op: 'delete', key, prefix })),
    }),
    cas: operation<EtcdClient>()({
      doc: 'Puts a key if a field of it, or of another key, has a value; or else reads the key.',
      noEffect: true,
      parameters: {
        key: 'string', value: 'value', target: 'string', equals: 'value', guard: 'string?',
        lease: 'string?',
      },
      run(node, { key, value, target, equals, guard = key, lease }, id) {
        if (!isTarget(target)) {
          return node.fail(id, `${target} is not one of ${targets.join(', ')}`);
        }
        const compare: Compare = { key: guard, target, equals };
        const then = [put(key, value, leaseOf(lease))];
        request(node, id, { op: 'txn', if: [compare], then, else: [get(key)] });
      },
    }),
    compact: operation<EtcdClient>()({
      doc: 'Forgets all changes before a revision; answers the present revision.',
      parameters: { revision: 'integer' },
      run: (node, { revision }, id) => request(node, id, { op: 'compact', revision }),
    }),
    grant: operation<EtcdClient>()({
      doc: 'Requests a lease for a number of seconds, with an id of its own if one is given.',
      parameters: { ttl: 'integer', lease: 'string?' },
      run: (node, { ttl, lease }, id) =>
        request(node, id, { op: 'lease-grant', lease: leaseOf(lease), ttl }),
    }),
    revoke: operation<EtcdClient>()({
      doc: 'Ends a lease, and deletes its keys; answers the revision.',
      parameters: { lease: 'string' },
      run: (node, { lease }, id) => request(node, id, { op: 'lease-revoke', lease }),
    }),
    keepAlive: operation<EtcdClient>()({
      doc: 'Keeps a lease alive once; answers its TTL, 0 if there is no such lease.',
      parameters: { lease: 'string' },
      run: (node, { lease }, id) => request(node, id, { op: 'keep-alive', lease }),
    }),
    timeToLive: operation<EtcdClient>()({
      doc: 'Answers how much of a lease is left, and its keys.',
      parameters: { lease: 'string' },
      run: (node, { lease }, id) => request(node, id, { op: 'time-to-live', lease }),
    }),
    lock: operation<EtcdClient>()({
      doc: 'Lets the member queue for a lock; answers its key once it is the first.',
      parameters: { name: 'string', lease: 'string' },
      run: (node, { name, lease }, id) =>
        request(node, id, { op: 'lock', name, lease: leaseOf(lease) }),
    }),
    unlock: operation<EtcdClient>()({
      doc: 'Deletes the key of a lock; answers the revision.',
      parameters: { key: 'string' },
      run: (node, { key }, id) => request(node, id, leaveTxn(key)),
    }),
    campaign: operation<EtcdClient>()({
      doc: 'Lets the member run for leader of an election; answers its key once it is elected.',
      parameters: { name: 'string', lease: 'string', value: 'value' },
      run: (node, { name, lease, value }, id) =>
        request(node, id, { op: 'campaign', name, lease: leaseOf(lease), value }),
    }),
    proclaim: operation<EtcdClient>()({
      doc: 'Changes what the leader of an election proclaims, if its key still is the one created.',
      parameters: { key: 'string', createRevision: 'integer', lease: 'string', value: 'value' },
      run: (node, { key, createRevision, lease, value }, id) => {
        if (leaseOf(lease) === '') return node.fail(id, proclaimWithoutLease);
        const txn = proclaimTxn(key, createRevision, lease, value);
        request(node, id, txn, 'election: not leader');
      },
    }),
    resign: operation<EtcdClient>()({
      doc: 'Gives up the leadership of an election; answers the revision.',
      parameters: { key: 'string', createRevision: 'integer' },
      run: (node, { key, createRevision }, id) => request(node, id, resignTxn(key, createRevision)),
    }),
    leader: operation<EtcdClient>()({
      doc: 'Answers the key of the leader of an election; fails if there is none.',
      parameters: { name: 'string' },
      run: (node, { name }, id) => request(node, id, leaderRead(name), 'election: no leader'),
    }),
    status: operation<EtcdClient>()({
      doc: 'Answers which leader the member sees, its term and its revision.',
      parameters: {},
      run: (node, _none, id) => request(node, id, { op: 'status' }),
    }),
    moveLeader: operation<EtcdClient>()({
      doc: 'Has the leader, its member, hand over to another member; answers the revision.',
      parameters: { to: 'node' },
      run: (node, { to }, id) => request(node, id, { op: 'move-leader', to }),
    }),
    watch: operation<EtcdClient>()({
      doc: 'Watches a key, or all with a prefix, from a revision on; answers the watch’s number.',
      parameters: { key: 'string', prefix: 'boolean?', fromRevision: 'integer?' },
      run(node, { key, prefix = false, fromRevision = 0 }, id) {
        const watch = ++node.state.serial;
        node.state.watches[watch] = { events: [], compacted: 0 };
        node.send(connectionOf(node), { type: 'WatchCreate', watch, key, prefix, fromRevision });
        node.reply(id, watch);
      },
    }),
  },

  look: ({ endpoint, pending, watches }) => ({
    facts: {
      endpoint, pending: Object.keys(pending).length,
      events: Object.values(watches).flatMap(({ events }) => events.map(({ key }) => key)),
    },
  }),
  summary: { messages: requestSummary },
});

const proclaimWithoutLease =
  "Lockstep's etcd does not model a proclaim without a lease: use the lease of the leader's key";

const targets = ['createRevision', 'modRevision', 'version', 'value'] as const;

function isTarget(target: string): target is Compare['target'] {
  return (targets as readonly string[]).includes(target);
}

/** The connection to its member, which it opens if there is none. */
function connectionOf(node: Client): string {
  return linkTo(node, (node.state.endpoint ??= node.nodes('replica')[0]));
}

function request(node: Client, id: OperationId, command: EtcdRequest, otherwise = ''): void {
  const number = ++node.state.serial;
  node.state.pending[number] = { operation: id, otherwise };
  node.send(connectionOf(node), { type: 'Request', request: number, command });
}

/** The condition of a transaction was false, or a read found nothing. */
function isRefused(answer: Frozen<Answer>, otherwise: string): boolean {
  if (!('responses' in answer) || otherwise === '') return false;
  return !answer.succeeded
    || (otherwise === 'election: no leader' && answer.responses[0].length === 0);
}

function finish(node: Client, id: OperationId, answer: Frozen<Answer>): void {
  if (!isFailure(answer)) node.reply(id, answer as Json);
  else fail(node, id, answer);
}

/** A request whose outcome is not known has an answer that says so; a refused one has failed. */
function fail(node: Client, id: OperationId, why: Failure): void {
  if (isUnknown(why)) node.reply(id, { error: why.error, code: why.code, outcome: 'unknown' });
  else node.fail(id, why.error);
}

/** Closes its connections, and with them its requests and its watches. */
function disconnect(node: Client): void {
  for (const connection of node.connections()) node.disconnect(connection);
  failAll(node, failure('transport is closing'));
}

function connectionEnded(node: Client, _peer: NodeId, _connection: string, how: Ending): void {
  failAll(node, failure(how === 'refused' ? 'connection refused' : 'transport is closing'));
}

function failAll(node: Client, why: Failure): void {
  const { pending } = node.state;
  node.state.pending = {};
  for (const { operation: id } of Object.values(pending)) fail(node, id, why);
}
