/**
 * Connections between nodes, as over TCP. What is sent on one arrives in order, once or not at all,
 * until the connection ends. Durations are in microseconds.
 */

/** Identifies a connection: `A-db:1` is the first that node `A` opened to node `db`. */
export type ConnectionId = string;

/**
 * How a node learns that a connection has ended: its peer closed it (FIN); it was reset, or the
 * peer does not know it (RST); the peer did not answer for too long; or no process accepted it.
 */
export type Ending = 'closed' | 'reset' | 'timed out' | 'refused';

/** The options of one end of a connection, after tcp(7). */
export interface SocketOptions {
  /**
   * Probes a silent peer after `idle`, then after each `interval`, and gives up when `count` probes
   * are unanswered. Null, the default, sends none: then an end that only waits never learns that
   * its peer's host is lost.
   */
  keepAlive?: { readonly idle: number; readonly interval: number; readonly count: number } | null;
  /** How long data may stay unacknowledged; 0, the default, is the 924.6 s of Linux. */
  userTimeout?: number;
}

/** What a handler can do about connections. */
export interface ConnectionCalls {
  /**
   * Opens a connection to a node, whose role must accept connections of this one. What is sent on
   * it before it is open leaves as soon as it is. Returns its name.
   */
  connect(to: string): ConnectionId;
  /** Closes a connection; does nothing if it has ended. */
  disconnect(connection: ConnectionId): void;
  /** The connections of this node, or those to one peer, that have not ended; oldest first. */
  connections(peer?: string): readonly ConnectionId[];
  /** Changes the options of this node's end of a connection; does nothing if it has ended. */
  setSocket(connection: ConnectionId, options: SocketOptions): void;
}

/** What a role does at its end of a connection. */
export interface ConnectionHandlers<Node, Options> {
  /** Returns the options of each new end. A breakpoint here is never hit. */
  socket?(node: { id: string; options: Readonly<Options> }): SocketOptions;
  /** A connection is open: to the acceptor when the SYN arrives, to the opener at its answer. */
  opened?(node: Node, peer: string, connection: ConnectionId): void;
  /** A connection ended, but not by `disconnect` of this node. Nothing more arrives on it. */
  ended?(node: Node, peer: string, connection: ConnectionId, how: Ending): void;
}
