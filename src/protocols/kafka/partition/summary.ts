/** Summaries of the messages and events of replicas and their clients. */
import type { NodeId, Summary } from '../../../protocol/types.ts';
import type { Replica } from './replica.ts';

export function isrText(isr: readonly NodeId[]): string {
  return `ISR ${isr.join(' ')}`;
}

export const replicaMessages: NonNullable<Summary<Replica>['messages']> = {
  Fetch: ({ leaderEpoch, offset }) => `leader epoch ${leaderEpoch}, from offset ${offset}`,
  FetchResponse: ({ error, records, offset, highWatermark }) =>
    error ?? `${records.length} from offset ${offset}, high watermark ${highWatermark}`,
  OffsetForLeaderEpoch: ({ epoch }) => `where does epoch ${epoch} end`,
  EpochEndOffset: ({ error, epoch, endOffset }) =>
    error ?? `epoch ${epoch} ends at offset ${endOffset}`,
  ProduceResponse: ({ error, offset }) => error ?? `offset ${offset}`,
  ConsumerResponse: ({ error, records, offset }) =>
    error ?? `${records.length} from offset ${offset}`,
};

export const replicaEventTexts: NonNullable<Summary<Replica>['events']> = {
  RecordAppended: ({ offset, value }) => `offset ${offset}: ${String(value)}`,
  RecordAcknowledged: ({ offset, acks }) => `offset ${offset}, acks=${acks}`,
  LogTruncated: ({ from, to }) => `from end ${from} to end ${to}`,
  IsrShrinking: ({ isr, out }) => `${isrText(isr)}, without ${out.join(' ')}`,
  IsrExpanding: ({ isr, in: one }) => `${isrText(isr)}, with ${one}`,
  IsrChanged: ({ isr }) => isrText(isr),
  IsrChangeRefused: ({ isr, leaderEpoch }) => `${isrText(isr)}, leader epoch ${leaderEpoch}`,
};
