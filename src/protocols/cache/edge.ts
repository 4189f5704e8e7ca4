/** A cache with a time to live: a DNS resolver, the edge of a CDN. It asks the origin itself. */
// RFC 1035 §3.2.1 and §7.4 (DNS: the TTL of a record); RFC 9111 §4.2 (HTTP: freshness) and §4 (one
// forwarded request for several, "collapsed").
import { role } from '../../protocol/define.ts';
import type { Micros, Node, NodeId } from '../../protocol/types.ts';
import { seconds } from '../../protocol/units.ts';
import type { Answers, Query } from '../database/state.ts';
import type { CacheAnswers, CacheEvents, CacheRequests, Key } from './messages.ts';
import { noOrigin, type Origin, select, valueOf } from './origin.ts';
import { filledWords, hitWords } from './summary.ts';

interface Entry {
  readonly value: number;
  /** By the clock of the edge. */
  readonly expiresAt: Micros;
}

interface Waiting {
  readonly client: NodeId;
  readonly request: number;
}

export interface Edge {
  state: Origin & {
    entries: Record<Key, Entry>;
    /** The fetches that are not answered, by their number. */
    fetches: Record<string, { readonly key: Key; waiting: Waiting[] }>;
  };
  receives: Pick<CacheRequests, 'Get'> & Answers;
  sends: Pick<CacheAnswers, 'Found' | 'Failed'> & { Query: Query };
  timers: object;
  events: Pick<CacheEvents, 'Hit' | 'Missed' | 'Filled' | 'Expired' | 'Fetched' | 'Joined'>;
  options: { ttl: Micros; collapse: boolean };
}

type EdgeNode = Node<Edge>;

export const edge = role<Edge>({
  doc: 'A cache that fetches what it lacks, and answers from its entries until they expire.',
  summary: {
    messages: { Query: ({ sql }) => sql },
    events: { Hit: hitWords, Filled: filledWords },
  },
  options: {
    ttl: {
      kind: 'duration',
      default: seconds(1),
      min: 0,
      doc: 'How long it answers with a value after it has received it; 0 keeps none.',
    },
    collapse: {
      kind: 'boolean',
      default: false,
      doc: 'Whether requests for a key that is being fetched wait for that fetch.',
    },
  },
  init: () => ({ entries: {}, fetches: {}, ...noOrigin }),
  durable: ['serial'],
  noDiskFaults: 'it writes only a number, before it sends',

  connection: {
    ended(node) {
      for (const { key, waiting } of Object.values(node.state.fetches)) fail(node, key, waiting);
      node.state.fetches = {};
    },
  },

  messages: {
    Get(node, { key, request }, client) {
      const entry = node.state.entries[key];
      const left = entry === undefined ? 0 : entry.expiresAt - node.now();
      if (entry !== undefined && left > 0) {
        const { value } = entry;
        node.event('Hit', { key, value, left });
        return node.send(client, { type: 'Found', key, value, request });
      }
      if (entry === undefined) node.event('Missed', { key });
      else node.event('Expired', { key, value: entry.value });
      fetchFor(node, key, { client, request });
    },
    Result(node, answer) {
      const fetch = node.state.fetches[answer.serial];
      if (fetch === undefined) return;
      const { key, waiting } = fetch;
      delete node.state.fetches[answer.serial];
      const value = valueOf(answer);
      if (value === undefined) return fail(node, key, waiting);
      node.state.entries[key] = { value, expiresAt: node.now() + node.options.ttl };
      node.event('Filled', { key, value, leased: false, from: node.id, token: 0 });
      for (const { client, request } of waiting) {
        node.send(client, { type: 'Found', key, value, request });
      }
    },
    Refused(node, { serial }) {
      const fetch = node.state.fetches[serial];
      if (fetch === undefined) return;
      delete node.state.fetches[serial];
      fail(node, fetch.key, fetch.waiting);
    },
    Notification() {},
  },
  timers: {},

  standings: {
    '': { doc: 'It waits for nothing.', to: { fetching: 'a get misses' } },
    fetching: {
      doc: 'It waits for the origin; other requests for the same key wait with it.',
      to: { '': 'the origin has answered' },
    },
  },
  lookDocs: { '…': 'The copy that it serves for this key: the origin may have a newer value.' },
  look: ({ entries, fetches }) => ({
    standing: Object.keys(fetches).length > 0 ? 'fetching' : '',
    facts: Object.fromEntries(Object.entries(entries).map(([key, { value }]) => [key, value])),
  }),
});

function fetchFor(node: EdgeNode, key: Key, one: Waiting): void {
  const { state, options } = node;
  const open = Object.values(state.fetches).find((fetch) => fetch.key === key);
  if (options.collapse && open !== undefined) {
    open.waiting.push(one);
    return node.event('Joined', { key });
  }
  const serial = ++state.serial;
  state.fetches[serial] = { key, waiting: [one] };
  node.event('Fetched', { key });
  select(node, key, serial);
}

function fail(node: EdgeNode, key: Key, waiting: readonly Waiting[]): void {
  for (const { client, request } of waiting) node.send(client, { type: 'Failed', key, request });
}
