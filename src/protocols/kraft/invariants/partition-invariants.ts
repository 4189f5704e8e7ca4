/** The invariants between the controller and the leader of the partition. */
import { invariant } from '../../../protocol/define.ts';
import type { Invariant } from '../../../protocol/types.ts';
import { maximalIsr } from '../../kafka/partition/isr.ts';
import { emptyImage, replayBatch } from '../quorum/image.ts';
import { noCommitted, noteCommitted, type Roles } from './observed.ts';

const ofKRaft = invariant<Roles>();

const oneLeader = ofKRaft({
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

const maximal = ofKRaft({
  doc: 'The leader counts each replica that the committed metadata has in sync: it may be elected.',
  remember: () => ({ ...noCommitted(), image: emptyImage(), applied: 0 }),
  check(moment) {
    const { nodes, memory } = moment;
    void noteCommitted(memory, moment);
    while (memory.applied < memory.batches.length) {
      replayBatch(memory.image, memory.batches[memory.applied++]);
    }
    const { partition } = memory.image;
    const leader = nodes.find(({ id }) => id === partition?.leader);
    if (partition === null || leader?.role !== 'broker' || !leader.up) return undefined;
    const { standing, leaderEpoch } = leader.state;
    if (standing !== 'leader' || leaderEpoch !== partition.leaderEpoch) return undefined;
    const counted = maximalIsr(leader.state);
    const missing = partition.isr.find((id) => !counted.includes(id));
    if (missing === undefined) return undefined;
    return `${missing} is in the committed ISR, but its leader ${leader.id} does not count it.`;
  },
});

export const partitionInvariants: Record<string, Invariant> = {
  'One Leader Per Epoch': oneLeader,
  'Maximal ISR Covers Committed ISR': maximal,
};
