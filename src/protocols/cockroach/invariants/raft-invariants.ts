/** Raft's invariants, for each range: a replica of a range is a server of the range's own group. */
import type {
  Invariant, Observation, Observed, ObservedMessage,
} from '../../../protocol/types.ts';
import { invariants as ofRaft } from '../../raft/invariants.ts';
import { isNode } from './observed.ts';
import type { RangeId } from '../data.ts';

/** One memory for each range, as if each were a cluster of its own. */
type Memories = Record<RangeId, unknown>;

function inEachRange(invariant: Invariant): Invariant {
  const holds = (observation: Observation<Memories>, range: RangeId): string | undefined => {
    const { nodes, acted, memory, events, message, invoked, answers } = observation;
    memory[range] ??= invariant.remember?.();
    const why = invariant.check({
      events,
      invoked,
      answers,
      // Read only by an invariant that reads it: what depends on the time is not judged without.
      get time() {
        return observation.time;
      },
      // A copy of all fields would make the whole history for each invariant of each range.
      get history() {
        return observation.history;
      },
      nodes: nodes.map((node) => replicaOf(node, range)).filter((one) => one !== undefined),
      acted: replicaOf(acted!, range),
      message: isOf(message, range) ? message : undefined,
      memory: memory[range],
    });
    return why === undefined ? undefined : `${range}: ${why}`;
  };
  return {
    doc: `In each range: ${invariant.doc}`,
    remember: () => ({}),
    check(observation: Observation<Memories>) {
      const { acted } = observation;
      if (!isNode(acted)) return undefined;
      for (const range of Object.keys(acted.state.replicas)) {
        if (!concerns(observation, range)) continue;
        const why = holds(observation, range);
        if (why !== undefined) return why;
      }
      return undefined;
    },
  };
}

/** Whether anything of a range may have changed: by a message of its group, or with an event. */
function concerns({ message, events }: Observation<Memories>, range: RangeId): boolean {
  if (message === undefined || message.body.range === range) return true;
  return events.some(({ fields }) => fields.range === range);
}

/** A node as the group of one range sees it; undefined if it has no replica of the range. */
function replicaOf({ id, up, state }: Observed, range: RangeId): Observed | undefined {
  const { replicas } = state as { replicas: Record<RangeId, object | undefined> };
  const replica = replicas[range];
  return replica && { id, up, role: 'replica', state: replica };
}

function isOf(message: ObservedMessage | undefined, range: RangeId): boolean {
  return message !== undefined && message.body.range === range;
}

export const raftInvariants: Record<string, Invariant> = Object.fromEntries(
  Object.entries(ofRaft).map(([name, invariant]) => [name, inEachRange(invariant)]),
);
