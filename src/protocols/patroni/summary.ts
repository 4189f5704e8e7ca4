/** How members are shown, and summaries of the messages and events of the protocol. */
import type { Standings } from '../../protocol/standings.ts';
import type { Look, NodeId, Summary } from '../../protocol/types.ts';
import { asDuration } from '../../protocol/units.ts';
import type { Client } from './client-types.ts';
import type { Dcs, Member, MemberState } from './state.ts';
import { lastLsn, timelineOf, writeText } from './wal.ts';

/** What PostgreSQL is on the member: Patroni, docs/replication_modes.rst and watchdog.rst. */
export const memberStandings: Standings = {
  stopped: {
    doc: 'The machine starts: neither PostgreSQL nor Patroni runs yet.',
    to: { replica: 'PostgreSQL has started' },
  },
  replica: {
    doc: 'It streams the WAL of the primary, and serves reads only.',
    to: { primary: 'has the leader key: promote', stopped: 'the watchdog resets the machine' },
  },
  primary: {
    doc: 'It has the leader key of the DCS, and executes writes.',
    to: {
      replica: 'lost the leader key: demote', stopped: 'the watchdog resets the machine',
    },
  },
};

export const memberDocs: Readonly<Record<string, string>> = {
  agent: 'Patroni on this machine does not run, while PostgreSQL goes on.',
  follows: 'The server whose write-ahead log it streams.',
  'synchronous standby': 'A commit waits until this standby has the write, too.',
  watchdog: 'Unless Patroni resets it by then, the watchdog restarts the machine.',
  committed: 'Up to here, the writes have been answered.',
  match: 'Up to here, the standby has flushed the write-ahead log.',
};

export function memberLook(
  state: Readonly<MemberState>, { id }: { readonly id: NodeId },
): Look {
  const { standing, wal, waiting, watchdogAt, cluster, stall, syncStandby, follows } = state;
  const tone = { primary: 'lead', replica: 'follow', stopped: 'none' } as const;
  const committed = waiting.length > 0 ? waiting[0].lsn - 1 : lastLsn(state);
  return {
    standing,
    tone: state.poll?.purpose === 'race' ? 'bid' : tone[standing],
    epoch: { name: 'timeline', value: timelineOf(state) },
    log: {
      first: 1,
      last: lastLsn(state),
      committed,
      ...(standing === 'primary' && { peers: standbys(state) }),
      entry(lsn) {
        const { timeline, key, value } = wal[lsn - 1];
        return { epoch: timeline, value: `${key}=${String(value)}` };
      },
    },
    ...(watchdogAt !== null && { lease: { name: 'watchdog', until: watchdogAt, of: '/leader' } }),
    holder: standing === 'primary'
      ? { of: '/leader', is: id, own: true }
      : { of: '/leader', is: cluster?.leader ?? 'unknown' },
    facts: {
      ...(stall !== null && { agent: 'stalled' }),
      ...(standing === 'replica' ? { follows } : {}),
      ...(syncStandby === null ? {} : { 'synchronous standby': syncStandby }),
    },
  };
}

/** pg_stat_replication.flush_lsn of each standby. */
function standbys({ followers }: Readonly<MemberState>) {
  return Object.fromEntries(followers.map(({ node, flushed }) => [node, { match: flushed }]));
}

const lines = (count: number) => `${count} ${count === 1 ? 'record' : 'records'}`;

export const memberSummary: Summary<Member> = {
  messages: {
    ReadCluster: () => '',
    AcquireLeader: ({ ttl }) => `if it is free, for ${asDuration(ttl)}`,
    RefreshLeader: ({ lsn, ttl }) => `if it is its own, for ${asDuration(ttl)}, LSN ${lsn}`,
    BeginTimeline: ({ timeline, after }) => `timeline ${timeline} after LSN ${after}`,
    WriteSync: ({ standby }) => `standby ${standby ?? 'none'}`,
    StartReplication: ({ lsn }) => `after LSN ${lsn}`,
    ReplicationStarted: ({ timelines, records }) =>
      `timeline ${timelines.at(-1)?.timeline ?? 0}, ${lines(records.length)}`,
    RewindNeeded: ({ to }) => `to LSN ${to}`,
    Wal: ({ records }) => records.map((one) => `LSN ${one.lsn}: ${writeText(one)}`).join(', '),
    Flushed: ({ lsn }) => `LSN ${lsn}`,
    Status: ({ isPrimary, timeline, lsn }) =>
      `${isPrimary ? 'primary' : 'replica'}, timeline ${timeline}, LSN ${lsn}`,
    FailsafeAnswer: ({ accepts }) => (accepts ? 'accepted' : 'refused'),
    Done: ({ value, timeline }) => `${String(value)}, timeline ${timeline}`,
    ReadOnly: () => 'cannot execute a write in a read-only transaction',
  },
  events: {
    WritesLost: ({ writes, to }) => `${writes.join(', ')}: ${to} does not have them`,
    WriteAppended: ({ lsn, timeline, write }) => `LSN ${lsn} of timeline ${timeline}, ${write}`,
  },
};

export const dcsSummary: Summary<Dcs> = {
  messages: {
    DcsAnswer: ({ ok, cluster }) =>
      `${ok ? 'ok' : 'refused'}, leader ${cluster.leader ?? 'none'}`,
    LeaderChanged: ({ leader }) => leader ?? 'none',
  },
};

export const clientSummary: Summary<Client> = {
  messages: {
    Write: ({ key, value }) => `${key}=${String(value)}`,
    Read: ({ key }) => key,
  },
};
