/** Transactions in a database: what isolation levels allow, and the cures for a lost update. */
// The server's parts, from the ground up: row versions and snapshots (database-versions.ts), row
// locks and deadlocks (database-locks.ts), serializable (database-serializable.ts), transactions
// (database-transactions.ts), statements (database-statements.ts), sessions (database-server.ts).
import { defineProtocol } from '../../protocol/define.ts';
import { client, clientEvents } from './client.ts';
import { invariants } from './invariants.ts';
import { database as server } from './server.ts';
import { events } from './state.ts';
import { redis, redisEvents, refusesLock } from '../redis/redis.ts';

export const database = defineProtocol({
  name: 'database',
  doc: 'A database with transactions at three isolation levels, and clients that race in it.',
  source: 'PostgreSQL 15: Concurrency Control; Ports, Grittner: Serializable Snapshot Isolation',
  events: { ...events, ...clientEvents, ...redisEvents },
  roles: { database: server, client, redis },
  defaultRole: 'client',
  invariants,
  refuses: (message) => message.type === 'Refused' || refusesLock(message),
});
