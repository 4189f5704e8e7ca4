/** Two-phase commit whose resource managers are declared alike; and the same with planted faults. */
import type { Setup } from '../../../src/kernel/plan.ts';
import { defineProtocol, role } from '../../../src/protocol/define.ts';

type Empty = Record<never, never>;

interface Resource {
  state: { is: 'working' | 'prepared' | 'committed' | 'aborted' };
  receives: { Commit: Empty; Abort: Empty };
  sends: { Prepared: Empty };
  timers: { prepare: void; abort: void };
  events: Empty;
  options: { slow: boolean };
}

interface Decider {
  state: { is: 'init' | 'committed' | 'aborted'; prepared: Record<string, boolean> };
  receives: { Prepared: Empty };
  sends: { Commit: Empty; Abort: Empty };
  timers: { commit: void; abort: void };
  events: Empty;
  options: Empty;
}

export interface Variant {
  readonly alike?: boolean;
  /** How many resource managers the decider does not wait for: a violation if it is not 0. */
  readonly missing?: number;
  /** The first of them never aborts by itself: they are not alike. */
  readonly privileged?: boolean;
  /** The last name of those that are prepared is kept: names are compared. */
  readonly compares?: boolean;
}

const resource = ({ alike = true, privileged = false }: Variant) => role<Resource>({
  doc: 'Holds a part of the transaction.',
  alike,
  options: { slow: { kind: 'boolean', default: false, doc: 'Nothing.' } },
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
      if (privileged && node.id === 'r1') return;
      node.state.is = 'aborted';
      node.cancelTimer('prepare');
    },
  },
});

const manager = ({ missing = 0, compares = false }: Variant) => role<Decider>({
  doc: 'Decides.',
  init: () => ({ is: 'init', prepared: {} }),
  start(node) {
    for (const id of node.nodes('resource')) node.state.prepared[id] = false;
    node.setTimer('abort', 1);
  },
  messages: {
    Prepared(node, _, from) {
      const { state } = node;
      if (state.is !== 'init' || state.prepared[from]) return;
      state.prepared[from] = true;
      if (compares && from < 'r2') return;
      const count = Object.values(state.prepared).filter(Boolean).length;
      if (count === node.nodes('resource').length - missing) node.setTimer('commit', 1);
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

export function twoPhase(resources: number, variant: Variant = {}): Setup {
  return {
    protocol: defineProtocol({
      name: 'two-phase',
      doc: 'Two-phase commit.',
      source: 'Gray and Lamport, Consensus on Transaction Commit',
      events: {},
      roles: { resource: resource(variant), manager: manager(variant) },
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
    }),
    seed: 1,
    nodes: [
      { id: 'tm', role: 'manager' },
      ...Array.from({ length: resources }, (_, i) => ({ id: `r${i + 1}`, role: 'resource' })),
    ],
    network: { latency: [1, 1], loss: 0, duplicate: 0, reorder: true },
  };
}
