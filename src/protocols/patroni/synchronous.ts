/** Synchronous mode: which standby commits wait for, and which may promote (`/sync`). */
// The order matters. A standby is named in /sync only when it has all that was acknowledged, and
// commits stop waiting for it only when /sync no longer names it.
import type { Frozen, NodeId } from '../../protocol/types.ts';
import { ask, sleep } from './agent.ts';
import type { Cluster, MemberNode, MemberState } from './state.ts';
import { acknowledge } from './streaming.ts';
import { lastLsn } from './wal.ts';

export function manageStandby(node: MemberNode, { sync }: Frozen<Cluster>): void {
  const { state, options: { synchronousMode } } = node;
  if (synchronousMode === 'off' || state.standing !== 'primary') return sleep(node);
  const picked = pickStandby(state, sync.standby);
  const isOther = sync.standby !== null && sync.standby !== picked;
  if (isOther || sync.leader !== node.id) {
    return ask(node, { type: 'WriteSync', standby: null, seen: sync.revision });
  }
  setStandby(node, picked ?? (synchronousMode === 'strict' ? '*' : null));
  if (picked !== null && sync.standby === null && hasCaughtUp(state, picked)) {
    return ask(node, { type: 'WriteSync', standby: picked, seen: sync.revision });
  }
  sleep(node);
}

/** The present one as long as it streams, otherwise the replica with the most WAL. */
function pickStandby({ followers }: MemberState, present: NodeId | null): NodeId | null {
  if (followers.some(({ node }) => node === present)) return present;
  let best: MemberState['followers'][number] | undefined;
  for (const one of followers) if (best === undefined || one.flushed > best.flushed) best = one;
  return best?.node ?? null;
}

/** Sets `synchronous_standby_names`. */
function setStandby(node: MemberNode, standby: NodeId | null): void {
  const { state } = node;
  if (state.syncStandby === standby) return;
  state.syncStandby = standby;
  state.syncFrom = lastLsn(state);
  node.event('StandbyChanged', { standby });
  acknowledge(node);
}

function hasCaughtUp({ followers, syncFrom }: MemberState, standby: NodeId): boolean {
  return followers.some(({ node, flushed }) => node === standby && flushed >= syncFrom);
}
