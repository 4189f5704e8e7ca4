// The definitions of the consistency models, tried in all ways: slow, short, and independent.
import type { History, HistoryOperation, Specification } from '../../../src/protocol/history.ts';

type Indices = readonly number[];

/** All subsets of operations that may have happened: unknown ones in both ways. */
function worlds(history: History): Indices[] {
  const certain = history.flatMap(({ outcome }, i) => (outcome === 'ok' ? [i] : []));
  const unknown = history.flatMap(({ outcome }, i) => (outcome === 'unknown' ? [i] : []));
  return subsets(unknown).map((some) => [...certain, ...some].sort((a, b) => a - b));
}

function subsets(all: Indices): Indices[] {
  if (all.length === 0) return [[]];
  const [first, ...rest] = all;
  return subsets(rest).flatMap((some) => [some, [first, ...some]]);
}

/** Some order of the operations keeps `precedes`, and the object allows it. */
function hasOrder(
  history: History,
  specification: Specification,
  operations: Indices,
  precedes: (a: number, b: number) => boolean,
  isHidden: (one: number) => boolean = () => false,
): boolean {
  const place = (left: Indices, states: ReadonlyMap<string, unknown>): boolean => {
    if (left.length === 0) return true;
    return left.some((one) => {
      if (left.some((other) => other !== one && precedes(other, one))) return false;
      const hidden = { ...history[one], outcome: 'unknown', result: undefined } as const;
      const operation: HistoryOperation = isHidden(one) ? hidden : history[one];
      const key = specification.key?.(operation) ?? '';
      const state = states.has(key) ? states.get(key) : specification.init();
      const next = specification.step(state as never, operation);
      if (next === undefined) return false;
      return place(left.filter((other) => other !== one), new Map([...states, [key, next]]));
    });
  };
  return place(operations, new Map());
}

function inProcess(history: History) {
  return (a: number, b: number) => {
    const [first, second] = [history[a], history[b]];
    const isBefore = first.invoked < second.invoked && first.outcome === 'ok';
    return isBefore && first.process === second.process;
  };
}

function inTime(history: History) {
  return (a: number, b: number) => {
    const { outcome, returned } = history[a];
    return outcome === 'ok' && returned !== undefined && returned < history[b].invoked;
  };
}

export function isLinearizable(history: History, specification: Specification): boolean {
  return worlds(history).some((world) => {
    return hasOrder(history, specification, world, inTime(history));
  });
}

export function isSequential(history: History, specification: Specification): boolean {
  return worlds(history).some((world) => {
    return hasOrder(history, specification, world, inProcess(history));
  });
}

export function isCoherent(history: History, specification: Specification): boolean {
  const keyOf = (one: HistoryOperation) => specification.key?.(one) ?? '';
  return [...new Set(history.map(keyOf))].every((key) => {
    return isSequential(history.filter((one) => keyOf(one) === key), specification);
  });
}

export function isPram(history: History, specification: Specification): boolean {
  return processes(history).every((process) => {
    return worlds(history).some((world) => {
      const isHidden = (one: number) => history[one].process !== process;
      return hasOrder(history, specification, world, inProcess(history), isHidden);
    });
  });
}

function processes(history: History): string[] {
  return [...new Set(history.map(({ process }) => process))];
}

const isRead = ({ name }: HistoryOperation) => name === 'read';
const keyOf = ({ args }: HistoryOperation) => JSON.stringify(args.key);

/** What each read may have read from; -1 is the start. */
export function allSources(history: History): ReadonlyMap<number, number>[] {
  let choices: ReadonlyMap<number, number>[] = [new Map()];
  history.forEach((operation, read) => {
    if (!isRead(operation) || operation.outcome !== 'ok') return;
    const writes = history.flatMap((one, i) => {
      const isSource = !isRead(one) && one.outcome !== 'failed' && keyOf(one) === keyOf(operation);
      return isSource && one.args.value === operation.result ? [i] : [];
    });
    const sources = operation.result === 0 ? [-1, ...writes] : writes;
    choices = choices.flatMap((some) => sources.map((one) => new Map([...some, [read, one]])));
  });
  return choices;
}

/** The transitive closure of program order and reads from; undefined if it has a cycle. */
function causalOrder(history: History, from: ReadonlyMap<number, number>, world: Indices) {
  const before = inProcess(history);
  const pairs = world.map((a) =>
    new Set(world.filter((b) => a !== b && (before(a, b) || from.get(b) === a))),
  );
  const after = new Map(world.map((one, i) => [one, pairs[i]]));
  for (const middle of world) {
    for (const first of world) {
      if (!after.get(first)!.has(middle)) continue;
      for (const last of after.get(middle)!) after.get(first)!.add(last);
    }
  }
  if (world.some((one) => after.get(one)!.has(one))) return undefined;
  return (a: number, b: number) => after.get(a)!.has(b);
}

