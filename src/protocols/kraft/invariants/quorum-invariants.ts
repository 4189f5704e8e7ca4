/** The invariants of the quorum: elections, and the log that a majority has stored. */
import { invariant } from '../../../protocol/define.ts';
import type { Invariant } from '../../../protocol/types.ts';
import {
  memberIn, missingIn, noCommitted, noteCommitted, type Roles,
} from './observed.ts';

const ofKRaft = invariant<Roles>();

const oneLeader = ofKRaft({
  doc: 'In an epoch of the quorum, one voter is elected.',
  remember: () => ({ leaders: {} as Record<string, string> }),
  check({ events, memory: { leaders } }) {
    for (const { name, node, fields } of events) {
      if (name !== 'QuorumLeaderElected') continue;
      const { epoch } = fields;
      const other = leaders[epoch] ?? node;
      if (other !== node) return `${node} leads the quorum in epoch ${epoch}, as ${other} did.`;
      leaders[epoch] = node;
    }
    return undefined;
  },
});

const oneVote = ofKRaft({
  doc: 'A voter votes for one candidate in an epoch, also after a restart.',
  remember: () => ({ votes: {} as Record<string, string> }),
  check({ events, memory: { votes } }) {
    for (const { name, node, fields } of events) {
      if (name !== 'VoteGranted') continue;
      const { epoch, candidateId } = fields;
      const key = `${node} ${epoch}`;
      const other = votes[key] ?? candidateId;
      if (other !== candidateId) {
        return `${node} voted for ${candidateId} in epoch ${epoch}, and for ${other}.`;
      }
      votes[key] = candidateId;
    }
    return undefined;
  },
});

const epochs = ofKRaft({
  doc: 'The epoch in a quorum-state file never goes back.',
  remember: () => ({ epochs: {} as Record<string, number> }),
  check(moment) {
    const { memory } = moment;
    const member = memberIn(moment);
    if (member === undefined) return undefined;
    const { id, state: { quorumState: { leaderEpoch } } } = member;
    const before = memory.epochs[id] ?? 0;
    memory.epochs[id] = leaderEpoch;
    if (leaderEpoch >= before) return undefined;
    return `The epoch of ${id} went from ${before} back to ${leaderEpoch}.`;
  },
});

/** With the epoch of the batch before it, a batch stands for all before it. */
const logsMatch = ofKRaft({
  doc: 'Two logs that have a batch of one epoch at one offset agree on it and on all before.',
  remember: () => ({ batches: {} as Record<string, string> }),
  check(moment) {
    const { events, memory: { batches } } = moment;
    const member = memberIn(moment);
    if (member === undefined) return undefined;
    const { metadataLog } = member.state;
    for (const { name, fields } of events) {
      if (name !== 'MetadataAppended' && name !== 'MetadataReplicated') continue;
      for (let offset = fields.offset; offset < metadataLog.length; offset++) {
        const { leaderEpoch, records } = metadataLog[offset];
        const before = metadataLog[offset - 1]?.leaderEpoch;
        const text = `${JSON.stringify(records)} after epoch ${before}`;
        const key = `${offset} ${leaderEpoch}`;
        batches[key] ??= text;
        if (batches[key] === text) continue;
        return `${member.id} has another batch of epoch ${leaderEpoch} at offset ${offset}.`;
      }
    }
    return undefined;
  },
});

const completeness = ofKRaft({
  doc: 'A leader has all batches that leaders of earlier epochs have committed.',
  remember: noCommitted,
  check(moment) {
    const { acted, events, nodes, memory } = moment;
    const isNews = events.some(({ name }) =>
      name === 'QuorumLeaderElected' || name === 'MetadataCommitted');
    if (acted?.role !== 'controller' || !isNews) return undefined;
    // What a leader of this epoch has committed need not be in the log of an earlier one.
    void noteCommitted(memory, moment);
    const latest = Math.max(...memory.batches.map(({ leaderEpoch }) => leaderEpoch));
    for (const node of nodes) {
      if (node.role !== 'controller' || node.state.quorum.standing !== 'leader') continue;
      const { leaderEpoch } = node.state.quorumState;
      const offset = leaderEpoch < latest ? undefined : missingIn(memory, node.state);
      if (offset === undefined) continue;
      return `${node.id} leads in epoch ${leaderEpoch} without the committed offset ${offset}.`;
    }
    return undefined;
  },
});

const final = ofKRaft({
  doc: 'A committed batch is never replaced, and no log is cut below its high watermark.',
  remember: noCommitted,
  check(moment) {
    for (const { name, node, fields } of moment.events) {
      if (name !== 'MetadataTruncated') continue;
      const { to, highWatermark } = fields;
      if (to >= (highWatermark ?? 0)) continue;
      return `${node} cut its log to ${to}, below its high watermark ${highWatermark}.`;
    }
    return noteCommitted(moment.memory, moment);
  },
});

const watermark = ofKRaft({
  doc: 'While a process runs, the metadata high watermark that it knows never goes back.',
  remember: () => ({ watermarks: {} as Record<string, number> }),
  check(moment) {
    const { memory: { watermarks } } = moment;
    const member = memberIn(moment);
    if (member === undefined) return undefined;
    const { id, up, state: { quorum: { highWatermark } } } = member;
    if (!up) watermarks[id] = 0;
    if (!up || highWatermark === null) return undefined;
    const before = watermarks[id] ?? 0;
    watermarks[id] = highWatermark;
    if (highWatermark >= before) return undefined;
    return `The high watermark of ${id} went from ${before} back to ${highWatermark}.`;
  },
});

export const quorumInvariants: Record<string, Invariant> = {
  'One Leader Per Quorum Epoch': oneLeader,
  'One Vote Per Epoch': oneVote,
  'Quorum Epoch Never Goes Back': epochs,
  'Metadata Logs Match': logsMatch,
  'Leader Has All Committed Metadata': completeness,
  'Committed Metadata Is Final': final,
  'Metadata High Watermark Never Goes Back': watermark,
};
