/** Failsafe mode: a primary goes on without the lease store if all other members accept that. */
// All of them, because a member that is missing may be on the side of the lease store, and may
// promote there.
import type { ConnectionId } from '../../protocol/connection.ts';
import type { NodeId } from '../../protocol/types.ts';
import { sleep } from './agent.ts';
import { beginPoll } from './poll.ts';
import { demote } from './promotion.ts';
import type { MemberNode, Poll } from './state.ts';
import { arm } from './watchdog.ts';

export function askFailsafe(node: MemberNode): void {
  const ended = beginPoll(node, 'failsafe', { type: 'Failsafe' });
  if (ended !== undefined) decideFailsafe(node, ended);
}

/** A member that accepts does not race until the leader key would have expired. */
export function answerFailsafe(node: MemberNode, leader: NodeId, connection: ConnectionId): void {
  const { state, options: { ttl } } = node;
  const accepts = state.standing === 'replica';
  if (accepts) {
    state.acceptsUntil = node.now() + ttl;
    node.event('FailsafeAccepted', { leader });
  }
  node.send(connection, { type: 'FailsafeAnswer', accepts });
}

export function decideFailsafe(node: MemberNode, { accepted }: Poll): void {
  if (node.state.standing !== 'primary') return sleep(node);
  if (accepted === node.peers.length) {
    node.event('FailsafeContinued', { accepted });
    arm(node);
  } else {
    demote(node, `only ${accepted} of ${node.peers.length} members accept that it goes on`);
  }
  sleep(node);
}
