/** How panels show a Raft server. */
import type { Json, Look } from '../../protocol/types.ts';
import type { ReplicaState } from './state.ts';

/** `ofMachine` is what the state machine shows of itself. */
export function serverLook(
  state: Readonly<ReplicaState>,
  ofMachine: Readonly<Record<string, Json>> = {},
): Look {
  const { standing, votedFor, commitIndex, lastApplied } = state;
  return {
    standing,
    tone: standing === 'leader' ? 'lead' : standing === 'candidate' ? 'bid' : 'follow',
    epoch: { name: 'term', value: state.currentTerm },
    facts: { votedFor, commitIndex, lastApplied, ...ofMachine },
    log: { entries: state.log, first: 1, committed: commitIndex, applied: lastApplied },
  };
}
