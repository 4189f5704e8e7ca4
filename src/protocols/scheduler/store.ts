/** The store: gives the lease to one scheduler at a time, and records the runs of the job. */
import { role } from '../../protocol/define.ts';
import type { Store } from './state.ts';

export const store = role<Store>({
  doc: 'Gives a lease to one scheduler at a time, and records which runs have begun and are done.',
  init: () => ({ lease: null, lastTerm: 0, runs: [] }),
  noDiskFaults: 'this node stands for a whole database, whose disks are not modelled',
  durable: ['lease', 'lastTerm', 'runs'],
  start(node) {
    // After a crash, it does not know how much time the lease has left, and begins it anew.
    if (node.state.lease !== null) node.setTimer('expiry', node.state.lease.ttl);
  },
  messages: {
    Acquire(node, { ttl }, from, connection) {
      const { state } = node;
      const owner = state.lease?.owner;
      if (owner !== undefined && owner !== from) {
        return node.send(connection, { type: 'Denied', owner });
      }
      if (owner === undefined) {
        state.lastTerm++;
        node.event('LeaderElected', { owner: from, term: state.lastTerm });
      }
      state.lease = { owner: from, term: state.lastTerm, ttl };
      node.setTimer('expiry', ttl);
      node.send(connection, { type: 'Leading', term: state.lastTerm });
    },
    Begin(node, { term, isDone }, from, connection) {
      const { state } = node;
      if (state.lease?.term !== term) return node.send(connection, { type: 'NotLeader', term });
      // The record of begun runs: one that is not done is begun again, by the leader of the day.
      const open = state.runs.findIndex((one) => !one.isDone);
      const run = open >= 0 ? open + 1 : state.runs.length + 1;
      state.runs[run - 1] = { begunBy: from, isDone };
      node.event('RunBegun', { run, by: from, again: open >= 0 });
      if (isDone) node.event('RunMarkedDone', { run, by: from });
      node.send(connection, { type: 'Begun', run });
    },
    Finish(node, { run }, from, connection) {
      const known = node.state.runs[run - 1];
      if (!known.isDone) {
        node.state.runs[run - 1] = { ...known, isDone: true };
        node.event('RunMarkedDone', { run, by: from });
      }
      node.send(connection, { type: 'Finished', run });
    },
  },
  timers: {
    expiry(node) {
      const { owner, term } = node.state.lease!;
      node.state.lease = null;
      node.event('LeaseExpired', { owner, term });
    },
  },
  background: ['expiry'],
  lookDocs: {
    runs: 'The runs of the job that were begun, and whether they are recorded as done.',
    'the lease': 'Until then its owner alone may run the job, by the clock of this store.',
  },
  look: ({ lease, lastTerm, runs }) => ({
    epoch: { name: 'term', value: lastTerm },
    authority: {},
    holder: {
      of: 'the lease', is: lease?.owner ?? 'none', ...(lease && { token: lease.term }),
    },
    ...(lease && { lease: { name: 'the lease', of: 'the lease', timer: 'expiry' } }),
    facts: {
      runs: runs.map(({ isDone }, i) => `${i + 1} ${isDone ? 'done' : 'begun'}`).join(', '),
    },
  }),
});
