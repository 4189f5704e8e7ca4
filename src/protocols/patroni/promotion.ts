/** Promotion and demotion (`ha.py`: `enforce_primary_role`, `demote`). */
import type { Frozen } from '../../protocol/types.ts';
import { ask, sleep } from './agent.ts';
import type { Cluster, DcsRequest, MemberNode } from './state.ts';
import { stopPrimary, stopReceiving } from './streaming.ts';
import { arm, disarm } from './watchdog.ts';
import { lastLsn, newestTimeline } from './wal.ts';

/** The compare-and-swap on the leader key decides between members that passed all checks. */
export function acquired(node: MemberNode, cluster: Frozen<Cluster>, ok: boolean): void {
  if (ok) {
    node.event('LeaderKeyAcquired');
    return preparePromotion(node, cluster);
  }
  node.event('LeaderKeyRefused', { leader: cluster.leader });
  if (node.state.standing === 'primary') demote(node, 'it could not take the leader key again');
  sleep(node);
}

/** It has the leader key. A primary that kept running goes on, on its timeline. */
export function preparePromotion(node: MemberNode, cluster: Frozen<Cluster>): void {
  const { state, options: { synchronousMode } } = node;
  if (!arm(node)) return ask(node, { type: 'ReleaseLeader' });
  if (state.standing === 'primary') return sleep(node);
  // From here on its WAL does not grow, so that the new timeline begins where the old one ends.
  stopReceiving(node);
  // Patroni writes /history in the first loop after the promotion, and PostgreSQL finds the number
  // in the WAL archive. Here one transaction does both, and sets /sync, before the first write.
  ask(node, {
    type: 'BeginTimeline',
    timeline: newestTimeline(cluster.history) + 1,
    after: lastLsn(state),
    seen: cluster.sync.revision,
    isSync: synchronousMode !== 'off',
  });
}

type BeginTimeline = Extract<DcsRequest, { type: 'BeginTimeline' }>;

export function begun(
  node: MemberNode, { timeline, after }: Frozen<BeginTimeline>, ok: boolean,
): void {
  if (ok) return promote(node, timeline, after);
  disarm(node);
  ask(node, { type: 'ReleaseLeader' });
}

function promote(node: MemberNode, timeline: number, after: number): void {
  const { state, options: { synchronousMode } } = node;
  const past = state.timelines.filter((one) => one.after <= after);
  state.timelines = [...past, { timeline, after, by: node.id }];
  state.standing = 'primary';
  state.syncStandby = synchronousMode === 'strict' ? '*' : null;
  state.syncFrom = after;
  node.event('Promoted', { timeline, lsn: after });
  sleep(node);
}

/** PostgreSQL stops at once, ends all sessions, and starts again as a replica. */
export function demote(node: MemberNode, reason: string): void {
  node.event('Demoted', { reason });
  stopPrimary(node);
  disarm(node);
  node.state.standing = 'replica';
  for (const peer of [...node.nodes('client'), ...node.peers]) {
    for (const connection of node.connections(peer)) node.disconnect(connection);
  }
}
