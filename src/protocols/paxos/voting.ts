/** The module Voting of Lamport's TLA+ specification of Paxos: when votes are safe. */
// Voting knows no proposers and no messages: only votes, and for each acceptor a ballot maxBal
// below which it will not vote again. Paxos implements it: a vote is what an acceptor stores and
// reports by phase 2b. The names are those of the specification. A quorum is any majority of
// acceptors.
import type { NodeId } from '../../protocol/types.ts';
import { type Ballot, isBelow } from './ballot.ts';

/** What is compared with ===: a value, or a text that identifies a command. */
type VotedValue = string | number | boolean;

export interface Vote {
  readonly ballot: Ballot;
  readonly value: VotedValue;
}

/** The votes of each acceptor, from its lowest ballot to its highest. */
export type Votes = Record<NodeId, Vote[]>;

/** The two variables of Voting. */
export interface Voting {
  votes: Votes;
  maxBal: Record<NodeId, Ballot | null>;
}

/** A value that is, or was, put to the vote in a ballot. */
export type Proposal = Vote;

/** What an acceptor has done that is new. */
export interface Change {
  /** Its new vote; null for none. */
  readonly vote: Vote | null;
  /** Whether no acceptor has voted for that value in that ballot before. */
  readonly isFirst: boolean;
  /** The ballots that may be new to Voting: those of the vote and of the promise. */
  readonly heard: readonly Ballot[];
  /**
   * Whether what was safe is still safe. SafeAt and ShowsSafeAt are stable: while promises only
   * rise and no acceptor votes below its own, new votes and promises make nothing unsafe. Only if
   * a vote or promise was lost, or a vote cast below a promise, must all votes be checked again.
   */
  readonly isStable: boolean;
}

export function isQuorum(count: number, acceptors: readonly NodeId[]): boolean {
  return count > acceptors.length / 2;
}

export function hasVoted({ votes }: Voting, id: NodeId, { ballot, value }: Vote): boolean {
  const given = votes[id];
  // From the end, because nearly always the last votes are looked up.
  for (let i = (given?.length ?? 0) - 1; i >= 0; i--) {
    if (given[i].ballot === ballot && given[i].value === value) return true;
  }
  return false;
}

/** Takes over the promise of an acceptor, and its last vote. Undefined if nothing is new. */
export function note(
  voting: Voting,
  id: NodeId,
  maxBal: Ballot | null,
  last: Vote | null,
  isLost: boolean,
): Change | undefined {
  const before = voting.maxBal[id] ?? null;
  const vote = last === null || hasVoted(voting, id, last) ? null : last;
  if (vote === null && maxBal === before && !isLost) return undefined;
  const isFirst = vote !== null && !isVotedFor(voting, vote);
  if (vote !== null) cast(voting, id, vote);
  if (voting.maxBal[id] !== maxBal) voting.maxBal[id] = maxBal;
  const isBroken = isBelow(maxBal, before) || (vote !== null && isBelow(vote.ballot, before));
  const heard = [...(vote === null ? [] : [vote.ballot]), ...(maxBal === null ? [] : [maxBal])];
  return { vote, isFirst, heard, isStable: !isLost && !isBroken };
}

function isVotedFor(voting: Voting, vote: Vote): boolean {
  return Object.keys(voting.votes).some((id) => hasVoted(voting, id, vote));
}

function cast({ votes }: Voting, id: NodeId, { ballot, value }: Vote): void {
  const given = (votes[id] ??= []);
  let place = given.length;
  while (place > 0 && isBelow(ballot, given[place - 1].ballot)) place--;
  given.splice(place, 0, Object.freeze({ ballot, value }));
}

/** Forgets the votes of an acceptor above a ballot. Returns whether there were any. */
export function lose({ votes }: Voting, id: NodeId, above: Ballot | null): boolean {
  const given = votes[id] ?? [];
  const kept = given.filter(({ ballot }) => !isBelow(above, ballot));
  if (kept.length === given.length) return false;
  votes[id] = kept;
  return true;
}

/** The acceptors that voted for the value in the ballot. */
export function votersFor(
  voting: Voting,
  acceptors: readonly NodeId[],
  proposal: Proposal,
): NodeId[] {
  return acceptors.filter((acceptor) => hasVoted(voting, acceptor, proposal));
}

/** ChosenAt: a quorum voted for the value in the ballot. */
export function isChosenAt(
  voting: Voting,
  acceptors: readonly NodeId[],
  proposal: Proposal,
): boolean {
  return isQuorum(votersFor(voting, acceptors, proposal).length, acceptors);
}

/** Whether the value is chosen in any ballot. */
export function isChosen(
  voting: Voting,
  acceptors: readonly NodeId[],
  value: VotedValue,
): boolean {
  return Object.values(voting.votes).some((given) =>
    given.some((one) => one.value === value && isChosenAt(voting, acceptors, one)),
  );
}

