/** What the client library keeps of its session; its events, its options, and its application. */
import type { ConnectionId } from '../../protocol/connection.ts';
import type {
  Frozen, Json, Micros, Node, NodeId, OperationId, Range,
} from '../../protocol/types.ts';
import type { OptionFor } from '../../protocol/values.ts';
import { milliseconds, seconds } from '../../protocol/units.ts';
import type { Command, Response, ServerAnswers, ServerRequests, WatchEventType } from './wire.ts';

/** A request without a reply; it is sent once there is a connection. */
export interface PendingRequest {
  readonly xid: number;
  readonly command: Frozen<Command>;
  /** What it is for: that says how to continue. */
  readonly purpose: string;
  /** The client operation that it serves. */
  readonly operation: OperationId;
  /** When it was sent, by the client's own clock; −1 if it was not. */
  sentAt: Micros;
}

export interface LibraryState {
  /** As `ZooKeeper.States`; `closed` before the first session, and after the end of one. */
  status: 'closed' | 'connecting' | 'connected';
  /** The connection that it uses or opens; empty while it waits to open one. */
  connection: ConnectionId;
  /** The place, in its list, of the server that it uses, and of the last one that let it in. */
  server: number;
  lastServer: number;
  /** Empty if it has no session, as far as it knows. */
  session: string;
  password: string;
  /** The timeout that it asks for, and the one that it was given. */
  requested: Micros;
  timeout: Micros;
  /** The last zxid that it has seen: no server may show it an older state. */
  lastZxid: number;
  xid: number;
  pending: PendingRequest[];
  /** When it sent the last ping, by its own clock. */
  pingedAt: Micros;
  /** The session lasts at least until then, by its own clock. */
  validUntil: Micros;
  /** The paths that it watches: a new connection must set these watches again. */
  watched: { data: string[]; exist: string[]; child: string[] };
}

export interface LibraryEvents {
  SyncConnected: { session: string };
  Disconnected: { session: string };
  Expired: { session: string };
}

export interface LibraryOptions {
  servers: readonly NodeId[];
  reconnectAfter: Range;
  spinDelay: Micros;
}

export interface Library {
  state: LibraryState;
  receives: ServerAnswers;
  sends: ServerRequests;
  timers: { ping: void; silence: void; reconnect: void };
  events: LibraryEvents;
  options: LibraryOptions;
}

/** What a role does with the results that its library brings. */
export interface Application {
  /** A request has its response; CONNECTIONLOSS says that its outcome is unknown. */
  answered(node: Node<Library>, request: PendingRequest, response: Frozen<Response>): void;
  watchFired(node: Node<Library>, type: WatchEventType, path: string): void;
  /** The session lasts until a time on the client's own clock, at least. */
  heard?(node: Node<Library>, validUntil: Micros): void;
  /** The connection ended, or no answer came; and the session goes on over another connection. */
  disconnected?(node: Node<Library>): void;
  reconnected?(node: Node<Library>): void;
  /** The session has expired, or was closed. */
  ended(node: Node<Library>): void;
}

export const libraryOptions: {
  [Name in keyof LibraryOptions]: OptionFor<LibraryOptions[Name]>;
} = {
  servers: {
    kind: 'list',
    of: 'node',
    default: [],
    doc:
      'The servers that it knows, in the order in which it tries them; all if none are given. ' +
      'The Java client puts them in a random order first.',
  },
  reconnectAfter: {
    kind: 'range',
    default: [milliseconds(1), seconds(1)],
    min: milliseconds(1),
    doc: 'How long the library waits before it connects again, as the Java client does.',
  },
  spinDelay: {
    kind: 'duration',
    default: seconds(1),
    min: milliseconds(1),
    doc: 'How much longer it waits when it has tried all servers since it was last connected.',
  },
};

export const noSession = (): LibraryState => ({
  status: 'closed', connection: '', server: -1, lastServer: -1, session: '', password: '',
  requested: 0, timeout: 0,
  lastZxid: 0, xid: 0, pending: [], pingedAt: 0, validUntil: 0,
  watched: { data: [], exist: [], child: [] },
});

export const libraryEvents: Record<keyof LibraryEvents, string> = {
  SyncConnected: 'A client is connected: its session is new, or goes on.',
  Disconnected:
    'A client has no connection, or got no answer: it cannot know whether it has its session.',
  Expired: 'A server told a client that its session is over; no client finds that out by itself.',
};

/** Panels show the session, and whether the client is connected. */
export function sessionFacts({ status, session }: LibraryState): Record<string, Json> {
  const lost: Record<string, Json> = status === 'connecting' ? { connected: false } : {};
  return { ...(session !== '' && { session }), ...lost };
}
