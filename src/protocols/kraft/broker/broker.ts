/** A broker in KRaft mode: an observer of the quorum, and a replica of the partition. */
import { operation, role } from '../../../protocol/define.ts';
import { milliseconds, seconds } from '../../../protocol/units.ts';
import { brokerOptions } from '../../kafka/options.ts';
import { fetch } from '../../kafka/partition/follower.ts';
import { replicaHandlers } from '../../kafka/partition/handlers.ts';
import { checkIsr } from '../../kafka/partition/isr.ts';
import { fetched } from '../../kafka/partition/leader.ts';
import { noReplica } from '../../kafka/partition/replica.ts';
import { brokerDocs, brokerLook, brokerSummary } from '../look.ts';
import { brokerStandings } from '../standings.ts';
import type { Broker } from '../messages.ts';
import { quorumOptions } from '../options.ts';
import { metadataFetched, newMember } from '../quorum/member.ts';
import { alterPartitionAnswered, isrAtController, request } from './alter-partition.ts';
import { heartbeat, heartbeatAnswered, register, registered } from './lifecycle.ts';
import { fetchAsObserver, fetchFromAny, observerRules, observerTimedOut } from './observer.ts';

const { fetchInterval, fetchMaxRecords, lagTimeMax, minInsyncReplicas, freezesBelowMinIsr } =
  brokerOptions;

export const broker = role<Broker>({
  doc: 'A broker: it acts on the metadata log, and has a replica that it leads or follows.',
  joins: 'the replicas of the partition are assigned when the topic is created',
  options: {
    ...quorumOptions,
    fetchInterval,
    fetchMaxRecords,
    lagTimeMax,
    minInsyncReplicas,
    freezesBelowMinIsr,
    heartbeatInterval: {
      kind: 'duration',
      default: seconds(2),
      min: milliseconds(1),
      doc: 'How often it sends a heartbeat to the controller: broker.heartbeat.interval.ms.',
    },
    actsOn: {
      kind: 'choice',
      default: 'committed',
      choices: ['committed', 'fetched'],
      doc: 'The metadata that it acts on. Kafka\'s brokers never act on what is not committed.',
    },
  },
  durable: ['quorumState', 'metadataLog', 'log', 'highWatermark'],
  init: () => ({
    ...newMember(), ...noReplica(true), incarnation: 0, brokerEpoch: null, shutdown: 'no',
    partitionEpoch: -1, alterPartition: null, requests: 0,
  }),
  start(node) {
    node.state.incarnation = 1 + node.random(1_000_000);
    fetchAsObserver(node);
    register(node);
  },

  messages: {
    MetadataFetchResponse(node, message) {
      const isFirst = node.state.quorumState.leaderId === null;
      metadataFetched(node, message, observerRules);
      if (isFirst && node.state.brokerEpoch === null) register(node);
    },
    BrokerRegistrationResponse: (node, message) => registered(node, message),
    BrokerHeartbeatResponse: (node, message) => heartbeatAnswered(node, message),
    AlterPartitionResponse: (node, message) => alterPartitionAnswered(node, message),
    Fetch: (node, message, from) => fetched(node, message, from, isrAtController),
    ...replicaHandlers,
  },

  timers: {
    fetchTimeout: observerTimedOut,
    request: fetchFromAny,
    retry: fetchAsObserver,
    register,
    heartbeat,
    alterPartition: request,
    fetch,
    isrCheck: (node) => checkIsr(node, isrAtController),
  },
  background: [
    'fetchTimeout', 'request', 'retry', 'register', 'heartbeat', 'alterPartition', 'fetch',
    'isrCheck',
  ],

  operations: {
    shutDown: operation<Broker>()({
      doc: 'Begins a controlled shutdown: it ends when what it leads has another leader.',
      parameters: {},
      run(node, _args, id) {
        if (node.state.shutdown !== 'no') return node.fail(id, `${node.id} shuts down already`);
        node.state.shutdown = 'wanted';
        heartbeat(node);
        node.reply(id, 'OK');
      },
    }),
  },

  look: brokerLook,
  lookDocs: brokerDocs,
  standings: brokerStandings,
  summary: brokerSummary,
});
