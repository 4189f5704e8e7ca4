/** How a replica is shown, and summaries of the messages and events of replicas and clients. */
import type { Standings } from '../../../protocol/standings.ts';
import type { Look, NodeId, Summary } from '../../../protocol/types.ts';
import type { Replica, ReplicaState } from './replica.ts';

const tones = { leader: 'lead', follower: 'follow', offline: 'none' } as const;

export function replicaLook(
  { standing, leaderEpoch, log, highWatermark, remotes }: Readonly<ReplicaState>,
): Pick<Look, 'tone' | 'epoch' | 'log'> {
  return {
    tone: tones[standing],
    epoch: { name: 'leader epoch', value: leaderEpoch },
    log: {
      first: 0,
      last: log.length - 1,
      committed: highWatermark - 1,
      ...(standing === 'leader' && { peers: replicasOf(remotes) }),
      entry: (index) => ({ epoch: log[index].leaderEpoch, value: log[index].value }),
    },
  };
}

export const replicaDocs: Readonly<Record<string, string>> = {
  highWatermark: 'Consumers read up to this offset: each replica in the ISR has what is below it.',
  isr: 'The in-sync replicas: those that keep up with the leader, of which the next one is chosen.',
  committed: 'A record is committed once all replicas in the ISR have it.',
  next: 'The offset from which this replica fetched last: it has all records below that.',
  match: 'The last record that the leader knows this replica to have.',
};

/** Replica.logEndOffset: what each follower has, by the offset of its last fetch. */
function replicasOf(remotes: ReplicaState['remotes']) {
  const known = Object.entries(remotes).filter(([, { logEndOffset: end }]) => end !== null);
  return Object.fromEntries(
    known.map(([id, { logEndOffset: end }]) => [id, { next: end!, match: end! - 1 }]),
  );
}

const becomesLeader = 'LeaderAndIsr names it as the leader';
const becomesFollower = 'LeaderAndIsr names another leader';

/** What a replica is, as the controller says: ReplicaManager.becomeLeaderOrFollower. */
export const replicaStandings: Standings = {
  offline: {
    doc: 'No request of the controller has named the leader of the partition yet.',
    to: { leader: becomesLeader, follower: becomesFollower },
  },
  follower: {
    doc: 'It fetches the records of the partition from the leader.',
    to: { leader: becomesLeader, follower: 'LeaderAndIsr with a new leader epoch' },
  },
  leader: {
    doc: 'It takes the writes of the producers, and the other replicas copy it.',
    to: { follower: becomesFollower, leader: 'LeaderAndIsr with a new leader epoch' },
  },
};

export function isrText(isr: readonly NodeId[]): string {
  return `ISR ${isr.join(' ')}`;
}

export function leaderText(leader: NodeId | null): string {
  return leader === null ? 'no leader' : `leader ${leader}`;
}

export function partitionText(
  { leader, leaderEpoch, isr }: {
    readonly leader: NodeId | null; readonly leaderEpoch: number; readonly isr: readonly NodeId[];
  },
): string {
  return `${leaderText(leader)}, leader epoch ${leaderEpoch}, ${isrText(isr)}`;
}

export function uncleanText(
  { leader, isr }: { readonly leader: NodeId; readonly isr: readonly NodeId[] },
): string {
  return `${leader} leads and was not in ${isrText(isr)}`;
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
