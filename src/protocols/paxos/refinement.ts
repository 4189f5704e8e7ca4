/** The refinement mapping of Paxos to Voting: votes and maxBal, derived from the acceptors. */
// In the specification, votes are the messages of phase 2b that were ever sent. Here they are what
// the acceptors stored, one vote after the other; a vote that was sent must be among them, which
// the invariant "Votes Are Stored" checks.
import type { NodeId, Observation, Observed, ObservedIn } from '../../protocol/types.ts';
import { type Ballot, isBelow } from './ballot.ts';
import type { Acceptor, Roles } from './state.ts';
import type { Voting } from './voting.ts';

export type Moment<Memory = undefined> = Observation<Memory, Roles>;
type AnyNode = ObservedIn<Roles>;
type ObservedAcceptor = Observed<Acceptor['state'], 'acceptor'>;

export function isAcceptor(node: AnyNode | undefined): node is ObservedAcceptor {
  return node?.role === 'acceptor';
}

export function acceptorsOf({ nodes }: Pick<Moment, 'nodes'>): NodeId[] {
  return nodes.filter(isAcceptor).map(({ id }) => id);
}

export function noVoting(): Voting {
  return { votes: {}, maxBal: {} };
}

/** Takes over what the acceptor that acted has stored. Returns whether anything is new. */
export function noteVoting(voting: Voting, { acted }: Pick<Moment, 'acted'>): boolean {
  if (!isAcceptor(acted)) return false;
  const { id, state: { maxBal, maxVBal, maxVal } } = acted;
  const before = voting.votes[id] ?? [];
  // A crash loses what the disk had not stored yet; it was not sent either.
  const kept = acted.up ? before : before.filter(({ ballot }) => !isBelow(maxVBal, ballot));
  const isVote = maxVBal !== null && maxVal !== null && !isLast(kept, maxVBal, maxVal);
  if (!isVote && kept === before && voting.maxBal[id] === maxBal) return false;
  voting.maxBal[id] = maxBal;
  voting.votes[id] = isVote ? [...kept, Object.freeze({ ballot: maxVBal, value: maxVal })] : kept;
  return true;
}

function isLast(
  votes: Voting['votes'][NodeId],
  ballot: Ballot,
  value: unknown,
): boolean {
  return votes.some((one) => one.ballot === ballot && one.value === value);
}
