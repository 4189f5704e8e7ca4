/** The key-value store that Raft replicates, its clients, and their sessions (§8 of the paper). */
import { operation, role } from '../../protocol/define.ts';
import type { Json, Micros, Node, NodeId, OperationId } from '../../protocol/types.ts';
import { milliseconds } from '../../protocol/units.ts';

export type Value = string | number | boolean;

export type Command =
  | { readonly op: 'no-op' }
  | { readonly op: 'get'; readonly key: string }
  | { readonly op: 'put'; readonly key: string; readonly value: Value }
  | { readonly op: 'cas'; readonly key: string; readonly expected: Value; readonly value: Value }
  | { readonly op: 'delete'; readonly key: string };

export interface ClientRequest {
  /** Unique among the commands of its client. */
  serial: number;
  /** The client has an answer to every serial number below this one. */
  oldestPending: number;
  command: Command;
}

export interface ClientResponse {
  serial: number;
  status: 'OK' | 'NOT_LEADER';
  response: Json;
  /** Whom the server takes for the leader. */
  leaderHint: NodeId | null;
}

// The state machine

/** What the state machine remembers of a client, so that a command sent twice is executed once. */
export interface Session {
  /** The client said that it has the answers to all lower serial numbers. */
  oldestPending: number;
  /** The responses that it may still ask for. */
  responses: { readonly serial: number; readonly response: Json }[];
}

export interface KeyValueStore {
  kv: Record<string, Value>;
  sessions: Record<NodeId, Session>;
}

/** A command in the log: whose it is, and its serial number there. */
interface Ordered<C> {
  readonly command: C;
  readonly clientId: NodeId | null;
  readonly serial: number;
  readonly oldestPending: number;
}

export const keyValueStore = {
  doc: 'A server of the Raft cluster: it keeps the replicated log and a key-value state machine.',
  init: (): KeyValueStore => ({ kv: {}, sessions: {} }),
  apply: ({ state }: { readonly state: KeyValueStore }, entry: Ordered<Command>): Json =>
    applyOnce(state.sessions, entry, state.kv, execute),
};

/** Executes a committed command, or finds the response that it had the first time (§8). */
export function applyOnce<Subject, C>(
  sessions: Record<NodeId, Session>,
  { command, clientId, serial, oldestPending }: Ordered<C>,
  subject: Subject,
  execute: (subject: Subject, command: C) => Json,
): Json {
  if (clientId === null) return null;
  const session = (sessions[clientId] ??= { oldestPending: 1, responses: [] });
  const { responses } = session;
  for (const known of responses) if (known.serial === serial) return known.response;
  // A late copy: the client has the answer, or crashed since and no longer waits for it.
  if (serial < session.oldestPending) return null;
  if (oldestPending > session.oldestPending) session.oldestPending = oldestPending;
  while (responses.length > 0 && responses[0].serial < oldestPending) responses.shift();
  const response = execute(subject, command);
  responses.push(Object.freeze({ serial, response }));
  return response;
}

function execute(kv: Record<string, Value>, command: Command): Json {
  switch (command.op) {
    case 'no-op':
      return null;
    case 'get':
      return read(kv, command.key);
    case 'put':
      kv[command.key] = command.value;
      return 'OK';
    case 'cas':
      if (read(kv, command.key) !== command.expected) return false;
      kv[command.key] = command.value;
      return true;
    case 'delete': {
      const existed = Object.hasOwn(kv, command.key);
      delete kv[command.key];
      return existed;
    }
  }
}

function read(kv: Record<string, Value>, key: string): Value | null {
  return Object.hasOwn(kv, key) ? kv[key] : null;
}

// The client

interface PendingCommand {
  readonly operation: OperationId;
  readonly serial: number;
  readonly command: Command;
}

export interface ClientState {
  /** The last serial number used; kept over a crash, because the servers remember it too. */
  serial: number;
  /** The server that it takes for the leader. */
  leaderId: NodeId | null;
  /** Commands without an answer, the oldest first. */
  pending: PendingCommand[];
}

