/** The requests of brokers to the active controller, and its answers. */
import type { MessageOf, NodeId } from '../../protocol/types.ts';
import type { PartitionRegistration } from './metadata.ts';

/**
 * Requests of a broker to the active controller. `controllerEpoch` stands for the connection: a
 * controller does not take what was sent to the one before it, and so not what it sent itself.
 */
export interface ToController {
  /** KIP-631. */
  BrokerRegistration: { controllerEpoch: number; incarnation: number };
  /** KIP-631. */
  BrokerHeartbeat: {
    controllerEpoch: number;
    brokerEpoch: number;
    /** The offset of the last batch that the broker has applied. */
    currentMetadataOffset: number;
    wantShutDown: boolean;
  };
  /** KIP-497. */
  AlterPartition: {
    controllerEpoch: number;
    request: number;
    brokerEpoch: number;
    leaderEpoch: number;
    partitionEpoch: number;
    newIsr: readonly NodeId[];
  };
}

export type ControllerError =
  | 'NOT_CONTROLLER' | 'DUPLICATE_BROKER_REGISTRATION' | 'STALE_BROKER_EPOCH'
  | 'FENCED_LEADER_EPOCH' | 'INVALID_REQUEST' | 'INVALID_UPDATE_VERSION' | 'INELIGIBLE_REPLICA';

export interface FromController {
  BrokerRegistrationResponse: {
    error: ControllerError | null;
    incarnation: number;
    brokerEpoch: number;
  };
  BrokerHeartbeatResponse: {
    error: ControllerError | null;
    brokerEpoch: number;
    isCaughtUp: boolean;
    isFenced: boolean;
    shouldShutDown: boolean;
  };
  AlterPartitionResponse: {
    error: ControllerError | null;
    request: number;
    /** The partition as the controller has it; null with an error. */
    partition: PartitionRegistration | null;
  };
}

export type ToBroker = MessageOf<FromController>;
