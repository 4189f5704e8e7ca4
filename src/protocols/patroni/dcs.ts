/** The lease store: one node that stands for an etcd cluster with the keys of one scope. */
// Its leader key has a TTL, and each change is a comparison and a write in one transaction.
import { role } from '../../protocol/define.ts';
import { broadcast } from '../../protocol/patterns.ts';
import type { Frozen, Node, NodeId } from '../../protocol/types.ts';
import type { Cluster, Dcs } from './state.ts';
import { dcsSummary } from './summary.ts';
import { newestTimeline } from './wal.ts';

type DcsNode = Node<Dcs>;

export const dcs = role<Dcs>({
  doc: 'The lease store (DCS): stands for an etcd cluster with the keys of one scope.',
  durable: ['leader', 'leaderRevision', 'status', 'sync', 'history', 'ttl'],
  init: () => ({
    leader: null, leaderRevision: 0, status: 0, ttl: 0,
    sync: { leader: null, standby: null, revision: 0 },
    history: [],
  }),
  /** As in etcd: when it has lost the time of a lease, the lease gets its whole TTL again. */
  start({ state, setTimer }) {
    if (state.leader !== null) setTimer('lease', state.ttl);
  },

  messages: {
    ReadCluster: (node, message, from) => answer(node, from, message, true),

    AcquireLeader(node, message, from) {
      const { state } = node;
      // The same request, repeated because its answer was lost.
      if (state.leader === from) return answer(node, from, message, true);
      const isFree = state.leader === null && state.leaderRevision === message.seen;
      if (isFree) {
        changeLeader(node, from);
        keepFor(node, message.ttl);
        node.event('LeaderKeyTaken', { leader: from });
      }
      answer(node, from, message, isFree);
    },

    RefreshLeader(node, message, from) {
      const isHeld = node.state.leader === from;
      if (isHeld) {
        node.state.status = message.lsn;
        keepFor(node, message.ttl);
        node.event('LeaderKeyRefreshed', { leader: from });
      }
      answer(node, from, message, isHeld);
    },

    ReleaseLeader(node, message, from) {
      const isHeld = node.state.leader === from;
      if (isHeld) {
        node.event('LeaderKeyReleased', { leader: from });
        node.cancelTimer('lease');
        changeLeader(node, null);
      }
      answer(node, from, message, isHeld);
    },

    BeginTimeline(node, message, from) {
      const { state } = node;
      const { timeline, after, seen, isSync } = message;
      const last = state.history.at(-1);
      if (last?.timeline === timeline && last.by === from) return answer(node, from, message, true);
      const ok =
        state.leader === from && state.sync.revision === seen &&
        timeline > newestTimeline(state.history);
      if (ok) {
        state.history = [...state.history, { timeline, after, by: from }];
        if (isSync) state.sync = { leader: from, standby: null, revision: seen + 1 };
        node.event('TimelineBegan', { timeline, by: from });
      }
      answer(node, from, message, ok);
    },

    WriteSync(node, message, from) {
      const { state } = node;
      const { standby, seen } = message;
      const { leader, standby: present, revision } = state.sync;
      if (leader === from && present === standby) return answer(node, from, message, true);
      const ok = revision === seen;
      if (ok) {
        state.sync = { leader: from, standby, revision: revision + 1 };
        node.event('SyncWritten', { leader: from, standby });
      }
      answer(node, from, message, ok);
    },
  },

  timers: {
    lease(node) {
      const { leader } = node.state;
      if (leader !== null) node.event('LeaderKeyExpired', { leader });
      changeLeader(node, null);
    },
  },
  background: ['lease'],

  standings: { 'lease store': { doc: 'It keeps the leader key, as etcd or Consul does.' } },
  lookDocs: {
    '/leader': 'The leader key: the store deletes it unless its owner renews it in time.',
    status: 'The key /status: how far the log of the leader reached when it renewed its key.',
    sync: 'The key /sync: the leader, and the synchronous standby, which alone may succeed it.',
  },
  look: ({ leader, sync, history, status }) => ({
    standing: 'lease store',
    tone: 'none',
    epoch: { name: 'timeline', value: newestTimeline(history) },
    authority: {},
    holder: { of: '/leader', is: leader ?? 'none' },
    ...(leader !== null && { lease: { name: '/leader', of: '/leader', timer: 'lease' } }),
    facts: {
      status,
      ...(sync.leader === null ? {} : { sync: [sync.leader, sync.standby ?? 'none'].join(', ') }),
    },
  }),
  summary: dcsSummary,
});

function keepFor(node: DcsNode, ttl: number): void {
  node.state.ttl = ttl;
  node.setTimer('lease', ttl);
}

/** Members watch the key, so that they need not wait for their next loop. */
function changeLeader(node: DcsNode, leader: NodeId | null): void {
  node.state.leader = leader;
  node.state.leaderRevision++;
  broadcast(node, { type: 'LeaderChanged', leader }, node.nodes('member'));
}

function answer(
  node: DcsNode, to: NodeId, { request }: Frozen<{ request: number }>, ok: boolean,
): void {
  const { leader, leaderRevision, status, sync, history } = node.state;
  const cluster: Cluster = { leader, leaderRevision, status, sync, history };
  node.send(to, { type: 'DcsAnswer', request, ok, cluster });
}
