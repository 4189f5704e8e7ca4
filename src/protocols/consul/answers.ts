/** Answers: to a client over HTTP, or to the server that forwarded its request. */
import type { ConsulResponse } from './api.ts';
import type { Caller, ServerNode } from './state.ts';

/** Sends a response on the connection of the request; it is lost if that has ended. */
export function answer(node: ServerNode, caller: Caller, response: ConsulResponse): void {
  const { from, connection, serial } = caller;
  if (node.peers.includes(from)) {
    return node.send(connection, { type: 'Forwarded', serial, response });
  }
  if (typeof response === 'object' && 'error' in response) {
    node.event('RequestFailed', { client: from, error: response.error });
  }
  node.send(connection, { type: 'Reply', serial, response });
}

export function fail(node: ServerNode, caller: Caller, error: string): void {
  answer(node, caller, { status: 500, error });
}

/** Fails a request that may have been executed, or may still be. */
export function failUnknown(node: ServerNode, caller: Caller, error: string): void {
  answer(node, caller, { status: 500, error, unknown: true });
}
