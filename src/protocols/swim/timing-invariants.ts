/** The time that SWIM takes to find a failure, in periods of the member that finds it. */
// A period of a member that is paused, or whose clock drifts, is as long as that member says. So
// these bounds hold under every fault: they count the periods that the member itself has begun.
import { invariant } from '../../protocol/define.ts';
import type { Invariant, NodeId, Observed } from '../../protocol/types.ts';
import { isMember } from './observed.ts';
import type { MemberState } from './state.ts';

/** §4.3: at the start of one round, and at the end of the next one. */
function longestWait(count: number): number {
  return 2 * count - 1;
}

interface Probes {
  boots: number;
  periods: number;
  /** For each member the period in which it was probed last, or became known. */
  last: Record<NodeId, number>;
}

const probedEachRound = invariant<Record<NodeId, Probes>>({
  doc: 'A member probes each other one at least once in 2n − 1 of its periods (§4.3).',
  remember: () => ({}),
  check({ acted, nodes, memory }) {
    if (!isMember(acted) || !acted.up) return undefined;
    const { boots, periods, probe, members } = acted.state;
    let seen = memory[acted.id];
    if (seen?.boots !== boots) seen = memory[acted.id] = { boots, periods: 0, last: {} };
    if (seen.periods === periods) return undefined;
    seen.periods = periods;
    if (probe !== null) seen.last[probe.target] = periods;
    for (const id in members) {
      const { status } = members[id];
      if (status !== 'alive' && status !== 'suspect') {
        delete seen.last[id];
        continue;
      }
      const last = (seen.last[id] ??= periods - 1);
      if (periods - last <= longestWait(nodes.length)) continue;
      return `${acted.id} has not probed ${id} in its last ${periods - last} periods.`;
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
}

interface Failures {
  /** Observer and crashed member → what the observer thinks of it. */
  views: Record<string, Failure>;
}

/** The crashed members that a member still holds alive, or still suspects, with its periods. */
function* undetected(
  acted: Observed<MemberState>,
  nodes: readonly Observed[],
  memory: Failures,
): Generator<{ id: NodeId; periods: number; status: 'alive' | 'suspect' }> {
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
    if (!isSame) memory.views[name] = { boots, status, incarnation, period: periods };
    else yield { id, status, periods: periods - before.period };
  }
}

const suspectedInTime = invariant<Failures>({
  doc: 'Each member suspects a crashed one within 2n − 1 of its own periods, and one more (§4.3).',
  remember: () => ({ views: {} }),
  check({ acted, nodes, memory }) {
    if (!isMember(acted) || !acted.up) return undefined;
    for (const { id, periods, status } of undetected(acted, nodes, memory)) {
      // The probe fails at the end of its period.
      if (status === 'suspect' || periods <= longestWait(nodes.length) + 1) continue;
      return `${id} is down, and ${acted.id} holds it alive after ${periods} of its periods.`;
    }
    return undefined;
  },
});

const declaredInTime = invariant<Failures>({
  doc: 'A member declares a crashed one dead when its suspicion has lasted for its timeout (§4.2).',
  remember: () => ({ views: {} }),
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
