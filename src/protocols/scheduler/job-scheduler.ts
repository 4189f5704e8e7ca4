/** Schedulers of which one runs a periodic job: a run has its effect once, twice or never. */
import { defineProtocol } from '../../protocol/define.ts';
import { invariants, twoAtWork } from './invariants.ts';
import { ledger } from './ledger.ts';
import { scheduler } from './scheduler.ts';
import { events } from './state.ts';
import { store } from './store.ts';

export const jobScheduler = defineProtocol({
  name: 'job-scheduler',
  doc: 'Schedulers elect a leader by a lease; it runs a job whose runs may happen twice, or never.',
  source: 'Google SRE book, chapter 24: Distributed Periodic Scheduling with Cron; RFC draft ' +
    '"The Idempotency-Key HTTP Header Field"',
  noSpecification: 'it has no operations of clients, because jobs are due by the clock',
  events,
  roles: { store, ledger, scheduler },
  defaultRole: 'scheduler',
  connections: [['scheduler', 'store'], ['scheduler', 'ledger']],
  derivedEvents: { TwoAtWork: twoAtWork },
  invariants,
  refuses: ({ type }) => type === 'Denied' || type === 'NotLeader',
  units: { leaseUntil: 'microseconds', askedAt: 'microseconds' },
});
