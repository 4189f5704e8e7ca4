/** Redis with plain clients: queues, rate limits, transactions, subscriptions, scripts. */
import { defineProtocol } from '../../protocol/define.ts';
import { client, clientEvents } from './client.ts';
import { redis, redisEvents, replica, serverConnections } from './redis-server.ts';
import { refusesLock } from './reply.ts';
import { redisInvariants } from './server-invariants.ts';
import { modelled } from './unmodelled.ts';

export const redisProtocol = defineProtocol({
  name: 'redis',
  doc: 'A Redis server with its replicas, and clients that send it commands.',
  source: 'redis.io/commands, and redis-server 7.0',
  noSpecification: 'a command may be any of many types, and keys expire by themselves',
  events: { ...clientEvents, ...redisEvents },
  modelled,
  roles: { redis, replica, client },
  defaultRole: 'client',
  connections: [['client', 'redis'], ['client', 'replica'], ...serverConnections],
  invariants: redisInvariants,
  refuses: refusesLock,
  units: { expireAt: 'milliseconds' },
});
