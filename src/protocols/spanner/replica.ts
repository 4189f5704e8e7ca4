/** A replica of a Paxos group: it stores a part of the database, and may lead the group (§2.1). */
import { operation, role } from '../../protocol/define.ts';
import type { Frozen, NodeId, Role } from '../../protocol/types.ts';
import { between, milliseconds, seconds } from '../../protocol/units.ts';
import {
  awaitElection, endLease, extendLease, extendVote, hearExtension, hearVote, hearVoteRequest,
  hearRefused, hearRelease, standForElection, stepDown,
} from './leases.ts';
import { serverDocs, serverLook, serverStandings } from './look.ts';
import type { Accept } from './messages.ts';
import {
  accept, heardAccepted, join, quorum, recoverAccepted, sendAccept, sendAccepts,
} from './paxos.ts';
import { applyNext, settle } from './progress.ts';
import { advanceSafeTime, hearDemand, hearSnapshotRead } from './reads.ts';
import { firstState, type Replica, type ReplicaOptions, type Server } from './state.ts';
import { execute } from './store.ts';
import { replicaSummary } from './summary.ts';
import { hearMinNext } from './timestamps.ts';
import { close, hearRead, serves } from './transactions.ts';
import { clockOptions, firstClock, hearMaster, poll, startPolling } from './true-time.ts';
import {
  expire, hearCommit, hearOutcome, hearPrepareRefused, hearPrepareReply, hearWound,
} from './two-phase-commit.ts';
import type { OptionFor } from '../../protocol/values.ts';

const options: { [Name in keyof ReplicaOptions]: OptionFor<ReplicaOptions[Name]> } = {
  ...clockOptions,
  leaseDuration: {
    kind: 'duration',
    default: seconds(10),
    min: milliseconds(10),
    doc: 'How long a vote for a leader lasts, and so how long its lease (§2.1).',
  },
  heartbeatInterval: {
    kind: 'duration',
    default: seconds(4),
    min: milliseconds(1),
    below: 'leaseDuration',
    doc: 'How often a leader asks to extend its lease, and tells what it has applied.',
  },
  electionDelay: {
    kind: 'range',
    default: between(milliseconds(100), seconds(1)),
    min: milliseconds(1),
    doc: 'How long a replica waits after its vote has ended before it stands as leader.',
  },
  safeTimeInterval: {
    kind: 'duration',
    default: seconds(8),
    min: milliseconds(1),
    doc: 'How often the leader of an idle group advances the safe time (§4.2.4).',
  },
  safeTimeOnDemand: {
    kind: 'boolean',
    default: true,
    doc: 'Whether a replica with a waiting read asks its leader to advance the safe time (§4.2.4).',
  },
  transactionTimeout: {
    kind: 'duration',
    default: seconds(5),
    min: milliseconds(1),
    doc: 'How long a leader keeps the locks of a transaction of which nothing is heard (§4.2.1).',
  },
  commitWait: {
    kind: 'boolean',
    default: true,
    doc: 'Whether a commit waits until its timestamp is past (§4.1.2). Without it, order is lost.',
  },
};

type Messages = Role<Replica>['messages'];

/** Each handler ends with what has become possible by it. */
function settling<Message>(
  handle: (node: Server, message: Message, from: NodeId) => void,
): (node: Server, message: Message, from: NodeId) => void {
  return (node, message, from) => {
    handle(node, message, from);
    settle(node);
  };
}

const ofGroup: Pick<
  Messages,
  | 'RequestVote' | 'VoteReply' | 'Refused' | 'Accept' | 'AcceptReply' | 'ReleaseVote'
  | 'AdvanceSafeTime'
> = {
  RequestVote: settling(hearVoteRequest),
  VoteReply: settling(hearVote),
  Refused: settling(hearRefused),
  Accept: settling(hearAccept),
  AcceptReply: settling((node, message, from) => {
    const { state } = node;
    if (state.standing !== 'leader' || message.ballot !== state.promised) return;
    if (heardAccepted(node, message, from)) sendAccept(node, from);
    hearExtension(node, message, from);
  }),
  ReleaseVote: settling(hearRelease),
  AdvanceSafeTime: settling(hearDemand),
};

