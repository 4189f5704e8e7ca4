/** A client that reads and writes znodes through the client library, and waits for events. */
import { operation, role } from '../../protocol/define.ts';
import type { Frozen, Json, Micros, Node, OperationId } from '../../protocol/types.ts';
import { asDuration, milliseconds, seconds } from '../../protocol/units.ts';
import { library, libraryBackground, openSession, request } from './library.ts';
import {
  type Library, libraryEvents, type LibraryEvents, libraryOptions, type LibraryOptions,
  type LibraryState, noSession, type PendingRequest, sessionFacts,
} from './library-state.ts';
import { isKind, kindFault, parseWrites } from './multi-text.ts';
import {
  type Command, isFailure, type Kind, requestSummaries, type Response, responseText, type Stat,
  type WatchEventType, type Write,
} from './wire.ts';
import { isRefusedWrite } from './znode-objects.ts';

export interface ClientState extends LibraryState {
  /** Whether its session expired or was closed: a `ZooKeeper` object has one session. */
  isOver: boolean;
}

export interface ClientEvents extends LibraryEvents {
  WatchTriggered: { type: WatchEventType; path: string };
}

export interface Client {
  state: ClientState;
  receives: Library['receives'];
  sends: Library['sends'];
  timers: Library['timers'];
  events: ClientEvents;
  options: LibraryOptions & { timeout: Micros };
}

type ClientNode = Node<Client>;

const { connection, messages, timers } = library({
  answered,
  watchFired: (node: ClientNode, type, path) => node.event('WatchTriggered', { type, path }),
  ended(node: ClientNode) {
    node.state.isOver = true;
  },
});

const path = 'string';
const watch = 'boolean?';

export const client = role<Client>({
  doc: 'A client that reads, writes and watches znodes; its library connects again by itself.',
  joins: true,
  options: {
    ...libraryOptions,
    timeout: {
      kind: 'duration',
      default: seconds(10),
      min: milliseconds(1),
      doc: 'The session timeout that it asks for, if `connect` does not say another.',
    },
  },
  init: (): ClientState => ({ ...noSession(), isOver: false }),
  summary: { messages: requestSummaries },
  connection,
  messages,
  timers,
  background: libraryBackground,

  operations: {
    connect: operation<Client>()({
      doc: 'Begins a session; answers its name. Other operations begin one if there never was one.',
      parameters: { timeout: 'duration?' },
      run(node, { timeout }, id) {
        const { status, session } = node.state;
        if (status !== 'closed') {
          node.fail(id, `${node.id} has a session already: ${session || 'it is connecting'}`);
          return;
        }
        begin(node, timeout);
        // The reply to a request comes once the session is there.
        request(node, 'connect', id, { op: 'sync', path: '/' });
      },
    }),
    create: operation<Client>()({
      doc:
        'Creates a znode: persistent, ephemeral, sequential, "ephemeral sequential" or ' +
        'container. Answers its path.',
      noEffect: isRefusedWrite,
      parameters: { path, data: 'value?', kind: 'string?' },
      fault: ({ kind = 'persistent' }) => (isKind(kind) ? undefined : kindFault(kind)),
      run(node, { path, data = '', kind = 'persistent' }, id) {
        call(node, id, { op: 'create', path, data: String(data), kind: kind as Kind });
      },
    }),
    delete: operation<Client>()({
      doc: 'Deletes a znode, if it has the version. Answers OK.',
      noEffect: isRefusedWrite,
      parameters: { path, version: 'integer?' },
      run: (node, { path, version = -1 }, id) => call(node, id, { op: 'delete', path, version }),
    }),
    set: operation<Client>()({
      doc: 'Sets the data of a znode, if it has the version. Answers its new version.',
      noEffect: isRefusedWrite,
      parameters: { path, data: 'value', version: 'integer?' },
      run: (node, { path, data, version = -1 }, id) =>
        call(node, id, { op: 'set', path, data: String(data), version }),
    }),
    get: operation<Client>()({
      doc: 'Reads the data of a znode; with `watch`, sets a watch on it. Answers the data.',
      noEffect: true,
      parameters: { path, watch },
      run: (node, { path, watch = false }, id) => call(node, id, { op: 'get', path, watch }),
    }),
    exists: operation<Client>()({
      doc: 'Answers whether a znode exists; with `watch`, sets a watch, also if it does not.',
      noEffect: true,
      parameters: { path, watch },
      run: (node, { path, watch = false }, id) => call(node, id, { op: 'exists', path, watch }),
    }),
    children: operation<Client>()({
      doc: 'Answers the names of the children of a znode; with `watch`, watches them.',
      parameters: { path, watch },
      run: (node, { path, watch = false }, id) => call(node, id, { op: 'children', path, watch }),
    }),
    multi: operation<Client>()({
      doc:
        'Executes all of several writes, or none: "check /lock 0; set /data new; create /a; ' +
        'delete /b". A number after a path or the data is the version. Answers their results.',
      parameters: { writes: 'string' },
      fault({ writes: text }) {
        const writes = parseWrites(text);
        return typeof writes === 'string' ? writes : undefined;
      },
      run: (node, { writes }, id) =>
        call(node, id, { op: 'multi', writes: parseWrites(writes) as Write[] }),
    }),
    sync: operation<Client>()({
      doc: 'Waits until the server has everything that is committed. Answers OK.',
      parameters: {},
      run: (node, _none, id) => call(node, id, { op: 'sync', path: '/' }),
    }),
    close: operation<Client>()({
      doc: 'Ends its session: its ephemeral znodes are deleted at once. Answers OK.',
      parameters: {},
      run(node, _none, id) {
        if (node.state.status === 'closed') node.fail(id, `${node.id} has no session`);
        else request(node, 'close', id, { op: 'close' });
      },
    }),
  },

  standings: {
    '': { doc: 'No operation is under way.', to: { waiting: 'an operation begins' } },
    waiting: { doc: 'It waits for answers.', to: { '': 'all operations are answered' } },
  },
  lookDocs: {
    connected: 'False while it looks for a server that takes its session over.',
    session: 'Its session at the ensemble, which any server can take over until it expires.',
  },
  look: (state) => ({
    standing: state.pending.length > 0 ? 'waiting' : '',
    tone: state.pending.length > 0 ? 'bid' : 'follow',
    ...(state.session ? { lease: { name: 'session', until: state.validUntil } } : {}),
    facts: sessionFacts(state),
  }),
});

