/** How a broker is shown, and summaries of its messages and events. */
import type { Look, NodeId, Summary } from '../../protocol/types.ts';
import type { Broker } from './messages.ts';
import { type BrokerState, paths } from './state.ts';

export function brokerLook(state: Readonly<BrokerState>): Look {
  const { standing, leaderEpoch, log, highWatermark, isr, controller, controllerEpoch } = state;
  const tone = { leader: 'lead', follower: 'follow', offline: 'none' } as const;
  return {
    standing,
    tone: tone[standing],
    epoch: { name: 'leader epoch', value: leaderEpoch },
    log: {
      first: 0,
      last: log.length - 1,
      committed: highWatermark - 1,
      entry: (index) => ({ epoch: log[index].leaderEpoch, value: log[index].value }),
    },
    holder: [
      { of: paths.controller, is: state.controllerId ?? 'none' },
      { of: 'the partition', is: state.leader ?? 'none' },
    ],
    facts: {
      highWatermark,
      isr: isr.join(' '),
      controller: controller === null ? 'no' : `in epoch ${controller.epoch}`,
      controllerEpoch,
    },
  };
}

function isrText(isr: readonly NodeId[]): string {
  return `ISR ${isr.join(' ')}`;
}

function partitionText(
  { leader, leaderEpoch, isr }: {
    leader: NodeId | null; leaderEpoch: number; isr: readonly NodeId[];
  },
): string {
  const led = leader === null ? 'no leader' : `leader ${leader}`;
  return `${led}, leader epoch ${leaderEpoch}, ${isrText(isr)}`;
}

export const brokerSummary: Summary<Broker> = {
  messages: {
    OpenSession: () => 'a session',
    Ping: ({ session }) => `session ${session}`,
    Read: ({ path }) => path,
    Multi: ({ ops }) => ops.map(({ op, path }) => `${op} ${path}`).join(', '),
    LeaderAndIsr: ({ controllerEpoch, partition }) =>
      `controller epoch ${controllerEpoch}: ${partitionText(partition)}`,
    LeaderAndIsrResponse: ({ error, leaderEpoch }) => error ?? `leader epoch ${leaderEpoch}: OK`,
    Fetch: ({ leaderEpoch, offset }) => `leader epoch ${leaderEpoch}, from offset ${offset}`,
    FetchResponse: ({ error, records, offset, highWatermark }) =>
      error ?? `${records.length} from offset ${offset}, high watermark ${highWatermark}`,
    OffsetForLeaderEpoch: ({ epoch }) => `where does epoch ${epoch} end`,
    EpochEndOffset: ({ error, epoch, endOffset }) =>
      error ?? `epoch ${epoch} ends at offset ${endOffset}`,
    ProduceResponse: ({ error, offset }) => error ?? `offset ${offset}`,
    ConsumerResponse: ({ error, records, offset }) =>
      error ?? `${records.length} from offset ${offset}`,
  },
  events: {
    PartitionDecided: partitionText,
    PartitionChanged: partitionText,
    UncleanElection: ({ leader, isr }) => `${leader} leads and was not in ${isrText(isr)}`,
    RecordAppended: ({ offset, value }) => `offset ${offset}: ${String(value)}`,
    RecordAcknowledged: ({ offset, acks }) => `offset ${offset}, acks=${acks}`,
    LogTruncated: ({ from, to }) => `from end ${from} to end ${to}`,
    IsrShrinking: ({ isr, out }) => `${isrText(isr)}, without ${out.join(' ')}`,
    IsrExpanding: ({ isr, in: one }) => `${isrText(isr)}, with ${one}`,
    IsrChanged: ({ isr }) => isrText(isr),
    IsrChangeRefused: ({ isr, leaderEpoch }) => `${isrText(isr)}, leader epoch ${leaderEpoch}`,
  },
};
