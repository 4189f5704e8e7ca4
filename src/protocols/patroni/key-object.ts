/** A key of the database as a sequential object. */
import type { Specification } from '../../protocol/history.ts';
import type { Json } from '../../protocol/types.ts';

/**
 * Without synchronous replication a failover may lose writes, and a primary that was replaced may
 * answer reads for a while: then a history is not linearizable, as with the real Patroni. A read at
 * a given member may be of a replica, and is not judged.
 */
export const specification: Specification<Json> = {
  doc: 'A key that is read and written at the primary: a read returns what was written last.',
  operations: ['read', 'write'],
  key: ({ args }) => String(args.key),
  init: () => null,
  step(value, { name, args, outcome, result }) {
    if (name === 'write') return args.value;
    const isJudged = outcome === 'ok' && args.at === undefined;
    return !isJudged || result === value ? value : undefined;
  },
};