function begin(node: ClientNode, timeout = node.options.timeout): void {
  node.state.isOver = false;
  openSession(node, timeout);
}

/** Without a connection, a request waits until the library connects or fails to. */
function call(node: ClientNode, id: OperationId, command: Command): void {
  const { state } = node;
  if (state.isOver) {
    node.fail(id, 'SESSIONEXPIRED');
    return;
  }
  if (state.status === 'closed') begin(node);
  request(node, 'call', id, command);
}

function answered(
  node: ClientNode,
  { purpose, operation: id, command }: PendingRequest,
  response: Frozen<Response>,
): void {
  if (command.op === 'exists' && !isLoss(response)) node.reply(id, !isFailure(response));
  else if (isFailure(response)) node.fail(id, failureText(node, purpose, response.error));
  else if (purpose === 'connect') node.reply(id, node.state.session);
  else node.reply(id, resultOf(response));
}

function isLoss(response: Frozen<Response>): boolean {
  return isFailure(response) && response.error !== 'NONODE';
}

function failureText(node: ClientNode, purpose: string, error: string): string {
  if (purpose !== 'close' || error !== 'CONNECTIONLOSS') return error;
  return `${error}: the server may keep the session for ${asDuration(node.state.timeout)}`;
}

function resultOf(response: Frozen<Response>): Json {
  if (typeof response === 'string' || 'error' in response) return responseText(response);
  if ('names' in response) return response.names;
  if ('path' in response) return response.path;
  if ('data' in response) return response.data;
  if ('results' in response) return response.results.map(resultOf);
  return (response.stat as Stat).version;
}

export const clientEvents: Record<keyof ClientEvents, string> = {
  ...libraryEvents,
  WatchTriggered: 'A client learned that what it watched has changed.',
};