/** The operations that happened: uncertain writes only if they were read. */
function happened(history: History, from: ReadonlyMap<number, number>): Indices {
  const read = new Set(from.values());
  return history.flatMap((one, i) => {
    const isThere = one.outcome === 'ok' || (one.outcome === 'unknown' && !isRead(one) && read.has(i));
    return isThere ? [i] : [];
  });
}

/** Ahamad et al. 1995: an order of all writes and the own reads that keeps causal order. */
export function isCausalMemory(history: History, specification: Specification): boolean {
  return allSources(history).some((from) => {
    const world = happened(history, from);
    const causes = causalOrder(history, from, world);
    if (causes === undefined) return false;
    return processes(history).every((process) => {
      const seen = world.filter((i) => !isRead(history[i]) || history[i].process === process);
      return hasOrderFrom(history, specification, seen, causes, from);
    });
  });
}

/** As `hasOrder`, and each read comes right after the write that it reads from, for its key. */
function hasOrderFrom(
  history: History,
  specification: Specification,
  operations: Indices,
  precedes: (a: number, b: number) => boolean,
  from: ReadonlyMap<number, number>,
): boolean {
  const place = (left: Indices, last: ReadonlyMap<string, number>): boolean => {
    if (left.length === 0) return true;
    return left.some((one) => {
      if (left.some((other) => other !== one && precedes(other, one))) return false;
      const key = keyOf(history[one]);
      const rest = left.filter((other) => other !== one);
      if (!isRead(history[one])) return place(rest, new Map([...last, [key, one]]));
      return (last.get(key) ?? -1) === from.get(one) && place(rest, last);
    });
  };
  return place(operations, new Map());
}

/** All total orders of the writes that happened. */
function orders(all: Indices): Indices[] {
  if (all.length === 0) return [[]];
  return all.flatMap((one) => orders(all.filter((other) => other !== one)).map((rest) => [one, ...rest]));
}

/** Burckhardt 2014: one order of all writes that keeps causes first; reads return the last seen. */
export function isCausalConvergent(history: History): boolean {
  return allSources(history).some((from) => {
    const world = happened(history, from);
    const causes = causalOrder(history, from, world);
    if (causes === undefined) return false;
    const writes = world.filter((one) => !isRead(history[one]));
    return orders(writes).some((order) => {
      const keeps = order.every((a, i) => order.slice(i).every((b) => !causes(b, a)));
      return keeps && [...from].every(([read, source]) => {
        const seen = order.filter((one) => {
          return causes(one, read) && keyOf(history[one]) === keyOf(history[read]);
        });
        return (seen.at(-1) ?? -1) === source;
      });
    });
  });
}

/** A session guarantee: one age of all writes, by which no read is older than what it must see. */
export function hasGuarantee(history: History, guarantee: string): boolean {
  const before = inProcess(history);
  return allSources(history).some((from) => {
    const writes = history.flatMap((one, i) => (isRead(one) || one.outcome === 'failed' ? [] : [i]));
    return orders(writes).some((order) => {
      const ageOf = (write: number) => (write < 0 ? -1 : order.indexOf(write));
      const sameKey = (a: number, b: number) => keyOf(history[a]) === keyOf(history[b]);
      const isOrdered = writes.every((second) => history.every((_one, first) => {
        if (!before(first, second)) return true;
        const isWrite = !isRead(history[first]);
        if (isWrite) {
          const counts = guarantee === 'monotonic-writes' || sameKey(first, second);
          return !counts || ageOf(first) < ageOf(second);
        }
        const source = from.get(first) ?? -1;
        return guarantee !== 'writes-follow-reads' || source < 0 || ageOf(source) < ageOf(second);
      }));
      return isOrdered && [...from].every(([read, source]) => {
        return mustSee(history, from, read, guarantee).every((write) => {
          return !sameKey(write, read) || ageOf(write) <= ageOf(source);
        });
      });
    });
  });
}

function mustSee(
  history: History,
  from: ReadonlyMap<number, number>,
  read: number,
  guarantee: string,
): number[] {
  const before = inProcess(history);
  const earlier = history.flatMap((_one, i) => (before(i, read) ? [i] : []));
  if (guarantee === 'read-your-writes') return earlier.filter((one) => !isRead(history[one]));
  const sourcesOf = (reads: Indices) => reads.map((one) => from.get(one) ?? -1).filter((one) => one >= 0);
  if (guarantee === 'monotonic-reads') return sourcesOf(earlier);
  return sourcesOf([...earlier, read]).flatMap((write) => {
    const previous = history.flatMap((_one, i) => (before(i, write) ? [i] : []));
    if (guarantee === 'monotonic-writes') return previous.filter((one) => !isRead(history[one]));
    return sourcesOf(previous.filter((one) => isRead(history[one])));
  });
}

/** Without final reads: values come from writes, and causes from before. */
export function isEventual(history: History): boolean {
  return allSources(history).some((from) => {
    return causalOrder(history, from, happened(history, from)) !== undefined;
  });
}
