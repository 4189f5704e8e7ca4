/** Caches in front of a database: look-aside with and without leases, and with a time to live. */
// The parts: a look-aside cache (cache-server.ts), a cache that fetches what it lacks
// (edge.ts), clients that read through them (client.ts), and the server of the protocol `database`.
import { defineProtocol } from '../../protocol/define.ts';
import type { Specification } from '../../protocol/history.ts';
import type { Admits } from '../../protocol/look.ts';
import type { Json } from '../../protocol/types.ts';
import { database } from '../database/server.ts';
import { events as databaseEvents } from '../database/options.ts';
import { cache as cacheServer } from './cache-server.ts';
import { client } from './client.ts';
import { edge } from './edge.ts';
import { invariants, staleRead } from './invariants.ts';
import { events } from './messages.ts';

/** The values of items: a put answers OK, and a get returns the quantity. */
const specification: Specification<Json> = {
  doc: 'A quantity for each key: a get returns what was put last, and 1 before that.',
  operations: ['get', 'put'],
  key: ({ args }) => String(args.key),
  init: () => 1,
  step(value, { name, args, outcome, result }) {
    if (name === 'put') return args.value;
    return outcome !== 'ok' || result === value ? value : undefined;
  },
};

/** The writes of the cache: with leases, one that comes after a delete is refused (§3.2.1). */
const admits: Admits = ({ name, fields }) => {
  const { key, value, from, token } = fields;
  const write = { from, what: `${key}=${value}`, ...(token > 0 && { token }) };
  if (name === 'Filled') return { accepted: true, ...write };
  if (name !== 'FillRefused') return undefined;
  return { accepted: false, ...write, reason: 'its lease is not the last one of the key' };
};

export const cache = defineProtocol({
  name: 'cache',
  aliases: ['caches', 'memcached', 'cdn', 'dns', 'cache-aside', 'ttl'],
  doc: 'Caches in front of a database: look-aside, with leases, and with a time to live.',
  source: 'Nishtala et al.: Scaling Memcache at Facebook, NSDI 2013, §2 and §3.2.1; RFC 1035; ' +
    'RFC 9111, §4',
  events: {
    ...databaseEvents,
    ...events,
    StaleRead: 'A read returned a value after a put that replaced it had been answered.',
  },
  derivedEvents: { StaleRead: staleRead },
  roles: { database, cache: cacheServer, edge, client },
  connections: [['client', 'database'], ['edge', 'database']],
  defaultRole: 'client',
  specification,
  invariants,
  admits,
  refuses: ({ type }) => type === 'Refused' || type === 'Failed',
  units: { left: 'microseconds', age: 'microseconds' },
});
