/** The race for a leader key that is free: which member may take it (`is_healthiest_node`). */
import type { Frozen, NodeId } from '../../protocol/types.ts';
import { ask, sleep } from './agent.ts';
import { beginPoll } from './poll.ts';
import { demote } from './promotion.ts';
import type { Answered, Cluster, MemberNode, Poll, SyncKey } from './state.ts';
import { lacksWatchdog } from './watchdog.ts';
import { lastLsn, newestTimeline, timelineOf } from './wal.ts';

export function beginRace(node: MemberNode, cluster: Frozen<Cluster>): void {
  const { state } = node;
  node.event('RaceBegan', { lsn: lastLsn(state), timeline: timelineOf(state) });
  const reason = whyNotEligible(node, cluster);
  if (reason !== undefined) return refuse(node, reason);
  const ended = beginPoll(node, 'race', { type: 'GetStatus' });
  if (ended !== undefined) decideRace(node, ended);
}

/** A primary that kept running must not go on without the key: another member may take it. */
function refuse(node: MemberNode, reason: string): void {
  node.event('RaceRefused', { reason });
  if (node.state.standing === 'primary') demote(node, reason);
  sleep(node);
}

/** What it can tell without the others. */
function whyNotEligible(node: MemberNode, cluster: Frozen<Cluster>): string | undefined {
  const { id, state, options } = node;
  const { sync, status, history } = cluster;
  // A member that crashed between the beginning of a timeline and its promotion has no such record.
  const isBehind = timelineOf(state) < newestTimeline(history) && history.at(-1)?.by !== id;
  if (options.failoverPriority === 0) return 'its failoverPriority is 0';
  if (lacksWatchdog(node)) return 'it requires a watchdog and has none';
  if (state.acceptsUntil > node.now()) return 'it accepted that a leader goes on';
  if (state.standing === 'primary') return isBehind ? 'a later timeline has begun' : undefined;
  if (options.synchronousMode !== 'off' && !isNamed(sync, id)) {
    return 'it is not the synchronous standby';
  }
  const lag = status - lastLsn(state);
  if (lag > options.maximumLagOnFailover) return `it lacks ${lag} records`;
  if (options.checkTimeline && isBehind) return 'its timeline is not the newest';
  return undefined;
}

/** In synchronous mode, only members that /sync names may promote, once it names one. */
function isNamed({ leader, standby }: Frozen<SyncKey>, id: NodeId): boolean {
  return leader === null || leader === id || standby === id;
}

/** All others have answered, or have had time to: one that does not answer has no say. */
export function decideRace(node: MemberNode, { answers }: Poll): void {
  const { state, options: { ttl, synchronousMode } } = node;
  if (state.cluster === null) return sleep(node);
  const { sync } = state.cluster;
  const reason = answers
    .filter(({ from }) => synchronousMode === 'off' || isNamed(sync, from))
    .map((other) => whyBehind(node, other))
    .find((one) => one !== undefined);
  if (reason !== undefined) return refuse(node, reason);
  node.event('RaceWon', { lsn: lastLsn(state) });
  ask(node, { type: 'AcquireLeader', seen: state.cluster.leaderRevision, ttl });
}

/**
 * PostgreSQL writes a record at each promotion, which has no LSN of its own here: so of two members
 * with the same LSN, the one on the later timeline has more WAL. Whether the other could itself win
 * is not asked: one that `checkTimeline` keeps from the race still stops those with less WAL.
 */
function whyBehind({ state, options }: MemberNode, other: Answered): string | undefined {
  const { from, isPrimary, mayPromote, lsn, timeline, failoverPriority } = other;
  if (state.standing === 'primary') return undefined;
  if (isPrimary) return `${from} is a running primary`;
  if (!mayPromote) return undefined;
  const own = lastLsn(state);
  if (lsn > own) return `${from} has more WAL: LSN ${lsn}, and not ${own}`;
  const ownTimeline = timelineOf(state);
  if (lsn < own || timeline < ownTimeline) return undefined;
  if (timeline > ownTimeline) {
    return `${from} has more WAL: it is on timeline ${timeline}, and not ${ownTimeline}`;
  }
  const isPreferred = failoverPriority > options.failoverPriority;
  return isPreferred ? `${from} has a higher failoverPriority` : undefined;
}
