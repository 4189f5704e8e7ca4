/** Schedulers of which one runs a periodic job, as types: the store, the ledger, the schedulers. */
import type { Micros, NodeId, Role } from '../../protocol/types.ts';
import { seconds } from '../../protocol/units.ts';

// The store: who leads, and which runs of the job have begun and are done

export type Lease = {
  readonly owner: NodeId;
  /** Counts the leaders. */
  readonly term: number;
  readonly ttl: Micros;
};

/** A run of the job: which scheduler began it last, and whether it is marked as done. */
export type Run = { readonly begunBy: NodeId; readonly isDone: boolean };

export interface StoreRequests {
  Acquire: { ttl: Micros };
  /** Asks for the next run: one that is not done, or a new one. `isDone` marks it at once. */
  Begin: { term: number; isDone: boolean };
  Finish: { run: number };
}

export interface StoreAnswers {
  Leading: { term: number };
  Denied: { owner: NodeId };
  Begun: { run: number };
  NotLeader: { term: number };
  Finished: { run: number };
}

export interface Store {
  state: { lease: Lease | null; lastTerm: number; runs: Run[] };
  receives: StoreRequests;
  sends: StoreAnswers;
  timers: { expiry: void };
  events: {
    LeaderElected: { owner: NodeId; term: number };
    LeaseExpired: { owner: NodeId; term: number };
    RunBegun: { run: number; by: NodeId; again: boolean };
    RunMarkedDone: { run: number; by: NodeId };
  };
  options: object;
}

// The ledger, where the job has its effect

export type Effect = { readonly run: number; readonly by: NodeId };

export interface Ledger {
  state: { effects: Effect[]; keys: Record<string, true> };
  receives: { Apply: { run: number; key: string | null } };
  sends: { Applied: { run: number } };
  timers: object;
  events: { EffectApplied: Effect; EffectRepeated: { key: string; by: NodeId } };
  options: object;
}

// A scheduler

/** The run that a scheduler works on. */
export type Job = {
  readonly run: number;
  readonly stage: 'working' | 'applying' | 'closing' | 'finishing';
};

export interface SchedulerState {
  /** The term in which it leads, by its own clock; 0 if it does not. */
  term: number;
  /** When its lease ends, on the own clock. */
  leaseUntil: Micros;
  /** When it asked for the lease. */
  askedAt: Micros;
  /** Whether it has asked for a run. */
  isBeginning: boolean;
  job: Job | null;
}

export interface Scheduler {
  state: SchedulerState;
  receives: StoreAnswers & Ledger['sends'];
  sends: StoreRequests & Ledger['receives'];
  timers: { acquire: void; lease: void; due: void; work: void; retry: void };
  events: {
    JobStarted: { run: number };
    JobEnded: { run: number };
    JobAbandoned: { run: number; reason: string };
    LeadershipLost: { term: number; reason: string };
  };
  options: {
    ttl: Micros;
    period: Micros;
    workTime: Micros;
    retryAfter: Micros;
    marks: string;
    keys: boolean;
  };
}

export const options: NonNullable<Role<Scheduler>['options']> = {
  ttl: {
    kind: 'duration',
    default: seconds(10),
    min: seconds(0.01),
    doc: 'How long its lease lasts; it renews it after a third of that.',
  },
  period: {
    kind: 'duration',
    default: seconds(30),
    min: seconds(0.01),
    doc: 'How long the leader waits between two runs of the job.',
  },
  workTime: {
    kind: 'duration',
    default: seconds(4),
    min: 0,
    doc: 'How long a run works before its effect, and again as long after it.',
  },
  retryAfter: {
    kind: 'duration',
    default: seconds(1),
    min: seconds(0.001),
    doc:
      'How long it waits for an answer about a run; then it asks again, on a new connection. An ' +
      'effect without a key is not sent again.',
  },
  marks: {
    kind: 'choice',
    default: 'after',
    choices: ['before', 'after'],
    doc: 'Whether a run is marked as done before it has its effect, or after it.',
  },
  keys: {
    kind: 'boolean',
    default: true,
    doc: 'Whether a run has an idempotency key, by which the ledger recognizes a repetition.',
  },
};

export const events: Record<
  keyof Store['events'] | keyof Ledger['events'] | keyof Scheduler['events'] | 'TwoAtWork', string
> = {
  LeaderElected: 'The store gave the lease to a scheduler, in a new term.',
  LeaseExpired: 'The store received no renewal for the time of the lease, and freed it.',
  RunBegun: 'The leader began a run: a new one, or again one that is not done.',
  RunMarkedDone: 'The store marked a run as done: no leader will begin it again.',
  EffectApplied: 'The ledger applied the effect of a run.',
  EffectRepeated: 'The ledger knew the key of an effect, and did not apply it again.',
  JobStarted: 'A scheduler works on a run.',
  JobEnded: 'A scheduler has ended its work on a run.',
  JobAbandoned: 'A scheduler gave a run up, for the given reason.',
  LeadershipLost: 'A scheduler no longer leads. A run that it works on goes on.',
  TwoAtWork: 'Two schedulers work on the same run at once.',
};
