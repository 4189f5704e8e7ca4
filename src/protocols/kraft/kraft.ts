/** Kafka without ZooKeeper: its controllers are a quorum that pulls its log (from Kafka 3.3 on). */
// Read it beside KIP-595: state.ts and quorum/voter.ts are "Quorum State" and "Leader Election",
// quorum/election.ts has Vote, BeginQuorumEpoch and EndQuorumEpoch, quorum/leader.ts and
// quorum/member.ts have Fetch, on both sides. KIP-631 is in controller/ and broker/.
import { defineProtocol } from '../../protocol/define.ts';
import { type Consumer, consumer, consumerEvents } from '../kafka/consumer.ts';
import { logInvariants } from '../kafka/partition/log-invariants.ts';
import { admitsRecord, replicaEvents } from '../kafka/partition/replica.ts';
import { type Producer, producer, producerEvents } from '../kafka/producer.ts';
import { broker } from './broker/broker.ts';
import { controller } from './controller/controller.ts';
import { metadataInvariants } from './invariants/metadata-invariants.ts';
import { noteElection } from './invariants/observed.ts';
import { partitionInvariants } from './invariants/partition-invariants.ts';
import { quorumInvariants } from './invariants/quorum-invariants.ts';
import type { BrokerEvents, ControllerEvents } from './messages.ts';
import { offsetSpecification } from '../kafka/offset-object.ts';

type Events = ControllerEvents & BrokerEvents & Producer['events'] & Consumer['events'];

export const events: Record<keyof Events, string> = {
  EpochChanged: 'A voter or an observer wrote a later epoch of the quorum to quorum-state.',
  LeaderDiscovered: 'A voter or an observer learned which voter leads, and fetches from it.',
  FetchTimedOut: 'The leader has not answered fetches for the fetch timeout.',
  ElectionTimedOut: 'A voter knew no leader for its election timeout, or was not elected in it.',
  PreVoteGranted: 'A voter said that it would vote for the sender (KIP-996).',
  PreVoteRejected: 'A voter said that it would not vote for the sender.',
  VoteGranted: 'A voter wrote its vote to quorum-state.',
  VoteRejected: 'A voter refused its vote.',
  ElectionBackedOff: 'A candidate lost its election, and waits before it tries again.',
  QuorumLeaderElected: 'A candidate has a majority of votes, and leads the quorum in its epoch.',
  LeaderResigned: 'The leader of the quorum gave up its epoch.',
  FetchRefused: 'A voter refused a fetch of the metadata log: it does not lead in that epoch.',
  MetadataAppended: 'The leader of the quorum appended a batch; it is not committed yet.',
  MetadataReplicated: 'A voter or an observer appended batches of the leader.',
  MetadataTruncated: 'A voter or an observer removed the end of its log, which diverged.',
  MetadataCommitted: 'The high watermark of the metadata log advanced, as far as this node knows.',
  ControllerActivated: 'The first batch of the leader is committed: it is the active controller.',
  ControllerDeactivated: 'The active controller was replaced, and undid what is not committed.',
  BrokerRegistered: 'The controller gave a broker its broker epoch; it is fenced at first.',
  BrokerFenced: 'The controller heard nothing from a broker for its session: it may not lead.',
  BrokerUnfenced: 'A broker has caught up, and may lead and be in sync.',
  RequestRefused: 'A controller refused a request of a broker.',
  PartitionChanged: 'The active controller changed the partition; it is not committed yet.',
  UncleanElection: 'The controller chose a leader that was not in sync: records may be lost.',
  MetadataApplied: 'A broker applied a batch of the metadata log.',
  BrokerStarted: 'A broker has applied its own registration: from now on it acts on the metadata.',
  BrokerFencing: 'A broker learned that it is fenced, or no longer is.',
  BrokerShutDown: 'A broker ended in order: what it led has another leader.',
  ...replicaEvents,
  ...producerEvents,
  ...consumerEvents,
};

export const kraft = defineProtocol({
  name: 'kraft',
  doc: 'Kafka with a quorum of controllers: their Raft that pulls, brokers that follow its log.',
  source: 'KIP-595 (the quorum), KIP-631 (controllers and brokers), KIP-996; KafkaRaftClient',
  specification: offsetSpecification,
  aliases: ['kafka', 'KRaft', 'Raft'],
  events,
  roles: { controller, broker, producer, consumer },
  defaultRole: 'broker',
  invariants: {
    ...quorumInvariants,
    ...metadataInvariants,
    ...partitionInvariants,
    ...logInvariants(noteElection),
  },
  admits: admitsRecord,
  isHeartbeat: ({ type }) => type === 'BrokerHeartbeat',
  refuses: (message) =>
    typeof message.error === 'string' || (message.type === 'VoteResponse' && !message.voteGranted),
});
