/** A broker as an observer of the quorum: it replicates the metadata log, and votes for none. */
import { pick } from '../../../protocol/patterns.ts';
import type { Node } from '../../../protocol/types.ts';
import type { Broker } from '../messages.ts';
import { fetchMetadata, type MemberRules, writeFile } from '../quorum/member.ts';
import { publish } from './publisher.ts';

type Server = Node<Broker>;

export const observerRules: MemberRules = {
  becomeUnattached(node, leaderEpoch) {
    writeFile(node, { leaderEpoch, leaderId: null, votedId: null });
    node.state.quorum.standing = 'unattached';
  },
  becomeFollower(node, leaderId, leaderEpoch) {
    writeFile(node, { leaderEpoch, leaderId, votedId: null });
    node.state.quorum.standing = 'follower';
    node.event('LeaderDiscovered', { epoch: leaderEpoch, leaderId });
    node.setTimer('fetchTimeout', node.options.fetchTimeout);
  },
  advanced: (node) => publish(node as Server),
  fetch: (node) => fetchAsObserver(node as Server),
};

/** From the leader; from any voter if it does not know the leader, to learn which one leads. */
export function fetchAsObserver(node: Server): void {
  const { shutdown, quorumState: { leaderId } } = node.state;
  if (shutdown === 'done') return;
  if (leaderId === null) fetchFromAny(node);
  else fetchMetadata(node, leaderId);
}

/** A fetch was not answered: another voter may know of another leader. */
export function fetchFromAny(node: Server): void {
  if (node.state.shutdown !== 'done') fetchMetadata(node, pick(node, node.nodes('controller')));
}

/** It goes on to follow, but asks any voter. */
export function observerTimedOut(node: Server): void {
  const { leaderEpoch: epoch, leaderId } = node.state.quorumState;
  node.event('FetchTimedOut', { epoch, leaderId });
  fetchFromAny(node);
}
