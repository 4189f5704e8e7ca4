/** A reentrant lock as a sequential object. */
import type { Specification } from '../../protocol/history.ts';
import type { Json } from '../../protocol/types.ts';
import { workerOf } from '../locks/lock-objects.ts';

interface Hold {
  readonly [field: string]: Json;
  readonly worker: string;
  readonly times: number;
}

/** A lease that expires is not a release: see `locks/lock-objects`. */
export const reentrantSpecification: Specification<Hold | null> = {
  doc: 'A lock that its holder may take again, and that is free once it is released as often.',
  readsProcess: true,
  operations: ['lock', 'unlock'],
  key: ({ args }) => String(args.key),
  init: () => null,
  step(hold, operation) {
    const worker = workerOf(operation);
    const { name, outcome, result } = operation;
    const isOwn = hold === null || hold.worker === worker;
    const times = hold?.times ?? 0;
    const isKnown = outcome === 'ok';
    if (name === 'lock') {
      if (isOwn) return { worker, times: times + 1 };
      return isKnown ? undefined : hold;
    }
    if (hold === null || !isOwn) return isKnown ? undefined : hold;
    if (isKnown && typeof result === 'number' && result !== times - 1) return undefined;
    return times === 1 ? null : { worker, times: times - 1 };
  },
};
