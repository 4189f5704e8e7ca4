/** Database failover as Patroni does it: one primary by a lease, and the fencing of the old one. */
import { defineProtocol } from '../../protocol/define.ts';
import { client } from './client.ts';
import { dcs } from './dcs.ts';
import { events } from './events.ts';
import { invariants, splitBrain } from './invariants.ts';
import { member } from './member.ts';
import { specification } from './key-object.ts';

export const patroni = defineProtocol({
  name: 'patroni',
  doc: 'PostgreSQL with a primary by a lease: failover, timelines, rewind, watchdog, sync mode.',
  source: 'Patroni: docs (settings, replication modes, watchdog, failsafe mode), patroni/ha.py',
  specification,
  events,
  roles: { member, dcs, client },
  connections: [['client', 'member'], ['member', 'member']],
  defaultRole: 'member',
  derivedEvents: { SplitBrain: splitBrain },
  invariants,
  units: {
    until: 'microseconds', waited: 'microseconds', for: 'microseconds', ttl: 'microseconds',
    watchdogAt: 'microseconds', acceptsUntil: 'microseconds', loopBegan: 'microseconds',
    margin: 'microseconds',
  },
  refuses: ({ type, ok, accepts }) =>
    type === 'ReadOnly' || type === 'ReplicationRefused' || ok === false || accepts === false,
});
