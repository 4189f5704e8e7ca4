/** The refinement mapping of Paxos to Voting: votes and maxBal, derived from the acceptors. */
// In the specification, votes are the messages of phase 2b that were ever sent. Here they are what
// the acceptors stored, one vote after the other; a vote that was sent must be among them, which
// the invariant "Votes Are Stored" checks.
import type { NodeId, Observation, Observed, ObservedIn } from '../../protocol/types.ts';
import type { Acceptor, Roles } from './state.ts';
import { type Change, lose, note, type Voting } from './voting.ts';

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

/** Takes over what the acceptor that acted has stored. Returns what is new. */
export function noteVoting(
  voting: Voting,
  { acted }: Pick<Moment, 'acted'>,
): Change | undefined {
  if (!isAcceptor(acted)) return undefined;
  const { id, up, state: { maxBal, maxVBal, maxVal } } = acted;
  // A crash loses what the disk had not stored yet; it was not sent either.
  const isLost = !up && lose(voting, id, maxVBal);
  const last = maxVBal === null || maxVal === null ? null : { ballot: maxVBal, value: maxVal };
  return note(voting, id, maxBal, last, isLost);
}
