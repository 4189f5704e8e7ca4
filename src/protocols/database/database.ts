/** Transactions in a database: what the isolation levels allow, and how to avoid lost updates. */
// The parts of the server, from the bottom up: SQL as syntax trees (sql/), expressions with types
// and values (expressions/), row versions (versions.ts), locks and deadlocks (locks/), the
// serializable level (serializable.ts), transactions and savepoints (transactions/), statements on
// rows (query/) and on tables (definitions.ts, alterations.ts), sessions (sessions/, server.ts).
import { defineProtocol } from '../../protocol/define.ts';
import { redis, redisEvents } from '../redis/redis-server.ts';
import { refusesLock } from '../redis/reply.ts';
import { client } from './client.ts';
import { clientEvents } from './client-options.ts';
import { invariants } from './invariants.ts';
import { database as server } from './server.ts';
import { events } from './options.ts';
import { transactions } from './transaction-effects.ts';

export const database = defineProtocol({
  name: 'database',
  aliases: ['race-conditions', 'database-clients', 'postgres', 'postgresql', 'mysql'],
  doc: 'A database with transactions at three isolation levels, and clients that race in it.',
  source: 'PostgreSQL 15: Concurrency Control; Ports, Grittner: Serializable Snapshot Isolation',
  noSpecification: 'its operations make up transactions, so expect `history is serializable`',
  events: { ...events, ...clientEvents, ...redisEvents },
  roles: { database: server, client, redis },
  connections: [['client', 'database'], ['client', 'redis'], ['redis', 'redis']],
  defaultRole: 'client',
  transactions,
  invariants,
  refuses: (message) => message.type === 'Refused' || refusesLock(message),
  units: { expireAt: 'milliseconds' },
});