function hearAccept(node: Server, message: Frozen<Accept>, from: NodeId): void {
  const { state } = node;
  const { ballot, applied, minNext, asked } = message;
  state.highestSeen = Math.max(state.highestSeen, ballot);
  if (ballot < state.promised) {
    const { promised } = state;
    const reason = `it takes part in ballot ${promised}`;
    return node.send(from, { type: 'Refused', ballot, promised, reason });
  }
  if (state.standing !== 'follower') stepDown(node, `${from} leads with ballot ${ballot}`);
  join(node, ballot);
  state.leaderId = from;
  accept(node, message);
  // The leader announces what it has applied after its commit wait: nothing is visible earlier.
  while (state.applied < Math.min(applied, state.acceptedUpTo)) applyNext(node);
  if (minNext !== null) hearMinNext(node, minNext);
  const extended = extendVote(node, ballot, from);
  if (extended) awaitElection(node);
  node.send(from, {
    type: 'AcceptReply', ballot, upTo: state.acceptedUpTo, asked, extends: extended,
  });
}

const ofTransactions: Omit<Messages, keyof typeof ofGroup | 'MasterTime'> = {
  Read: settling(hearRead),
  Commit: settling(hearCommit),
  SnapshotRead: settling(hearSnapshotRead),
  KeepAlive(node, { transaction }) {
    const active = node.state.transactions[transaction];
    if (active?.stage !== 'reading') return;
    node.setTimer('transaction', node.options.transactionTimeout, transaction);
  },
  Release: settling((node, { transaction }) => {
    const active = node.state.transactions[transaction];
    if (active?.stage === 'reading') close(node, transaction, 'its client gave it up');
  }),
  PrepareReply: settling(hearPrepareReply),
  PrepareRefused: settling(hearPrepareRefused),
  Wound: settling(hearWound),
  Outcome: settling(hearOutcome),
};

const ticking = (handle: (node: Server) => void) => (node: Server) => {
  handle(node);
  settle(node);
};

export const replica = role<Replica>({
  doc: 'A replica of the Paxos group that its name begins with: a1, a2 and a3 are the group a.',
  joins: 'a Paxos group changes its replicas by moving a directory (§2.2), which is not modelled',
  options,
  noDiskFaults: 'a replica waits for its disk before anything else, and that wait is not modelled',
  durable: ['promised', 'log', 'applied', 'vote', 'polled'],
  init: ({ options: given }) => ({ ...firstClock(given), ...firstState() }),
  start(node) {
    const { state } = node;
    state.log.slice(0, state.applied).forEach(({ record }) => execute(state, record));
    recoverAccepted(node);
    startPolling(node);
    awaitElection(node);
  },
  messages: { ...ofGroup, ...ofTransactions, MasterTime: settling(hearMaster) },
  timers: {
    election: ticking(standForElection),
    heartbeat: ticking((node) => {
      // Others extend their votes when they answer; a group of one has no other vote.
      if (quorum(node) === 1) extendLease(node);
      if (node.state.standing === 'leader') sendAccepts(node);
    }),
    lease: ticking(endLease),
    safeTime: ticking(advanceSafeTime),
    commitWait: settle,
    moment: settle,
    transaction(node, id) {
      expire(node, id);
      settle(node);
    },
    poll,
  },
  background: ['election', 'heartbeat', 'lease', 'safeTime', 'poll'],
  operations: {
    abdicate: operation<Replica>()({
      doc: 'The leader gives up its lease once its last timestamp is past (§4.1); answers OK.',
      parameters: {},
      run(node, _given, id) {
        if (!serves(node)) return node.fail(id, `${node.id} does not lead`);
        node.state.abdication = id;
        settle(node);
      },
    }),
  },
  look: serverLook,
  lookDocs: serverDocs,
  standings: serverStandings,
  summary: replicaSummary,
});
