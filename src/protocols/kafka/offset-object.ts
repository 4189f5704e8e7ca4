/** The offsets of records as a sequential object: an acknowledged record stays where it is. */
import type { Specification } from '../../protocol/history.ts';

/**
 * A producer that was answered later got a larger offset: otherwise a record was lost, as after an
 * unclean election. Records are polled from a position that is behind, so `poll` is not part of it.
 */
export const offsetSpecification: Specification<number> = {
  doc: 'The log of the partition: a record that is sent later has a larger offset.',
  operations: ['send'],
  init: () => -1,
  step(last, { outcome, result }) {
    if (outcome !== 'ok' || typeof result !== 'number' || result < 0) return last;
    return result > last ? result : undefined;
  },
};
