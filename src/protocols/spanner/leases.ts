/** Leaders and their leases (§2.1, §4.1 and appendix A): timed votes, and when a lease is over. */
// The leases of a group are disjoint although clocks differ. The leader counts its lease from the
// earliest time before it asked; a voter keeps its vote from the latest time after it was asked.
import type { Frozen, NodeId } from '../../protocol/types.ts';
import type { AcceptReply, RequestVote, VoteReply, Refused, ReleaseVote } from './messages.ts';
import { join, members, nextBallot, others, proposeRecovered, quorum } from './paxos.ts';
import { type Accepted, type Ballot, timestampOf } from './records.ts';
import { noLeadership, type Server } from './state.ts';
import { after, before, now, untilAfter, untilNotBefore } from './true-time.ts';

/** Sets the timer after which this replica may stand: not before its own vote ends. */
export function awaitElection(node: Server, atLeast = 0): void {
  const { vote } = node.state;
  const wait = vote === null ? 0 : Math.max(0, untilAfter(node, vote.end));
  const [shortest, longest] = node.options.electionDelay;
  const rest = Math.max(wait, atLeast);
  node.setTimer('election', [rest + shortest, rest + longest]);
}

/** The single-vote rule: no vote for another ballot until TT.after(the end of the last one). */
function mayVote(node: Server, ballot: Ballot): boolean {
  const { vote } = node.state;
  return vote === null || vote.ballot === ballot || after(node, vote.end);
}

/** Votes until TT.now().latest + 10 s, or extends the vote. */
function grantVote(node: Server, ballot: Ballot, leader: NodeId): void {
  const { state, options } = node;
  const end = now(node).latest + options.leaseDuration;
  const isNew = state.vote?.ballot !== ballot;
  state.vote = { ballot, leader, end };
  if (isNew) node.event('VoteGranted', { ballot, leader, end });
}

// Candidates

/**
 * The candidate votes for itself when the others have: a replica that was cut off, and stands
 * without success, can so follow the leader again, whose ballot is lower.
 */
export function standForElection(node: Server): void {
  const { state } = node;
  if (state.standing === 'candidate') becomeFollower(node);
  const ballot = nextBallot(node);
  if (!mayVote(node, ballot)) return awaitElection(node);
  node.event('ElectionStarted', { ballot });
  const asked = now(node).earliest;
  state.standing = 'candidate';
  state.leaderId = null;
  state.candidacy = ballot;
  state.highestSeen = ballot;
  for (const peer of others(node)) {
    node.send(peer, { type: 'RequestVote', ballot, applied: state.applied, asked });
  }
  node.setTimer('election', node.options.electionDelay);
  startIfElected(node);
}

/** It did not get a quorum, so no lease started: the votes for its ballot are released. */
function giveUp(node: Server): void {
  const { candidacy: ballot } = node.state;
  for (const peer of others(node)) {
    node.send(peer, { type: 'ReleaseVote', ballot, abdicates: false });
  }
}

export function hearVoteRequest(node: Server, message: Frozen<RequestVote>, from: NodeId): void {
  const { state } = node;
  const { ballot, applied, asked } = message;
  state.highestSeen = Math.max(state.highestSeen, ballot);
  const reason = whyNoVote(node, ballot);
  if (reason !== '') {
    node.event('VoteRefused', { ballot, leader: from, reason });
    return node.send(from, { type: 'Refused', ballot, promised: state.promised, reason });
  }
  if (state.standing !== 'follower') stepDown(node, `it votes for ballot ${ballot} of ${from}`);
  join(node, ballot);
  grantVote(node, ballot, from);
  awaitElection(node);
  const accepted = state.log.slice(applied);
  node.send(from, { type: 'VoteReply', ballot, asked, after: applied, accepted });
}

function whyNoVote(node: Server, ballot: Ballot): string {
  const { promised, vote } = node.state;
  if (ballot < promised) return `it takes part in ballot ${promised}`;
  if (!mayVote(node, ballot)) return `its vote for ${vote!.leader} has not ended`;
  return '';
}

export function hearVote(node: Server, message: Frozen<VoteReply>, from: NodeId): void {
  const { state } = node;
  const { ballot, asked, after: asOf, accepted } = message;
  // A vote for an earlier attempt: its records may be those after another slot.
  if (state.standing !== 'candidate' || ballot !== state.candidacy) return;
  if (asOf !== state.applied) return;
  state.votes[from] = asked;
  recover(node, accepted);
  startIfElected(node);
}

/** "The proposal with the highest number among the responses": slot by slot. */
function recover({ state }: Server, accepted: readonly Accepted[]): void {
  accepted.forEach((one, i) => {
    const known = state.recovered[i];
    if (known === undefined || one.ballot > known.ballot) state.recovered[i] = one;
  });
}

/** A leader goes on while it has a quorum; otherwise its lease ends by itself. */
export function hearRefused({ state }: Server, { promised }: Frozen<Refused>): void {
  state.highestSeen = Math.max(state.highestSeen, promised);
}

