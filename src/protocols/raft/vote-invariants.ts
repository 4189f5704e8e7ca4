/** What a server keeps through a crash: its term and its vote, once another one relies on them. */
import { invariant } from '../../protocol/define.ts';
import type { NodeId, ObservedMessage } from '../../protocol/types.ts';
import { isServer, type Server } from './observed-log.ts';

interface GivenVote {
  readonly term: number;
  readonly candidate: NodeId;
}

interface Votes {
  /** The vote in the memory of each server. */
  held: Record<NodeId, GivenVote | null>;
  /** The last vote of each server that has arrived somewhere. */
  shown: Record<NodeId, GivenVote>;
}

/**
 * A running server keeps its vote. A crash may take a vote that was not on disk yet, because the
 * message with it was not sent either. A vote that arrived was on disk: a server that forgets it
 * could vote again, so that is a violation already. Remembering the last vote is enough: no server
 * votes in an earlier term than its currentTerm.
 */
export const oneVote = invariant<Votes>({
  doc: 'A server votes for at most one candidate in a term, even if it crashes in between (§5.2).',
  remember: () => ({ held: {}, shown: {} }),
  check({ acted, nodes, message, memory: { held, shown } }) {
    const arrived = message === undefined ? undefined : voteIn(message);
    const sender = message === undefined ? '' : message.from;
    if (arrived !== undefined && !((shown[sender]?.term ?? 0) > arrived.term)) {
      const why = whyOtherVote(sender, shown[sender], arrived.term, arrived.candidate);
      if (why !== undefined) return why;
      shown[sender] = arrived;
      const voter = nodes.find(({ id }) => id === sender);
      const changed = isServer(voter) ? whyVoteChanged(voter, arrived) : undefined;
      if (changed !== undefined) return changed;
    }
    if (!isServer(acted)) return undefined;
    const { id, up, state: { currentTerm: term, votedFor: candidate } } = acted;
    const before = held[id] ?? undefined;
    if (before?.term !== term || before.candidate !== candidate) {
      held[id] = candidate === null ? null : { term, candidate };
    }
    return whyVoteChanged(acted, shown[id]) ?? (up ? whyVoteChanged(acted, before) : undefined);
  },
});

/** A granted vote, or the call of a candidate, which votes for itself. */
function voteIn({ from, to, body }: ObservedMessage): GivenVote | undefined {
  if (body.type === 'RequestVote') return { term: body.term, candidate: from };
  if (body.type !== 'RequestVoteResult' || body.voteGranted !== true) return undefined;
  return { term: body.term, candidate: to };
}

function whyVoteChanged({ id, state }: Server, vote: GivenVote | undefined): string | undefined {
  return whyOtherVote(id, vote, state.currentTerm, state.votedFor);
}

function whyOtherVote(
  voter: NodeId, vote: GivenVote | undefined, term: number, candidate: NodeId | null,
): string | undefined {
  if (vote?.term !== term || vote.candidate === candidate) return undefined;
  const then = candidate === null ? 'forgot it' : `then for ${candidate}`;
  return `${voter} voted for ${vote.candidate} and ${then} in term ${term}.`;
}

interface Terms {
  /** The currentTerm in the memory of each server. */
  held: Record<NodeId, number>;
  /** The last term for which each server bound itself in a message that has arrived. */
  shown: Record<NodeId, number>;
}

/**
 * A running server keeps its term. A crash may take a term that was not on disk yet, because no
 * message that relies on it was sent. A refusal relies on none: it promises nothing.
 */
export const currentTermNeverFalls = invariant<Terms>({
  doc: 'A server never goes back to an earlier term, not even after a crash (§5.1).',
  remember: () => ({ held: {}, shown: {} }),
  check({ acted, nodes, message, memory: { held, shown } }) {
    const bound = message === undefined ? 0 : termBoundBy(message);
    const sender = message === undefined ? '' : message.from;
    if (bound > (shown[sender] ?? 0)) {
      shown[sender] = bound;
      const server = nodes.find(({ id }) => id === sender);
      const why = isServer(server) ? whyTermFell(server, bound) : undefined;
      if (why !== undefined) return why;
    }
    if (!isServer(acted)) return undefined;
    const { id, up, state: { currentTerm } } = acted;
    const before = held[id] ?? 0;
    if (before !== currentTerm) held[id] = currentTerm;
    return whyTermFell(acted, up ? Math.max(before, shown[id] ?? 0) : shown[id] ?? 0);
  },
});

function whyTermFell({ id, state: { currentTerm } }: Server, before: number): string | undefined {
  if (currentTerm >= before) return undefined;
  return `The currentTerm of ${id} fell from ${before} to ${currentTerm}.`;
}

/** The term of a vote, of a confirmation, or of a call of a candidate or leader; otherwise 0. */
function termBoundBy({ body }: ObservedMessage): number {
  switch (body.type) {
    case 'RequestVote':
    case 'AppendEntries':
      return body.term;
    case 'RequestVoteResult':
      return body.voteGranted === true ? body.term : 0;
    case 'AppendEntriesResult':
      return body.success === true ? body.term : 0;
    default:
      return 0;
  }
}
