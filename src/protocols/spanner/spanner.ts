/** Spanner: transactions over Paxos groups, in an order that agrees with real time. */
// The rules stand beside the paper by section: leases.ts and paxos.ts (§2.1, §4.1), true-time.ts
// (§3), timestamps.ts (§4.1.2, §4.1.3), transactions.ts and two-phase-commit.ts (§4.2.1), reads.ts
// (§4.1.4, §4.2.2). Directories that move, schema changes and SQL are not modelled.
import { defineProtocol } from '../../protocol/define.ts';
import { client, clientEvents } from './client/client.ts';
import { replicaEvents } from './events.ts';
import { clockOutsideBound, invariants } from './invariants/invariants.ts';
import { replica } from './replica.ts';
import { timeMaster } from './time-master.ts';
import { transactions } from './client/transaction-effects.ts';

export const spanner = defineProtocol({
  name: 'spanner',
  doc: 'A database over Paxos groups: commits wait until their timestamps are past on all clocks.',
  source: "Corbett et al.: Spanner: Google's Globally-Distributed Database, OSDI 2012",
  noSpecification: 'its operations make up transactions, so expect `history is serializable`',
  events: {
    ...replicaEvents,
    ...clientEvents,
    ClockOutsideBound: 'A leader assigned a timestamp when the time was not in its interval (§3).',
  },
  roles: { replica, client, timeMaster },
  defaultRole: 'replica',
  derivedEvents: { ClockOutsideBound: clockOutsideBound },
  transactions,
  invariants,
  units: {
    timestamp: 'microseconds', earliest: 'microseconds', latest: 'microseconds',
    receivedLatest: 'microseconds', start: 'microseconds', end: 'microseconds',
    askedAt: 'microseconds', time: 'microseconds', asked: 'microseconds',
    age: 'microseconds', remaining: 'microseconds', offBy: 'microseconds',
    epsilon: 'microseconds', correction: 'microseconds', safeTime: 'microseconds',
    paxosSafeTime: 'microseconds', maxTimestamp: 'microseconds', lastCommit: 'microseconds',
  },
  refuses: ({ type }) => type === 'Refused' || type === 'NotLeader' || type === 'PrepareRefused',
});
