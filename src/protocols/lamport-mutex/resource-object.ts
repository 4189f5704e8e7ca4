/** The resource as a sequential object: one process at a time has it. */
import type { Specification } from '../../protocol/history.ts';

export const specification: Specification<string | null> = {
  doc: 'A resource that one process has at a time, from lock to unlock (condition I).',
  readsProcess: true,
  init: () => null,
  step(holder, { process: by, name, outcome }) {
    const of = by.split('/', 1)[0];
    const isPossible = name === 'lock' ? holder === null : holder === of;
    if (!isPossible) return outcome === 'ok' ? undefined : holder;
    return name === 'lock' ? of : null;
  },
};
