/** Synchronization at the leader: what brings a learner to the leader's log (LearnerHandler). */
// LearnerHandler.syncFollower: the difference if that is short, deletion of what the leader does
// not have, or a snapshot. The log on disk is not searched: a learner that is behind all that the
// leader keeps in memory gets a snapshot, as with `zookeeper.snapshotSizeFactor` below 0.
import type { ConnectionId } from '../../../protocol/connection.ts';
import type { ServerNode } from '../server-state.ts';
import { committedLog, isNewEpoch, snapshotOf } from './database.ts';
import type { Leading, LearnerHandler } from './leader-state.ts';
import { epochOf, makeZxid, type Transaction } from './packets.ts';

export function synchronize(
  node: ServerNode,
  leading: Leading,
  connection: ConnectionId,
  learner: LearnerHandler,
): void {
  const { state, options } = node;
  const log = committedLog(state, options.commitLogCount);
  const [smallest, greatest] = [log[0]?.zxid ?? state.zxid, log.at(-1)?.zxid ?? state.zxid];
  const { zxid: last } = learner;
  let upTo = last;
  if (last === state.zxid) {
    begin(node, connection, learner, 'DIFF', last);
  } else if (last > greatest && !isNewEpoch(last)) {
    begin(node, connection, learner, 'TRUNC', greatest);
    upTo = greatest;
  } else if (smallest <= last && last <= greatest) {
    upTo = sendDifference(node, connection, learner, log);
  } else {
    upTo = sendSnapshot(node, connection, learner);
  }
  startForwarding(node, leading, connection, learner, upTo);
  node.send(connection, { type: 'NEWLEADER', zxid: makeZxid(leading.epoch, 0) });
  learner.waitsFor = 'NEWLEADER';
}

function begin(
  node: ServerNode,
  connection: ConnectionId,
  { server: learner }: LearnerHandler,
  by: 'DIFF' | 'TRUNC',
  zxid: number,
): void {
  node.event('LearnerSynchronized', { learner, by, zxid });
  node.send(connection, { type: by, zxid });
}

function sendSnapshot(
  node: ServerNode,
  connection: ConnectionId,
  { server: learner }: LearnerHandler,
): number {
  const { zxid } = node.state;
  node.event('LearnerSynchronized', { learner, by: 'SNAP', zxid });
  node.send(connection, { type: 'SNAP', snapshot: snapshotOf(node.state) });
  return zxid;
}

/** `queueCommittedProposals`: returns the last zxid that the learner will have. */
function sendDifference(
  node: ServerNode,
  connection: ConnectionId,
  learner: LearnerHandler,
  log: readonly Transaction[],
): number {
  const { zxid: last } = learner;
  const upTo = log.at(-1)!.zxid;
  const before = log.filter(({ zxid }) => zxid < last).at(-1);
  const rest = log.filter(({ zxid }) => zxid > last);
  const isCommon = log.some(({ zxid }) => zxid === last);
  if (isCommon || isNewEpoch(last)) {
    begin(node, connection, learner, 'DIFF', upTo);
  } else if (before === undefined || epochOf(rest[0].zxid) !== epochOf(last)) {
    // It has proposals of another epoch that this leader has not: they cannot be told apart.
    return sendSnapshot(node, connection, learner);
  } else {
    begin(node, connection, learner, 'TRUNC', before.zxid);
  }
  for (const transaction of rest) {
    node.send(connection, { type: 'PROPOSAL', transaction });
    node.send(connection, { type: 'COMMIT', zxid: transaction.zxid });
  }
  return rest.at(-1)?.zxid ?? last;
}

/** From now on it is sent all that is proposed; what is not committed yet, at once. */
function startForwarding(
  node: ServerNode,
  leading: Leading,
  connection: ConnectionId,
  learner: LearnerHandler,
  upTo: number,
): void {
  learner.isForwarding = true;
  if (learner.isObserver) return;
  for (const { transaction } of leading.outstanding) {
    if (transaction.zxid > upTo) node.send(connection, { type: 'PROPOSAL', transaction });
  }
}
