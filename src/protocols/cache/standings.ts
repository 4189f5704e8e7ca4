/** What the oldest operation of a client of the cache waits for. */
import type { Standings } from '../../protocol/standings.ts';

/** Several operations may be under way: when one is answered, the next is shown. */
const next = 'the next operation is shown';
const isDone = 'the operation is answered';

// Nishtala et al., Scaling Memcache at Facebook (NSDI 2013), §2 and Figure 1: look-aside.
export const clientStandings: Standings = {
  '': {
    doc: 'No operation is under way.',
    to: {
      asking: 'get: asks the cache', reading: 'get: reads the database',
      updating: 'put: changes the database', deleting: 'put: deletes in the cache first',
    },
  },
  asking: {
    doc: 'It asks the cache for a value.',
    to: {
      '': isDone, reading: 'a miss, or the cache is silent', updating: next, deleting: next,
    },
  },
  reading: {
    doc: 'It reads the value from the database, after a miss.',
    to: { '': isDone, asking: next, updating: next, deleting: next },
  },
  updating: {
    doc: 'It changes the value in the database.',
    to: {
      '': isDone, deleting: 'updated: deletes in the cache', asking: next, reading: next,
    },
  },
  deleting: {
    doc: 'It deletes the value in the cache, and tries again until it is answered.',
    to: {
      '': isDone, updating: 'deleted: changes the database', asking: next, reading: next,
    },
  },
};
