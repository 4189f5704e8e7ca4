/** The invariants of the leader of the partition, wherever its mode stores the ISR. */
import { invariant } from '../../../protocol/define.ts';
import type { NodeId } from '../../../protocol/types.ts';
import { maximalIsr } from './isr.ts';
import type { Replica, ReplicaState } from './replica.ts';

export const oneLeader = invariant<{ broker: Replica }>()({
  doc: 'In a leader epoch, one broker leads the partition.',
  remember: () => ({ leaders: {} as Record<string, string> }),
  check({ events, memory: { leaders } }) {
    for (const { name, node, fields } of events) {
      if (name !== 'LeaderStarted') continue;
      const other = leaders[fields.leaderEpoch] ?? node;
      if (other !== node) return `${node} leads in epoch ${fields.leaderEpoch}, as ${other} did.`;
      leaders[fields.leaderEpoch] = node;
    }
    return undefined;
  },
});

/** Any replica in the stored ISR may be elected. Returns one that the leader does not count. */
export function notCounted(
  { up, state }: { readonly up: boolean; readonly state: Readonly<ReplicaState> },
  stored: { readonly leaderEpoch: number; readonly isr: readonly NodeId[] },
): NodeId | undefined {
  const { standing, leaderEpoch } = state;
  if (!up || standing !== 'leader' || leaderEpoch !== stored.leaderEpoch) return undefined;
  const counted = maximalIsr(state);
  return stored.isr.find((id) => !counted.includes(id));
}
