/** What clients and a server of ZooKeeper send each other: requests, replies, events of watches. */
import type { Micros } from '../../protocol/types.ts';

/** Errors, by the names of `KeeperException.Code`. The last two come from the client library. */
export type ErrorCode =
  | 'NONODE' | 'NODEEXISTS' | 'BADVERSION' | 'NOTEMPTY' | 'NOCHILDRENFOREPHEMERALS'
  | 'BADARGUMENTS' | 'RUNTIMEINCONSISTENCY' | 'SESSIONMOVED' | 'SESSIONEXPIRED' | 'CONNECTIONLOSS';

/** The kinds of znodes. A lock library creates the parents of its locks as containers. */
export const kinds = [
  'persistent', 'sequential', 'ephemeral', 'ephemeral sequential', 'container',
] as const;
export type Kind = (typeof kinds)[number];

/** `version` is the version that the znode must have; −1 stands for any. */
export type Write =
  | { readonly op: 'create'; readonly path: string; readonly data: string; readonly kind: Kind }
  | { readonly op: 'delete'; readonly path: string; readonly version: number }
  | {
      readonly op: 'set'; readonly path: string; readonly data: string; readonly version: number;
    }
  | { readonly op: 'check'; readonly path: string; readonly version: number };

/** `watch` sets a watch, which fires once: when what was read changes. */
export type Read = {
  readonly op: 'get' | 'exists' | 'children';
  readonly path: string;
  readonly watch: boolean;
};

/** The watches of a client that connects again, and the last zxid that it has seen. */
export interface SetWatches {
  readonly op: 'set-watches';
  readonly zxid: number;
  readonly data: readonly string[];
  readonly exist: readonly string[];
  readonly child: readonly string[];
}

export type Command =
  | Exclude<Write, { op: 'check' }>
  | Read
  /** All of them, or none. */
  | { readonly op: 'multi'; readonly writes: readonly Write[] }
  | { readonly op: 'sync'; readonly path: string }
  | SetWatches
  | { readonly op: 'close' };

/** What a server tells of a znode (`Stat`), with the fields that Lockstep models. */
export type Stat = {
  readonly czxid: number;
  readonly mzxid: number;
  readonly pzxid: number;
  readonly version: number;
  /** Counts the children that were created or deleted. */
  readonly cversion: number;
  readonly children: number;
  /** The session that owns it, if it is ephemeral (`ephemeralOwner`); empty if not. */
  readonly owner: string;
};

export type Failure = { readonly error: ErrorCode };
export type Created = { readonly path: string; readonly stat: Stat };

/** The response to one write; `undone` to those before the one that makes a multi fail. */
export type Written = Failure | Created | { readonly stat: Stat } | 'OK' | 'undone';

export type Response =
  | Written
  | { readonly data: string; readonly stat: Stat }
  | { readonly names: readonly string[] }
  | { readonly results: readonly Written[] };

export interface ServerRequests {
  /** Opens a session, or goes on with one. */
  ConnectRequest: { timeout: Micros; lastZxid: number; session: string; password: string };
  Request: { xid: number; command: Command };
  Ping: object;
}

export interface ServerAnswers {
  /** A timeout of 0 says that the session has expired. */
  ConnectResponse: { timeout: Micros; session: string; password: string };
  Reply: { xid: number; zxid: number; response: Response };
  Pong: { zxid: number };
  // The events of watches:
  NodeCreated: { path: string };
  NodeDeleted: { path: string };
  NodeDataChanged: { path: string };
  NodeChildrenChanged: { path: string };
}

export type WatchEventType =
  'NodeCreated' | 'NodeDeleted' | 'NodeDataChanged' | 'NodeChildrenChanged';

export function isFailure(response: unknown): response is Failure {
  return typeof response === 'object' && response !== null && 'error' in response;
}

export function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/';
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** `0x100000003`, as ZooKeeper writes it. */
export function zxidText(zxid: number): string {
  return `0x${zxid.toString(16)}`;
}

// Words for the messages in traces and panels

export function commandText(command: Command | Write): string {
  switch (command.op) {
    case 'create':
      return `create ${command.path} ${command.kind}${dataText(command.data)}`;
    case 'set':
      return `set ${command.path}${dataText(command.data)}${versionText(command.version)}`;
    case 'delete':
    case 'check':
      return `${command.op} ${command.path}${versionText(command.version)}`;
    case 'get':
    case 'exists':
    case 'children':
      return `${command.op} ${command.path}${command.watch ? ' and watch' : ''}`;
    case 'multi':
      return `multi ${command.writes.map(commandText).join('; ')}`;
    case 'set-watches': {
      const paths = [...command.data, ...command.exist, ...command.child];
      return `set watches on ${paths.join(', ')} since ${zxidText(command.zxid)}`;
    }
    case 'sync':
    case 'close':
      return command.op;
  }
}

function dataText(data: string): string {
  return data === '' ? '' : ` ${JSON.stringify(data)}`;
}

function versionText(version: number): string {
  return version < 0 ? '' : ` if version ${version}`;
}

export function responseText(response: Response): string {
  if (typeof response === 'string') return response;
  if ('error' in response) return response.error;
  if ('results' in response) return response.results.map(responseText).join('; ');
  if ('names' in response) return `[${response.names.join(', ')}]`;
  if ('path' in response) return response.path;
  const version = `version ${response.stat.version}`;
  return 'data' in response ? `${JSON.stringify(response.data)}, ${version}` : version;
}

export const requestSummaries = {
  Request: ({ xid, command }: ServerRequests['Request']): string =>
    `${xid}: ${commandText(command)}`,
  ConnectRequest: ({ session, timeout, lastZxid }: ServerRequests['ConnectRequest']): string => {
    const asked = `timeout ${timeout / 1_000_000}s`;
    if (session === '') return `new session, ${asked}`;
    return `session ${session}, ${asked}, has seen ${zxidText(lastZxid)}`;
  },
};

export const answerSummaries = {
  Reply: ({ xid, response }: ServerAnswers['Reply']): string =>
    `${xid}: ${responseText(response)}`,
  ConnectResponse: ({ session, timeout }: ServerAnswers['ConnectResponse']): string =>
    timeout === 0 ? 'session expired' : `session ${session}, timeout ${timeout / 1_000_000}s`,
  Pong: (): string => '',
};
