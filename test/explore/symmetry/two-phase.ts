/** Two-phase commit whose resource managers are declared alike; and the same with planted faults. */
import type { Setup } from '../../../src/kernel/plan.ts';
import { type Handler, type Parts, twoPhaseWith } from '../models/setups.ts';
import published from '../published/two-phase.ts';

export interface Variant {
  readonly alike?: boolean;
  /** How many resource managers the decider does not wait for: a violation if it is not 0. */
  readonly missing?: number;
  /** The first of them never aborts by itself: they are not alike. */
  readonly privileged?: boolean;
  /** The last name of those that are prepared is kept: names are compared. */
  readonly compares?: boolean;
}

function resource({ alike = true, privileged = false }: Variant): Parts {
  const { timers } = published.roles.resource;
  return {
    alike,
    options: { slow: { kind: 'boolean', default: false, doc: 'Nothing.' } },
    timers: {
      ...timers,
      abort(node, data) {
        if (!privileged || node.id !== 'r1') timers.abort(node, data);
      },
    },
  };
}

/** A set of names, in place of a list in their order, which would tell them apart. */
function manager({ missing = 0, compares = false }: Variant): Parts {
  const Prepared: Handler = (node, _, from) => {
    const { state } = node;
    if (state.is !== 'init' || state.prepared[from]) return;
    state.prepared[from] = true;
    if (compares && from < 'r2') return;
    const count = Object.values(state.prepared).filter(Boolean).length;
    if (count === node.nodes('resource').length - missing) node.setTimer('commit', 1);
  };
  return {
    init: () => ({ is: 'init', prepared: {} }),
    start(node) {
      for (const id of node.nodes('resource')) node.state.prepared[id] = false;
      node.setTimer('abort', 1);
    },
    messages: { Prepared },
  };
}

export function twoPhase(resources: number, variant: Variant = {}): Setup {
  return twoPhaseWith(resources, { resource: resource(variant), manager: manager(variant) });
}
