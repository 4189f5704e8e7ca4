/** The replica of Multi-Paxos: proposer, acceptor and learner of every slot. */
// "Paxos Made Simple", §3. In each slot the rules are those of single-decree Paxos; what is new is
// that phase 1 is executed once, by the leader, for all slots at the same time.
import { role } from '../../protocol/define.ts';
import type { Frozen, Node, NodeId } from '../../protocol/types.ts';
import { type Ballot, isBelow, proposerOf } from '../paxos/ballot.ts';
import { keyValueStore } from '../raft/key-value-store.ts';
import {
  beginBallot, countPromise, countVote, heartbeat, offer, resetElectionTimer, stepDown,
} from './leader.ts';
import { applyChosen, chosenPrefix, learn } from './log.ts';
import { type ClientRequest, options, type Replica, type Reported } from './state.ts';
import { replicaDocs, replicaLook, replicaStandings, replicaSummary } from './summary.ts';

export const replica = role<Replica>({
  doc: 'Votes on the command of each slot, and executes the chosen ones in the order of the slots.',
  joins: 'the replicas are fixed: a majority of more replicas may miss one of the fewer',
  options,
  durable: ['number', 'maxBal', 'votes', 'chosen'],
  init: () => ({
    number: 0, maxBal: null, votes: [], chosen: [], applied: 0, standing: 'follower',
    leaderId: null, ballot: null, promises: [], proposed: {}, nextSlot: 1, ...keyValueStore.init(),
  }),
  start(node) {
    // The state machine is in memory: it is made again from the slots on disk.
    applyChosen(node);
    resetElectionTimer(node);
  },

  messages: {
    Phase1a(node, { ballot, firstSlot }, from) {
      const { state } = node;
      if (isBelow(ballot, state.maxBal)) return refuse(node, ballot, from);
      if (ballot === state.maxBal) return;
      follow(node, ballot, null);
      const votes = votesFrom(node, firstSlot);
      node.event('Promised', { ballot, votes: votes.length });
      node.send(from, { type: 'Phase1b', ballot, votes });
    },

    Phase1b: (node, message, from) => countPromise(node, message, from),

    Phase2a(node, { ballot, slot, entry }, from) {
      const { state } = node;
      if (isBelow(ballot, state.maxBal)) return refuse(node, ballot, from);
      follow(node, ballot, from);
      while (state.votes.length < slot) state.votes.push(null);
      const isNew = state.votes[slot - 1]?.ballot !== ballot;
      state.votes[slot - 1] = Object.freeze({ ballot, entry });
      if (isNew) node.event('Accepted', { slot, ballot, command: entry.command });
      if (node.options.replies) node.send(from, { type: 'Phase2b', ballot, slot });
    },

    Phase2b: (node, message, from) => countVote(node, message, from),

    Refusal(node, { ballot, maxBal }) {
      if (ballot !== node.state.ballot) return;
      stepDown(node, maxBal);
    },

    Heartbeat(node, { ballot, chosenUpTo }, from) {
      const { state } = node;
      if (isBelow(ballot, state.maxBal)) return refuse(node, ballot, from);
      follow(node, ballot, from);
      // The leader proposes one command in a slot: a vote in its ballot is for what was chosen.
      for (let slot = chosenPrefix(state) + 1; slot <= chosenUpTo; slot++) {
        const vote = state.votes[slot - 1];
        if (vote?.ballot === ballot) learn(node, slot, vote.entry);
      }
      const firstSlot = chosenPrefix(state) + 1;
      if (firstSlot > chosenUpTo) return;
      node.event('CatchUpStarted', { firstSlot, chosenUpTo });
      node.send(from, { type: 'CatchUp', firstSlot });
    },

    CatchUp(node, { firstSlot }, from) {
      const { state } = node;
      const last = Math.min(chosenPrefix(state), firstSlot + node.options.slotsPerCatchUp - 1);
      const entries = state.chosen.slice(firstSlot - 1, last).filter((one) => one !== null);
      if (entries.length > 0) node.send(from, { type: 'Decided', firstSlot, entries });
    },

    Decided(node, { firstSlot, entries }) {
      entries.forEach((entry, i) => learn(node, firstSlot + i, entry));
    },

    ClientRequest(node, message, from) {
      if (node.state.standing === 'leader') offer(node, message, from);
      else redirect(node, message, from);
    },
  },

  timers: {
    election(node) {
      node.event('ElectionTimedOut', { maxBal: node.state.maxBal });
      beginBallot(node);
    },
    heartbeat,
  },
  background: ['heartbeat'],

  look: replicaLook,
  lookDocs: replicaDocs,
  standings: replicaStandings,
  summary: replicaSummary,
});

/** Promises a ballot that is not below its own; one that is higher ends the ballot it conducts. */
function follow(node: Node<Replica>, ballot: Ballot, leaderId: NodeId | null): void {
  const { state } = node;
  state.maxBal = ballot;
  if (state.ballot !== null && isBelow(state.ballot, ballot)) stepDown(node, ballot);
  state.leaderId = leaderId;
  if (proposerOf(ballot) !== node.id) resetElectionTimer(node);
}

function votesFrom({ state }: Node<Replica>, firstSlot: number): Reported[] {
  const reported: Reported[] = [];
  for (let slot = firstSlot; slot <= state.votes.length; slot++) {
    const vote = state.votes[slot - 1];
    if (vote !== null) reported.push({ slot, ...vote });
  }
  return reported;
}

function refuse(node: Node<Replica>, ballot: Ballot, to: NodeId): void {
  const maxBal = node.state.maxBal ?? ballot;
  node.event('Refused', { ballot, maxBal });
  node.send(to, { type: 'Refusal', ballot, maxBal });
}

function redirect(node: Node<Replica>, { serial }: Frozen<ClientRequest>, to: NodeId): void {
  const { leaderId: leaderHint } = node.state;
  node.event('ClientRedirected', { clientId: to, leaderHint });
  node.send(to, {
    type: 'ClientResponse', serial, status: 'NOT_LEADER', response: null, leaderHint,
  });
}
