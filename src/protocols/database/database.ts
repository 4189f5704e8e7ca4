/** Transactions in a database: what the isolation levels allow, and how to avoid lost updates. */
// The parts of the server, from the bottom up: row versions and snapshots (versions.ts), row locks
// and deadlocks (locks.ts), the serializable level (serializable.ts), transactions
// (transactions.ts), statements (statements.ts), sessions (server.ts).
import { defineProtocol } from '../../protocol/define.ts';
import { redis, redisEvents } from '../redis/redis.ts';
import { refusesLock } from '../redis/reply.ts';
import { client, clientEvents } from './client.ts';
import { invariants } from './invariants.ts';
import { database as server } from './server.ts';
import { events } from './state.ts';

export const database = defineProtocol({
  name: 'database',
  doc: 'A database with transactions at three isolation levels, and clients that race in it.',
  source: 'PostgreSQL 15: Concurrency Control; Ports, Grittner: Serializable Snapshot Isolation',
  events: { ...events, ...clientEvents, ...redisEvents },
  roles: { database: server, client, redis },
  defaultRole: 'client',
  invariants,
  refuses: (message) => message.type === 'Refused' || refusesLock(message),
  units: { expireAt: 'milliseconds' },
});
