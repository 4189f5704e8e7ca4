/** Consul's HTTP API, as far as locks use it: commands and their responses. */
import type { Micros, NodeId } from '../../protocol/types.ts';

/** What happens to the keys of a session that is invalidated. */
export type Behavior = 'release' | 'delete';

/** The flags of a key: the Go library marks the keys of its locks; other writers set none. */
export type Flags = 'lock' | 'none';

export interface KeyEntry {
  value: string;
  flags: Flags;
  /** The session that holds the key; null if none does. */
  session: string | null;
  /** How often the key was acquired by a session that did not hold it. */
  lockIndex: number;
  /** The index of the log entry that changed the key last. */
  modifyIndex: number;
}

export type Health = 'passing' | 'warning' | 'critical';

/** What changes the catalogue: it goes through the log. */
export type Write =
  | {
      readonly op: 'session create';
      readonly ttl: Micros;
      readonly behavior: Behavior;
      readonly lockDelay: Micros;
      readonly checks: readonly string[];
    }
  | { readonly op: 'session destroy'; readonly session: string; readonly reason?: 'ttl' }
  | { readonly op: 'acquire'; readonly key: string; readonly session: string }
  | { readonly op: 'release'; readonly key: string; readonly session: string }
  | Put
  | { readonly op: 'delete'; readonly key: string; readonly modifyIndex: number | null }
  | {
      readonly op: 'check';
      readonly node: NodeId;
      readonly check: string;
      readonly status: Health;
    }
  | { readonly op: 'register'; readonly node: NodeId }
  | { readonly op: 'deregister'; readonly node: NodeId };

/** With an index it is a compare-and-set: the key must have that index; 0: it must not exist. */
export interface Put {
  readonly op: 'put';
  readonly key: string;
  readonly value: string;
  readonly modifyIndex: number | null;
}

export type ConsulCommand =
  | Write
  | { readonly op: 'session renew'; readonly session: string }
  | Get;

/** A command in the log, with the client that sent it. */
export type Logged = Write & { readonly client: NodeId };

/**
 * How a read is served. `default`: by the server that believes that it leads, unconfirmed.
 * `consistent`: by the leader, after a majority confirmed it. `stale`: by any server, as it is.
 */
export type ReadMode = 'default' | 'consistent' | 'stale';

/** A query. With an index it blocks until the key changes after that, or the wait is over. */
export interface Get {
  readonly op: 'get';
  readonly key: string;
  readonly mode: ReadMode;
  /** 0: it is answered at once. */
  readonly index: number;
  /** How long it may block. */
  readonly wait: Micros;
}

export type ConsulResponse =
  SessionCreated | SessionRenewed | Acquired | KeyRead | HttpError | boolean | 'OK';

export type SessionCreated = { readonly session: string; readonly ttl: Micros };
/** The TTL is null if there is no such session. */
export type SessionRenewed = { readonly renewed: Micros | null };
export type Acquired = { readonly acquired: boolean; readonly lockIndex: number };
/** What a query reads; the entry is null if there is no such key. */
export type KeyRead = {
  readonly index: number;
  readonly entry: Readonly<KeyEntry> | null;
  /** Of a stale read: whether the server knew of a leader. */
  readonly knownLeader?: boolean;
};
/**
 * A status other than 200, with its text. `unknown`: the request may be executed all the same; the
 * real answer does not say so.
 */
export type HttpError = {
  readonly status: number;
  readonly error: string;
  readonly unknown?: true;
};
