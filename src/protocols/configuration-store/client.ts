/** A client: its commands go to the leader, and its watches to one server, which may be any. */
import { operation, role } from '../../protocol/define.ts';
import type { ConnectionId } from '../../protocol/connection.ts';
import type { NodeId, OperationId } from '../../protocol/types.ts';
import { milliseconds, seconds } from '../../protocol/units.ts';
import { anyServer, handleResponse, repeatRequests, submit } from '../raft/requests.ts';
import { linkTo, openLinks } from '../shared/links.ts';
import type { Client, ClientNode, ClientWatch, Command, Found, Value } from './state.ts';
import { clientSummary } from './summary.ts';

const noEffect = true;

export const client = role<Client>({
  doc: 'A service or an administrator: it reads, changes and watches keys of the store.',
  joins: true,
  options: {
    server: {
      kind: 'node',
      default: null,
      role: 'replica',
      doc: 'The server of its watches and stale reads at first; null for a randomly chosen one.',
    },
    retryAfter: {
      kind: 'duration',
      default: milliseconds(200),
      min: milliseconds(1),
      doc: 'How long it waits for an answer, and before it resumes its watches at another server.',
    },
    keepAlive: {
      kind: 'duration',
      default: seconds(1),
      min: milliseconds(1),
      doc: 'How long a server may be silent before a probe; two lost probes end the connection.',
    },
    resumeFrom: {
      kind: 'choice',
      default: 'the last revision',
      choices: ['the last revision', 'now'],
      doc: 'Where a watch resumes at another server; with `now`, it misses the changes in between.',
    },
  },
  durable: ['serial'],
  init: ({ options }) => ({
    serial: 0, leaderId: null, pending: [],
    server: options.server, watches: {}, reads: {}, known: {},
  }),

  messages: {
    ClientResponse(node, message) {
      if (message.leaderHint !== null) linkTo(node, message.leaderHint);
      const answered = handleResponse(node, message);
      if (answered === undefined) return;
      const { command } = answered;
      if (command.op === 'get') learn(node, command.key, message.response as Found);
      node.reply(answered.operation, message.response);
    },
    StaleReadResult(node, { read, found }) {
      const waiting = node.state.reads[read];
      if (waiting === undefined) return;
      delete node.state.reads[read];
      learn(node, waiting.key, found);
      node.reply(waiting.operation, found);
    },

    WatchOpened(node, { watch, next }, server) {
      const own = watchOf(node, watch);
      if (own === undefined) return;
      const { key, prefix, operation: waiting } = own;
      own.next = next;
      if (waiting === '') return node.event('WatchResumed', { watch, server, from: next });
      own.operation = '';
      node.event('WatchStarted', { watch, key, prefix, from: next });
      node.reply(waiting, next);
    },
    Changed(node, { watch, change: { key, value, revision } }) {
      const own = watchOf(node, watch);
      if (own === undefined) return;
      own.next = revision + 1;
      learn(node, key, { value, revision });
      node.event('ChangeReceived', { watch, key, value, revision });
    },
    WatchCompacted(node, { watch, compacted }) {
      const own = watchOf(node, watch);
      if (own === undefined) return;
      delete node.state.watches[own.key];
      node.event('WatchEnded', { watch, key: own.key, compacted });
      const why = `compacted: the changes before revision ${compacted} are deleted`;
      if (own.operation !== '') node.fail(own.operation, why);
    },
  },

  connection: {
    // As gRPC does, it gives up data that is not acknowledged, too: probes wait for that.
    socket({ options: { keepAlive } }) {
      const probes = { idle: keepAlive, interval: keepAlive, count: 2 };
      return { keepAlive: probes, userTimeout: 3 * keepAlive };
    },
    ended: connectionEnded,
  },

  timers: {
    retry(node) {
      // The client does not know which server is the leader now, and asks any of them.
      openLinks(node, 'replica');
      repeatRequests(node);
    },
    reconnect: resumeWatches,
  },

  operations: {
    put: operation<Client>()({
      doc: 'Sets a key to a value; answers the revision of this change.',
      parameters: { key: 'string', value: 'value' },
      run: (node, { key, value }, id) => request(node, id, { op: 'put', key, value }),
    }),
    get: operation<Client>()({
      doc: 'Reads a key; answers its value and revisions. With `stale`, its own server answers.',
      parameters: { key: 'string', stale: 'boolean?' },
      noEffect,
      run(node, { key, stale = false }, id) {
        if (stale) readStale(node, id, key);
        else request(node, id, { op: 'get', key });
      },
    }),
    swap: operation<Client>()({
      doc: 'Sets a key if its last change has this revision; answers the new revision, or else 0.',
      parameters: { key: 'string', value: 'value', modRevision: 'integer' },
      fault: ({ modRevision }) => (modRevision < 0 ? 'modRevision must be 0 or more' : undefined),
      run: (node, { key, value, modRevision }, id) =>
        request(node, id, { op: 'swap', key, value, modRevision }),
    }),
    delete: operation<Client>()({
      doc: 'Removes a key; answers the revision of this change, or 0 if there is no such key.',
      parameters: { key: 'string' },
      run: (node, { key }, id) => request(node, id, { op: 'delete', key }),
    }),
    compact: operation<Client>()({
      doc: 'Deletes the changes before a revision; answers the revision, or 0 if impossible.',
      parameters: { revision: 'integer' },
      fault: ({ revision }) => (revision < 1 ? 'revision must be 1 or more' : undefined),
      run: (node, { revision }, id) => request(node, id, { op: 'compact', revision }),
    }),
    watch: operation<Client>()({
      doc: 'Watches a key or a prefix from a revision on; answers that revision once it is open.',
      parameters: { key: 'string', from: 'integer?', prefix: 'boolean?' },
      fault: ({ from }) => (from !== undefined && from < 1 ? 'from must be 1 or more' : undefined),
      noEffect,
      run: (node, { key, from = 0, prefix = false }, id) => watch(node, id, key, prefix, from),
    }),
    connect: operation<Client>()({
      doc: 'Uses another server from now on, at which its watches resume; answers OK.',
      parameters: { server: 'node' },
      fault: ({ server }, roleOf) =>
        roleOf(server) === 'replica' ? undefined : `${server} is not a replica`,
      noEffect,
      run: (node, { server }, id) => connect(node, id, server),
    }),
    unwatch: operation<Client>()({
      doc: 'Ends the watch of a key or prefix; answers OK.',
      parameters: { key: 'string' },
      noEffect,
      run: (node, { key }, id) => unwatch(node, id, key),
    }),
  },

  lookDocs: {
    server: 'The server that it is connected to.',
    watches: 'The keys that it watches, and the revision from which on it wants their changes.',
    known: 'The values that it was told last; newer ones may be on their way.',
  },
  look({ server, watches, known }) {
    const from = Object.values(watches).map(({ key, next }) => `${key} from ${next}`);
    const values = Object.entries(known).map(
      ([key, { value, revision }]) => `${key} = ${value} (revision ${revision})`,
    );
    return { facts: { server, watches: from, known: values } };
  },
  summary: clientSummary,
});

