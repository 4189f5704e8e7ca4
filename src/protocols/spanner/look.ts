/** How panels show a replica of Spanner. */
import { majority } from '../../protocol/patterns.ts';
import type { Standings } from '../../protocol/standings.ts';
import type { HolderLook } from '../../protocol/look.ts';
import type { Identity, Look, NodeId } from '../../protocol/types.ts';
import { groupOf } from './placement.ts';
import type { Replica, ReplicaState } from './state.ts';
import { safeTime } from './timestamps.ts';
import { intervalLook } from './true-time.ts';

/** Spanner (OSDI 2012), §2.1 and §4.1.1: one replica of a group leads while it has lease votes. */
export const serverStandings: Standings = {
  follower: {
    doc: 'It stores what its leader sends, and serves reads up to its safe time (§4.1).',
    to: {
      candidate: 'sees no leader: asks for lease votes',
      leader: 'its own lease vote is a quorum',
    },
  },
  candidate: {
    doc: 'It has sent requests for timed lease votes (§4.1.1).',
    to: {
      leader: 'receives a quorum of lease votes', follower: 'gets no quorum, or sees a leader',
    },
  },
  leader: {
    doc: 'It holds a lease: it has the lock table and the transaction manager (§2.1).',
    to: { follower: 'its lease ends, or it abdicates' },
  },
};

/** The words of the paper, with its sections. */
export const serverDocs: Readonly<Record<string, string>> = {
  safeTime: 'A read at a timestamp up to this one sees all that is committed by then (§4.1.3).',
  prepared: 'Prepared transactions, neither committed nor aborted: they hold the safe time back.',
  'leader lease': 'It may lead until then: the leases of a group are disjoint (§4.1.1).',
  'TT.now()': 'The true time is in here. A commit waits until its timestamp is surely past.',
  'vote for …': 'Until then it votes for no other leader of its group (§4.1.1).',
  votes: 'The replicas that gave it a timed lease vote: it needs a quorum (§4.1.1).',
  committed: 'A record is chosen once a majority of the replicas has accepted it.',
  applied: 'It has applied the records up to this one to its data.',
  match: 'The last slot that the replica has accepted in the ballot of the leader.',
};

export function serverLook(
  state: Readonly<ReplicaState>,
  { id, peers, options }: Pick<Identity<Replica>, 'id' | 'peers' | 'options'>,
): Look {
  const { standing, promised, applied, chosen, log, prepared, locks, votes } = state;
  const members = peers.filter((peer) => groupOf(peer) === groupOf(id)).length + 1;
  const leadership = `leader of ${groupOf(id)}`;
  const bids = standing === 'candidate';
  const granted = Object.keys(votes).length;
  const safe = safeTime(state);
  return {
    standing,
    tone: standing === 'leader' ? 'lead' : bids ? 'bid' : 'follow',
    epoch: { name: 'ballot', value: promised },
    ...(bids && { votes: { granted, needed: majority(members) } }),
    log: {
      name: `group ${groupOf(id)}`,
      first: 1,
      last: log.length,
      committed: Math.max(chosen, applied),
      applied,
      ...(standing === 'leader' && { peers: acceptors(state) }),
      entry(index) {
        const { ballot, record: { kind, transaction } } = log[index - 1];
        return { epoch: ballot, value: `${kind} ${transaction}`.trim() };
      },
    },
    authority: {},
    lease: leasesOf(state, leadership),
    interval: intervalLook(state, options),
    holder: [...votedFor(state, leadership, id, majority(members)), ...heldLocks(locks)],
    facts: { safeTime: safe, ...listed('prepared', prepared) },
  };
}

/** The last slot that each replica has accepted in the leader's ballot. */
function acceptors({ acceptedBy }: Readonly<ReplicaState>) {
  const replicas = Object.entries(acceptedBy);
  return Object.fromEntries(replicas.map(([id, match]) => [id, { match }]));
}

/** The names in a record, if it has any. */
export function listed(
  name: string,
  of: Readonly<Record<string, unknown>>,
): Record<string, string> {
  const names = Object.keys(of);
  return names.length > 0 ? { [name]: names.join(', ') } : {};
}

/** Leases end in TrueTime; here, by the clock of the machine. */
function leasesOf({ lease, vote, polled }: Readonly<ReplicaState>, of: string) {
  const { correction } = polled;
  if (lease !== null) return { name: 'leader lease', until: lease.end - correction, of };
  if (vote === null) return [];
  return { name: `vote for ${vote.leader}`, until: vote.end - correction, of };
}

/** A quorum of votes makes the leader; the leader believes that it has them. */
function votedFor(
  { vote, lease }: Readonly<ReplicaState>, of: string, id: NodeId, needed: number,
): HolderLook[] {
  return [
    ...(vote === null ? [] : [{ of, is: vote.leader, needed }]),
    ...(lease === null ? [] : [{ of, is: id, own: true }]),
  ];
}

function heldLocks(locks: Readonly<ReplicaState['locks']>): HolderLook[] {
  return Object.entries(locks).flatMap(([of, held]) => {
    return Object.entries(held).map(([is, mode]) => ({ of, is, shared: mode === 'shared' }));
  });
}