/** The lease: [TT.now().latest, min over a quorum of v + 10 s] (appendix A). */
function startIfElected(node: Server): void {
  const { state } = node;
  const { candidacy: ballot } = state;
  if (Object.keys(state.votes).length + 1 < quorum(node)) return;
  if (ballot <= state.promised || !mayVote(node, ballot)) return;
  join(node, ballot);
  state.votes[node.id] = now(node).earliest;
  grantVote(node, ballot, node.id);
  recover(node, state.log.slice(state.applied));
  const end = leaseEnd(node)!;
  // The votes came so late that they are over: there is no time in which to lead.
  if (!before(node, end)) {
    becomeFollower(node);
    return awaitElection(node);
  }
  state.standing = 'leader';
  state.leaderId = node.id;
  state.lease = { ballot, start: now(node).latest, end };
  state.chosen = state.applied;
  node.cancelTimer('election');
  node.event('LeaseStarted', { ballot, start: state.lease.start, end });
  node.setTimer('lease', untilNotBefore(node, end));
  node.setTimer('safeTime', node.options.safeTimeInterval);
  dropOutdated(node);
  const used = state.recovered.map(({ record }) => timestampOf(record));
  const { paxosSafeTime, lastCommit } = state;
  state.maxTimestamp = Math.max(state.lease.start - 1, paxosSafeTime, lastCommit, ...used);
  proposeRecovered(node);
}

/**
 * Drops the records behind one of a higher ballot. A replica accepts at once all that a new leader
 * has recovered. So the leader of that ballot did not find them: they were not chosen before it.
 */
function dropOutdated({ state }: Server): void {
  const { recovered } = state;
  const outdated = recovered.findIndex((one, i) => i > 0 && one.ballot < recovered[i - 1].ballot);
  if (outdated >= 0) recovered.length = outdated;
}

/** Until when a quorum of votes lasts; undefined without a quorum. */
function leaseEnd(node: Server): number | undefined {
  const asked = Object.values(node.state.votes).sort((a, b) => b - a);
  const weakest = asked[quorum(node) - 1];
  return weakest === undefined ? undefined : weakest + node.options.leaseDuration;
}

// Leaders

/** Whether this replica leads at this moment: TT.before(the end of its lease). */
export function holdsLease(node: Server): boolean {
  const { standing, lease } = node.state;
  return standing === 'leader' && lease !== null && before(node, lease.end);
}

/** A replica that accepts from a leader extends its vote, if it may vote for that leader. */
export function extendVote(node: Server, ballot: Ballot, leader: NodeId): boolean {
  if (!mayVote(node, ballot)) return false;
  grantVote(node, ballot, leader);
  return true;
}

export function hearExtension(node: Server, reply: Frozen<AcceptReply>, from: NodeId): void {
  const { state } = node;
  if (!reply.extends || state.lease === null) return;
  // A message may overtake another: the vote lasts as the latest request that was granted.
  state.votes[from] = Math.max(state.votes[from] ?? 0, reply.asked);
  extendLease(node);
}

/** The leader has a vote of its own, which it extends whenever it looks at the others. */
export function extendLease(node: Server): void {
  const { state } = node;
  if (state.lease === null) return;
  // A lease that is over is not extended: its leader steps down.
  if (!holdsLease(node)) return endLease(node);
  const asked = now(node).earliest;
  if (extendVote(node, state.promised, node.id)) state.votes[node.id] = asked;
  const end = leaseEnd(node);
  if (end === undefined || end <= state.lease.end) return;
  state.lease.end = end;
  node.event('LeaseExtended', { ballot: state.promised, end });
  node.setTimer('lease', untilNotBefore(node, end));
}

/** The timer of the lease fired: the lease may have been extended, or the clock corrected. */
export function endLease(node: Server): void {
  const { state } = node;
  if (state.lease === null) return;
  const { ballot, end } = state.lease;
  if (holdsLease(node)) return node.setTimer('lease', Math.max(1, untilNotBefore(node, end)));
  node.event('LeaseExpired', { ballot, end });
  stepDown(node, 'its lease ended');
}

export function stepDown(node: Server, reason: string): void {
  node.event('LeaderSteppedDown', { ballot: node.state.promised, reason });
  becomeFollower(node);
  awaitElection(node);
}

/** Locks are volatile: without them, this replica can serve none of their transactions. */
function becomeFollower(node: Server): void {
  const { state } = node;
  if (state.standing === 'candidate') giveUp(node);
  for (const id of Object.keys(state.transactions)) node.cancelTimer('transaction', id);
  if (state.abdication !== null) node.fail(state.abdication, 'it no longer leads');
  state.standing = 'follower';
  if (state.leaderId === node.id) state.leaderId = null;
  Object.assign(state, noLeadership());
  node.cancelTimer('heartbeat');
  node.cancelTimer('lease');
  node.cancelTimer('safeTime');
  node.cancelTimer('commitWait');
}

/** "Before abdicating, a leader must wait until TT.after(s_max) is true" (§4.1). */
export function abdicateWhenPast(node: Server): void {
  const { state, options } = node;
  const { abdication, lease, maxTimestamp } = state;
  if (abdication === null || lease === null) return;
  // It may have been paused until its lease was over: then there is nothing left to give up.
  if (!holdsLease(node)) return endLease(node);
  if (!after(node, maxTimestamp)) return node.setTimer('moment', untilAfter(node, maxTimestamp));
  const { ballot } = lease;
  node.event('LeaseAbdicated', { ballot, end: now(node).earliest });
  for (const peer of others(node)) {
    node.send(peer, { type: 'ReleaseVote', ballot, abdicates: true });
  }
  state.abdication = null;
  state.vote = null;
  node.reply(abdication, 'OK');
  becomeFollower(node);
  // It lets another replica lead, if there is one that can.
  awaitElection(node, members(node).length > 1 ? options.leaseDuration : 0);
}

export function hearRelease(
  node: Server,
  { ballot, abdicates }: Frozen<ReleaseVote>,
  from: NodeId,
): void {
  const { state } = node;
  if (state.leaderId === from && abdicates) state.leaderId = null;
  if (state.vote?.ballot !== ballot) return;
  state.vote = null;
  if (state.standing === 'follower') awaitElection(node);
}
