/** How a client uses a Raft cluster: it finds the leader, and repeats its requests (§8). */
import { pick } from '../../protocol/patterns.ts';
import type { Frozen, Node, NodeId } from '../../protocol/types.ts';
import {
  addPending, type PendingRequest, type Requester, takePending,
} from '../shared/pending-requests.ts';
import type { ClientRequest, ClientResponse } from './state.ts';

/** What a role needs to send commands to the cluster. */
interface ClusterClient<Command, Pending> extends Requester<Pending> {
  state: Requester<Pending>['state'] & {
    /** The server that the client believes to be the leader. */
    leaderId: NodeId | null;
  };
  sends: { ClientRequest: ClientRequest<Command> };
  events: { ClientRetried: { to: NodeId; pending: number } };
}

type Client<Command, Pending> = Node<ClusterClient<Command, Pending>>;

export function submit<Command, Pending extends PendingRequest<Command>>(
  node: Client<Command, Pending>,
  request: Pending,
): void {
  addPending(node, request);
  // "When a client first starts up, it connects to a randomly-chosen server."
  sendRequest(node, (node.state.leaderId ??= anyServer(node)), request);
}

function sendRequest<Command>(
  node: Client<Command, PendingRequest<Command>>,
  to: NodeId,
  { serial, command }: PendingRequest<Command>,
): void {
  const oldestPending = node.state.pending[0].serial;
  node.send(to, { type: 'ClientRequest', serial, oldestPending, command });
}

/**
 * Removes and returns the request that a response answers. Returns undefined if it answers none:
 * a duplicate, or the response of a server that is not the leader, after which the request is sent
 * to the leader.
 */
export function handleResponse<Command, Pending extends PendingRequest<Command>>(
  node: Client<Command, Pending>,
  { serial, status, leaderHint }: Frozen<ClientResponse>,
): Pending | undefined {
  const { state } = node;
  if (status === 'OK') return takePending(node, serial);
  const request = state.pending.find((one) => one.serial === serial);
  if (request === undefined) return undefined;
  // Without a hint there is no leader yet: the request is sent again when the retry timer fires.
  state.leaderId = leaderHint;
  if (leaderHint !== null) sendRequest(node, leaderHint, request);
  return undefined;
}

/**
 * "If the leader crashes, client requests will time out; clients then try again with
 * randomly-chosen servers."
 */
export function repeatRequests<Command, Pending extends PendingRequest<Command>>(
  node: Client<Command, Pending>,
): void {
  const { state } = node;
  const to = (state.leaderId = anyServer(node));
  node.event('ClientRetried', { to, pending: state.pending.length });
  for (const request of state.pending) sendRequest(node, to, request);
  node.setTimer('retry', node.options.retryAfter);
}

export function anyServer(node: Pick<Node, 'nodes' | 'random'>): NodeId {
  return pick(node, node.nodes('replica'));
}
