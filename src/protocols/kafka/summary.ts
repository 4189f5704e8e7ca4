/** How a broker is shown, and summaries of its messages and events. */
import type { Look, NodeId, Summary } from '../../protocol/types.ts';
import type { Broker } from './messages.ts';
import {
  partitionText, replicaEventTexts, replicaLook, replicaMessages, uncleanText,
} from './partition/summary.ts';
import { type BrokerState, paths } from './state.ts';

export function brokerLook(
  state: Readonly<BrokerState>, { id }: { readonly id: NodeId },
): Look {
  const { standing, highWatermark, isr, controller, controllerEpoch } = state;
  return {
    standing,
    ...replicaLook(state),
    holder: [
      controller === null
        ? { of: paths.controller, is: state.controllerId ?? 'none' }
        : { of: paths.controller, is: id, own: true, token: controller.epoch },
      standing === 'leader'
        ? { of: 'the partition', is: id, own: true, token: state.leaderEpoch }
        : { of: 'the partition', is: state.leader ?? 'none' },
    ],
    facts: {
      highWatermark,
      isr: isr.join(' '),
      controller: controller === null ? 'no' : `in epoch ${controller.epoch}`,
      controllerEpoch,
    },
  };
}

export const brokerDocs: Readonly<Record<string, string>> = {
  controller: 'Whether it believes that it is the controller, which chooses leaders.',
  controllerEpoch: 'The newest controller of which it knows: it refuses what older ones request.',
};

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
    UncleanElection: uncleanText,
    ...replicaEventTexts,
  },
};
