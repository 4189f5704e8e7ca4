/** How panels show a Raft server. */
import { majority } from '../../protocol/patterns.ts';
import type { Standings } from '../../protocol/standings.ts';
import type { Json, Look, NodeId } from '../../protocol/types.ts';
import type { ReplicaState } from './state.ts';

export const termDoc =
  'Terms number the elections: each begins a new term, and a term has at most one leader (§5.1).';

/** Figure 2 with its words: what every server shows that runs Raft. */
export const raftDocs: Readonly<Record<string, string>> = {
  votes: 'The servers that would elect it, itself included: it needs a majority (§5.2).',
  next: 'nextIndex: the next log entry that the leader sends to this server (§5.3).',
  match: 'matchIndex: up to this entry, the leader knows that the server has its log (§5.3).',
  committed: 'A leader commits an entry of its term once a majority has stored it (§5.4).',
  applied: 'A committed entry is applied to the state machine, in the order of the log (§5.3).',
  'no-op': 'It changes nothing: a new leader appends it, since committing it commits all entries ' +
    'before it (§8).',
};

/** Also what a server of Raft alone shows. */
export const serverDocs: Readonly<Record<string, string>> = {
  votedFor: 'The candidate that got its vote in this term; none if it has not voted (§5.2).',
  commitIndex: 'The last log entry that it knows to be committed: stored on a majority (§5.3).',
  lastApplied: 'The last log entry that it has applied to its state machine (§5.3).',
  ...raftDocs,
};

/** Figure 4 with its words. It has neither a pre-vote nor a cluster of one server. */
export const serverStandings: Standings = {
  follower: {
    doc: 'It is passive: it only responds to requests from leaders and candidates (§5.1).',
    to: {
      candidate: 'times out, starts election',
      'pre-candidate': 'times out, starts pre-vote (thesis §9.6)',
      leader: 'times out; its own vote is a majority',
    },
  },
  'pre-candidate': {
    doc: 'With `preVote`: it asks whether it could win, and keeps its term (thesis §9.6).',
    option: 'preVote',
    to: {
      'pre-candidate': 'times out, new pre-vote',
      candidate: 'would receive votes from a majority',
      follower: 'discovers current leader or new term',
    },
  },
  candidate: {
    doc: 'It has begun a new term and asks the other servers for their votes (§5.2).',
    to: {
      candidate: 'times out, new election',
      'pre-candidate': 'times out, starts pre-vote (thesis §9.6)',
      leader: 'receives votes from majority of servers',
      follower: 'discovers current leader or new term',
    },
  },
  leader: {
    doc: 'It handles all requests of clients and replicates its log (§5.1).',
    to: { follower: 'discovers server with higher term, or has no quorum' },
  },
};

/** What a role of servers says of its look; `ofMachine` is about the facts of the machine. */
export function explained(ofMachine: Readonly<Record<string, string>> = {}) {
  const lookDocs = { ...serverDocs, ...ofMachine };
  return { epochDoc: termDoc, standings: serverStandings, lookDocs };
}

/** `ofMachine` is what the state machine shows of itself. */
export function serverLook(
  state: Readonly<ReplicaState>,
  peers: readonly NodeId[],
  ofMachine: Readonly<Record<string, Json>> = {},
): Look {
  const { standing, votedFor, commitIndex, lastApplied, log } = state;
  const votes = votesOf(state);
  const all = state.members?.length ?? peers.length + 1;
  return {
    standing,
    tone: standing === 'leader' ? 'lead' : standing === 'candidate' ? 'bid' : 'follow',
    epoch: { name: 'term', value: state.currentTerm },
    ...(votes && { votes: { granted: votes.length, needed: majority(all) } }),
    facts: { votedFor, commitIndex, lastApplied, ...ofMachine },
    log: {
      first: 1,
      last: log.length,
      committed: commitIndex,
      applied: lastApplied,
      ...(standing === 'leader' && { peers: progressOf(state) }),
      entry: (index) => ({ epoch: log[index - 1].term, value: log[index - 1].command }),
    },
  };
}

/** Figure 2, volatile state on leaders: nextIndex and matchIndex for each server. */
function progressOf({ nextIndex, matchIndex }: Readonly<ReplicaState>) {
  const servers = Object.entries(nextIndex);
  return Object.fromEntries(servers.map(([id, next]) => [id, { next, match: matchIndex[id] }]));
}

/** The servers that would elect it; undefined if it does not bid. */
function votesOf({ standing, votesGranted, preVotes }: Readonly<ReplicaState>) {
  if (standing === 'candidate') return votesGranted;
  return standing === 'pre-candidate' && preVotes !== null ? preVotes : undefined;
}
