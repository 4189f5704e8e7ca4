/** A store in which the later write wins, as types: what is later is decided by a clock. */
import type { Micros, NodeId, Role } from '../../protocol/types.ts';
import { milliseconds, seconds } from '../../protocol/units.ts';
import type { Timestamp } from '../shared/hybrid-clock.ts';

/** What a clock shows; a write is stamped with it. */
export type Stamp =
  /** The replica's own wall clock. */
  | { readonly clock: 'wall'; readonly time: Micros }
  /** A number that is above all that the replica has seen (Lamport 1978). */
  | { readonly clock: 'lamport'; readonly count: number }
  /** How many writes of each replica it has seen (Fidge 1988, Mattern 1989). */
  | { readonly clock: 'vector'; readonly counts: Readonly<Record<NodeId, number>> }
  /** The latest wall time that it has seen, and a counter (Kulkarni et al. 2014). */
  | ({ readonly clock: 'hybrid' } & Timestamp);

export interface Write {
  /** Names the write: `n1#3` is the third write of n1. */
  readonly id: string;
  readonly key: string;
  readonly value: string | number | boolean;
  readonly by: NodeId;
  /** Counts the writes of that replica. */
  readonly number: number;
  readonly stamp: Stamp;
}

export interface ReplicaState {
  clock: Stamp;
  /** What the wall clock showed at the last write. */
  reading: Micros;
  /** How many writes it has made. */
  written: number;
  /** Key → the writes that count: one, or with vector clocks several that are concurrent. */
  values: Record<string, Write[]>;
}

export interface Replica {
  state: ReplicaState;
  receives: { Writes: { writes: readonly Write[] } };
  sends: { Writes: { writes: readonly Write[] } };
  timers: { sync: void };
  events: {
    Written: { id: string; key: string; value: string | number | boolean; stamp: string };
    WriteApplied: { id: string; key: string; stamp: string; replaces: string };
    WriteDiscarded: { id: string; key: string; stamp: string; kept: string; keptStamp: string };
    SiblingsKept: { key: string; values: readonly (string | number | boolean)[] };
    WallClockBehind: { behind: Micros; logical: number };
  };
  options: { stamps: string; syncInterval: Micros };
}

export const options: NonNullable<Role<Replica>['options']> = {
  stamps: {
    kind: 'choice',
    default: 'lamport',
    choices: ['wall', 'lamport', 'vector', 'hybrid'],
    doc: 'What stamps a write, and so decides which of two writes is later; one for all replicas.',
  },
  syncInterval: {
    kind: 'duration',
    default: seconds(1),
    min: milliseconds(1),
    doc: 'How often a replica sends all that it has to the others, in case a message was lost.',
  },
};

export const events: Record<
  keyof Replica['events'] | 'ConcurrentWriteLost' | 'KnownWriteWon', string
> = {
  Written: 'A replica took a write of a client, and stamped it.',
  WriteApplied: 'A write took its place at a replica; `replaces` names those that it replaced.',
  WriteDiscarded: 'A replica discarded a write, because by their stamps another one is later.',
  SiblingsKept: 'A replica has several values of a key, because their writes are concurrent.',
  WallClockBehind: 'A hybrid clock is ahead of the wall clock of its node, and counts instead.',
  ConcurrentWriteLost: 'A write was discarded for one that was made without knowledge of it.',
  KnownWriteWon: 'A write was discarded for one of which its author knew.',
};
