/** How panels show a replica of Spanner. */
import { majority } from '../../protocol/patterns.ts';
import type { HolderLook } from '../../protocol/look.ts';
import type { Identity, Look, NodeId } from '../../protocol/types.ts';
import { groupOf } from './placement.ts';
import type { Replica, ReplicaState } from './state.ts';
import { safeTime } from './timestamps.ts';
import { intervalLook } from './true-time.ts';

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
      first: 1,
      last: log.length,
      committed: Math.max(chosen, applied),
      applied,
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