// Commands, as in §8 of the Raft paper: the client repeats each until it is answered

function request(node: ClientNode, id: OperationId, command: Command): void {
  const { state } = node;
  linkTo(node, (state.leaderId ??= serverOf(node)));
  submit(node, { operation: id, serial: ++state.serial, command });
}

/** A value that is older than the known one, such as that of a stale read, is ignored. */
function learn(
  { state: { known } }: ClientNode,
  key: string,
  { value, revision }: { readonly value: Value | null; readonly revision: number },
): void {
  if (Object.hasOwn(known, key) && revision < known[key].revision) return;
  known[key] = { value, revision };
}

// Watches and stale reads: at one server, until the connection to it ends

function serverOf(node: ClientNode): NodeId {
  return (node.state.server ??= anyServer(node));
}

function readStale(node: ClientNode, id: OperationId, key: string): void {
  const read = ++node.state.serial;
  const connection = linkTo(node, serverOf(node));
  node.state.reads[read] = { operation: id, key, connection };
  node.send(connection, { type: 'StaleRead', read, key });
}

function watch(
  node: ClientNode,
  id: OperationId,
  key: string,
  prefix: boolean,
  from: number,
): void {
  const { state } = node;
  if (Object.hasOwn(state.watches, key)) return node.fail(id, `this client already watches ${key}`);
  const number = ++state.serial;
  state.watches[key] = {
    watch: number, key, prefix, next: from, connection: '', operation: id,
  };
  openWatch(node, state.watches[key], from);
}

function openWatch(node: ClientNode, own: ClientWatch, from: number): void {
  const { watch: number, key, prefix } = own;
  own.connection = linkTo(node, serverOf(node));
  node.send(own.connection, { type: 'Watch', watch: number, key, prefix, from });
}

function unwatch(node: ClientNode, id: OperationId, key: string): void {
  const { state } = node;
  if (!Object.hasOwn(state.watches, key)) return node.fail(id, `this client does not watch ${key}`);
  const { watch: number, connection, operation: waiting } = state.watches[key];
  delete state.watches[key];
  if (waiting !== '') node.fail(waiting, 'the watch was ended before it was open');
  if (node.connections().includes(connection)) {
    node.send(connection, { type: 'Unwatch', watch: number });
  }
  node.reply(id, 'OK');
}

function watchOf({ state }: ClientNode, number: number): ClientWatch | undefined {
  return Object.values(state.watches).find((one) => one.watch === number);
}

function connect(node: ClientNode, id: OperationId, to: NodeId): void {
  const from = serverOf(node);
  if (to === from) return node.reply(id, 'OK');
  const closed = node.connections(from);
  for (const connection of closed) node.disconnect(connection);
  endReads(node, closed);
  for (const own of Object.values(node.state.watches)) {
    if (closed.includes(own.connection)) own.connection = '';
  }
  changeServer(node, from, to);
  resumeWatches(node);
  node.reply(id, 'OK');
}

/** The next server takes over: any server has the changes that this client has not received. */
function connectionEnded(node: ClientNode, from: NodeId, connection: ConnectionId): void {
  const { state } = node;
  endReads(node, [connection]);
  if (from === state.server && node.connections(from).length === 0) {
    const servers = node.nodes('replica');
    changeServer(node, from, servers[(servers.indexOf(from) + 1) % servers.length]);
  }
  const isLost = Object.values(state.watches).some((own) => own.connection === connection);
  if (isLost) node.setTimer('reconnect', node.options.retryAfter);
}

function changeServer(node: ClientNode, from: NodeId, to: NodeId): void {
  node.state.server = to;
  node.event('ServerChanged', { from, to });
}

function endReads(node: ClientNode, closed: readonly ConnectionId[]): void {
  const { reads } = node.state;
  for (const read of Object.keys(reads).map(Number)) {
    const { operation: waiting, connection } = reads[read];
    if (!closed.includes(connection)) continue;
    delete reads[read];
    node.fail(waiting, `the connection ${connection} ended`);
  }
}

function resumeWatches(node: ClientNode): void {
  const open = node.connections();
  for (const own of Object.values(node.state.watches)) {
    if (open.includes(own.connection)) continue;
    const isNew = own.operation !== '';
    const from = isNew || node.options.resumeFrom === 'the last revision' ? own.next : 0;
    openWatch(node, own, from);
  }
}
