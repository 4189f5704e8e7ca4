/** The invariants between the controller and the leader of the partition. */
import { invariant } from '../../../protocol/define.ts';
import type { Invariant } from '../../../protocol/types.ts';
import { notCounted, oneLeader } from '../../kafka/partition/leader-invariants.ts';
import { follow, nothingFollowed, type Roles } from './observed.ts';

const ofKRaft = invariant<Roles>();

const maximal = ofKRaft({
  doc: 'The leader counts each replica that the committed metadata has in sync: it may be elected.',
  remember: nothingFollowed,
  check(moment) {
    const { nodes, memory } = moment;
    void follow(memory, moment, () => undefined);
    const { partition } = memory.image;
    const leader = nodes.find(({ id }) => id === partition?.leader);
    if (partition === null || leader?.role !== 'broker') return undefined;
    const missing = notCounted(leader, partition);
    if (missing === undefined) return undefined;
    return `${missing} is in the committed ISR, but its leader ${leader.id} does not count it.`;
  },
});

export const partitionInvariants: Record<string, Invariant> = {
  'One Leader Per Epoch': oneLeader,
  'Maximal ISR Covers Committed ISR': maximal,
};
