/** The time that SWIM takes to find a failure, in periods of the member that finds it. */
// A period of a member that is paused, or whose clock drifts, is as long as that member says. So
// these bounds hold under every fault: they count the periods that the member itself has begun.
import { invariant } from '../../protocol/define.ts';
import type { Invariant, NodeId, Observation, Observed } from '../../protocol/types.ts';
import { isMember } from './observed.ts';
import type { Known, MemberState } from './state.ts';

/**
 * §4.3: at the start of one round, and at the end of the next one. The paper means a list that does
 * not change. A member that joins, or returns, is put anywhere into the round that has begun, so
 * each may be probed before one that waits: a member that is declared dead and returns again and
 * again is probed several times in a round.
 */
function longestWait(count: number, inserted: number): number {
  return 2 * count - 1 + inserted;
}

/** How many members the one that acted has put into its round in this step. */
function insertionsIn(events: Observation['events']): number {
  let count = 0;
  for (const { name, fields } of events) {
    if (name === 'MemberJoined') count++;
    if (name !== 'MemberReturned') continue;
    const { was } = fields as { was: Known['status'] };
    if (was === 'dead' || was === 'left') count++;
  }
  return count;
}

interface Probes {
  boots: number;
  periods: number;
  inserted: number;
  /** For each member the period in which it was probed last, or became known. */
  last: Record<NodeId, number>;
  /** How many had been put into rounds then. */
  insertedThen: Record<NodeId, number>;
}

const probedEachRound = invariant<Record<NodeId, Probes>>({
  doc: 'A member probes each other one at least once in 2n − 1 of its periods (§4.3), and in one ' +
    'more for each member that joins or returns meanwhile.',
  remember: () => ({}),
  check({ acted, nodes, events, memory }) {
    if (!isMember(acted) || !acted.up) return undefined;
    const { boots, periods, probe, members } = acted.state;
    let seen = memory[acted.id];
    if (seen?.boots !== boots) {
      seen = memory[acted.id] = { boots, periods: 0, inserted: 0, last: {}, insertedThen: {} };
    }
    if (events.length > 0) seen.inserted += insertionsIn(events);
    if (seen.periods === periods) return undefined;
    seen.periods = periods;
    const { inserted, last, insertedThen } = seen;
    if (probe !== null) {
      last[probe.target] = periods;
      insertedThen[probe.target] = inserted;
    }
    for (const id in members) {
      const { status } = members[id];
      if (status !== 'alive' && status !== 'suspect') {
        delete last[id];
        continue;
      }
      if (last[id] === undefined) {
        last[id] = periods - 1;
        insertedThen[id] = inserted;
      }
      const waited = periods - last[id];
      if (waited <= longestWait(nodes.length, inserted - insertedThen[id])) continue;
      return `${acted.id} has not probed ${id} in its last ${waited} periods.`;
    }
    return undefined;
  },
});

interface Failure {
  boots: number;
  status: 'alive' | 'suspect';
  incarnation: number;
  /** The observer's period in which the member was down and had this status for the first time. */
  period: number;
  /** How many members it had put into its rounds then. */
  inserted: number;
}

interface Failures {
  /** Observer and crashed member → what the observer thinks of it. */
  views: Record<string, Failure>;
  /** How many members each observer has put into its rounds. */
  inserted: Record<NodeId, number>;
}

/** The crashed members that a member still holds alive, or still suspects, with its periods. */
function* undetected(
  acted: Observed<MemberState>,
  nodes: readonly Observed[],
  memory: Failures,
): Generator<{ id: NodeId; periods: number; inserted: number; status: 'alive' | 'suspect' }> {
  const inserted = memory.inserted[acted.id] ?? 0;
  const { boots, members, periods } = acted.state;
  for (const { id, up } of nodes) {
    const name = `${acted.id} ${id}`;
    const known = members[id];
    if (up || known === undefined || (known.status !== 'alive' && known.status !== 'suspect')) {
      delete memory.views[name];
      continue;
    }
    const { status, incarnation } = known;
    const before = memory.views[name];
    const isSame = before?.boots === boots && before.status === status
      && before.incarnation === incarnation;
    if (!isSame) memory.views[name] = { boots, status, incarnation, period: periods, inserted };
    else {
      const since = { periods: periods - before.period, inserted: inserted - before.inserted };
      yield { id, status, ...since };
    }
  }
}

const suspectedInTime = invariant<Failures>({
  doc: 'Each member suspects a crashed one within 2n − 1 of its own periods, one more, and one ' +
    'for each member that joins or returns meanwhile (§4.3).',
  remember: () => ({ views: {}, inserted: {} }),
  check({ acted, nodes, events, memory }) {
    if (!isMember(acted) || !acted.up) return undefined;
    const added = events.length > 0 ? insertionsIn(events) : 0;
    if (added > 0) memory.inserted[acted.id] = (memory.inserted[acted.id] ?? 0) + added;
    for (const { id, periods, inserted, status } of undetected(acted, nodes, memory)) {
      // The probe fails at the end of its period.
      if (status === 'suspect' || periods <= longestWait(nodes.length, inserted) + 1) continue;
      return `${id} is down, and ${acted.id} holds it alive after ${periods} of its periods.`;
    }
    return undefined;
  },
});

const declaredInTime = invariant<Failures>({
  doc: 'A member declares a crashed one dead when its suspicion has lasted for its timeout (§4.2).',
  remember: () => ({ views: {}, inserted: {} }),
  check({ acted, nodes, memory }) {
    if (!isMember(acted) || !acted.up) return undefined;
    const { suspicions, period } = acted.state;
    for (const { id, periods, status } of undetected(acted, nodes, memory)) {
      if (status !== 'suspect') continue;
      const longest = suspicions?.[id]?.longest ?? 0;
      // The first and the last of these periods had begun, or have not ended.
      if ((periods - 2) * period <= longest) continue;
      return `${id} is down, and ${acted.id} only suspects it after ${periods} of its periods.`;
    }
    return undefined;
  },
});

export const timingInvariants: Record<string, Invariant> = {
  'each member is probed in 2n − 1 periods': probedEachRound,
  'a crash is suspected in 2n − 1 periods': suspectedInTime,
  'a suspicion ends in time': declaredInTime,
};
