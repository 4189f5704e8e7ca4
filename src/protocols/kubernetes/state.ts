/** Leader election by a Lease of Kubernetes, as types: the Lease, its API, and the candidates. */
import type { ConnectionId } from '../../protocol/connection.ts';
import type { Micros, NodeId, OperationId, Role } from '../../protocol/types.ts';
import { seconds } from '../../protocol/units.ts';
import type { StorageAnswers, StorageRequests } from '../locks/fenced-storage.ts';

// The API

/** `Lease.spec` of coordination.k8s.io/v1, without the fields of coordinated leader election. */
export type LeaseSpec = {
  /** Empty if the holder has released it. */
  readonly holderIdentity: string;
  readonly leaseDurationSeconds: number;
  /** Readings of the holder's clock, for people: no candidate compares them with its own clock. */
  readonly acquireTime: Micros;
  readonly renewTime: Micros;
  /** How often the lease went to another holder. */
  readonly leaseTransitions: number;
};

export type Lease = { readonly resourceVersion: number; readonly spec: LeaseSpec };

export interface ApiRequests {
  GetLease: { request: number };
  CreateLease: { request: number; spec: LeaseSpec };
  /** Replaces the version that was read, and no other. */
  UpdateLease: { request: number; spec: LeaseSpec; resourceVersion: number };
}

export interface ApiAnswers {
  LeaseFound: { request: number; lease: Lease };
  /** 404 NotFound, 409 AlreadyExists or 409 Conflict. */
  Status: { request: number; code: number; reason: string };
}

export interface ApiServer {
  state: { lease: Lease | null; revision: number };
  receives: ApiRequests;
  sends: ApiAnswers;
  timers: object;
  events: {
    LeaseStored: {
      resourceVersion: number; replaced: number; holder: string; transitions: number; from: NodeId;
    };
    LeaseConflict: { reason: string; resourceVersion: number; current: number; from: NodeId };
  };
  options: object;
}

// A candidate

/** One call of tryAcquireOrRenew, or of release: what it waits for. */
export type Attempt = {
  readonly step: 'fast update' | 'get' | 'create' | 'update' | 'get to release' | 'release';
  /** The record that it will write. */
  readonly record: LeaseSpec;
  /** Whether the observed lease was valid when the attempt began. */
  readonly wasValid: boolean;
  readonly request: number;
  readonly connection: ConnectionId;
};

/** A term as leader, from OnStartedLeading until its work has ended. */
export type Term = {
  readonly identity: string;
  /** leaseTransitions of the lease that it won, which can serve as a fencing token. */
  readonly transitions: number;
};

export interface CandidateState {
  // Durable.
  /** How many processes this candidate has had. */
  processes: number;
  /** The number of the last request. */
  serial: number;
  // Volatile.
  identity: string;
  phase: 'starting' | 'acquiring' | 'renewing' | 'releasing' | 'stopped';
  /** The resourceVersion that the next Update carries; 0 for none. */
  resourceVersion: number;
  /** The record seen last, be it read or written. */
  observedRecord: LeaseSpec | null;
  /** The record as it was read last, as text. What this candidate writes is not read. */
  observedRaw: string;
  /** When `observedRecord` changed, on the own clock. */
  observedTime: Micros;
  /** Whether less than the duration in `observedRecord` has passed since then. */
  isLeaseValid: boolean;
  attempt: Attempt | null;
  /** While it renews: how often it has tried since it last succeeded, and how it may go on. */
  round: { tries: number; tryEvery: Micros; giveUpAfter: Micros };
  /** A tick of the renew loop came while an attempt was under way. */
  hasTicked: boolean;
  /** The holder that OnNewLeader reported last. */
  reportedLeader: string;
  /** The term whose work is going on; null if none is. */
  term: Term | null;
  /** Whether this process has led. */
  hasLed: boolean;
  /** The operations that wait until the process has ended. */
  stopping: OperationId[];
  /** Writes to storage without an answer, by the numbers of their requests. */
  writes: Record<number, { readonly operation: OperationId; readonly connection: ConnectionId }>;
}

