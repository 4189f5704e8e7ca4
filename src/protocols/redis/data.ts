/** What a Redis server stores: its databases, its scripts, its settings and its connections. */
import { frozen } from '../../protocol/define.ts';
import type { NodeId } from '../../protocol/types.ts';

/** A string, or the items of another type. They are small lists, and are replaced as a whole. */
export type StoredValue = string | Hash | List | Members | SortedSet;

export interface Hash {
  /** In the order in which the fields were added. */
  readonly hash: readonly (readonly [field: string, value: string])[];
}

export interface List {
  readonly list: readonly string[];
}

export interface Members {
  readonly set: readonly string[];
}

export interface SortedSet {
  /** In the order of the scores, and of the members where these are equal. */
  readonly zset: readonly (readonly [member: string, score: number])[];
}

/** A value, and the Unix time in milliseconds at which its key expires; null for never. */
export interface Entry {
  readonly value: StoredValue;
  readonly expireAt: number | null;
}

export type Keyspace = Record<string, Entry>;

export interface Place {
  readonly db: number;
  readonly key: string;
}

export interface RedisData {
  /** Database 0, which a connection begins in. */
  entries: Keyspace;
  /** Databases 1 to 15, by number, once something was stored there. */
  databases: Record<string, Keyspace>;
  /** The scripts that EVAL and SCRIPT LOAD have seen, by their SHA-1. */
  scripts: Record<string, string>;
  /** The keys that have changed; the server empties the list when it passes them on. */
  dirty: Place[];
  sessions: Session[];
  /** Keys at which a blocked client may now be served, in the order in which they became so. */
  ready: Place[];
  settings: Settings;
  /** The client id of the next connection. */
  nextClient: number;
  /** How many commands have blocked: the order in which blocked clients are served. */
  blockings: number;
}

/** What CONFIG SET changes. */
export interface Settings {
  notifyKeyspaceEvents: string;
  busyReplyThreshold: number;
  minReplicasToWrite: number;
  minReplicasMaxLag: number;
  /** In seconds; 0 for no probes. */
  tcpKeepalive: number;
  /** After how many seconds a connection without commands is closed; 0 for never. */
  timeout: number;
  /** Whether DEBUG is allowed. */
  enableDebugCommand: boolean;
  /** Whether expired keys are removed before a command reads them (DEBUG SET-ACTIVE-EXPIRE). */
  activeExpire: boolean;
}

/** A connection of a client, as the server keeps it. It ends with the connection. */
export interface Session {
  /** The connection; for a client without one, the name of its node. */
  readonly connection: string;
  readonly client: NodeId;
  /** What CLIENT ID replies. */
  readonly id: number;
  name: string;
  db: number;
  /** The commands queued since MULTI; null outside a transaction. */
  queue: (readonly string[])[] | null;
  /** Whether a command was refused while queued, so that EXEC will be. */
  isAborted: boolean;
  watched: Watched[];
  /** Whether a watched key has changed, so that EXEC will do nothing. */
  isChanged: boolean;
  channels: string[];
  patterns: string[];
  blocked: Blocked | null;
  /** The replication offset after its last write; WAIT waits for it. */
  wrote: number;
}

export interface Watched extends Place {
  /** Whether the key had expired, but was still there, at WATCH: its removal changes nothing. */
  readonly wasExpired: boolean;
}

/** A command that waits for a key or for replicas. */
export interface Blocked {
  readonly args: readonly string[];
  readonly keys: readonly string[];
  readonly db: number;
  /** What the client's request is numbered. */
  readonly request: number;
  /** Clients that blocked earlier have lower numbers and are served first. */
  readonly ordinal: number;
  readonly on: 'list' | 'zset' | 'replicas';
}

export function emptyData(): RedisData {
  return {
    entries: {},
    databases: {},
    scripts: {},
    dirty: [],
    sessions: [],
    ready: [],
    settings: defaultSettings(),
    nextClient: 1,
    blockings: 0,
  };
}

export function defaultSettings(): Settings {
  return {
    notifyKeyspaceEvents: '',
    busyReplyThreshold: 5_000,
    minReplicasToWrite: 0,
    minReplicasMaxLag: 10,
    tcpKeepalive: 300,
    timeout: 0,
    enableDebugCommand: false,
    activeExpire: true,
  };
}

/** The number of databases, as in redis.conf. */
export const databaseCount = 16;

const none: Readonly<Keyspace> = frozen({});

export function keyspace(data: RedisData, db: number): Readonly<Keyspace> {
  return db === 0 ? data.entries : (data.databases[db] ?? none);
}

export function entryAt(data: RedisData, { db, key }: Place): Entry | undefined {
  const keys = keyspace(data, db);
  return Object.hasOwn(keys, key) ? keys[key] : undefined;
}

export function storeAt(data: RedisData, { db, key }: Place, entry: Entry): void {
  if (db === 0) data.entries[key] = entry;
  else (data.databases[db] ??= {})[key] = entry;
}

export function removeAt(data: RedisData, { db, key }: Place): boolean {
  const keys = keyspace(data, db) as Keyspace;
  if (!Object.hasOwn(keys, key)) return false;
  delete keys[key];
  return true;
}

/** Every key of every database. */
export function places(data: RedisData): Place[] {
  const others = Object.keys(data.databases).map(Number);
  return [0, ...others].flatMap((db) =>
    Object.keys(keyspace(data, db)).map((key) => ({ db, key })),
  );
}

/** A key still exists in the millisecond of its expiry. */
export function isExpired({ expireAt }: Entry, now: number): boolean {
  return expireAt !== null && now > expireAt;
}

export function newSession(data: RedisData, client: NodeId, connection: string): Session {
  return {
    connection,
    client,
    id: data.nextClient++,
    name: '',
    db: 0,
    queue: null,
    isAborted: false,
    watched: [],
    isChanged: false,
    channels: [],
    patterns: [],
    blocked: null,
    wrote: 0,
  };
}

export type TypeName = 'string' | 'hash' | 'list' | 'set' | 'zset';

export function typeName(value: StoredValue): TypeName {
  if (typeof value === 'string') return 'string';
  if ('hash' in value) return 'hash';
  if ('list' in value) return 'list';
  return 'set' in value ? 'set' : 'zset';
}
