/** What proposals and questions do one after the other: the first value that is chosen stays. */
import type { Specification } from '../../protocol/history.ts';
import type { Json } from '../../protocol/types.ts';

interface Consensus {
  readonly [field: string]: Json;
  readonly chosen: readonly Json[];
}

/** No operation of Paxos fails; a proposal that was not answered may still be chosen. */
export const consensusSpecification: Specification<Consensus> = {
  doc: 'Consensus: every proposal returns the value of the first one (§1).',
  operations: ['propose', 'learn'],
  init: () => ({ chosen: [] }),
  step(state, { name, args, outcome, result }) {
    const [value] = state.chosen;
    const after = name === 'propose' && value === undefined ? { chosen: [args.value] } : state;
    const returned = after.chosen[0] ?? null;
    return outcome === 'unknown' || result === returned ? after : undefined;
  },
};
