/** How controllers and brokers are shown, and summaries of their messages and events. */
import { majority } from '../../protocol/patterns.ts';
import type { Frozen, Identity, Json, Look, Summary } from '../../protocol/types.ts';
import {
  isrText, leaderText, partitionText, replicaDocs, replicaEventTexts, replicaLook,
  replicaMessages, uncleanText,
} from '../kafka/partition/summary.ts';
import type { Broker, Controller, LeaderAndEpoch, Member, Vote } from './messages.ts';
import { isActive } from './quorum/image.ts';
import type { MetadataBatch, MetadataImage, MetadataRecord } from './metadata.ts';
import type { BrokerState, ControllerState, Standing } from './state.ts';

const tones: Record<Standing, Look['tone']> = {
  unattached: 'none', voted: 'none', prospective: 'bid', candidate: 'bid', leader: 'lead',
  follower: 'follow', resigned: 'none',
};

export function controllerLook(
  state: ControllerState,
  { peers }: Pick<Identity, 'peers'>,
): Look {
  const { quorum, quorumState, metadataLog, active, applied, image } = state;
  const { standing, highWatermark, granted } = quorum;
  const bids = standing === 'prospective' || standing === 'candidate';
  return {
    standing,
    tone: tones[standing],
    epoch: { name: 'epoch', value: quorumState.leaderEpoch },
    ...(bids && { votes: { granted: granted.length, needed: majority(peers.length + 1) } }),
    log: {
      first: 0,
      last: metadataLog.length - 1,
      committed: (highWatermark ?? 0) - 1,
      applied: applied - 1,
      ...(quorum.leader !== null && { peers: votersOf(quorum.leader.endOffsets) }),
      entry: (index) => entryOf(metadataLog[index]),
    },
    holder: [
      { of: 'the quorum', is: quorumState.leaderId ?? 'none' },
      { of: 'the partition', is: image.partition?.leader ?? 'none' },
    ],
    facts: known({
      votedId: quorumState.votedId,
      highWatermark,
      controller: active === null ? 'not active' : `active in epoch ${active.epoch}`,
      ...imageFacts(image),
    }),
  };
}

/** LeaderState: the log end offset of each other voter, by its last fetch (KIP-595). */
function votersOf(endOffsets: Readonly<Record<string, number | null>>) {
  const known = Object.entries(endOffsets).filter(([, end]) => end !== null);
  return Object.fromEntries(known.map(([id, end]) => [id, { next: end!, match: end! - 1 }]));
}

export function brokerLook(state: BrokerState, { id }: Pick<Identity, 'id'>): Look {
  const { leader, isr, quorumState, applied, image } = state;
  const own = image.brokers[id];
  const isOwn = own !== undefined && own.incarnation === state.incarnation;
  const standing = state.standing === 'offline' ? 'offline' : `partition ${state.standing}`;
  return {
    standing,
    ...replicaLook(state),
    holder: [
      { of: 'the quorum', is: quorumState.leaderId ?? 'none' },
      { of: 'the partition', is: leader ?? 'none' },
    ],
    facts: known({
      isr: isr.join(' '),
      brokerEpoch: state.brokerEpoch,
      registration: !isOwn ? 'none' : own.fenced ? 'fenced' : 'not fenced',
      controllerEpoch: quorumState.leaderEpoch,
      metadata: `${applied} of ${state.metadataLog.length} applied`,
    }),
  };
}

export const controllerDocs: Readonly<Record<string, string>> = {
  votedId: 'The candidate that got its vote in this epoch (KIP-595).',
  highWatermark: 'A majority of the voters has all metadata below this offset.',
  controller: 'Whether it is the active controller, which alone changes the metadata.',
  activeBrokers: 'The brokers that are registered and not fenced.',
  leaderEpoch: 'It counts the leaders that the partition has had.',
  isr: 'The in-sync replicas of the partition, of which its next leader is chosen.',
  votes: 'The voters that would elect it: it needs a majority.',
  next: 'The offset from which this voter fetched last: it has all metadata below that.',
  match: 'The last batch of metadata that the leader knows this voter to have.',
};

export const brokerDocs: Readonly<Record<string, string>> = {
  ...replicaDocs,
  brokerEpoch: 'The number of its registration: the controller refuses what an earlier one says.',
  registration: 'A fenced broker is registered, but leads nothing and serves no client.',
  controllerEpoch: 'The epoch of the active controller, as far as it knows.',
  metadata: 'How much of the metadata log that it has fetched it has also applied.',
};

/** The facts that have a value. */
function known(facts: Record<string, Json>): Record<string, Json> {
  const entries = Object.entries(facts).filter(([, value]) => value !== null && value !== '');
  return Object.fromEntries(entries);
}

function entryOf({ leaderEpoch, records }: Frozen<MetadataBatch>): { epoch: number; value: Json } {
  return { epoch: leaderEpoch, value: recordsText(records) };
}

function imageFacts(image: MetadataImage): Record<string, Json> {
  const { partition, brokers } = image;
  const active = Object.keys(brokers).filter((id) => isActive(image, id));
  return {
    activeBrokers: active.join(' '),
    leaderEpoch: partition?.leaderEpoch ?? null,
    isr: partition?.isr.join(' ') ?? '',
  };
}

