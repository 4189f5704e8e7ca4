/** What the failover promises; the second holds with a watchdog, as far as that one can promise. */
import { derivedEvent, invariant } from '../../protocol/define.ts';
import type { Micros, NodeId, Observation, Observed } from '../../protocol/types.ts';
import type { Client } from './client-types.ts';
import type { Dcs, Member, MemberState, SyncKey } from './state.ts';
import { lastLsn } from './wal.ts';

export interface Roles {
  member: Member;
  dcs: Dcs;
  client: Client;
}

type AnyNode = Observation<undefined, Roles>['nodes'][number];

function isMember(node: AnyNode | undefined): node is Observed<MemberState, 'member'> {
  return node?.role === 'member';
}

const ofPatroni = invariant<Roles>();

const onePrimaryPerTimeline = ofPatroni({
  doc: 'All records of a timeline are written by one member.',
  remember: (): { writers: Record<number, NodeId> } => ({ writers: {} }),
  check({ events, memory: { writers } }) {
    for (const event of events) {
      if (event.name !== 'Promoted' && event.name !== 'WriteAppended') continue;
      const { node, fields: { timeline } } = event;
      const first = (writers[timeline] ??= node);
      if (first !== node) return `${node} is primary on timeline ${timeline}, as ${first} is.`;
    }
    return undefined;
  },
});

interface Leases {
  /** The latest timeline, and its primary. */
  newest: { timeline: number; by: NodeId };
  /** Member → when its key was last taken or refreshed, or its failsafe question was accepted. */
  refreshed: Record<NodeId, Micros>;
  /** Members whose watchdog was last fed later than its margin after that. */
  late: NodeId[];
}

/** A watchdog cannot promise more than its documentation does: see `watchdog.ts`. */
const oneAcceptingWrites = ofPatroni({
  doc: 'A primary accepts no write after another was promoted, unless its watchdog was fed late.',
  remember: (): Leases => ({ newest: { timeline: 0, by: '' }, refreshed: {}, late: [] }),
  check({ acted, events, time, memory }) {
    for (const event of events) {
      const { name, node } = event;
      if (
        name === 'LeaderKeyTaken' || name === 'LeaderKeyRefreshed' || name === 'FailsafeAccepted'
      ) {
        memory.refreshed[event.fields.leader] = time;
      } else if (name === 'Promoted') {
        memory.newest = { timeline: event.fields.timeline, by: node };
      } else if (!isMember(acted)) {
        continue;
      } else if (name === 'WatchdogFed' || name === 'WatchdogArmed') {
        const isLate = time - (memory.refreshed[node] ?? 0) > acted.state.limits.margin;
        memory.late = memory.late.filter((id) => id !== node);
        if (isLate) memory.late.push(node);
      } else if (name === 'WriteAppended' && event.fields.timeline < memory.newest.timeline) {
        if (acted.state.watchdogAt !== null && memory.late.includes(node)) continue;
        const { timeline, by } = memory.newest;
        const { write, timeline: old } = event.fields;
        return `${node} accepted write "${write}" on timeline ${old}, while ${by} is primary on ` +
          `timeline ${timeline}.`;
      }
    }
    return undefined;
  },
});

interface Acknowledged {
  writes: { readonly write: string; readonly lsn: number; readonly by: NodeId }[];
}

const synchronousWritesSurvive = ofPatroni({
  doc: 'A write that was acknowledged in synchronous mode is in the WAL of each later primary.',
  remember: (): Acknowledged => ({ writes: [] }),
  check({ acted, events, memory: { writes } }) {
    for (const { name, node, fields } of events) {
      if (name === 'WriteAcknowledged' && fields.mode !== 'off') {
        writes.push({ write: fields.write, lsn: fields.lsn, by: node });
      }
      if (name !== 'Promoted' || !isMember(acted)) continue;
      const { wal } = acted.state;
      const lost = writes.find(({ write, lsn }) => wal[lsn - 1]?.write !== write);
      if (lost === undefined) continue;
      return `${node} is primary without write "${lost.write}", which ${lost.by} acknowledged.`;
    }
    return undefined;
  },
});

interface Race {
  /** Racing member → a member that told it of more WAL. */
  ahead: Record<NodeId, { readonly id: NodeId; readonly lsn: number }>;
}

const onlyEligible = ofPatroni({
  doc: 'Only an eligible replica takes the leader key: it may, and has enough WAL.',
  remember: (): Race => ({ ahead: {} }),
  check({ acted, nodes, events, message, memory: { ahead } }) {
    if (isMember(acted) && message?.body.type === 'Status') {
      const { from, body: { lsn, mayPromote } } = message;
      const isAhead = mayPromote && lsn > lastLsn(acted.state);
      const { cluster } = acted.state;
      if (isAhead && mayTake(cluster?.sync, from)) ahead[acted.id] = { id: from, lsn };
    }
    for (const event of events) {
      if (event.name === 'RaceBegan') delete ahead[event.node];
      if (event.name === 'RaceWon' && ahead[event.node] !== undefined && isMember(acted)) {
        if (acted.state.standing === 'primary') continue;
        const { id, lsn } = ahead[event.node];
        return `${event.node} races with LSN ${lastLsn(acted.state)}, though ${id} has LSN ${lsn}.`;
      }
      if (event.name !== 'LeaderKeyTaken' || acted?.role !== 'dcs') continue;
      const why = whyNotEligible(acted.state, nodes.find(({ id }) => id === event.fields.leader));
      if (why !== undefined) return `${event.fields.leader} takes the leader key: ${why}.`;
    }
    return undefined;
  },
});

