/** The settings of a broker, each with its name and default in Kafka. */
import type { Role } from '../../protocol/types.ts';
import { milliseconds, seconds } from '../../protocol/units.ts';
import type { Broker } from './messages.ts';

export const brokerOptions: NonNullable<Role<Broker>['options']> = {
  sessionTimeout: {
    kind: 'duration',
    default: seconds(18),
    min: milliseconds(3),
    doc: 'How long ZooKeeper keeps its session without a ping: zookeeper.session.timeout.ms.',
  },
  requestTimeout: {
    kind: 'duration',
    default: milliseconds(500),
    min: milliseconds(1),
    doc: 'After how long it repeats a request to ZooKeeper, or a LeaderAndIsr, without an answer.',
  },
  fetchInterval: {
    kind: 'duration',
    default: milliseconds(500),
    min: milliseconds(1),
    doc: 'How long a fetch waits at the leader for records: replica.fetch.wait.max.ms.',
  },
  fetchMaxRecords: {
    kind: 'integer',
    default: 100,
    min: 1,
    doc: 'The maximum number of records in the answer to a fetch.',
  },
  lagTimeMax: {
    kind: 'duration',
    default: seconds(30),
    min: milliseconds(2),
    doc: 'A follower that was not at the end for longer leaves the ISR: replica.lag.time.max.ms.',
  },
  minInsyncReplicas: {
    kind: 'integer',
    default: 1,
    min: 1,
    doc: 'How many replicas must be in sync for acks=all: min.insync.replicas.',
  },
  uncleanElection: {
    kind: 'boolean',
    default: false,
    doc: 'Whether a replica out of sync may lead: unclean.leader.election.enable.',
  },
  truncation: {
    kind: 'choice',
    default: 'leader epoch',
    choices: ['leader epoch', 'fetch', 'high watermark'],
    doc: 'How a follower cuts its log: by fetches from 2.7 on, by the high watermark before 0.11.',
  },
  checksControllerEpoch: {
    kind: 'boolean',
    default: true,
    doc: 'Whether a write of the controller checks /controller_epoch: since KAFKA-6082.',
  },
  freezesBelowMinIsr: {
    kind: 'boolean',
    default: false,
    doc: 'Whether the high watermark waits for min.insync.replicas: from Kafka 3.7 on (KIP-966).',
  },
};
