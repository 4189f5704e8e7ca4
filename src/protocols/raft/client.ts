/** The client of the key-value store: its operations become commands in Raft's log. */
import { operation, role } from '../../protocol/define.ts';
import type { Micros, Node, NodeId, OperationId } from '../../protocol/types.ts';
import { milliseconds } from '../../protocol/units.ts';
import type { PendingRequest } from '../shared/pending-requests.ts';
import type { KeyValueCommand } from './key-value-store.ts';
import { handleResponse, repeatRequests, submit } from './requests.ts';
import type { ClientRequest, ClientResponse, MembershipCommand } from './state.ts';
import { requestText } from './summary.ts';

/** What a client requests: a command for the store, or a change of the cluster's members. */
type ClientCommand = KeyValueCommand | MembershipCommand;

export interface ClientState {
  /** The serial number of the last command. It survives a crash, because servers remember it. */
  serial: number;
  /** The server that the client believes to be the leader. */
  leaderId: NodeId | null;
  /** Commands without an answer, the oldest first. */
  pending: PendingRequest<ClientCommand>[];
}

export interface ClientEvents {
  ClientRetried: { to: NodeId; pending: number };
}

export interface Client {
  state: ClientState;
  receives: { ClientResponse: ClientResponse };
  sends: { ClientRequest: ClientRequest<ClientCommand> };
  timers: { retry: void };
  events: ClientEvents;
  options: { retryAfter: Micros };
}

export const client = role<Client>({
  doc: 'A client of the store: it finds the leader, and repeats a command until it is answered.',
  joins: true,
  options: {
    retryAfter: {
      kind: 'duration',
      default: milliseconds(200),
      min: milliseconds(1),
      doc: 'How long it waits for an answer before it asks a randomly chosen server.',
    },
  },
  durable: ['serial'],
  init: () => ({ serial: 0, leaderId: null, pending: [] }),

  messages: {
    ClientResponse(node, message) {
      const answered = handleResponse(node, message);
      if (answered !== undefined) node.reply(answered.operation, message.response);
    },
  },

  timers: { retry: repeatRequests },

  operations: {
    put: operation<Client>()({
      doc: 'Sets a key to a value; answers OK.',
      parameters: { key: 'string', value: 'value' },
      run: (node, { key, value }, id) => request(node, id, { op: 'put', key, value }),
    }),
    get: operation<Client>()({
      doc: 'Answers the value of a key, or null. A read goes through the log, as a write does.',
      parameters: { key: 'string' },
      run: (node, { key }, id) => request(node, id, { op: 'get', key }),
    }),
    cas: operation<Client>()({
      doc: 'Sets a key to a value if it has the expected value; answers whether it had.',
      parameters: { key: 'string', expected: 'value', value: 'value' },
      run: (node, { key, expected, value }, id) =>
        request(node, id, { op: 'cas', key, expected, value }),
    }),
    delete: operation<Client>()({
      doc: 'Removes a key; answers whether it existed.',
      parameters: { key: 'string' },
      run: (node, { key }, id) => request(node, id, { op: 'delete', key }),
    }),
  },

  lookDocs: {
    leaderId: 'The server that it takes for the leader, to which it sends its requests (§8).',
    pending: 'How many requests of it have no response yet.',
    serial: 'The number of its last request: no server executes a number twice (§8).',
  },
  look: (state) => ({
    facts: { leaderId: state.leaderId, pending: state.pending.length, serial: state.serial },
  }),
  summary: { messages: { ClientRequest: requestText } },
});

function request(node: Node<Client>, id: OperationId, command: ClientCommand): void {
  submit(node, { operation: id, serial: ++node.state.serial, command });
}

/** The operations of an administrator of a Raft cluster (thesis §4.1). */
const administration = {
  addServer: operation<Client>()({
    doc: 'Adds a server to the cluster; answers OK, or TIMEOUT if it does not catch up.',
    parameters: { server: 'node' },
    fault: ({ server }, roleOf) => whyNoServer(server, roleOf),
    run: (node, { server }, id) => request(node, id, { op: 'addServer', server }),
  }),
  removeServer: operation<Client>()({
    doc: 'Removes a server from the cluster; answers OK.',
    parameters: { server: 'node' },
    fault: ({ server }, roleOf) => whyNoServer(server, roleOf),
    run: (node, { server }, id) => request(node, id, { op: 'removeServer', server }),
  }),
};

function whyNoServer(server: NodeId, roleOf: (id: NodeId) => string): string | undefined {
  return roleOf(server) === 'replica' ? undefined : `${server} is not a replica`;
}

/** A client that can change the members of the cluster, too. */
export const administrator: typeof client = {
  ...client,
  operations: { ...client.operations, ...administration },
};

export const clientEvents: Record<keyof ClientEvents, string> = {
  ClientRetried: 'A client received no answer in time and asks a randomly chosen server (§8).',
};
