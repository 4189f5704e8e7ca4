/** The state of a Redis server as a node, and what it receives, sends, times and reports. */
import type { ConnectionId } from '../../protocol/connection.ts';
import type { Micros, Node, NodeId } from '../../protocol/types.ts';
import type { Entry, Keyspace, Place, RedisData } from './data.ts';
import type { Reply } from './reply.ts';

/** A command, as it is typed into redis-cli. */
export interface Command {
  command: string;
  /** The client's number for the command, which the reply repeats. */
  request: number;
}

export interface RedisReply {
  /** As redis-cli prints it: `OK`, `(nil)`, `(integer) 1`, `"A:4f19"`. */
  says: string;
  reply: Reply;
  request: number;
}

/** A message of a subscription. */
export interface Push {
  says: string;
  reply: Reply;
}

/** A replica, as its primary knows it. */
export interface Follower {
  readonly node: NodeId;
  /** The connection on which it follows. */
  readonly connection: ConnectionId;
  /** The offset that it has confirmed. */
  readonly acked: number;
  /** When it last confirmed one, by the primary's clock. */
  readonly ackedAt: Micros;
}

/** Something that the server sends to a client once it has time again. */
export interface Outgoing {
  /** The connection of the client, or its node. */
  readonly to: string;
  readonly message: ({ type: 'Reply' } & RedisReply) | ({ type: 'Push' } & Push);
}

/** A command that waits until the server has time again. */
export interface Incoming {
  readonly from: NodeId;
  readonly connection: string;
  readonly args: readonly string[];
  readonly request: number;
}

/** What keeps the server from executing commands. */
export interface Busy {
  /** A script that never ends; null if the server is busy for a known time. */
  readonly script: { connection: string; request: number; sha: string; hasWritten: boolean } | null;
  /** Whether it answers BUSY by now: a script has run past busy-reply-threshold. */
  answers: boolean;
  outgoing: Outgoing[];
  incoming: Incoming[];
}

export interface RedisState extends RedisData {
  /** How often the server has booted. */
  boots: number;
  standing: 'primary' | 'replica';
  /** The server that a replica copies; null if none has been found. */
  primary: NodeId | null;
  /** The connection on which a replica follows its primary; empty if it has none. */
  link: ConnectionId;
  /** Whether a replica has all that its primary had when it began to follow it. */
  isSynced: boolean;
  /** Whether the operation `promote` made it the primary, which clients learn from it. */
  isPromoted: boolean;
  /** The replicas to which it sends changes. */
  followers: Follower[];
  /** Counts the changes that it has passed on, or has received. */
  offset: number;
  /** Whether it answers: not after a restart, until `delayedRestart` is over. */
  open: boolean;
  /** Whether it has changes that are not on disk yet. */
  unsynced: boolean;
  busy: Busy | null;
}

export interface RedisEvents {
  LockExpired: { key: string; holder: string };
  RedisRestarted: { keys: number };
  ReplicaPromoted: { keys: number };
}

export interface Change extends Place {
  readonly entry: Entry | null;
}

export interface Redis {
  state: RedisState;
  receives: {
    Command: Command;
    Replicate: { changes: readonly Change[]; offset: number };
    Follow: object;
    FullSync: {
      entries: Readonly<Keyspace>;
      databases: Readonly<Record<string, Keyspace>>;
      offset: number;
    };
    /** Asks a replica to confirm what it has. */
    GetAck: object;
    Ack: { offset: number };
    Promoted: { keys: number };
  };
  sends: Redis['receives'] & { Reply: RedisReply; Push: Push };
  timers: {
    expiry: { key: string; db?: number };
    fsync: void;
    delay: void;
    /** A blocked client has waited long enough; its data is its connection. */
    blocked: string;
    /** A client has sent nothing for longer than `timeout`; its data is its connection. */
    idle: string;
    /** A script or DEBUG SLEEP is over. */
    free: void;
    /** A script has run past busy-reply-threshold. */
    slow: void;
    /** A replica confirms what it has. */
    ack: void;
    /** A replica tries to reach its primary again. */
    relink: void;
    /** A primary with min-replicas-to-write asks its replicas. */
    lag: void;
  };
  events: RedisEvents;
  options: {
    persistence: string;
    delayedRestart: Micros;
    tokensFrom: number;
    minReplicas: number;
    maxLag: Micros;
    tcpKeepalive: Micros;
    enableDebugCommand: boolean;
  };
}

export type RedisNode = Node<Redis>;

/** The server's wall clock in milliseconds. Keys expire by it, so it must not jump. */
export function clockMs(node: RedisNode): number {
  return Math.floor(node.now() / 1000);
}
