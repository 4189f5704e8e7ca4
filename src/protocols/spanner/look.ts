/** How panels show a replica and a client of Spanner. */
import type { Look } from '../../protocol/types.ts';
import type { ReplicaState } from './state.ts';
import { safeTime } from './timestamps.ts';

export function serverLook(state: Readonly<ReplicaState>): Look {
  const { standing, promised, lease, applied, log, prepared, locks } = state;
  const safe = safeTime(state);
  return {
    standing,
    tone: standing === 'leader' ? 'lead' : standing === 'candidate' ? 'bid' : 'follow',
    epoch: { name: 'ballot', value: promised },
    facts: {
      applied: `${applied} of ${log.length}`,
      safeTime: safe,
      leaseEnd: lease?.end ?? null,
      prepared: Object.keys(prepared).join(', '),
      locked: Object.keys(locks).join(', '),
    },
  };
}
