/** Hybrid logical clocks: a wall time that never goes back, and a counter for equal wall times. */
// Kulkarni et al., Logical Physical Clocks (2014); Taft et al., CockroachDB (SIGMOD 2020), §4.1.
// The functions are pure: a node reads its wall clock and passes the reading on.
import type { Micros, Node } from '../../protocol/types.ts';

export interface Timestamp {
  /** In microseconds. */
  readonly wall: Micros;
  /** Orders the timestamps of one wall time. */
  readonly logical: number;
}

export const zero: Timestamp = Object.freeze({ wall: 0, logical: 0 });

/** The next reading of a clock whose last one was `last`, when the wall clock shows `physical`. */
export function tick(last: Timestamp, physical: Micros): Timestamp {
  if (physical > last.wall) return { wall: physical, logical: 0 };
  // The wall clock stands still or went back: the counter alone makes the difference.
  return { wall: last.wall, logical: last.logical + 1 };
}

/** A clock that has received a timestamp is not behind it: its next reading is later. */
export function receive(last: Timestamp, remote: Timestamp): Timestamp {
  return latest(last, remote);
}

/** Whether a remote timestamp is further ahead of the wall clock than any clock should be. */
export function isUntrustworthy(remote: Timestamp, physical: Micros, maxOffset: Micros): boolean {
  return remote.wall - physical > maxOffset;
}

/** Whether a wall clock jumped ahead between two readings that are close to each other. */
export function jumpedAhead(before: Micros, now: Micros, maxOffset: Micros): boolean {
  return now - before >= maxOffset / 2;
}

export function compare(a: Timestamp, b: Timestamp): number {
  return a.wall - b.wall || a.logical - b.logical;
}

export function isBefore(a: Timestamp, b: Timestamp): boolean {
  return compare(a, b) < 0;
}

export function latest(a: Timestamp, b: Timestamp): Timestamp {
  return isBefore(a, b) ? b : a;
}

export function earliest(a: Timestamp, b: Timestamp): Timestamp {
  return isBefore(b, a) ? b : a;
}

/** The smallest timestamp that is later. */
export function next({ wall, logical }: Timestamp): Timestamp {
  return { wall, logical: logical + 1 };
}

export function plus({ wall, logical }: Timestamp, duration: Micros): Timestamp {
  return { wall: wall + duration, logical };
}

/** A timestamp in seconds, with its counter: `1.25,3`. */
export function timestampText({ wall, logical }: Timestamp): string {
  return `${wall / 1_000_000},${logical}`;
}

/** What a node needs to have such a clock. */
interface Clocked {
  state: { clock: Timestamp; physical: Micros };
  receives: object;
  sends: object;
  timers: object;
  events: object;
  options: object;
}

/** Reads the clock of a node: each reading is later than the one before. */
export function readClock(node: Pick<Node<Clocked>, 'state' | 'now'>): Timestamp {
  const { state } = node;
  state.physical = node.now();
  state.clock = tick(state.clock, state.physical);
  return state.clock;
}
