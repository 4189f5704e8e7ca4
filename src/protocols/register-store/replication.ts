/** What a way of replicating registers consists of; each is a file of its own. */
import type { Frozen, Json } from '../../protocol/types.ts';
import type { ClientRequest, ServerNode } from './data/state.ts';
import type { Versions } from './data/sessions.ts';
import type { Version } from './data/versions.ts';

/**
 * A replication executes the requests of clients. Its messages and timers are part of the server's
 * role, and its handlers are in its file: `export const messages = { … }`, which `server.ts`
 * includes.
 */
export interface Replication {
  /** Executes a read, now or later: it ends with `answer` or `refuse`, or the client gives up. */
  read(node: ServerNode, request: Frozen<ClientRequest>): void;
  /** Executes an operation that changes a register; `request.name` says which one. */
  write(node: ServerNode, request: Frozen<ClientRequest>): void;
  /** Runs whenever the server boots. */
  start?(node: ServerNode): void;
}

/**
 * Answers a request. `applied` is what the session has seen by it; `version` is that of the value
 * which was read or written, if the replication has one version for each.
 */
export function answer(
  node: ServerNode,
  { client, number }: Pick<ClientRequest, 'client' | 'number'>,
  result: Json,
  applied: Versions = {},
  version: Version | null = null,
): void {
  node.send(client, { type: 'Reply', number, result, applied, version });
}

/** Refuses a request that was not executed, and will not be. */
export function refuse(
  node: ServerNode,
  { client, number }: Pick<ClientRequest, 'client' | 'number'>,
  why: string,
): void {
  node.send(client, { type: 'Refusal', number, why });
}
