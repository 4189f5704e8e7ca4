/** Two candidates act as leaders at once, and which assumption of the election was broken. */
import { derivedEvent } from '../../protocol/define.ts';
import type { Micros, NodeId } from '../../protocol/types.ts';
import { asDuration, seconds } from '../../protocol/units.ts';
import { isCandidate, type Roles } from './invariants.ts';

interface Terms {
  /** When the API server last stored each identity's lease, and for how long others must wait. */
  stored: Record<string, { readonly at: Micros; readonly lasts: Micros }>;
  /** When the candidate received the answer to that. */
  renewed: Record<NodeId, Micros>;
  reported: string[];
}

/**
 * The election is safe if a leader gives up before the others may take its lease: at most
 * retryPeriod and renewDeadline after the answer to its last renewal, against leaseDuration after
 * the API server stored it. So of two leaders, one is too late, or the other too early, or the two
 * times are too close to each other.
 */
export const twoLeaders = derivedEvent<Roles>()({
  remember: (): Terms => ({ stored: {}, renewed: {}, reported: [] }),
  look({ nodes, acted, events, message, time, memory }) {
    for (const event of events) {
      if (event.name !== 'LeaseStored' || event.fields.holder === '') continue;
      const lasts = seconds(leaseOf(nodes)?.leaseDurationSeconds ?? 0);
      memory.stored[event.fields.holder] = { at: time, lasts };
    }
    if (!isCandidate(acted)) return [];
    const hasAnswer = message?.body.type === 'LeaseFound';
    if (hasAnswer && acted.state.observedRecord?.holderIdentity === acted.state.identity) {
      memory.renewed[acted.id] = time;
    }
    const found = [];
    for (const one of nodes) {
      if (!isCandidate(one) || !one.up || one.state.term === null || one.id === acted.id) continue;
      if (!acted.up || acted.state.term === null) continue;
      const [first, second] = one.state.term.transitions <= acted.state.term.transitions
        ? [one, acted] : [acted, one];
      const name = `${nameOf(first.state.term!)}, ${nameOf(second.state.term!)}`;
      if (memory.reported.includes(name)) continue;
      memory.reported.push(name);
      found.push({ first: first.id, second: second.id, because: cause(first, time, memory) });
    }
    return found;
  },
  summary: ({ first, second, because }) => `${first} and ${second}: ${because}`,
});

type AnyNode = Parameters<typeof isCandidate>[0];
type CandidateNode = Extract<NonNullable<AnyNode>, { role: 'candidate' }>;

function nameOf({ identity, transitions }: { identity: string; transitions: number }): string {
  return `${identity} ${transitions}`;
}

function leaseOf(nodes: readonly AnyNode[]) {
  for (const node of nodes) if (node?.role === 'apiServer') return node.state.lease?.spec;
  return undefined;
}

function cause({ id, state }: CandidateNode, time: Micros, memory: Terms): string {
  const { tryEvery, giveUpAfter } = state.round;
  const stored = memory.stored[state.identity];
  const renewed = memory.renewed[id] ?? time;
  if (stored === undefined) return `${id} has not stored the lease`;
  if (state.phase !== 'renewing') return `the work of ${id} goes on after its term`;
  if (time > renewed + tryEvery + giveUpAfter) {
    return `${id} was paused or its clock is slow: it should have given up before now`;
  }
  if (time < stored.at + stored.lasts) {
    const after = asDuration(time - stored.at);
    return `the lease was taken ${after} after it was stored, and not ${asDuration(stored.lasts)}`;
  }
  const margin = stored.lasts - tryEvery - giveUpAfter;
  const late = asDuration(renewed - stored.at);
  return `${id} learned of its last renewal after ${late}, and the margin is ${asDuration(margin)}`;
}
