/** A controller: a voter of the quorum, and the active controller while it leads. */
import { operation, role } from '../../../protocol/define.ts';
import { milliseconds, seconds } from '../../../protocol/units.ts';
import { controllerDocs, controllerLook, controllerSummary } from '../look.ts';
import { controllerStandings } from '../standings.ts';
import type { Controller } from '../messages.ts';
import { quorumOptions } from '../options.ts';
import {
  electionTimedOut, endAnswered, epochBegun, epochEnded, fetchFromLeader, fetchTimedOut, vote,
  voteAnswered, voterRules,
} from '../quorum/election.ts';
import { answerFetch, beginQuorumEpoch, metadataFetch } from '../quorum/leader.ts';
import { catchUp, metadataFetched, newMember } from '../quorum/member.ts';
import { campaign, initialize, resign, sendEndQuorumEpoch } from '../quorum/voter.ts';
import { heartbeat, register, sessionEnded } from './brokers.ts';
import { alterPartition } from './partitions.ts';

export const controller = role<Controller>({
  doc: 'A controller: it votes, stores the metadata log, and is active while it leads the quorum.',
  joins: 'the voters are static: controller.quorum.voters',
  options: {
    ...quorumOptions,
    electionTimeout: {
      kind: 'duration',
      default: seconds(1),
      min: milliseconds(1),
      doc: 'An election ends after one to two of these: controller.quorum.election.timeout.ms.',
    },
    electionBackoffMax: {
      kind: 'duration',
      default: seconds(1),
      min: milliseconds(1),
      doc: 'The longest wait after a lost election: controller.quorum.election.backoff.max.ms.',
    },
    fetchMaxWait: {
      kind: 'duration',
      default: milliseconds(500),
      min: milliseconds(1),
      doc: 'How long a fetch of the metadata log waits at the leader: MAX_FETCH_WAIT_MS.',
    },
    fetchMaxBatches: {
      kind: 'integer',
      default: 100,
      min: 1,
      doc: 'The maximum number of batches in the answer to such a fetch.',
    },
    preVote: {
      kind: 'boolean',
      default: true,
      doc: 'Whether it asks for pre-votes before it begins an epoch: from Kafka 4 on (KIP-996).',
    },
    brokerSessionTimeout: {
      kind: 'duration',
      default: seconds(9),
      min: milliseconds(2),
      doc: 'A broker without a heartbeat for this long is fenced: broker.session.timeout.ms.',
    },
    uncleanElection: {
      kind: 'boolean',
      default: false,
      doc: 'Whether a replica out of sync may lead: unclean.leader.election.enable.',
    },
  },
  durable: ['quorumState', 'metadataLog'],
  init: () => ({ ...newMember(), active: null }),
  start: initialize,

  messages: {
    Vote: vote,
    VoteResponse: voteAnswered,
    BeginQuorumEpoch: epochBegun,
    BeginQuorumEpochResponse: (node, message) => void catchUp(node, message, voterRules),
    EndQuorumEpoch: epochEnded,
    EndQuorumEpochResponse: endAnswered,
    MetadataFetch: metadataFetch,
    MetadataFetchResponse: (node, message) => metadataFetched(node, message, voterRules),
    BrokerRegistration: register,
    BrokerHeartbeat: heartbeat,
    AlterPartition: alterPartition,
  },

  timers: {
    election: electionTimedOut,
    backoff: campaign,
    fetchTimeout: fetchTimedOut,
    request: fetchFromLeader,
    retry: fetchFromLeader,
    fetchWait: answerFetch,
    beginQuorumEpoch,
    endQuorumEpoch: sendEndQuorumEpoch,
    checkQuorum: (node) => resign(node, 'no majority of voters fetches from it'),
    session: sessionEnded,
  },
  background: [
    'election', 'backoff', 'fetchTimeout', 'request', 'retry', 'fetchWait',
    'beginQuorumEpoch', 'endQuorumEpoch', 'checkQuorum', 'session',
  ],

  operations: {
    resign: operation<Controller>()({
      doc: 'Gives up leading the quorum, as before it is shut down; answers OK.',
      parameters: {},
      run(node, _args, id) {
        if (node.state.quorum.standing !== 'leader') {
          return node.fail(id, `${node.id} does not lead the quorum`);
        }
        resign(node, 'it was asked to');
        node.reply(id, 'OK');
      },
    }),
  },

  look: controllerLook,
  lookDocs: controllerDocs,
  standings: controllerStandings,
  summary: controllerSummary,
});
