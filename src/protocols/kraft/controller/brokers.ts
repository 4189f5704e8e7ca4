/** The brokers: they register, send heartbeats, and are fenced when these stay away. */
// KIP-631; ClusterControlManager and BrokerHeartbeatManager.
import type { NodeId } from '../../../protocol/types.ts';
import type { ControllerError } from '../api.ts';
import type { Received, Voter } from '../messages.ts';
import { append } from '../quorum/leader.ts';
import { isActive as mayLead } from '../quorum/image.ts';
import type { BrokerRegistration, MetadataRecord } from '../metadata.ts';
import { answerLater, isActive, touch, whyRefused } from './active.ts';
import { changeWithout, changeWith, createTopic, reportChange } from './partitions.ts';

function registrationOf({ state }: Voter, id: NodeId): BrokerRegistration | undefined {
  return state.image.brokers[id];
}

/**
 * A process that restarted has another incarnation. It cannot register while the session of the
 * former one lasts: the controller cannot know that that process is gone.
 */
export function register(
  node: Voter,
  { controllerEpoch, incarnation }: Received<'BrokerRegistration'>,
  from: NodeId,
): void {
  const answer = { type: 'BrokerRegistrationResponse', incarnation } as const;
  const refuse = (error: ControllerError) => {
    node.event('RequestRefused', { error, brokerId: from });
    node.send(from, { ...answer, error, brokerEpoch: -1 });
  };
  if (!isActive(node, controllerEpoch)) return refuse('NOT_CONTROLLER');
  const known = registrationOf(node, from);
  const isRepeated = known?.incarnation === incarnation;
  if (!isRepeated && node.state.active!.sessions.includes(from)) {
    return refuse('DUPLICATE_BROKER_REGISTRATION');
  }
  touch(node, from);
  const brokerEpoch = isRepeated ? known.brokerEpoch : node.state.metadataLog.length;
  if (!isRepeated) {
    append(node, [{ type: 'RegisterBroker', brokerId: from, incarnation, brokerEpoch }]);
    node.event('BrokerRegistered', { brokerId: from, brokerEpoch });
  }
  answerLater(node, from, { ...answer, error: null, brokerEpoch });
}

export function heartbeat(
  node: Voter,
  message: Received<'BrokerHeartbeat'>,
  from: NodeId,
): void {
  const { brokerEpoch, currentMetadataOffset, wantShutDown } = message;
  const error = whyRefused(node, message, from);
  const answer = { type: 'BrokerHeartbeatResponse', error, brokerEpoch } as const;
  if (error !== null) {
    node.event('RequestRefused', { error, brokerId: from });
    return node.send(from, {
      ...answer, isCaughtUp: false, isFenced: true, shouldShutDown: false,
    });
  }
  const known = node.state.image.brokers[from];
  touch(node, from);
  node.state.active!.offsets[from] = currentMetadataOffset;
  // It must have applied its own registration, and so all that was decided before it.
  const isCaughtUp = currentMetadataOffset >= brokerEpoch;
  if (wantShutDown) beginShutdown(node, from, known);
  else if (known.fenced && isCaughtUp) unfence(node, from);
  createTopicOnce(node);
  const { fenced: isFenced } = node.state.image.brokers[from];
  const shouldShutDown = wantShutDown && mayEnd(node, from);
  answerLater(node, from, { ...answer, isCaughtUp, isFenced, shouldShutDown });
}

/** The session of a broker has ended. It no longer leads, and leaves the ISR, in the same batch. */
export function sessionEnded(node: Voter, id: NodeId): void {
  const { active } = node.state;
  if (active === null) return;
  active.sessions = active.sessions.filter((one) => one !== id);
  const known = registrationOf(node, id);
  if (known === undefined || known.fenced) return;
  const { brokerEpoch } = known;
  const before = node.state.image.partition;
  const change = changeWithout(node, id);
  append(node, [registrationChange(id, brokerEpoch, { fenced: true }), ...change]);
  node.event('BrokerFenced', { brokerId: id, brokerEpoch });
  reportChange(node, before);
}

/** Without a leader, the partition may have one again. */
function unfence(node: Voter, id: NodeId): void {
  const { brokerEpoch } = node.state.image.brokers[id];
  const before = node.state.image.partition;
  const change = changeWith(node, id);
  append(node, [registrationChange(id, brokerEpoch, { fenced: false }), ...change]);
  node.event('BrokerUnfenced', { brokerId: id, brokerEpoch });
  reportChange(node, before);
}

/** An administrator would do it: the topic is created when all brokers of the scenario are up. */
function createTopicOnce(node: Voter): void {
  const { image } = node.state;
  if (image.partition !== null) return;
  if (node.nodes('broker').every((id) => mayLead(image, id))) createTopic(node);
}

/** Once the other brokers have applied that it no longer leads, the broker may end. */
function mayEnd({ state: { active, image } }: Voter, id: NodeId): boolean {
  const { offsets, shutdowns } = active!;
  if (image.partition?.leader === id) return false;
  const others = Object.keys(image.brokers).filter((one) => one !== id && mayLead(image, one));
  return others.every((one) => (offsets[one] ?? -1) >= (shutdowns[id] ?? 0));
}

/** Controlled shutdown: the broker hands over what it leads. */
function beginShutdown(node: Voter, id: NodeId, known: BrokerRegistration): void {
  const { active, metadataLog } = node.state;
  active!.shutdowns[id] ??= metadataLog.length;
  if (known.fenced || known.inControlledShutdown) return;
  const before = node.state.image.partition;
  const change = changeWithout(node, id);
  const { brokerEpoch } = known;
  append(node, [registrationChange(id, brokerEpoch, { inControlledShutdown: true }), ...change]);
  reportChange(node, before);
}

function registrationChange(
  brokerId: NodeId,
  brokerEpoch: number,
  change: { fenced?: boolean; inControlledShutdown?: true },
): MetadataRecord {
  const { fenced = null, inControlledShutdown = null } = change;
  return { type: 'BrokerRegistrationChange', brokerId, brokerEpoch, fenced, inControlledShutdown };
}
