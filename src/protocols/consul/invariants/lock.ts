/** What the library promises its worker about a lock. */
import { invariant } from '../../../protocol/define.ts';
import type { Invariant, Observed } from '../../../protocol/types.ts';
import { isWorker } from '../../locks/worker.ts';
import type { WorkerState } from '../lock-state.ts';
import { sessionOf } from '../state.ts';

type Observes = Observed<WorkerState>;

/** The session of a lock is created for it, and ends only with it, so far as the worker knows. */
const lockHasSession = invariant({
  doc: 'A worker believes in a lock only while it has the library\'s lock with the same session.',
  when: ({ acted }) => isWorker(acted) && acted.state.held.length > 0,
  check({ acted }) {
    if (!isWorker(acted)) return undefined;
    const { held, locks } = (acted as Observes).state;
    for (const one of held) {
      const session = sessionOf(one);
      const lock = locks.find(({ key }) => key === one.key);
      if (lock?.phase === 'held' && lock.session === session) continue;
      return `${acted.id} believes that it holds ${one.key}, but has no lock with ${session}.`;
    }
    return undefined;
  },
});

export const lockInvariants: Record<string, Invariant> = {
  'a held lock has its own session': lockHasSession,
};
