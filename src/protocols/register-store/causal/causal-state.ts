/** Causal replication, as types: its writes, messages, events and settings. */
import type { Json, Micros, NodeId } from '../../../protocol/types.ts';
import type { Dot } from '../data/dots.ts';
import type { Versions } from '../data/sessions.ts';

/** A write, named by its dot, with what must be applied before it. */
export interface CausalWrite extends Dot {
  readonly key: string;
  readonly value: Json;
  /** The dependencies: what the session had read and written, by the guarantees it asks for. */
  readonly after: Versions;
  /** Lamport time: above that of each write among the dependencies. */
  readonly time: number;
}

export interface CausalState {
  /** Whether concurrent writes are ordered alike at all servers: the option `convergent`. */
  readonly isConvergent: boolean;
  /** The Lamport clock: the highest time of a write that this server has applied. */
  clock: number;
  /** The writes that it has applied, in its order, for servers that missed some. */
  log: CausalWrite[];
  /** The writes that wait for others, in the order of their arrival. */
  waiting: CausalWrite[];
}

export interface CausalMessages {
  /** Writes, new ones or missing ones. */
  Propagate: { writes: readonly CausalWrite[] };
  /** What a server has applied: it lacks the rest. */
  Applied: { vector: Versions };
}

export interface CausalOptions {
  waitForDependencies: boolean;
  convergent: boolean;
  syncInterval: Micros;
}

export interface CausalEvents {
  WriteAccepted: { write: string; client: NodeId; number: number; after: Versions };
  WriteHeld: { write: string; key: string; after: Versions };
  WriteVisible: { write: string; key: string; value: Json };
  WriteDiscarded: { write: string; key: string; value: Json; kept: Json };
}

export const causalEvents: Record<keyof CausalEvents, string> = {
  WriteAccepted: 'A server accepted a write of a client; `after` must be applied before it.',
  WriteHeld: 'A server holds a write back, because its dependencies have not arrived.',
  WriteVisible: 'A server applied a write, which reads now return.',
  WriteDiscarded: 'A server applied a write, but keeps a concurrent one that has a later time.',
};

export function firstCausalState(
  { replication, convergent }: { replication: string; convergent: boolean },
): CausalState | null {
  if (replication !== 'causal') return null;
  return { isConvergent: convergent, clock: 0, log: [], waiting: [] };
}
