/** Fast leader election: servers exchange votes until a quorum of them has the same. */
// FastLeaderElection.lookForLeader. Each server begins with a vote for itself and adopts any that
// is better: of a later epoch, then with a later transaction, then for a server with a greater
// number. So the leader has all transactions that a quorum has logged.
import { majority } from '../../../protocol/patterns.ts';
import type { NodeId } from '../../../protocol/types.ts';
import { milliseconds, seconds } from '../../../protocol/units.ts';
import type { ServerNode } from '../server-state.ts';
import { currentVote, sendVote } from './election-links.ts';
import type { Election, ReceivedVote } from './election-state.ts';
import { isQuorum, isVoter, serverId, votersOf } from './ensemble.ts';
import type { PeerState, Vote } from './packets.ts';

/** How long a server with a quorum waits for a better vote. */
const finalizeWait = milliseconds(200);
const longestWait = seconds(60);

export function lookForLeader(node: ServerNode): void {
  const { state } = node;
  state.logicalClock++;
  state.election = {
    proposed: voteForItself(node), received: {}, outOfElection: {},
    needed: majority(votersOf(node).length), wait: finalizeWait, isFinal: false,
  };
  node.event('ElectionStarted', { round: state.logicalClock });
  propose(node, state.election, state.election.proposed);
  waitForVotes(node, state.election);
  countVotes(node, state.election);
}

/** An observer has no vote: any other is better than its own. */
function voteForItself(node: ServerNode): Vote {
  const { zxid, currentEpoch, logicalClock: electionEpoch } = node.state;
  if (!isVoter(node, node.id)) return { leader: '', zxid: -1, peerEpoch: -1, electionEpoch };
  return { leader: node.id, zxid, peerEpoch: currentEpoch, electionEpoch };
}

/** `totalOrderPredicate`. */
export function isBetter(node: ServerNode, vote: Vote, than: Vote): boolean {
  if (vote.peerEpoch !== than.peerEpoch) return vote.peerEpoch > than.peerEpoch;
  if (vote.zxid !== than.zxid) return vote.zxid > than.zxid;
  return serverId(node, vote.leader) > serverId(node, than.leader);
}

/** Adopts a vote, and sends it to all voters. */
function propose(node: ServerNode, election: Election, vote: Vote): void {
  const { state } = node;
  const { leader, zxid, peerEpoch: epoch } = vote;
  const old = election.proposed;
  election.proposed = { ...vote, electionEpoch: state.logicalClock };
  if (leader !== old.leader) {
    const from = { leader: old.leader, zxid: old.zxid, epoch: old.peerEpoch };
    node.event('VoteChanged', { leader, zxid, epoch, from });
  }
  if (isVoter(node, node.id)) {
    election.received[node.id] = { vote: election.proposed, state: 'LOOKING' };
  }
  sendToVoters(node, election);
}

function sendToVoters(node: ServerNode, { proposed }: Election): void {
  for (const server of votersOf(node)) {
    if (server !== node.id) sendVote(node, server, proposed);
  }
}

function waitForVotes(node: ServerNode, { wait }: Election): void {
  node.setTimer('notification', wait);
}

/** No vote came for a while: it sends its own again, and waits for twice as long. */
export function resendVote(node: ServerNode): void {
  const { election } = node.state;
  if (election === null) return;
  sendToVoters(node, election);
  election.wait = Math.min(2 * election.wait, longestWait);
  waitForVotes(node, election);
}

/** A vote came: while this server looks for a leader, it counts; otherwise it gets an answer. */
export function voteReceived(
  node: ServerNode,
  from: NodeId,
  vote: Vote,
  theirState: PeerState,
): void {
  const { state } = node;
  const { election } = state;
  const mine = currentVote(node);
  if (!isVoter(node, from)) {
    if (mine !== null) sendVote(node, from, mine);
    return;
  }
  if (election === null) {
    // It leads or follows, so one that looks for a leader learns which.
    if (theirState === 'LOOKING' && mine !== null) sendVote(node, from, mine);
    return;
  }
  const isBehind = theirState === 'LOOKING' && vote.electionEpoch < state.logicalClock;
  if (isBehind) sendVote(node, from, election.proposed);
  if (election.isFinal) {
    // Until a better vote comes, others change nothing, but it waits anew.
    if (!isBetter(node, vote, election.proposed)) {
      node.setTimer('finalize', finalizeWait);
      return;
    }
    node.cancelTimer('finalize');
    election.isFinal = false;
  }
  waitForVotes(node, election);
  if (theirState === 'LOOKING') fromLooking(node, election, from, vote);
  else if (theirState !== 'OBSERVING') fromDecided(node, election, from, vote, theirState);
}

