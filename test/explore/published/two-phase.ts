/**
 * Two-phase commit as in the TLA+ examples (TwoPhase.tla): each choice of a resource manager, and
 * of the transaction manager, is a timer that is set while it is enabled.
 */
import { defineProtocol, role } from 'lockstep';

type Empty = Record<never, never>;

interface Resource {
  state: { is: 'working' | 'prepared' | 'committed' | 'aborted' };
  receives: { Commit: Empty; Abort: Empty };
  sends: { Prepared: Empty };
  timers: { prepare: void; abort: void };
  events: Empty;
  options: Empty;
}

interface Decider {
  state: { is: 'init' | 'committed' | 'aborted'; prepared: string[] };
  receives: { Prepared: Empty };
  sends: { Commit: Empty; Abort: Empty };
  timers: { commit: void; abort: void };
  events: Empty;
  options: Empty;
}

const resource = role<Resource>({
  doc: 'Holds a part of the transaction.',
  init: () => ({ is: 'working' }),
  start(node) {
    node.setTimer('prepare', 1);
    node.setTimer('abort', 1);
  },
  messages: {
    Commit(node) {
      if (node.state.is === 'prepared') node.state.is = 'committed';
    },
    Abort(node) {
      node.state.is = 'aborted';
      node.cancelTimer('prepare');
      node.cancelTimer('abort');
    },
  },
  timers: {
    prepare(node) {
      node.state.is = 'prepared';
      node.cancelTimer('abort');
      node.send('tm', { type: 'Prepared' });
    },
    abort(node) {
      node.state.is = 'aborted';
      node.cancelTimer('prepare');
    },
  },
});

const manager = role<Decider>({
  doc: 'Decides.',
  init: () => ({ is: 'init', prepared: [] }),
  start: (node) => node.setTimer('abort', 1),
  messages: {
    Prepared(node, _, from) {
      const { state } = node;
      if (state.is !== 'init' || state.prepared.includes(from)) return;
      state.prepared = [...state.prepared, from].sort();
      if (state.prepared.length === node.nodes('resource').length) {
        node.setTimer('commit', 1);
      }
    },
  },
  timers: {
    commit(node) {
      node.state.is = 'committed';
      node.cancelTimer('abort');
      for (const to of node.nodes('resource')) node.send(to, { type: 'Commit' });
    },
    abort(node) {
      node.state.is = 'aborted';
      node.cancelTimer('commit');
      for (const to of node.nodes('resource')) node.send(to, { type: 'Abort' });
    },
  },
});

export default defineProtocol({
  name: 'two-phase',
  doc: 'Two-phase commit.',
  source: 'Gray and Lamport, Consensus on Transaction Commit',
  events: {},
  roles: { resource, manager },
  defaultRole: 'resource',
  invariants: {
    consistent: {
      doc: 'Not one resource manager has aborted and another one committed.',
      check({ nodes }) {
        const is = (state: string) => nodes.some((node) => {
          return node.role === 'resource' && node.state.is === state;
        });
        return is('aborted') && is('committed') ? 'one aborted, one committed' : undefined;
      },
    },
  },
});
