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

/** The two variables of Voting. */
export interface Voting {
  votes: Record<NodeId, readonly Vote[]>;
  maxBal: Record<NodeId, Ballot | null>;
}

/** A value that is, or was, put to the vote in a ballot. */
export type Proposal = Vote;

export function isQuorum(count: number, acceptors: readonly NodeId[]): boolean {
  return count > acceptors.length / 2;
}

function votesOf({ votes }: Voting, acceptor: NodeId): readonly Vote[] {
  return votes[acceptor] ?? [];
}

/** The acceptors that voted for the value in the ballot. */
export function votersFor(
  voting: Voting,
  acceptors: readonly NodeId[],
  { ballot, value }: Proposal,
): NodeId[] {
  return acceptors.filter((acceptor) =>
    votesOf(voting, acceptor).some((one) => one.ballot === ballot && one.value === value),
  );
}

/** ChosenAt: a quorum voted for the value in the ballot. */
export function isChosenAt(
  voting: Voting,
  acceptors: readonly NodeId[],
  proposal: Proposal,
): boolean {
  return isQuorum(votersFor(voting, acceptors, proposal).length, acceptors);
}

/** All votes, each ballot and value once. */
export function allVotes({ votes }: Voting): Vote[] {
  const all: Vote[] = [];
  for (const given of Object.values(votes)) {
    for (const vote of given) {
      const isKnown = all.some((one) => one.ballot === vote.ballot && one.value === vote.value);
      if (!isKnown) all.push(vote);
    }
  }
  return all;
}

/**
 * SafeAt: in each ballot below, no other value is chosen or can still be chosen.
 * `NoneOtherChoosableAt` says so of one ballot: the members of some quorum voted for the value
 * there, or cannot vote there. Returns the first ballot in which another value is choosable.
 */
export function whyNotSafeAt(
  voting: Voting,
  acceptors: readonly NodeId[],
  { ballot, value }: Proposal,
): Ballot | undefined {
  const below = ballotsBelow(voting, ballot);
  return below.find((lower) => {
    const bound = acceptors.filter((acceptor) => {
      const vote = votesOf(voting, acceptor).find((one) => one.ballot === lower);
      if (vote !== undefined) return vote.value === value;
      return isBelow(lower, voting.maxBal[acceptor] ?? null);
    });
    return !isQuorum(bound.length, acceptors);
  });
}

/** The ballots that any acceptor has heard of; in all others, the next higher one decides. */
function ballotsBelow({ votes, maxBal }: Voting, ballot: Ballot): Ballot[] {
  const seen = new Set<Ballot>();
  for (const given of Object.values(votes)) for (const one of given) seen.add(one.ballot);
  for (const one of Object.values(maxBal)) if (one !== null) seen.add(one);
  return [...seen].filter((one) => isBelow(one, ballot));
}

/**
 * ShowsSafeAt, for some quorum: each member has promised the ballot, and there is a highest ballot
 * below it in which any member voted, and that vote was for this value; or none has voted.
 */
export function isShownSafe(
  voting: Voting,
  acceptors: readonly NodeId[],
  { ballot, value }: Proposal,
): boolean {
  const members = acceptors.filter((acceptor) => !isBelow(voting.maxBal[acceptor] ?? null, ballot));
  const given = members.map((acceptor) =>
    votesOf(voting, acceptor).filter((one) => isBelow(one.ballot, ballot)),
  );
  const candidates: (Ballot | null)[] = [null];
  for (const votes of given) for (const one of votes) candidates.push(one.ballot);
  return candidates.some((highest) => {
    // The members without a vote between `highest` and the ballot: the largest such quorum.
    const quiet = given.filter((votes) => votes.every((one) => !isBelow(highest, one.ballot)));
    if (!isQuorum(quiet.length, acceptors)) return false;
    if (highest === null) return true;
    return quiet.some((votes) =>
      votes.some((one) => one.ballot === highest && one.value === value),
    );
  });
}

/** OneValuePerBallot: two votes in one ballot are for one value. Returns two that are not. */
export function differentValues(votes: readonly Vote[]): readonly [Vote, Vote] | undefined {
  for (const one of votes) {
    const other = votes.find((two) => two.ballot === one.ballot && two.value !== one.value);
    if (other !== undefined) return [one, other];
  }
  return undefined;
}

/** Consensus: the proposals that are chosen have one value. Returns two that do not. */
export function differentlyChosen(
  voting: Voting,
  acceptors: readonly NodeId[],
): readonly [Vote, Vote] | undefined {
  const chosen = allVotes(voting).filter((one) => isChosenAt(voting, acceptors, one));
  const other = chosen.find(({ value }) => value !== chosen[0].value);
  return other === undefined ? undefined : [chosen[0], other];
}
