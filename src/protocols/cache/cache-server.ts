/** A look-aside cache: clients read it, fill it after a miss, and delete what they have changed. */
// Nishtala et al., Scaling Memcache at Facebook (NSDI 2013): §2 look-aside caching, §3.2.1 leases.
import { role } from '../../protocol/define.ts';
import type { Micros, NodeId } from '../../protocol/types.ts';
import { seconds } from '../../protocol/units.ts';
import type { CacheAnswers, CacheEvents, CacheRequests, Key } from './messages.ts';
import { filledWords, fillRefusedWords, hitWords, missedWords } from './summary.ts';

interface Lease {
  readonly token: number;
  /** When it was granted, by the clock of the cache. */
  readonly at: Micros;
  readonly to: NodeId;
}

export interface CacheServer {
  state: {
    entries: Record<Key, number>;
    /** The lease of each key that was granted since its last fill and its last delete. */
    leases: Record<Key, Lease>;
    lastToken: number;
  };
  receives: CacheRequests;
  sends: CacheAnswers;
  timers: object;
  events: Omit<CacheEvents, 'Expired' | 'Fetched' | 'Joined'>;
  options: { leases: boolean; leaseEvery: Micros };
}

export const cache = role<CacheServer>({
  doc: 'A look-aside cache in memory, such as memcached: it never asks the database itself.',
  options: {
    leases: {
      kind: 'boolean',
      default: false,
      doc: 'Whether a miss grants a lease; a value is then accepted only with a lease.',
    },
    leaseEvery: {
      kind: 'duration',
      default: seconds(10),
      min: 0,
      doc: 'How often it grants a lease of a key; in between, clients that miss wait (§3.2.1).',
    },
  },
  summary: {
    messages: { Missed: missedWords },
    events: { Hit: hitWords, Filled: filledWords, FillRefused: fillRefusedWords },
  },
  init: () => ({ entries: {}, leases: {}, lastToken: 0 }),
  // Tokens must differ from those before a restart; a clock or a random number serves as well.
  durable: ['lastToken'],
  noDiskFaults: 'it writes only a number, before it sends',

  messages: {
    Get(node, { key, request }, from) {
      const { state, options } = node;
      const value = state.entries[key];
      if (value !== undefined) {
        node.event('Hit', { key, value, left: null });
        return node.send(from, { type: 'Found', key, value, request });
      }
      node.event('Missed', { key });
      if (!options.leases) {
        return node.send(from, { type: 'Missed', key, request, token: 0, wait: false });
      }
      const lease = state.leases[key];
      if (lease !== undefined && node.now() - lease.at < options.leaseEvery) {
        // One client reads the database; the others find its value when they ask again.
        return node.send(from, { type: 'Missed', key, request, token: 0, wait: true });
      }
      const token = ++state.lastToken;
      state.leases[key] = { token, at: node.now(), to: from };
      node.event('LeaseGranted', { key, token });
      node.send(from, { type: 'Missed', key, request, token, wait: false });
    },

    Set(node, { key, value, token }, from) {
      const { state, options } = node;
      if (options.leases && state.leases[key]?.token !== token) {
        return node.event('FillRefused', { key, value, from, token });
      }
      delete state.leases[key];
      state.entries[key] = value;
      node.event('Filled', { key, value, leased: options.leases, from, token });
    },

    Delete(node, { key, request }, from) {
      const { state } = node;
      delete state.entries[key];
      // What a client has read before this delete may be old: its token is worth nothing now.
      delete state.leases[key];
      node.event('Invalidated', { key });
      node.send(from, { type: 'Deleted', key, request });
    },
  },
  timers: {},

  standings: {
    '': { doc: 'No lease is out (Nishtala et al., §3.2.1).', to: { leased: 'a get misses' } },
    leased: {
      doc: 'A client may set a value with the token of its lease (§3.2.1).',
      to: { '': 'the value is set, or deleted' },
    },
  },
  lookDocs: { '…': 'The copy that it serves for this key: the origin may have a newer value.' },
  look: ({ entries, leases }) => ({
    standing: Object.keys(leases).length > 0 ? 'leased' : '',
    authority: {},
    holder: Object.entries(leases).map(([key, { token, to }]) => {
      return { of: `lease of ${key}`, is: to, token };
    }),
    facts: { ...entries },
  }),
});
