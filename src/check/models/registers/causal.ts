/**
 * Causal memory (Ahamad et al. 1995), causal convergence, and PRAM (Lipton and Sandberg 1988), by
 * the bad patterns of Bouajjani et al., "On verifying causal consistency" (2017), section 4.
 */
import type { Meter } from '../limits.ts';
import type { Edge, Pattern } from '../verdict.ts';
import { programOrder, type ReadsWrites } from './reads-writes.ts';
import { Relation } from './relation.ts';
import type { PatternCheck, ReadsFrom } from './sources.ts';

/**
 * Causal memory: each process sees its own operations and all writes in an order that keeps causal
 * order. CyclicCO, WriteCOInitRead, WriteHBInitRead and CyclicHB.
 */
export function causalMemory(history: ReadsWrites, meter: Meter): PatternCheck {
  return (from) => {
    const causal = causalOrder(history, from, meter);
    if (!(causal instanceof Relation)) return causal;
    return eachView(history, (reads, of) => view(history, causal.copy(), reads, from, of));
  };
}

/** PRAM: as causal memory, but only the order of processes and what the view itself read count. */
export function pram(history: ReadsWrites, meter: Meter): PatternCheck {
  return (from) => {
    return eachView(history, (reads, of) => {
      const order = processOrder(history, meter);
      for (const read of reads) {
        const source = from.get(read);
        if (source === undefined || source < 0) continue;
        if (!order.add(source, read, 'reads from')) return cycle(order, source, of);
      }
      return view(history, order, reads, from, of);
    });
  };
}

/**
 * Causal convergence: all processes order writes alike, and a read returns the last write of its
 * causal past in that order. CyclicCO, WriteCOInitRead, WriteCORead and CyclicCF: the last two are
 * cycles of causal order and conflicts.
 */
export function causalConvergence(history: ReadsWrites, meter: Meter): PatternCheck {
  return (from) => {
    const causal = causalOrder(history, from, meter);
    if (!(causal instanceof Relation)) return causal;
    const order = causal.copy();
    for (const [read, source] of from) {
      for (const write of otherWrites(history, read, source)) {
        if (!causal.has(write, read)) continue;
        if (source < 0) return stale(causal, read, write, source);
        if (order.add(write, source, 'overwritten first', [read])) continue;
        // In causal order, too, the read returned a value that was overwritten before it.
        if (causal.has(source, write)) return stale(causal, read, write, source);
        return cycle(order, source);
      }
    }
    return undefined;
  };
}

function processOrder({ all }: ReadsWrites, meter: Meter): Relation {
  const order = new Relation(all.length, meter);
  programOrder(all).forEach((before, i) => {
    for (const one of before) order.add(one, i, 'program order');
  });
  return order;
}

/** Program order and what reads read from, or what is wrong with it. */
export function causalOrder(
  history: ReadsWrites,
  from: ReadsFrom,
  meter: Meter,
): Relation | Pattern {
  const order = processOrder(history, meter);
  for (const [read, source] of from) {
    if (source >= 0 && !order.add(source, read, 'reads from')) return cycle(order, source);
  }
  return order;
}

function eachView(
  { all }: ReadsWrites,
  check: (reads: readonly number[], process: string) => Pattern | undefined,
): Pattern | undefined {
  for (const process of new Set(all.map((one) => one.process))) {
    const reads = all.flatMap((one, i) => {
      return one.process === process && one.type === 'read' ? [i] : [];
    });
    const found = reads.length === 0 ? undefined : check(reads, process);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Adds what must have been overwritten before what, until nothing follows any more. */
function view(
  history: ReadsWrites,
  order: Relation,
  reads: readonly number[],
  from: ReadsFrom,
  of: string,
): Pattern | undefined {
  for (let isClosed = false; !isClosed; ) {
    isClosed = true;
    for (const read of reads) {
      const source = from.get(read);
      if (source === undefined) continue;
      for (const write of otherWrites(history, read, source)) {
        if (!order.has(write, read)) continue;
        if (source < 0) return { ...stale(order, read, write, source), of };
        if (order.has(write, source)) continue;
        if (order.has(source, write)) return { ...stale(order, read, write, source), of };
        order.add(write, source, 'overwritten first', [read]);
        isClosed = false;
      }
    }
  }
  return undefined;
}

/** The writes to the key of a read other than the one that it returned. */
export function otherWrites({ all }: ReadsWrites, read: number, source: number): number[] {
  const { key } = all[read];
  return all.flatMap((one, i) => {
    return one.type === 'write' && one.key === key && i !== source ? [i] : [];
  });
}

/** The read returned `source` although it must have seen `missed`, which is newer. */
function stale(order: Relation, read: number, missed: number, source: number): Pattern {
  const older = source < 0 ? [] : order.path(source, missed);
  const edges = explained(order, [...older, ...order.path(missed, read)]);
  const returned = source < 0 ? {} : { returned: source };
  return { code: 'pattern', pattern: 'stale read', read, missed, ...returned, edges };
}

function cycle(order: Relation, through: number, of?: string): Pattern {
  const edges = explained(order, order.path(through, through));
  return { code: 'pattern', pattern: 'cycle', edges, ...(of !== undefined && { of }) };
}

/** With the operations through which a read follows the write that it shows to be overwritten. */
function explained(order: Relation, edges: readonly Edge[]): Edge[] {
  const known = new Set<number>();
  const reasonsOf = ({ from, shownBy }: Edge): number[] => {
    const read = shownBy?.at(-1);
    if (read === undefined || known.has(read)) return [];
    known.add(read);
    const path = order.path(from, read);
    return [...path.flatMap(reasonsOf), ...path.map(({ to }) => to)];
  };
  return edges.map((edge) => {
    const { shownBy } = edge;
    return shownBy === undefined ? edge : { ...edge, shownBy: [...reasonsOf(edge), ...shownBy] };
  });
}
