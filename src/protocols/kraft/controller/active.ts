/** The active controller: which controller it is, what it appends, and when it answers. */
// QuorumController. The leader of the quorum is the active controller; its epoch is the controller
// epoch. It applies its own records at once, before they are committed, and answers once they are.
// A controller that has been replaced takes the uncommitted ones back.
import type { NodeId } from '../../../protocol/types.ts';
import type { ToBroker } from '../api.ts';
import type { Received, Voter } from '../messages.ts';
import { applyUpTo, revertTo } from '../quorum/image.ts';

/** The high watermark of this controller has advanced, or may have. */
export function committed(node: Voter): void {
  const { state } = node;
  const { quorum, active } = state;
  if (active !== null) return answerDeferred(node);
  if (quorum.standing === 'leader') return activate(node);
  applyUpTo(state, quorum.highWatermark ?? 0);
}

/** QuorumController.claim: the record that began its epoch is committed. */
function activate(node: Voter): void {
  const { state } = node;
  const { leaderEpoch: epoch } = state.quorumState;
  applyUpTo(state, state.metadataLog.length);
  state.active = {
    epoch, sessions: [], deferred: [], requests: {}, offsets: {}, shutdowns: {},
  };
  node.event('ControllerActivated', { epoch });
  // It has heard of no broker yet. Each has a whole session to send a heartbeat.
  for (const [id, { fenced }] of Object.entries(state.image.brokers)) {
    if (!fenced) touch(node, id);
  }
}

/** QuorumController.renounce: what it promised and has not committed is refused. */
export function deactivate(node: Voter): void {
  const { state } = node;
  const { active, quorum, applied } = state;
  if (active === null) return;
  const { epoch, sessions, deferred } = active;
  state.active = null;
  for (const id of sessions) node.cancelTimer('session', id);
  for (const { to, message } of deferred) node.send(to, refused(message));
  revertTo(state, quorum.highWatermark ?? 0);
  node.event('ControllerDeactivated', { epoch, undone: applied - state.applied });
}

function refused(message: ToBroker): ToBroker {
  const error = 'NOT_CONTROLLER';
  return message.type === 'AlterPartitionResponse'
    ? { ...message, error, partition: null }
    : { ...message, error };
}

/** The answer leaves when all that this controller has appended so far is committed. */
export function answerLater(node: Voter, to: NodeId, message: ToBroker): void {
  const { active, metadataLog } = node.state;
  active!.deferred.push({ offset: metadataLog.length - 1, to, message });
  answerDeferred(node);
}

function answerDeferred(node: Voter): void {
  const { active, quorum } = node.state;
  const { highWatermark } = quorum;
  const isCommitted = ({ offset }: { offset: number }) => offset < (highWatermark ?? 0);
  const ready = active!.deferred.filter(isCommitted);
  if (ready.length === 0) return;
  active!.deferred = active!.deferred.filter((one) => !isCommitted(one));
  for (const { to, message } of ready) node.send(to, message);
}

/** The broker has sent something: its session goes on. */
export function touch(node: Voter, id: NodeId): void {
  const { sessions } = node.state.active!;
  if (!sessions.includes(id)) sessions.push(id);
  node.setTimer('session', node.options.brokerSessionTimeout, id);
}

/** A broker's request must reach the active controller, and be of the registered process. */
export function whyRefused(
  node: Voter,
  { controllerEpoch, brokerEpoch }: Received<'AlterPartition' | 'BrokerHeartbeat'>,
  from: NodeId,
): 'NOT_CONTROLLER' | 'STALE_BROKER_EPOCH' | null {
  if (!isActive(node, controllerEpoch)) return 'NOT_CONTROLLER';
  return node.state.image.brokers[from]?.brokerEpoch === brokerEpoch ? null : 'STALE_BROKER_EPOCH';
}

/** Whether it is the controller to which the broker sent the request. */
export function isActive({ state: { active } }: Voter, controllerEpoch: number): boolean {
  return active?.epoch === controllerEpoch;
}