export interface Candidate {
  state: CandidateState;
  receives: ApiAnswers & StorageAnswers;
  sends: ApiRequests & StorageRequests;
  timers: {
    boot: void;
    retry: void;
    late: void;
    poll: void;
    deadline: void;
    timeout: number;
    validity: { holder: string; resourceVersion: number; after: Micros };
    workEnd: void;
  };
  events: {
    StartedLeading: Term;
    StoppedLeading: { reason: string; led: boolean };
    NewLeader: { identity: string };
    TryFailed: { step: string; reason: string };
    LeaseExpired: { holder: string; resourceVersion: number; after: Micros };
    LeaseReleased: { holder: string; transitions: number };
    WorkEnded: Term;
  };
  options: {
    leaseDuration: Micros;
    renewDeadline: Micros;
    retryPeriod: Micros;
    releaseOnCancel: boolean;
    releaseChecksHolder: boolean;
    uniqueIdentity: boolean;
    sendsToken: boolean;
    workEndsAfter: Micros;
    startAfter: Micros;
    restartAfter: Micros;
  };
}

/** wait.JitterUntil with a factor of 1.2 waits retryPeriod × (1 … 2.2). */
export const jitterFactor = 1.2;

export const options: NonNullable<Role<Candidate>['options']> = {
  leaseDuration: {
    kind: 'duration',
    default: seconds(15),
    min: seconds(1),
    doc:
      'How long the others wait, with no change of the lease, until they take it. The lease has ' +
      'whole seconds: the rest is cut off, and the API refuses 0.',
  },
  renewDeadline: {
    kind: 'duration',
    default: seconds(10),
    min: 1,
    below: 'leaseDuration',
    doc: 'How long a leader tries to renew until it gives up; shorter than leaseDuration.',
  },
  retryPeriod: {
    kind: 'duration',
    default: seconds(2),
    min: 1,
    below: 'renewDeadline',
    times: jitterFactor,
    doc:
      'How long it waits between two tries; a candidate up to 2.2 times as long. As client-go ' +
      'demands, 1.2 times this is below renewDeadline; not that both fit into leaseDuration.',
  },
  releaseOnCancel: {
    kind: 'boolean',
    default: false,
    doc: 'Whether it gives the lease back when it stops, so that the next one need not wait.',
  },
  releaseChecksHolder: {
    kind: 'boolean',
    default: false,
    doc:
      'Whether a release compares the holder that it reads; client-go does not, and may release ' +
      'the lease of the next leader.',
  },
  uniqueIdentity: {
    kind: 'boolean',
    default: true,
    doc: 'Whether each process has an identity of its own, such as A_2; if not, it is the node.',
  },
  sendsToken: {
    kind: 'boolean',
    default: true,
    doc: 'Whether its writes carry leaseTransitions as a fencing token.',
  },
  workEndsAfter: {
    kind: 'duration',
    default: 0,
    min: 0,
    doc: 'How long the work goes on after its context was cancelled. A release does not wait.',
  },
  startAfter: {
    kind: 'duration',
    default: 0,
    min: 0,
    doc: 'How long after the node boots its process starts.',
  },
  restartAfter: {
    kind: 'duration',
    default: seconds(1),
    min: 0,
    doc: 'How long after its process has ended the next one starts; 0: when `run` starts it.',
  },
};

export const events: Record<
  keyof Candidate['events'] | keyof ApiServer['events'] | 'TwoLeaders', string
> = {
  StartedLeading: 'OnStartedLeading: a candidate has the lease, and its work begins.',
  StoppedLeading: 'OnStoppedLeading: the elector has ended, even if it never led.',
  NewLeader: 'OnNewLeader: a candidate saw another holder of the lease, or none.',
  TryFailed: 'A candidate did not get the lease, or could not renew or release it, this time.',
  LeaseExpired: 'By its own clock, a candidate saw no change for the duration in the lease.',
  LeaseReleased: 'A candidate stored the lease without a holder. It had the named holder before.',
  WorkEnded: "A leader's work has ended: nothing acts in this term any longer.",
  LeaseStored: 'The API server stored a version of the lease.',
  LeaseConflict: 'The API server refused to create or to replace the lease.',
  TwoLeaders: 'A candidate began to lead while the work of another one goes on, for this reason.',
};
