/** How panels show a node: what each of its replicas is in Raft, and which leases it holds. */
import type { HolderLook, LeaseLook } from '../../protocol/look.ts';
import type { Standings } from '../../protocol/standings.ts';
import type { Json, Look } from '../../protocol/types.ts';
import { timestampText } from '../shared/hybrid-clock.ts';
import type { RangeId } from './data.ts';
import type { NodeState, Replica } from './state.ts';

const endsItself = 'its clock cannot be relied on';

/** CockroachDB, docs/design.md, Range Leases; a node has replicas of several ranges. */
export const standings: Standings = {
  follower: {
    doc: 'It has the lease of no range: it serves no reads, and proposes nothing of its own.',
    boots: true,
    to: { leaseholder: 'a lease that it proposed is applied', ended: endsItself },
  },
  leaseholder: {
    doc: 'It has the lease of one range or more: it serves their reads and proposes their writes.',
    to: { follower: 'it loses its last lease', ended: endsItself },
  },
  ended: { doc: 'Its process has ended: it answers nothing until it is restarted.', boots: true },
};

/** What it shows, besides the ranges and transactions by their names. */
export const lookDocs: Readonly<Record<string, string>> = {
  clock: 'Its hybrid logical clock: wall time, and a counter for what happens at one moment.',
  ended: 'Why its process has ended.',
  'keys of …': 'The keys of the range, from the first to the one that is no longer in it.',
  'data of …': 'The newest values of the range; in brackets, those of open transactions.',
  'lease of …': 'Until then this node alone serves reads and writes of the range.',
  '…': 'What it is in the Raft group of a range; or how far its transaction is.',
};

export function look(state: NodeState): Look {
  const { replicas, clock, ended, transactions } = state;
  const facts: Record<string, Json> = {};
  const kept: Record<string, Json> = {};
  const holder: HolderLook[] = [];
  const lease: LeaseLook[] = [];
  for (const [range, replica] of Object.entries(replicas)) {
    facts[range] = `${replica.standing}, term ${replica.currentTerm}`;
    Object.assign(kept, dataOf(range, replica));
    if (replica.lease === null) continue;
    const { holder: is, sequence: token, expiration } = replica.lease;
    holder.push({ of: range, is, token, version: replica.lastApplied });
    if (!isHeld(replica)) continue;
    holder.push({ of: range, is, token, own: true });
    lease.push({ name: `lease of ${range}`, until: expiration.wall, of: range });
  }
  Object.assign(facts, { clock: timestampText(clock) }, kept);
  for (const { id, name, phase } of Object.values(transactions)) {
    facts[name === '' ? id : `${name} (${id})`] = phase;
  }
  if (ended !== null) return { standing: 'ended', tone: 'none', facts: { ...facts, ended } };
  const serves = lease.length > 0;
  return {
    standing: serves ? 'leaseholder' : 'follower', tone: serves ? 'lead' : 'follow', lease, holder,
    authority: {}, facts,
  };
}

/** Whether this process took the lease, so that it may use it. */
function isHeld({ lease, usable }: Replica): boolean {
  return usable !== 0 && lease?.sequence === usable;
}

/** `keys of r2: [m, +∞)`, `data of r2: x=1, (y=2 by n1.4)`; in brackets is what is provisional. */
function dataOf(range: RangeId, replica: Replica): Record<string, string> {
  const { descriptor, versions, intents } = replica;
  const keys = `[${descriptor.start || '-∞'}, ${descriptor.end ?? '+∞'})`;
  const values = Object.entries(versions).map(([key, [{ value }]]) => `${key}=${String(value)}`);
  const provisional = Object.entries(intents).map(
    ([key, { value, transaction }]) => `(${key}=${String(value)} by ${transaction.id})`,
  );
  const data = [...values, ...provisional].join(', ');
  return { [`keys of ${range}`]: keys, ...(data !== '' && { [`data of ${range}`]: data }) };
}
