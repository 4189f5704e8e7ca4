/** The life of a broker process: it registers, sends heartbeats, and may shut down in order. */
// BrokerLifecycleManager; KIP-631.
import type { Node } from '../../../protocol/types.ts';
import { stopLeading } from '../../kafka/partition/leader.ts';
import type { Broker, ReceivedByBroker } from '../messages.ts';

type Server = Node<Broker>;

export function register(node: Server): void {
  const { incarnation, quorumState } = node.state;
  const { leaderId, leaderEpoch: controllerEpoch } = quorumState;
  node.setTimer('register', node.options.requestTimeout);
  if (leaderId === null) return;
  node.send(leaderId, { type: 'BrokerRegistration', controllerEpoch, incarnation });
}

export function registered(
  node: Server,
  { error, incarnation, brokerEpoch }: ReceivedByBroker<'BrokerRegistrationResponse'>,
): void {
  const { state } = node;
  if (incarnation !== state.incarnation || state.brokerEpoch !== null) return;
  // The session of the former process lasts, or the controller is another one: it tries again.
  if (error !== null) return node.setTimer('register', node.options.heartbeatInterval);
  state.brokerEpoch = brokerEpoch;
  node.cancelTimer('register');
  heartbeat(node);
}

/** While they arrive, the broker is not fenced once it has applied its own registration. */
export function heartbeat(node: Server): void {
  const { brokerEpoch, applied, shutdown, quorumState } = node.state;
  if (brokerEpoch === null || shutdown === 'done') return;
  const { leaderId, leaderEpoch: controllerEpoch } = quorumState;
  node.setTimer('heartbeat', node.options.heartbeatInterval);
  if (leaderId === null) return;
  node.send(leaderId, {
    type: 'BrokerHeartbeat', controllerEpoch, brokerEpoch, currentMetadataOffset: applied - 1,
    wantShutDown: shutdown === 'wanted',
  });
}

export function heartbeatAnswered(
  node: Server,
  { error, brokerEpoch, shouldShutDown }: ReceivedByBroker<'BrokerHeartbeatResponse'>,
): void {
  const { state } = node;
  if (error !== null || brokerEpoch !== state.brokerEpoch || state.shutdown !== 'wanted') return;
  if (shouldShutDown) shutDown(node, brokerEpoch);
}

const goesOn =
  ['heartbeat', 'fetch', 'request', 'retry', 'fetchTimeout', 'alterPartition'] as const;

/** What it led has another leader. Nothing of the process goes on until it is started again. */
function shutDown(node: Server, brokerEpoch: number): void {
  const { state } = node;
  if (state.standing === 'leader') stopLeading(node);
  state.shutdown = 'done';
  state.standing = 'offline';
  for (const name of goesOn) node.cancelTimer(name);
  node.event('BrokerShutDown', { brokerEpoch });
}
