/** The total of the server as a sequential object. */
import type { Specification } from '../../protocol/history.ts';

/** A request that is executed twice, or after a later one, violates it. */
export const specification: Specification<number> = {
  doc: 'A number that is added to and set: each operation returns the new total.',
  init: () => 0,
  step(total, { name, args, outcome, result }) {
    const next = name === 'add' ? total + Number(args.amount) : Number(args.amount);
    return outcome === 'ok' && result !== next ? undefined : next;
  },
};