function mayTake(sync: SyncKey | undefined, id: NodeId): boolean {
  return !sync || sync.leader === null || sync.leader === id || sync.standby === id;
}

/** By what the lease store has, and what the member has, when it takes the key. */
function whyNotEligible(
  { sync, status }: Readonly<Dcs['state']>, taker: AnyNode | undefined,
): string | undefined {
  if (!isMember(taker)) return undefined;
  const { id, state: { limits, standing } } = taker;
  if (limits.priority === 0) return 'its failoverPriority is 0';
  if (standing === 'primary') return undefined;
  if (!mayTake(sync, id)) {
    return `only ${[sync.leader, sync.standby].filter(Boolean).join(' and ')} may`;
  }
  const lag = status - lastLsn(taker.state);
  return lag > limits.maximumLag ? `it lacks ${lag} records` : undefined;
}

interface Known {
  /** `timeline/lsn` → the write with that place. */
  writes: Record<string, string>;
  /** Timeline → the LSN after which it begins. */
  begins: Record<number, number>;
  /** Member → how many of its records have been compared, its last record and history then. */
  compared: Record<NodeId, { count: number; last: string; history: string }>;
}

const walFollowsHistory = ofPatroni({
  doc: "A member's WAL is a prefix of what was written along its timelines.",
  remember: (): Known => ({ writes: {}, begins: {}, compared: {} }),
  check({ acted, memory: { writes, begins, compared } }) {
    if (!isMember(acted)) return undefined;
    const { id, state: { wal, timelines } } = acted;
    const before = compared[id];
    const history = timelines.map(({ timeline }) => timeline).join(' ');
    const isSame = before?.history === history && wal.length >= before.count &&
      (before.count === 0 || place(wal[before.count - 1]) === before.last);
    if (isSame && wal.length === before.count) return undefined;
    for (let i = isSame ? before.count : 0; i < wal.length; i++) {
      const { lsn, write, timeline } = wal[i];
      if (lsn !== i + 1) return `${id} has LSN ${lsn} after LSN ${i}.`;
      const own = timelines.findLast(({ after }) => after < lsn)?.timeline;
      if (own !== timeline) {
        return `${id} has LSN ${lsn} of timeline ${timeline}; its history says ${own ?? 'none'}.`;
      }
      const first = (writes[place(wal[i])] ??= write);
      if (first !== write) {
        const where = `LSN ${lsn} of timeline ${timeline}`;
        return `${id} has write "${write}" at ${where}, and another member has "${first}".`;
      }
    }
    for (const { timeline, after } of timelines) {
      const first = (begins[timeline] ??= after);
      if (first !== after) return `${id} says that timeline ${timeline} begins after LSN ${after}.`;
    }
    const last = wal.length > 0 ? place(wal[wal.length - 1]) : '';
    compared[id] = { count: wal.length, last, history };
    return undefined;
  },
});

function place({ timeline, lsn }: MemberState['wal'][number]): string {
  return `${timeline}/${lsn}`;
}

export const invariants = {
  'One Primary Per Timeline': onePrimaryPerTimeline,
  'One Primary Accepts Writes': oneAcceptingWrites,
  'Synchronous Writes Survive': synchronousWritesSurvive,
  'Only An Eligible Replica': onlyEligible,
  'WAL Follows Its History': walFollowsHistory,
};

/** Reported once for each old primary, at its first write. */
export const splitBrain = derivedEvent<Roles>()({
  remember: (): { newest: { timeline: number; by: NodeId }; seen: string[] } =>
    ({ newest: { timeline: 0, by: '' }, seen: [] }),
  look({ events, memory }) {
    const found: { old: NodeId; primary: NodeId; timeline: number }[] = [];
    for (const event of events) {
      const { node, name } = event;
      if (name === 'Promoted') memory.newest = { timeline: event.fields.timeline, by: node };
      if (name !== 'WriteAppended' || event.fields.timeline >= memory.newest.timeline) continue;
      const which = `${node} ${memory.newest.timeline}`;
      if (memory.seen.includes(which)) continue;
      memory.seen.push(which);
      found.push({ old: node, primary: memory.newest.by, timeline: event.fields.timeline });
    }
    return found;
  },
  summary: ({ old, primary }) => `${old} accepts writes, and ${primary} is primary`,
});
