/** The invariants of Kafka's log: what is committed, what survives, and what consumers see. */
// An unclean election gives up what the old ISR had. After one, nothing is said of the logs.
import { invariant } from '../../../protocol/define.ts';
import type { Invariant, NodeId, Observation } from '../../../protocol/types.ts';
import type { Consumer } from '../consumer.ts';
import type { LogRecord, Replica, ReplicaState } from './replica.ts';

interface Roles {
  broker: Replica;
  consumer: Consumer;
}

/** A moment of a protocol whose brokers, among other roles, have these replicas. */
export type AnyMoment = Pick<Observation, 'acted' | 'events'>;

/** Which record it is, wherever a log has it. */
export function recordKey({ leaderEpoch, producer, serial }: LogRecord): string {
  return `${producer} ${serial} of leader epoch ${leaderEpoch}`;
}

export interface Elections {
  /** The ISR when the partition was last written. */
  isr: readonly string[] | null;
  leaderEpoch: number;
  /** The last epoch whose leader was not in sync; null if there is none. */
  unclean: number | null;
}

export function noElections(): Elections {
  return { isr: null, leaderEpoch: -1, unclean: null };
}

/** Notes an unclean election as it is stored: it may lose committed records. */
export type NoteElection = (memory: Elections, moment: AnyMoment) => void;

const ofKafka = invariant<Roles>();

interface Acknowledged {
  readonly offset: number;
  readonly record: string;
  readonly leaderEpoch: number;
}

/** Checked when a leader starts, and when a record is acknowledged while a later one leads. */
const survival = (noteElection: NoteElection) => ofKafka({
  doc: 'A record that was acknowledged with acks=all is in the log of each later leader.',
  remember: () => ({ ...noElections(), acknowledged: [] as Acknowledged[] }),
  check(moment) {
    const { acted, events, memory, nodes } = moment;
    noteElection(memory, moment);
    if (memory.unclean !== null) return undefined;
    if (acted?.role !== 'broker') return undefined;
    const { log } = acted.state;
    const isNew = events.some(({ name }) => name === 'LeaderStarted');
    const lost = isNew ? memory.acknowledged.find((one) => isMissing(acted.state, one)) : undefined;
    if (lost !== undefined) return lossText(acted, lost);
    for (const { name, fields } of events) {
      if (name !== 'RecordAcknowledged' || fields.acks !== 'all') continue;
      const { offset, leaderEpoch } = fields;
      const one = { offset, leaderEpoch, record: recordKey(log[offset]) };
      memory.acknowledged.push(one);
      const later = nodes.find((node) =>
        node.role === 'broker' && node.up && node.state.standing === 'leader' &&
        isMissing(node.state, one));
      if (later?.role === 'broker') return lossText(later, one);
    }
    return undefined;
  },
});

function isMissing(state: Readonly<ReplicaState>, one: Acknowledged): boolean {
  if (state.leaderEpoch <= one.leaderEpoch) return false;
  const { [one.offset]: record } = state.log;
  return record === undefined || recordKey(record) !== one.record;
}

function lossText(
  { id, state }: { readonly id: NodeId; readonly state: Readonly<ReplicaState> },
  { offset, record }: Acknowledged,
): string {
  const what = `Offset ${offset} was acknowledged with acks=all: record ${record}`;
  return `${what}. ${id} leads in epoch ${state.leaderEpoch} without it.`;
}

interface Committed extends Elections {
  /** Offset → the record there that was below the high watermark of a replica. */
  records: string[];
}

function noCommitted(): Committed {
  return { ...noElections(), records: [] };
}

const agreement = (noteElection: NoteElection) => ofKafka({
  doc: 'The logs of all replicas agree up to the high watermark.',
  remember: noCommitted,
  check(moment) {
    const { acted, memory } = moment;
    noteElection(memory, moment);
    if (memory.unclean !== null || acted?.role !== 'broker') return undefined;
    return noteCommitted(memory, acted);
  },
});

/** Takes over what is committed; returns how that differs from what was committed before. */
function noteCommitted(
  { records }: Committed,
  { id, state: { log, highWatermark } }: {
    readonly id: NodeId; readonly state: Readonly<ReplicaState>;
  },
): string | undefined {
  for (let offset = 0; offset < highWatermark; offset++) {
    if (log[offset] === undefined) {
      return `${id} has the high watermark ${highWatermark}, but its log ends at ${offset}.`;
    }
    const record = recordKey(log[offset]);
    records[offset] ??= record;
    if (records[offset] === record) continue;
    const where = `At offset ${offset} below the high watermark, ${id} has record ${record}`;
    return `${where}, and another replica had ${records[offset]}.`;
  }
  return undefined;
}

const watermark = (noteElection: NoteElection) => ofKafka({
  doc: 'The high watermark of a replica never goes back, in no later epoch either.',
  remember: () => ({ ...noElections(), watermarks: {} as Record<NodeId, number> }),
  check(moment) {
    const { acted, memory } = moment;
    noteElection(memory, moment);
    if (memory.unclean !== null || acted?.role !== 'broker') return undefined;
    const { id, state: { highWatermark } } = acted;
    const before = memory.watermarks[id] ?? 0;
    memory.watermarks[id] = highWatermark;
    if (highWatermark >= before) return undefined;
    return `The high watermark of ${id} went from ${before} back to ${highWatermark}.`;
  },
});

const reads = (noteElection: NoteElection) => ofKafka({
  doc: 'A consumer reads only committed records.',
  remember: noCommitted,
  check(moment) {
    const { acted, memory, message } = moment;
    noteElection(memory, moment);
    if (memory.unclean !== null) return undefined;
    if (acted?.role === 'broker') void noteCommitted(memory, acted);
    if (message?.body.type !== 'ConsumerResponse') return undefined;
    const { records, offset } = message.body;
    const wrong = records.findIndex((one, i) => memory.records[offset + i] !== recordKey(one));
    if (wrong < 0) return undefined;
    const record = recordKey(records[wrong]);
    const what = `${message.to} read record ${record} at offset ${offset + wrong}`;
    return `${what}, which no replica has below its high watermark.`;
  },
});

/** The invariants, where `noteElection` finds unclean elections. */
export function logInvariants(noteElection: NoteElection): Record<string, Invariant> {
  return {
    'Acknowledged Records Survive': survival(noteElection),
    'Logs Agree Up To High Watermark': agreement(noteElection),
    'High Watermark Never Goes Back': watermark(noteElection),
    'Consumers Read Committed Records': reads(noteElection),
  };
}
