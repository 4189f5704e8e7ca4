/** The four clocks: how each advances at a write, how it takes in a stamp, and what it orders. */
// Lamport, "Time, Clocks, and the Ordering of Events in a Distributed System" (1978): event a
// happened before b if they are in one process in this order, or if a is the sending and b the
// receipt of a message, or by a chain of these. The clock condition: then C(a) < C(b). Only events
// that matter here are counted: the writes.
import type { Micros, NodeId } from '../../protocol/types.ts';
import { asDuration } from '../../protocol/units.ts';
import {
  compare as compareHybrid, receive, tick, timestampText, zero,
} from '../shared/hybrid-clock.ts';
import type { Stamp, Write } from './state.ts';

export type Order = 'before' | 'after' | 'concurrent' | 'equal';

export function firstStamp(clock: string): Stamp {
  switch (clock) {
    case 'wall':
      return { clock, time: 0 };
    case 'lamport':
      return { clock, count: 0 };
    case 'vector':
      return { clock, counts: {} };
    default:
      return { clock: 'hybrid', ...zero };
  }
}

/** What the clock shows at the next write of a node, whose wall clock shows `reading`. */
export function advance(last: Stamp, by: NodeId, reading: Micros): Stamp {
  switch (last.clock) {
    case 'wall':
      return { clock: 'wall', time: reading };
    // IR1: each process increments its clock between any two successive events.
    case 'lamport':
      return { clock: 'lamport', count: last.count + 1 };
    case 'vector':
      return { clock: 'vector', counts: { ...last.counts, [by]: (last.counts[by] ?? 0) + 1 } };
    case 'hybrid':
      return { clock: 'hybrid', ...tick(last, reading) };
  }
}

/** What the clock shows once a stamp has been received. */
export function takeIn(last: Stamp, stamp: Stamp): Stamp {
  if (last.clock === 'lamport' && stamp.clock === 'lamport') {
    // IR2: on receipt, the clock is set to at least the stamp; the next write is above it.
    return { clock: 'lamport', count: Math.max(last.count, stamp.count) };
  }
  if (last.clock === 'vector' && stamp.clock === 'vector') {
    const counts = { ...last.counts };
    for (const [id, count] of Object.entries(stamp.counts)) {
      counts[id] = Math.max(counts[id] ?? 0, count);
    }
    return { clock: 'vector', counts };
  }
  if (last.clock === 'hybrid' && stamp.clock === 'hybrid') {
    return { clock: 'hybrid', ...receive(last, stamp) };
  }
  if (last.clock === stamp.clock) return last;
  const why = `it has ${last.clock} clocks, and received a stamp of a ${stamp.clock} clock`;
  throw new Error(`${why}: give all replicas the same \`stamps\``);
}

export function compareStamps(a: Stamp, b: Stamp): Order {
  if (a.clock === 'vector' && b.clock === 'vector') return compareVectors(a.counts, b.counts);
  const difference = distance(a, b);
  if (difference === 0) return 'equal';
  return difference < 0 ? 'before' : 'after';
}

function distance(a: Stamp, b: Stamp): number {
  if (a.clock === 'wall' && b.clock === 'wall') return a.time - b.time;
  if (a.clock === 'lamport' && b.clock === 'lamport') return a.count - b.count;
  if (a.clock === 'hybrid' && b.clock === 'hybrid') return compareHybrid(a, b);
  return 0;
}

/** A vector is before another if none of its counts is above, and one is below. */
function compareVectors(
  a: Readonly<Record<NodeId, number>>,
  b: Readonly<Record<NodeId, number>>,
): Order {
  const ids = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  const isBelow = ids.some((id) => (a[id] ?? 0) < (b[id] ?? 0));
  const isAbove = ids.some((id) => (a[id] ?? 0) > (b[id] ?? 0));
  if (isBelow && isAbove) return 'concurrent';
  if (isBelow) return 'before';
  return isAbove ? 'after' : 'equal';
}

/** The order of two writes: by their stamps; if these are equal, by replica and number. */
export function orderOf(a: Write, b: Write): Order {
  const order = compareStamps(a.stamp, b.stamp);
  if (order !== 'equal' || a.id === b.id) return order;
  // "We use any arbitrary total ordering of the processes": the same one everywhere.
  const isFirst = a.by < b.by || (a.by === b.by && a.number < b.number);
  return isFirst ? 'before' : 'after';
}

export function stampText(stamp: Stamp): string {
  switch (stamp.clock) {
    case 'wall':
      return asDuration(stamp.time);
    case 'lamport':
      return `${stamp.count}`;
    case 'vector': {
      const counts = Object.entries(stamp.counts).sort(([a], [b]) => (a < b ? -1 : 1));
      return `[${counts.map(([id, count]) => `${id}:${count}`).join(' ')}]`;
    }
    case 'hybrid':
      return timestampText(stamp);
  }
}
