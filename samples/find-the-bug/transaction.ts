/** Two-phase commit of one transaction. */
import { defineProtocol, invariant, milliseconds, type NodeId, operation, role } from 'lockstep';

interface Coordinator {
  state: { begun: boolean; prepared: NodeId[]; decision: 'commit' | 'abort' | null };
  receives: { Prepared: {} };
  sends: Participant['receives'];
  timers: { patience: void };
  events: { Decided: { decision: string } };
  options: object;
}

interface Participant {
  state: { status: 'working' | 'prepared' | 'committed' | 'aborted' };
  receives: { Prepare: {}; Commit: {}; Abort: {} };
  sends: Coordinator['receives'];
  timers: {};
  events: {};
  options: object;
}

const coordinator = role<Coordinator>({
  doc: 'Decides about one transaction.',
  init: () => ({ begun: false, prepared: [], decision: null }),
  durable: ['begun'],
  start(node) {
    // After a crash, a transaction without a decision is aborted: all would wait for ever.
    const { state } = node;
    if (!state.begun || state.decision !== null) return;
    state.decision = 'abort';
    for (const to of node.nodes('participant')) node.send(to, { type: 'Abort' });
  },
  messages: {
    Prepared(node, _, from) {
      const { state } = node;
      if (state.decision !== null || state.prepared.includes(from)) return;
      state.prepared.push(from);
      if (state.prepared.length < node.nodes('participant').length) return;
      state.decision = 'commit';
      node.cancelTimer('patience');
      node.event('Decided', { decision: 'commit' });
      for (const to of node.nodes('participant')) node.send(to, { type: 'Commit' });
    },
  },
  timers: {
    patience(node) {
      if (node.state.decision !== null) return;
      node.state.decision = 'abort';
      node.event('Decided', { decision: 'abort' });
      for (const to of node.nodes('participant')) node.send(to, { type: 'Abort' });
    },
  },
  operations: {
    commit: operation<Coordinator>()({
      doc: 'Begins the transaction.',
      parameters: {},
      run(node, _, id) {
        node.state.begun = true;
        node.setTimer('patience', milliseconds(500));
        for (const to of node.nodes('participant')) node.send(to, { type: 'Prepare' });
        node.reply(id, 'begun');
      },
    }),
  },
  look: ({ decision }) => ({ standing: decision ?? '', facts: {} }),
});

const participant = role<Participant>({
  doc: 'Takes part in the transaction.',
  init: () => ({ status: 'working' }),
  durable: ['status'],
  messages: {
    Prepare(node, _, from) {
      if (node.state.status === 'working') node.state.status = 'prepared';
      if (node.state.status === 'prepared') node.send(from, { type: 'Prepared' });
    },
    Commit(node) {
      if (node.state.status === 'prepared') node.state.status = 'committed';
    },
    Abort(node) {
      if (node.state.status !== 'committed') node.state.status = 'aborted';
    },
  },
  timers: {},
  look: ({ status }) => ({ standing: status, facts: {} }),
});

export default defineProtocol({
  name: 'transaction',
  doc: 'Two-phase commit of one transaction.',
  source: 'Gray, Notes on Data Base Operating Systems, 1978: two-phase commit.',
  events: { Decided: 'The coordinator has decided.' },
  roles: { coordinator, participant },
  defaultRole: 'participant',
  invariants: {
    Atomicity: invariant({
      doc: 'All participants commit, or none does.',
      check({ nodes }) {
        const are = (status: string) =>
          nodes.filter(({ state }) => 'status' in state && state.status === status);
        const [committed] = are('committed');
        const [aborted] = are('aborted');
        if (committed === undefined || aborted === undefined) return undefined;
        return `${committed.id} has committed, and ${aborted.id} has aborted`;
      },
    }),
  },
});