export interface ClientEvents {
  ClientRetried: { to: NodeId; pending: number };
}

export interface Client {
  state: ClientState;
  receives: { ClientResponse: ClientResponse };
  sends: { ClientRequest: ClientRequest };
  timers: { retry: void };
  events: ClientEvents;
  options: { retryAfter: Micros };
}

export const client = role<Client>({
  doc: 'A client of the key-value store: finds the leader, repeats a command until it is answered.',
  options: {
    retryAfter: {
      kind: 'duration',
      default: milliseconds(200),
      doc: 'How long it waits for an answer before it asks a server chosen at random.',
    },
  },
  durable: ['serial'],
  init: () => ({ serial: 0, leaderId: null, pending: [] }),

  messages: {
    ClientResponse(node, message) {
      const { state } = node;
      const at = placeOf(state.pending, message.serial);
      if (at < 0) return;
      if (message.status === 'NOT_LEADER') {
        // Without a hint there is no leader yet: the retry timer will tell when to ask again.
        state.leaderId = message.leaderHint;
        if (state.leaderId !== null) sendRequest(node, state.leaderId, state.pending[at]);
        return;
      }
      const { operation: id } = state.pending[at];
      state.pending.splice(at, 1);
      if (state.pending.length > 0) node.setTimer('retry', node.options.retryAfter);
      else node.cancelTimer('retry');
      node.reply(id, message.response);
    },
  },

  timers: {
    retry(node) {
      const { state } = node;
      // "If the leader crashes, client requests time out; clients then try again with
      // randomly-chosen servers."
      const to = (state.leaderId = anyReplica(node));
      node.event('ClientRetried', { to, pending: state.pending.length });
      for (const one of state.pending) sendRequest(node, to, one);
      node.setTimer('retry', node.options.retryAfter);
    },
  },

  operations: {
    put: operation<Client>()({
      doc: 'Sets a key to a value; answers OK.',
      parameters: { key: 'string', value: 'value' },
      run: (node, { key, value }, id) => submit(node, id, { op: 'put', key, value }),
    }),
    get: operation<Client>()({
      doc: 'Answers the value of a key, or null; goes through the log as a write does.',
      parameters: { key: 'string' },
      run: (node, { key }, id) => submit(node, id, { op: 'get', key }),
    }),
    cas: operation<Client>()({
      doc: 'Sets a key to a value if it has the expected one; answers whether it had.',
      parameters: { key: 'string', expected: 'value', value: 'value' },
      run: (node, { key, expected, value }, id) =>
        submit(node, id, { op: 'cas', key, expected, value }),
    }),
    delete: operation<Client>()({
      doc: 'Removes a key; answers whether it was there.',
      parameters: { key: 'string' },
      run: (node, { key }, id) => submit(node, id, { op: 'delete', key }),
    }),
  },

  look: (state) => ({
    facts: { leaderId: state.leaderId, pending: state.pending.length, serial: state.serial },
  }),
});

function submit(node: Node<Client>, id: OperationId, command: Command): void {
  const { state } = node;
  const one: PendingCommand = { operation: id, serial: ++state.serial, command };
  state.pending.push(one);
  if (state.pending.length === 1) node.setTimer('retry', node.options.retryAfter);
  // "When a client first starts up, it connects to a randomly-chosen server."
  sendRequest(node, (state.leaderId ??= anyReplica(node)), one);
}

function sendRequest(node: Node<Client>, to: NodeId, one: PendingCommand): void {
  const oldestPending = node.state.pending[0].serial;
  node.send(to, { type: 'ClientRequest', serial: one.serial, oldestPending, command: one.command });
}

/** −1 for a command that was answered before, or asked before a crash. */
function placeOf(pending: readonly PendingCommand[], serial: number): number {
  for (let i = 0; i < pending.length; i++) if (pending[i].serial === serial) return i;
  return -1;
}

function anyReplica(node: Node<Client>): NodeId {
  const replicas = node.nodes('replica');
  return replicas[node.random(replicas.length)];
}
