/** The mutants of caches: each changes one line. */
import type { Mutant } from '../mutant.ts';

export const cacheMutants: Record<string, Mutant> = {
  'cache-fills-what-it-wrote': {
    doc: 'A client fills the cache with another value than it has read.',
    in: 'client.ts',
    line: "if (to !== undefined && token !== null) node.send(to, { type: 'Set', key, value, token });",
    broken: "if (to !== undefined && token !== null) node.send(to, { type: 'Set', key, value: value + 0.5, token });",
    violates: 'Cached Values Come from the Database',
  },
  'cache-forgets-no-entry': {
    doc: 'An edge answers from an entry whose time is over.',
    in: 'edge.ts',
    line: 'if (entry !== undefined && left > 0) {',
    broken: 'if (entry !== undefined) {',
    violates: 'No Entry Outlives Its TTL',
  },
  'cache-fills-without-lease': {
    doc: 'A fill is accepted without a lease, as after a delete.',
    in: 'cache-server.ts',
    line: 'if (options.leases && state.leases[key]?.token !== token) {',
    broken: 'if (options.leases && (state.leases[key]?.token ?? token) !== token) {',
    violates: 'A Lease Keeps Old Values Out',
  },
};
