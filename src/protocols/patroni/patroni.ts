/** Database failover as Patroni does it: one primary by a lease, and the fencing of the old one. */
import { defineProtocol } from '../../protocol/define.ts';
import { client } from './client.ts';
import { dcs } from './dcs.ts';
import { events } from './events.ts';
import { invariants, splitBrain } from './invariants.ts';
import { member } from './member.ts';
import type { Admits } from '../../protocol/look.ts';
import type { Specification } from '../../protocol/history.ts';
import type { Json } from '../../protocol/types.ts';

/**
 * Without synchronous replication a failover may lose writes, and a primary that was replaced may
 * answer reads for a while: then a history is not linearizable, as with the real Patroni. A read at
 * a given member may be of a replica, and is not judged.
 */
const specification: Specification<Json> = {
  doc: 'A key that is read and written at the primary: a read returns what was written last.',
  operations: ['read', 'write'],
  key: ({ args }) => String(args.key),
  init: () => null,
  step(value, { name, args, outcome, result }) {
    if (name === 'write') return args.value;
    const isJudged = outcome === 'ok' && args.at === undefined;
    return !isJudged || result === value ? value : undefined;
  },
};

/** The writes of clients, at the member that they reached. */
const admits: Admits = ({ name, fields }) => {
  const { lsn, timeline, write, key, client } = fields;
  switch (name) {
    case 'WriteAppended': {
      const [from] = String(write).split(' ');
      return { accepted: true, from, what: `LSN ${lsn}`, token: timeline };
    }
    case 'WriteRefused':
      return { accepted: false, from: client, what: key, reason: 'a replica is read-only' };
    case 'WriteFenced':
      return { accepted: false, from: client, what: key, reason: 'its watchdog reset the machine' };
    default:
      return undefined;
  }
};

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
  admits,
  refuses: ({ type, ok, accepts }) =>
    type === 'ReadOnly' || type === 'ReplicationRefused' || ok === false || accepts === false,
});