/** All votes, each ballot and value once. */
export function allVotes({ votes }: Voting): Vote[] {
  const all = Object.values(votes).flat();
  return [...new Map(all.map((vote) => [keyOf(vote), vote])).values()];
}

function keyOf({ ballot, value }: Vote): string {
  return `${ballot} ${typeof value} ${value}`;
}

/** The votes that may be unsafe after a change: a new one, or all. */
export function votesToCheck(voting: Voting, { vote, isFirst, isStable }: Change): Vote[] {
  if (!isStable) return allVotes(voting);
  return vote !== null && isFirst ? [vote] : [];
}

/**
 * VotesSafe: a vote that is not safe after a change, and the first ballot in which another value
 * is choosable. Votes are checked in all lower ballots, and in a new ballot those above it.
 */
export function unsafeVote(
  voting: Voting,
  acceptors: readonly NodeId[],
  change: Change,
): { readonly vote: Vote; readonly lower: Ballot } | undefined {
  for (const vote of votesToCheck(voting, change)) {
    const lower = whyNotSafeAt(voting, acceptors, vote);
    if (lower !== undefined) return { vote, lower };
  }
  for (const lower of change.heard) {
    const above = votesAbove(voting, lower);
    const vote = above.find((one) => !isNoneOtherChoosableAt(voting, acceptors, one, lower));
    if (vote !== undefined) return { vote, lower };
  }
  return undefined;
}

function votesAbove({ votes }: Voting, lower: Ballot): Vote[] {
  const above: Vote[] = [];
  for (const given of Object.values(votes)) {
    for (let i = given.length - 1; i >= 0 && isBelow(lower, given[i].ballot); i--) {
      above.push(given[i]);
    }
  }
  return above;
}

/**
 * SafeAt: in each ballot below, no other value is chosen or can still be chosen.
 * Returns the first ballot in which another value is choosable.
 */
export function whyNotSafeAt(
  voting: Voting,
  acceptors: readonly NodeId[],
  vote: Proposal,
): Ballot | undefined {
  const below = ballotsBelow(voting, vote.ballot);
  return below.find((lower) => !isNoneOtherChoosableAt(voting, acceptors, vote, lower));
}

/** The members of some quorum voted for the value in the lower ballot, or cannot vote there. */
function isNoneOtherChoosableAt(
  { votes, maxBal }: Voting,
  acceptors: readonly NodeId[],
  { value }: Proposal,
  lower: Ballot,
): boolean {
  const bound = acceptors.filter((acceptor) => {
    const vote = votes[acceptor]?.find((one) => one.ballot === lower);
    if (vote !== undefined) return vote.value === value;
    return isBelow(lower, maxBal[acceptor] ?? null);
  });
  return isQuorum(bound.length, acceptors);
}

/** The ballots that any acceptor has heard of; in all others, the next higher one decides. */
function ballotsBelow({ votes, maxBal }: Voting, ballot: Ballot): Ballot[] {
  const seen = new Set<Ballot>();
  for (const given of Object.values(votes)) for (const one of given) seen.add(one.ballot);
  for (const one of Object.values(maxBal)) if (one !== null) seen.add(one);
  return [...seen].filter((one) => isBelow(one, ballot));
}

/** The last ballot below the given one in which the acceptor voted; null for none. */
export function lastVoteBelow({ votes }: Voting, id: NodeId, ballot: Ballot): Ballot | null {
  return votes[id]?.findLast((one) => isBelow(one.ballot, ballot))?.ballot ?? null;
}

/**
 * ShowsSafeAt, for some quorum: each member has promised the ballot, and there is a highest ballot
 * below it in which any member voted, and that vote was for this value; or none has voted.
 * Of each member, only its last vote below the ballot matters.
 */
export function isShownSafe(
  voting: Voting,
  acceptors: readonly NodeId[],
  { ballot, value }: Proposal,
): boolean {
  const members = acceptors.filter((acceptor) => !isBelow(voting.maxBal[acceptor] ?? null, ballot));
  const last = members.map((id) => ({ id, at: lastVoteBelow(voting, id, ballot) }));
  const candidates = new Set([null, ...last.map(({ at }) => at)]);
  return [...candidates].some((highest) => {
    // The members without a vote between `highest` and the ballot: the largest such quorum.
    const quiet = last.filter(({ at }) => !isBelow(highest, at));
    if (!isQuorum(quiet.length, acceptors)) return false;
    if (highest === null) return true;
    return quiet.some(({ id }) => hasVoted(voting, id, { ballot: highest, value }));
  });
}

/** OneValuePerBallot: another value that has a vote in the ballot of the given one. */
export function otherValue({ votes }: Voting, { ballot, value }: Vote): VotedValue | undefined {
  for (const given of Object.values(votes)) {
    const other = given.findLast((one) => one.ballot === ballot && one.value !== value);
    if (other !== undefined) return other.value;
  }
  return undefined;
}
