/** How panels show a Raft server. */
import { majority } from '../../protocol/patterns.ts';
import type { Json, Look, NodeId } from '../../protocol/types.ts';
import type { ReplicaState } from './state.ts';

/** `ofMachine` is what the state machine shows of itself. */
export function serverLook(
  state: Readonly<ReplicaState>,
  peers: readonly NodeId[],
  ofMachine: Readonly<Record<string, Json>> = {},
): Look {
  const { standing, votedFor, commitIndex, lastApplied, log } = state;
  const votes = votesOf(state);
  const all = state.members?.length ?? peers.length + 1;
  return {
    standing,
    tone: standing === 'leader' ? 'lead' : standing === 'candidate' ? 'bid' : 'follow',
    epoch: { name: 'term', value: state.currentTerm },
    ...(votes && { votes: { granted: votes.length, needed: majority(all) } }),
    facts: { votedFor, commitIndex, lastApplied, ...ofMachine },
    log: {
      first: 1,
      last: log.length,
      committed: commitIndex,
      applied: lastApplied,
      entry: (index) => ({ epoch: log[index - 1].term, value: log[index - 1].command }),
    },
  };
}

/** The servers that would elect it; undefined if it does not bid. */
function votesOf({ standing, votesGranted, preVotes }: Readonly<ReplicaState>) {
  if (standing === 'candidate') return votesGranted;
  return standing === 'pre-candidate' && preVotes !== null ? preVotes : undefined;
}