function recordText(record: Frozen<MetadataRecord>): string {
  switch (record.type) {
    case 'LeaderChange':
      return `LeaderChange ${record.leaderId}`;
    case 'RegisterBroker':
      return `RegisterBroker ${record.brokerId}, broker epoch ${record.brokerEpoch}`;
    case 'BrokerRegistrationChange': {
      const { brokerId, fenced } = record;
      const what = fenced === null ? 'shuts down' : fenced ? 'fenced' : 'not fenced';
      return `BrokerRegistrationChange ${brokerId} ${what}`;
    }
    case 'Topic':
      return `Topic ${record.name}`;
    case 'Partition':
      return `Partition ${leaderText(record.leader)}, ${isrText(record.isr)}`;
    case 'PartitionChange': {
      const { leader, isr } = record;
      const parts = [
        ...(leader === undefined ? [] : [leaderText(leader)]),
        ...(isr === undefined ? [] : [isrText(isr)]),
      ];
      return `PartitionChange ${parts.join(', ')}`;
    }
  }
}

function recordsText(records: readonly Frozen<MetadataRecord>[]): string {
  return records.map(recordText).join('; ');
}

function answerText({ error, leaderEpoch, leaderId }: Frozen<LeaderAndEpoch>): string {
  return `${error ?? 'OK'}, epoch ${leaderEpoch}, ${leaderText(leaderId)}`;
}

function voteText({ leaderEpoch, lastEpoch, lastOffset, preVote }: Frozen<Vote>): string {
  const log = `log to ${lastOffset} (epoch ${lastEpoch ?? '-'})`;
  return `${preVote ? 'pre-vote in' : 'for'} epoch ${leaderEpoch}, ${log}`;
}

const memberMessages: NonNullable<Summary<Member>['messages']> = {
  MetadataFetch: ({ currentLeaderEpoch, fetchOffset, lastFetchedEpoch }) =>
    `epoch ${currentLeaderEpoch}, from offset ${fetchOffset} (epoch ${lastFetchedEpoch ?? '-'})`,
};

const memberEvents: NonNullable<Summary<Member>['events']> = {
  MetadataReplicated: ({ offset, count }) => `${count} from offset ${offset}`,
  MetadataTruncated: ({ from, to }) => `from end ${from} to end ${to}`,
  MetadataCommitted: ({ highWatermark }) => `below offset ${highWatermark}`,
};

export const controllerSummary: Summary<Controller> = {
  messages: {
    Vote: voteText,
    VoteResponse: (message) =>
      `${message.preVote ? 'pre-vote ' : ''}${message.voteGranted ? 'granted' : 'refused'}, ` +
        answerText(message),
    BeginQuorumEpoch: ({ leaderEpoch }) => `epoch ${leaderEpoch}`,
    BeginQuorumEpochResponse: answerText,
    EndQuorumEpoch: ({ leaderEpoch, preferredSuccessors }) =>
      `epoch ${leaderEpoch}, successors ${preferredSuccessors.join(' ')}`,
    EndQuorumEpochResponse: answerText,
    ...memberMessages,
    MetadataFetchResponse: (message) => {
      const { error, divergingEpoch: end, records, fetchOffset, highWatermark } = message;
      if (error !== null) return answerText(message);
      if (end !== null) return `diverges: epoch ${end.epoch} ends at offset ${end.endOffset}`;
      const watermark = `high watermark ${highWatermark ?? 'unknown'}`;
      return `${records.length} from offset ${fetchOffset}, ${watermark}`;
    },
    BrokerRegistrationResponse: ({ error, brokerEpoch }) =>
      error ?? `broker epoch ${brokerEpoch}`,
    BrokerHeartbeatResponse: ({ error, isFenced, shouldShutDown }) =>
      error ?? (shouldShutDown ? 'shut down' : isFenced ? 'fenced' : 'not fenced'),
    AlterPartitionResponse: ({ error, partition }) =>
      error ?? (partition === null ? 'none' : partitionText(partition)),
  },
  events: {
    ...memberEvents,
    MetadataAppended: ({ offset, records }) => `offset ${offset}: ${recordsText(records)}`,
    PartitionChanged: partitionText,
    UncleanElection: uncleanText,
  },
};

export const brokerSummary: Summary<Broker> = {
  messages: {
    ...memberMessages,
    BrokerRegistration: ({ controllerEpoch }) => `controller epoch ${controllerEpoch}`,
    BrokerHeartbeat: ({ brokerEpoch, currentMetadataOffset, wantShutDown }) => {
      const wish = wantShutDown ? ', wants to shut down' : '';
      return `broker epoch ${brokerEpoch}, at offset ${currentMetadataOffset}${wish}`;
    },
    AlterPartition: ({ leaderEpoch, partitionEpoch, newIsr }) =>
      `leader epoch ${leaderEpoch}, partition epoch ${partitionEpoch}: ${isrText(newIsr)}`,
    ...replicaMessages,
  },
  events: {
    ...memberEvents,
    MetadataApplied: ({ offset, records }) => `offset ${offset}: ${recordsText(records)}`,
    ...replicaEventTexts,
  },
};
