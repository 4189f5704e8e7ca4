/** Locks as sequential objects: who may hold one, and which fencing tokens it issues. */
import type { HistoryOperation, Specification } from '../../protocol/history.ts';
import type { Json } from '../../protocol/types.ts';

/** A client may do several things at once: `w1` and `w1/2` are one worker. */
export function workerOf({ process: by }: HistoryOperation): string {
  return by.split('/', 1)[0];
}

const keyOf = ({ args }: HistoryOperation): string => String(args.key ?? '');

/**
 * A lease that expires is not a release, so this is violated once a worker locks what another one
 * was granted, has not released, and may have lost: by a clock, a pause or a failover.
 */
const exclusion = {
  doc: 'A lock that only its holder releases: a lease that expires under its holder violates it.',
  readsProcess: true,
  key: keyOf,
  init: () => null,
  step(holder: string | null, operation) {
    const worker = workerOf(operation);
    const { name, outcome, result } = operation;
    // etcd's own lock service answers with a key, and is released by its key or its lease.
    if (typeof result === 'object' && result !== null) return holder;
    if (name !== 'unlock') {
      if (holder === null) return worker;
      return outcome === 'unknown' ? holder : undefined;
    }
    if (holder === worker) return null;
    // The answer says that the lock was lost, or nothing is known.
    return outcome === 'unknown' || result === false ? holder : undefined;
  },
} satisfies Specification<string | null>;

/** What storage relies on: a later holder has a larger token (Kleppmann 2016). */
const tokens = {
  doc: 'Fencing tokens: each lock that is granted has a larger token than all before it.',
  key: keyOf,
  init: () => -1,
  step(last, { outcome, result }) {
    if (outcome === 'unknown' || typeof result !== 'number') return last;
    return result > last ? result : undefined;
  },
} satisfies Specification<number>;

/**
 * `history of lock is linearizable`, and `history of tokens is …`. Operations in `takes` take a
 * lock and `unlock` releases it; those in `excludes` release locks in other ways.
 */
export function lockSpecifications(
  takes: readonly string[],
  excludes: readonly string[] = [],
): Readonly<Record<string, Specification>> {
  return {
    lock: {
      ...exclusion,
      operations: [...takes, 'unlock'],
      ...(excludes.length > 0 && { excludes }),
    },
    tokens: { ...tokens, operations: takes },
  };
}

const refusals = /already has|does not hold| has \S+$|is locked|is not held|refused the connection/;

/** A worker refuses an operation by itself, or the service does: the lock stays as it is. */
export function isRefusedLock(reason: Json): boolean {
  return typeof reason === 'string' && refusals.test(reason) && !reason.includes('may ');
}