function fromLooking(node: ServerNode, election: Election, from: NodeId, vote: Vote): void {
  const { state } = node;
  if (vote.electionEpoch > state.logicalClock) {
    // A newer round: the votes of its own are void, and it votes again.
    state.logicalClock = vote.electionEpoch;
    election.received = {};
    const mine = voteForItself(node);
    propose(node, election, isBetter(node, vote, mine) ? vote : mine);
  } else if (vote.electionEpoch < state.logicalClock) {
    return;
  } else if (isBetter(node, vote, election.proposed)) {
    propose(node, election, vote);
  }
  election.received[from] = { vote, state: 'LOOKING' };
  countVotes(node, election);
}

function countVotes(node: ServerNode, election: Election): void {
  if (!hasQuorum(node, election.received, { vote: election.proposed, state: 'LOOKING' })) return;
  if (votersOf(node).length === 1) {
    // An ensemble of one has no other vote to wait for.
    decide(node, election.proposed);
    return;
  }
  election.isFinal = true;
  node.cancelTimer('notification');
  node.setTimer('finalize', finalizeWait);
}

/** No better vote came: the election is over. */
export function finalizeVote(node: ServerNode): void {
  const { election } = node.state;
  if (election !== null && election.isFinal) decide(node, election.proposed);
}

/** There is a leader already: it is joined if a quorum follows it, and it says that it leads. */
function fromDecided(
  node: ServerNode,
  election: Election,
  from: NodeId,
  vote: Vote,
  theirState: PeerState,
): void {
  const { state } = node;
  const received: ReceivedVote = { vote, state: theirState };
  if (vote.electionEpoch === state.logicalClock) {
    election.received[from] = received;
    if (isJoined(node, election.received, received)) {
      decide(node, vote);
      return;
    }
  }
  election.outOfElection[from] = received;
  if (!isJoined(node, election.outOfElection, received)) return;
  state.logicalClock = vote.electionEpoch;
  decide(node, vote);
}

/** `checkLeader`: else a server might follow one that has crashed or has stopped to lead. */
function isJoined(
  node: ServerNode,
  votes: Readonly<Record<NodeId, ReceivedVote>>,
  received: ReceivedVote,
): boolean {
  if (!hasQuorum(node, votes, received)) return false;
  const { leader, electionEpoch } = received.vote;
  if (leader === node.id) return electionEpoch === node.state.logicalClock;
  return votes[leader]?.state === 'LEADING';
}

function hasQuorum(
  node: ServerNode,
  votes: Readonly<Record<NodeId, ReceivedVote>>,
  wanted: ReceivedVote,
): boolean {
  const servers = Object.keys(votes).filter((one) => isSame(votes[one], wanted));
  return isQuorum(node, servers);
}

/** `Vote.equals`: servers that lead or follow may have learned of it in different rounds. */
function isSame(a: ReceivedVote, b: ReceivedVote): boolean {
  if (a.vote.leader !== b.vote.leader || a.vote.peerEpoch !== b.vote.peerEpoch) return false;
  if (a.state !== 'LOOKING' && b.state !== 'LOOKING') return true;
  return a.vote.zxid === b.vote.zxid && a.vote.electionEpoch === b.vote.electionEpoch;
}

function decide(node: ServerNode, vote: Vote): void {
  const { state } = node;
  const { leader } = vote;
  state.election = null;
  state.vote = vote;
  node.cancelTimer('notification');
  node.cancelTimer('finalize');
  if (leader === node.id) state.peerState = 'LEADING';
  else state.peerState = isVoter(node, node.id) ? 'FOLLOWING' : 'OBSERVING';
  state.zabState = 'DISCOVERY';
  node.event('ElectionEnded', { leader, round: state.logicalClock });
}

/** The vote of a server that leads or follows names the epoch that it is in now. */
export function updateElectionVote({ state }: ServerNode, epoch: number): void {
  if (state.vote !== null) state.vote = { ...state.vote, peerEpoch: epoch };
}
