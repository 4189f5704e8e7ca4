/** What proposals do one after the other: the first value that is decided stays. */
import type { Specification } from '../../protocol/history.ts';

export const specification: Specification<number | null> = {
  doc: 'Consensus: every proposal returns the value of the first one.',
  init: () => null,
  step(decided, { args, outcome, result }) {
    const value = decided ?? Number(args.value);
    return outcome === 'ok' && result !== value ? undefined : value;
  },
};
