/** Kafka's replication with a controller that is elected in ZooKeeper, as up to Kafka 3. */
import { defineProtocol } from '../../protocol/define.ts';
import { broker } from './broker.ts';
import { type Consumer, consumer, consumerEvents } from './consumer.ts';
import { epochInvariants } from './epoch-invariants.ts';
import type { BrokerEvents } from './messages.ts';
import { noteElection } from './observed.ts';
import { logInvariants } from './partition/log-invariants.ts';
import { admitsRecord, replicaEvents } from './partition/replica.ts';
import { type Producer, producer, producerEvents } from './producer.ts';
import { type ZooKeeper, zookeeper } from './zookeeper.ts';
import { offsetSpecification } from './offset-object.ts';

type Events = BrokerEvents & ZooKeeper['events'] & Producer['events'] & Consumer['events'];

export const events: Record<keyof Events, string> = {
  SessionStarted: 'ZooKeeper has a new session of a broker.',
  SessionEnded: 'ZooKeeper heard nothing from a broker for its session timeout.',
  ZnodeCreated: 'ZooKeeper has a new ephemeral znode.',
  ZnodeDeleted: 'An ephemeral znode ended with its session.',
  WriteRefused: 'ZooKeeper refused a multi: a znode exists, or has another version.',
  BrokerRegistered: 'A broker has its ephemeral znode, and counts as live.',
  SessionLost: 'A broker learned that its ZooKeeper session has ended.',
  ControllerElected: 'A broker created /controller, and is the controller in the next epoch.',
  ControllerElectionLost: 'A broker wanted to be the controller, and another one was first.',
  ControllerFenced: 'ZooKeeper refused the write of a controller that has been replaced.',
  ControllerResigned: 'A controller learned that it is not the controller any more.',
  PartitionDecided: 'The controller chose leader and ISR, and asks ZooKeeper to store them.',
  PartitionChanged: 'The controller stored a new leader epoch of the partition.',
  UncleanElection: 'The controller chose a leader that was not in sync: records may be lost.',
  StaleControllerRefused: 'A broker refused a controller of a lower epoch: STALE_CONTROLLER_EPOCH.',
  ...replicaEvents,
  ...producerEvents,
  ...consumerEvents,
};

export const kafka = defineProtocol({
  name: 'kafka',
  doc: 'A replicated partition: its controller, its leader, its in-sync replicas, and its clients.',
  source: 'Apache Kafka 3: KafkaController, Partition; KIP-101, KIP-279, KIP-320, KIP-380, KIP-497',
  specification: offsetSpecification,
  events,
  roles: { zookeeper, broker, producer, consumer },
  defaultRole: 'broker',
  invariants: { ...epochInvariants, ...logInvariants(noteElection) },
  admits: admitsRecord,
  refuses: (message) => message.type === 'SessionExpired' || typeof message.error === 'string',
});
