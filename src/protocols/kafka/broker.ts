/** A Kafka broker: a replica of the one partition, and perhaps the controller. */
import { role } from '../../protocol/define.ts';
import type { Node, NodeId } from '../../protocol/types.ts';
import {
  brokersRead, controllerRead, electionAnswered, epochRead, inform, informed, partitionRead,
  writeAnswered,
} from './controller.ts';
import { isrAnswered, isrInZooKeeper } from './isr-store.ts';
import type { Broker, Received } from './messages.ts';
import { brokerOptions } from './options.ts';
import { fetch } from './partition/follower.ts';
import { leadOrFollow, replicaHandlers } from './partition/handlers.ts';
import { checkIsr } from './partition/isr.ts';
import { fetched } from './partition/leader.ts';
import { truncateTo } from './partition/log.ts';
import { type ErrorCode, noReplica } from './partition/replica.ts';
import { replicaDocs, replicaStandings } from './partition/summary.ts';
import { paths } from './state.ts';
import { brokerDocs, brokerLook, brokerSummary } from './summary.ts';
import {
  answered, isNews, noSession, openSession, ping, read, sendFirst, sessionOpened, submit,
} from './zk-client.ts';

type Server = Node<Broker>;

export const broker = role<Broker>({
  doc: 'A broker: it has a replica of the partition, which it leads or follows.',
  joins: 'the replicas of the partition are assigned before the run',
  options: brokerOptions,
  noDiskFaults: 'a broker does not wait for its disk: it relies on the other replicas',
  durable: ['log', 'highWatermark'],
  init: ({ options: { truncation } }) => ({
    ...noReplica(truncation === 'fetch'), zk: noSession(), brokerEpoch: null, controllerId: null,
    controllerEpoch: 0, controller: null, partitionVersion: -1,
  }),
  start(node) {
    openSession(node);
  },

  messages: {
    SessionOpened(node, message) {
      if (sessionOpened(node, message)) register(node);
    },

    SessionExpired(node, { session }) {
      if (node.state.zk.session !== session) return;
      node.event('SessionLost', { session });
      openSession(node);
    },

    ReadReply(node, message) {
      const request = answered(node, message);
      if (request?.body.type !== 'Read') return;
      const { path, watch } = request.body;
      if (watch) node.state.zk.watches[path] = message.zxid;
      switch (request.purpose) {
        case 'find controller':
          return controllerRead(node, message);
        case 'read epoch':
          return epochRead(node, message);
        case 'read brokers':
          return brokersRead(node, message);
        default:
          return partitionRead(node, message);
      }
    },

    MultiReply(node, message) {
      const request = answered(node, message);
      if (request === undefined) return;
      switch (request.purpose) {
        case 'register':
          return registered(node, message);
        case 'elect':
          return electionAnswered(node, message);
        case 'write partition':
          return writeAnswered(node, message, request.body);
        default:
          return isrAnswered(node, message, request.body);
      }
    },

    WatchEvent(node, message) {
      if (!isNews(node, message)) return;
      const { path } = message;
      const purpose = path === paths.controller ? 'find controller' : 'read brokers';
      read(node, purpose, path, true);
    },

    LeaderAndIsr(node, message, from) {
      const { controllerEpoch, partition: { leaderEpoch } } = message;
      const error = whyStale(node, message);
      if (error === null) follow(node, message);
      node.send(from, { type: 'LeaderAndIsrResponse', controllerEpoch, leaderEpoch, error });
    },

    LeaderAndIsrResponse: (node, message, from) => informed(node, message, from),
    Fetch: (node, message, from) => fetched(node, message, from, isrInZooKeeper),
    ...replicaHandlers,
  },

  timers: {
    ping,
    zkRetry: sendFirst,
    register,
    inform,
    fetch,
    isrCheck: (node) => checkIsr(node, isrInZooKeeper),
  },
  background: ['ping', 'zkRetry', 'register', 'inform', 'fetch', 'isrCheck'],

  look: brokerLook,
  lookDocs: { ...replicaDocs, ...brokerDocs },
  standings: replicaStandings,
  summary: brokerSummary,
});

/** The ephemeral znode of the broker: while it is there, the broker counts as live. */
function register(node: Server): void {
  node.cancelTimer('register');
  if (node.state.zk.queue.some(({ purpose }) => purpose === 'register')) return;
  const path = `${paths.brokers}/${node.id}`;
  const value: NodeId = node.id;
  submit(node, 'register', { type: 'Multi', ops: [{ op: 'create ephemeral', path, value }] });
}

/** A broker that restarted cannot register until its former session has ended. */
function registered(node: Server, { error, zxid }: Received<'MultiReply'>): void {
  if (error !== null) return node.setTimer('register', node.options.requestTimeout);
  node.state.brokerEpoch = zxid;
  node.event('BrokerRegistered', { brokerEpoch: zxid });
  read(node, 'find controller', paths.controller, true);
}

/** A request of a controller that was replaced, or for an earlier registration, is refused. */
function whyStale(
  node: Server,
  { controllerEpoch, brokerEpoch }: Received<'LeaderAndIsr'>,
): ErrorCode | null {
  const { state } = node;
  if (state.brokerEpoch === null || brokerEpoch < state.brokerEpoch) return 'STALE_BROKER_EPOCH';
  if (controllerEpoch >= state.controllerEpoch) return null;
  node.event('StaleControllerRefused', { controllerEpoch, current: state.controllerEpoch });
  return 'STALE_CONTROLLER_EPOCH';
}

/** ReplicaManager.becomeLeaderOrFollower: only a higher leader epoch changes anything. */
function follow(node: Server, message: Received<'LeaderAndIsr'>): void {
  const { state } = node;
  const { controllerEpoch, partition, partitionVersion } = message;
  state.controllerEpoch = controllerEpoch;
  if (partition.leaderEpoch <= state.leaderEpoch) return;
  const isNewLeader = partition.leader !== state.leader;
  state.partitionVersion = partitionVersion;
  leadOrFollow(node, partition, () => prepareToFetch(node, isNewLeader));
}

/** `isNewLeader` unless it followed this leader already. */
function prepareToFetch(node: Server, isNewLeader: boolean): void {
  const { state, options } = node;
  if (options.truncation === 'leader epoch') {
    state.isTruncating = state.log.length > 0;
  } else if (options.truncation === 'high watermark' && isNewLeader) {
    // Before KIP-101: a high watermark that lags makes it drop records that are committed.
    truncateTo(node, state.highWatermark);
  }
}
