/** What the invariants of KRaft share: the committed metadata log, as the leaders have shown it. */
import type { Observation } from '../../../protocol/types.ts';
import type { Consumer } from '../../kafka/consumer.ts';
import type { AnyMoment, Elections } from '../../kafka/partition/log-invariants.ts';
import type { Producer } from '../../kafka/producer.ts';
import type { Broker, Controller } from '../messages.ts';
import type { MetadataBatch, MetadataImage, MetadataRecord } from '../metadata.ts';
import { emptyImage, replayBatch } from '../quorum/image.ts';
import type { MemberState } from '../state.ts';

export interface Roles {
  controller: Controller;
  broker: Broker;
  producer: Producer;
  consumer: Consumer;
}

export type Moment<Memory = undefined> = Observation<Memory, Roles>;

/** Offset → the batch there that was below the high watermark of a leader. */
export interface Committed {
  batches: MetadataBatch[];
}

export function noCommitted(): Committed {
  return { batches: [] };
}

interface Acted {
  readonly id: string;
  readonly up: boolean;
  readonly state: Readonly<MemberState>;
}

/** The member that acted: a voter or an observer. */
export function memberIn({ acted }: Pick<Moment, 'acted'>): Acted | undefined {
  return acted?.role === 'controller' || acted?.role === 'broker' ? acted : undefined;
}

/**
 * Notes what a leader commits in this step; returns how that differs from what was committed
 * before. A batch is identified by its offset and its epoch.
 */
export function noteCommitted(
  { batches }: Committed,
  { acted, events }: Pick<Moment, 'acted' | 'events'>,
): string | undefined {
  if (!events.some(({ name }) => name === 'MetadataCommitted')) return undefined;
  if (acted?.role !== 'controller' || acted.state.quorum.standing !== 'leader') return undefined;
  const { quorum: { highWatermark }, metadataLog } = acted.state;
  for (let offset = 0; offset < (highWatermark ?? 0); offset++) {
    const { leaderEpoch } = metadataLog[offset];
    batches[offset] ??= metadataLog[offset];
    const before = batches[offset].leaderEpoch;
    if (before === leaderEpoch) continue;
    const what = `${acted.id} committed a batch of epoch ${leaderEpoch} at offset ${offset}`;
    return `${what}, where one of epoch ${before} was committed.`;
  }
  return undefined;
}

/** What is committed, and what it adds up to. */
export interface Following extends Committed {
  image: MetadataImage;
  /** How many committed batches are in the image. */
  applied: number;
}

export function nothingFollowed(): Following {
  return { ...noCommitted(), image: emptyImage(), applied: 0 };
}

/**
 * Follows what is committed, and returns the first fault that `check` finds on the way, with the
 * images before and after each batch.
 */
export function follow(
  memory: Following,
  moment: Pick<Moment, 'acted' | 'events'>,
  check: (
    before: MetadataImage,
    after: MetadataImage,
    records: readonly MetadataRecord[],
  ) => string | undefined,
): string | undefined {
  void noteCommitted(memory, moment);
  while (memory.applied < memory.batches.length) {
    const batch = memory.batches[memory.applied++];
    const { image: before } = memory;
    const after: MetadataImage = { ...before, brokers: { ...before.brokers } };
    replayBatch(after, batch);
    memory.image = after;
    const why = check(before, after, batch.records);
    if (why !== undefined) return why;
  }
  return undefined;
}

/** The offset at which a log lacks a committed batch; undefined if it has all. */
export function missingIn(
  { batches }: Committed,
  { metadataLog }: Readonly<MemberState>,
): number | undefined {
  const offset = batches.findIndex((one, i) => metadataLog[i]?.leaderEpoch !== one.leaderEpoch);
  return offset < 0 ? undefined : offset;
}

/** Notes an unclean election: it may lose committed records. */
export function noteElection(memory: Elections, { events }: AnyMoment): void {
  for (const { name, fields } of events) {
    if (name === 'UncleanElection') memory.unclean = Number(fields.leaderEpoch);
  }
}
