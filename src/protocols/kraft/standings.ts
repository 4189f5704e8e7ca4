/** The states of a voter and of a broker's replica, with what changes them. */
import type { Standings } from '../../protocol/standings.ts';

// Kafka, org.apache.kafka.raft.QuorumState: its comment lists the transitions and what triggers
// them. A handler that learns of an epoch and grants a vote in it goes from any state to `voted`.
const learnsEpoch = 'learns of an election with a higher epoch';
const discovers = 'discovers a leader';
const grantsVote = 'grants its vote to a candidate';
const timesOut = 'election timeout';
const onlyVoter = 'election timeout; it is the only voter';

export const controllerStandings: Standings = {
  unattached: {
    doc: 'It knows an epoch, and neither its leader nor a candidate that has its vote (KIP-595).',
    boots: true,
    to: {
      unattached: learnsEpoch, voted: grantsVote, prospective: timesOut, candidate: timesOut,
      follower: discovers, leader: onlyVoter,
    },
  },
  voted: {
    doc: 'It has granted its vote in this epoch, and waits for the result (KIP-595).',
    boots: true,
    to: {
      unattached: learnsEpoch, voted: grantsVote, prospective: timesOut, candidate: timesOut,
      follower: discovers,
    },
  },
  prospective: {
    doc: 'It asks whether it could win an election, and keeps its epoch (KIP-996).',
    to: {
      candidate: 'receives a majority of pre-votes', unattached: 'is not elected, or learns epoch',
      voted: grantsVote, follower: 'discovers a leader, or returns to the one it knew',
    },
  },
  candidate: {
    doc: 'It has begun an epoch and asks the other voters for their votes (KIP-595).',
    boots: true,
    to: {
      candidate: timesOut, prospective: 'election timeout, or loses the election',
      leader: 'receives a majority of votes', unattached: learnsEpoch, voted: grantsVote,
      follower: discovers,
    },
  },
  leader: {
    doc: 'It appends to the metadata log, from which the other voters fetch (KIP-595).',
    boots: true,
    to: {
      unattached: learnsEpoch, voted: grantsVote, follower: discovers,
      resigned: 'shuts down, or no majority fetches',
    },
  },
  follower: {
    doc: 'It fetches the metadata log from the leader (KIP-595).',
    boots: true,
    to: {
      unattached: learnsEpoch, voted: grantsVote, prospective: 'fetch timeout',
      candidate: 'fetch timeout, or its leader resigns', follower: discovers,
    },
  },
  resigned: {
    doc: 'It led this epoch and no longer does: it may neither lead nor vote in it (KIP-595).',
    boots: true,
    to: {
      unattached: learnsEpoch, voted: grantsVote, prospective: timesOut, candidate: timesOut,
      follower: discovers, leader: onlyVoter,
    },
  },
};

const becomesLeader = 'the metadata log names it as the leader';
const becomesFollower = 'the metadata log names another leader';

/** What a broker's replica of the partition is, as the metadata log says (KIP-631). */
export const brokerStandings: Standings = {
  offline: {
    doc: 'The broker has not started the replica, or has shut down.',
    to: { 'partition leader': becomesLeader, 'partition follower': becomesFollower },
  },
  'partition follower': {
    doc: 'Its replica fetches the records of the partition from the leader.',
    to: { 'partition leader': becomesLeader, offline: 'controlled shutdown' },
  },
  'partition leader': {
    doc: 'Its replica takes the writes of the producers and is the one that others copy.',
    to: { 'partition follower': becomesFollower, offline: 'controlled shutdown' },
  },
};
