/** The loop of the agent: it leads, follows or races, as the cluster says (`ha.py`). */
import { noRequests, retry, takeRequest } from '../../protocol/patterns.ts';
import type { Frozen, MessageOf } from '../../protocol/types.ts';
import { ask, sleep } from './agent.ts';
import { askFailsafe, decideFailsafe } from './failsafe.ts';
import { acquired, begun, demote, preparePromotion } from './promotion.ts';
import { beginRace, decideRace } from './race.ts';
import type { Cluster, DcsAnswers, DcsRequest, MemberNode, Poll } from './state.ts';
import { follow } from './streaming.ts';
import { manageStandby } from './synchronous.ts';
import { arm } from './watchdog.ts';
import { lastLsn } from './wal.ts';

export function runLoop(node: MemberNode): void {
  const { state } = node;
  state.loopBegan = node.now();
  state.isLooping = true;
  ask(node, { type: 'ReadCluster' });
}

export function requestTimedOut(node: MemberNode, key: string): void {
  if (retry<DcsRequest>(node, key) === undefined) return;
  const { state, options: { failsafeMode } } = node;
  state.requests = { ...noRequests<DcsRequest>(), last: state.requests.last };
  node.event('DcsFailed', { waited: node.now() - state.loopBegan });
  if (state.standing !== 'primary') return sleep(node);
  if (failsafeMode) return askFailsafe(node);
  // The leader key is not released, because it cannot be; it expires.
  demote(node, 'the lease store does not answer');
  sleep(node);
}

export function answered(
  node: MemberNode, answer: Frozen<MessageOf<Pick<DcsAnswers, 'DcsAnswer'>>>,
): void {
  const asked = takeRequest<DcsRequest>(node, answer)?.message;
  if (asked === undefined) return;
  const { ok, cluster } = answer;
  node.state.cluster = cluster as Cluster;
  switch (asked.type) {
    case 'ReadCluster':
      return decide(node, cluster);
    case 'RefreshLeader':
      return refreshed(node, cluster, ok);
    case 'AcquireLeader':
      return acquired(node, cluster, ok);
    case 'BeginTimeline':
      return begun(node, asked, ok);
    case 'WriteSync':
      return ok ? manageStandby(node, cluster) : sleep(node);
    case 'ReleaseLeader':
      return sleep(node);
  }
}

function decide(node: MemberNode, cluster: Frozen<Cluster>): void {
  const { leader } = cluster;
  const { ttl } = node.options;
  if (leader === null) return beginRace(node, cluster);
  if (leader === node.id) {
    return ask(node, { type: 'RefreshLeader', lsn: lastLsn(node.state), ttl });
  }
  if (node.state.standing === 'primary') demote(node, `${leader} has the leader key`);
  follow(node, leader);
  sleep(node);
}

function refreshed(node: MemberNode, cluster: Frozen<Cluster>, ok: boolean): void {
  const { standing } = node.state;
  if (!ok) {
    if (standing === 'primary') demote(node, 'its leader key has expired');
    return sleep(node);
  }
  // It demoted, or crashed, and still has the key: no other member can have promoted since.
  if (standing === 'replica') return preparePromotion(node, cluster);
  arm(node);
  manageStandby(node, cluster);
}

/** All others have answered, or have had time to. */
export function decidePoll(node: MemberNode, ended: Poll | undefined): void {
  if (ended === undefined) return;
  if (ended.purpose === 'race') decideRace(node, ended);
  else decideFailsafe(node, ended);
}
