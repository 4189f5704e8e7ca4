/** What a way of replicating registers consists of; each is a file of its own. */
import type { Frozen, Json } from '../../protocol/types.ts';
import type { OperationName, Reply } from './data/messages.ts';
import type { ClientRequest, ServerNode, ServerOptions } from './data/state.ts';

/**
 * A replication executes the requests of clients. Its messages and timers are part of the server's
 * role, and its handlers are in its file: `export const messages = { … }`, which `server.ts`
 * includes.
 */
export interface Replication {
  /** The operations that it has under these settings; `read` and `write` if not given. */
  operations?(options: Readonly<ServerOptions>): readonly OperationName[];
  /** Executes a read, now or later: it ends with `answer` or `refuse`, or the client gives up. */
  read(node: ServerNode, request: Frozen<ClientRequest>): void;
  /** Executes an operation that changes a register; `request.name` says which one. */
  write(node: ServerNode, request: Frozen<ClientRequest>): void;
  /** Runs whenever the server boots. */
  start?(node: ServerNode): void;
}

/** Answers a request; what a replication does not count or have is left out. */
export function answer(
  node: ServerNode,
  { client, number }: Pick<ClientRequest, 'client' | 'number'>,
  result: Json,
  { applied = {}, version = null, context = {} }: Partial<Omit<Reply, 'number' | 'result'>> = {},
): void {
  node.send(client, { type: 'Reply', number, result, applied, version, context });
}

/** Returns why the replication does not have an operation; undefined if it has it. */
export function whyNot(
  { operations }: Replication, options: Readonly<ServerOptions>, name: OperationName,
): string | undefined {
  const has = operations?.(options) ?? ['read', 'write'];
  if (has.includes(name)) return undefined;
  const { replication, type, conflict } = options;
  const ofGossip = conflict === 'siblings' ? `conflict: ${conflict}` : `type: ${type}`;
  const kind = replication === 'gossip' ? ofGossip : `replication: ${replication}`;
  const others = has.map((one) => `\`${one}\``).join(', ');
  return `with \`${kind}\` there is no \`${name}\`: use ${others}`;
}

/** Refuses a request that was not executed, and will not be. */
export function refuse(
  node: ServerNode,
  { client, number }: Pick<ClientRequest, 'client' | 'number'>,
  why: string,
): void {
  node.send(client, { type: 'Refusal', number, why });
}
