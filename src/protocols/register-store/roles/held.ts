/** Requests that wait until a server has applied what their sessions need. */
import type { Frozen } from '../../../protocol/types.ts';
import { reads } from '../data/messages.ts';
import type { Replication } from '../replication.ts';
import { dominates } from '../data/sessions.ts';
import type { ClientRequest, ServerNode } from '../data/state.ts';

/** Executes a request, or holds it if this server does not have what its session needs. */
export function executeOrHold(
  node: ServerNode, replication: Replication, request: Frozen<ClientRequest>,
): void {
  const { client, key, needs } = request;
  if (dominates(node.state.applied, needs)) return execute(node, replication, request);
  node.state.held.push(request);
  node.event('RequestHeld', { client, key, needs });
}

/** Executes what this server can execute now that it has applied more. */
export function releaseHeld(node: ServerNode, replication: Replication): void {
  const { state } = node;
  const waiting = state.held;
  state.held = waiting.filter(({ needs }) => !dominates(state.applied, needs));
  for (const request of waiting) {
    if (!dominates(state.applied, request.needs)) continue;
    node.event('RequestReleased', { client: request.client, key: request.key });
    execute(node, replication, request);
  }
}

function execute(
  node: ServerNode, replication: Replication, request: Frozen<ClientRequest>,
): void {
  if (reads(request.name)) replication.read(node, request);
  else replication.write(node, request);
}
