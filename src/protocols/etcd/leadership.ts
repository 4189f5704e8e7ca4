/** A member's view of the leader: who it is, and that a request which waits for one goes on. */
import type { Micros, Node } from '../../protocol/types.ts';
import { seconds } from '../../protocol/units.ts';
import type { Replica } from '../raft/state.ts';
import type { Answer } from './api.ts';
import { electionTimeout } from './lessor.ts';
import type { Caller, EtcdReplica } from './state.ts';

export type Server = Node<EtcdReplica>;

/** How long a member works on a request: 5 s and two election timeouts (Config.ReqTimeout). */
export function requestTimeout(node: Server): Micros {
  return seconds(5) + 2 * electionTimeout(node);
}

export function answer(node: Server, caller: Caller, given: Answer): void {
  const { client, connection, request } = caller;
  if ('error' in given && client !== node.id) {
    node.event('RequestFailed', { client, error: given.error });
  }
  node.send(connection || client, { type: 'Response', request, answer: given });
}

/** The member as the rules of Raft see it: they move commands without reading them. */
export function inRaft(node: Server): Node<Replica> {
  return node as unknown as Node<Replica>;
}

export function isLeader({ state }: Server): boolean {
  return state.standing === 'leader';
}
