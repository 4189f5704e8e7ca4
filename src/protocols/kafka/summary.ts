/** How a broker is shown, and summaries of its messages and events. */
import type { Look, NodeId, Summary } from '../../protocol/types.ts';
import type { Broker } from './messages.ts';
import { isrText, replicaEventTexts, replicaMessages } from './partition/summary.ts';
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
    ...replicaMessages,
  },
  events: {
    PartitionDecided: partitionText,
    PartitionChanged: partitionText,
    UncleanElection: ({ leader, isr }) => `${leader} leads and was not in ${isrText(isr)}`,
    ...replicaEventTexts,
  },
};
