/** Raft, in the words of its paper: the rules of Figure 2, written to be read beside it. */
// Sections and quotations are of the extended version. State, RPCs and options are in state.ts.
import { defineProtocol, frozen, role } from '../../protocol/define.ts';
import { broadcast } from '../../protocol/patterns.ts';
import type { Frozen, Json, Node, NodeId, Role } from '../../protocol/types.ts';
import {
  beginInterval, checkQuorum, firstContact, heardAnswer, heardLeader, ignoresVote,
} from './check-quorum.ts';
import { administrator, clientEvents } from './client.ts';
import { invariants } from './invariants.ts';
import { keyValueSpecification, keyValueStore } from './key-value-store.ts';
import { conflictIndex, entriesFrom, isUpToDate, termAt } from './log.ts';
import { explained, serverLook } from './look.ts';
import {
  beginChange, changeCommitted, endChange, firstMembers, followers, isMembershipCommand,
  mayCampaign, type MembershipRules, noteRound, otherMembers, ownVote, restoreMembers, roundIsLate,
} from './membership.ts';
import { beginPreVote, type PreVoting, preVoting } from './pre-vote.ts';
import { highestOnMajority, majority } from './quorum.ts';
import { appendEntry, storeEntries } from './storage.ts';
import { storeInvariants } from './store-invariant.ts';
import {
  type AppendEntries, type ClientRequest, type NoOp, options, type Replica,
  replicaEvents, type ReplicaState, type RequestVote, type StateMachine,
} from './state.ts';
import { isRaftHeartbeat, refusesRaft, replicaSummary } from './summary.ts';

/** A server as most rules need it: they move commands without reading them. */
type Server = Node<Replica>;

/** The role of a server that replicates a state machine. */
export function replicaOver<Command extends Json, State>(
  machine: StateMachine<Command, State>,
): Role<Replica<Command, State>> {
  return role<Replica<Command, State>>({
    doc: machine.doc,
    joins: 'declare it with the other nodes, leave it out of `members`, and use `addServer`',
    options,
    durable: ['currentTerm', 'votedFor', 'log'],
    init: ({ options }) => ({
      currentTerm: 0,
      votedFor: null,
      log: [],
      commitIndex: 0,
      lastApplied: 0,
      standing: 'follower',
      leaderId: null,
      votesGranted: [],
      nextIndex: {},
      matchIndex: {},
      ...firstContact(options),
      ...firstMembers(options),
      ...machine.init(),
    }),
    start(node) {
      restoreMembers(node);
      resetElectionTimer(node);
    },
    messages: { ...voting, ...preVote, ...replicationOver(machine) },
    timers: {
      election(node) {
        if (!mayCampaign(node)) return;
        node.event('ElectionTimedOut', { term: node.state.currentTerm });
        if (node.options.preVote) beginPreVote(node, rules);
        else becomeCandidate(node);
        applyCommitted(node, machine);
      },
      heartbeat(node) {
        // Its own disk may have been the last one to store an entry.
        advanceCommitIndex(node);
        applyCommitted(node, machine);
        broadcastAppendEntries(node);
        node.setTimer('heartbeat', node.options.heartbeatInterval);
      },
      checkQuorum(node) {
        if (!checkQuorum(node)) becomeFollower(node, node.state.currentTerm);
      },
      leaderContact: ({ state }) => void (state.hearsLeader = false),
      round: roundIsLate,
    },
    background: ['heartbeat', 'checkQuorum', 'leaderContact', 'round'],
    look: (state, { peers }) => serverLook(state, peers, machine.facts?.(state)),
    ...explained(machine.docs),
    summary: replicaSummary(),
  });
}

const voting: Pick<Role<Replica>['messages'], 'RequestVote' | 'RequestVoteResult'> = {
  RequestVote(node, message, from) {
    if (ignoresVote(node, message)) return;
    followLaterTerm(node, message.term);
    const { state } = node;
    const reason = whyNoVote(state, message);
    if (reason === '') {
      state.votedFor = message.candidateId;
      node.event('VoteGranted', { term: state.currentTerm, candidateId: message.candidateId });
      resetElectionTimer(node);
    } else {
      node.event('VoteDenied', { term: message.term, candidateId: message.candidateId, reason });
    }
    node.send(from, {
      type: 'RequestVoteResult', term: state.currentTerm, voteGranted: reason === '',
    });
  },

  RequestVoteResult(node, message, from) {
    followLaterTerm(node, message.term);
    const { state } = node;
    if (state.standing !== 'candidate' || message.term !== state.currentTerm) return;
    if (!message.voteGranted || state.votesGranted.includes(from)) return;
    state.votesGranted.push(from);
    if (state.votesGranted.length >= majority(node)) becomeLeader(node);
  },
};

function replicationOver<Command extends Json, State>(
  machine: StateMachine<Command, State>,
): Omit<Role<Replica<Command, State>>['messages'], keyof typeof voting | keyof PreVoting> {
  return {
    AppendEntries(node, message, from) {
      followLaterTerm(node, message.term);
      const { state } = node;
      const { prevLogIndex, prevLogTerm, entries } = message;
      if (message.term < state.currentTerm) {
        return rejectEntries(node, message, from, 'its term is over');
      }
      // "If AppendEntries RPC received from new leader: convert to follower."
      if (state.standing !== 'follower') becomeFollower(node, message.term);
      state.leaderId = message.leaderId;
      resetElectionTimer(node);
      heardLeader(node);
      if (state.log.length < prevLogIndex) {
        return rejectEntries(node, message, from, 'the log ends before them');
      }
      if (termAt(state.log, prevLogIndex) !== prevLogTerm) {
        return rejectEntries(node, message, from, 'the entry before them has another term');
      }
      storeEntries(node, prevLogIndex, entries);
      const lastNew = prevLogIndex + entries.length;
      // Figure 2 compares leaderCommit alone, so that a late call would lower commitIndex.
      const committed = Math.min(message.leaderCommit, lastNew);
      if (committed > state.commitIndex) commit(node, committed);
      applyCommitted(node, machine);
      node.send(from, {
        type: 'AppendEntriesResult', term: state.currentTerm, success: true, prevLogIndex,
        matchIndex: lastNew, conflictIndex: 0,
      });
    },

    AppendEntriesResult(node, message, from) {
      followLaterTerm(node, message.term);
      const { state, options } = node;
      if (state.standing !== 'leader' || message.term !== state.currentTerm) return;
      heardAnswer(node, from);
      if (message.success) {
        if (message.matchIndex <= state.matchIndex[from]) return;
        state.matchIndex[from] = message.matchIndex;
        state.nextIndex[from] = message.matchIndex + 1;
        advanceCommitIndex(node);
        applyCommitted(node, machine);
        noteRound(node, from, changes);
        const full = message.matchIndex - message.prevLogIndex >= options.maxEntriesPerAppend;
        if (!full || state.standing !== 'leader') return;
        if (state.log.length > message.matchIndex) sendAppendEntries(node, from);
      } else if (message.prevLogIndex === state.nextIndex[from] - 1) {
        // "Decrement nextIndex and retry", but never to before what is known to match (§5.3).
        const next = options.conflictHint ? message.conflictIndex : message.prevLogIndex;
        state.nextIndex[from] = Math.max(next, state.matchIndex[from] + 1);
        sendAppendEntries(node, from);
      }
    },

    ClientRequest(node, message, from) {
      if (node.state.standing !== 'leader') return redirectClient(node, message, from);
      receiveCommand(node, message, from);
      applyCommitted(node, machine);
    },
  };
}

// Figure 2, Rules for Servers, and §5.1: terms

/**
 * "If RPC request or response contains term T > currentTerm: set currentTerm = T, convert to
 * follower."
 */
export function followLaterTerm(node: Server, term: number): void {
  if (term > node.state.currentTerm) becomeFollower(node, term);
}

export function becomeFollower(node: Server, term: number): void {
  const { state } = node;
  if (state.standing === 'leader') {
    node.event('LeaderSteppedDown', { term: state.currentTerm, newTerm: term });
    node.cancelTimer('heartbeat');
    node.cancelTimer('checkQuorum');
    resetElectionTimer(node);
    state.nextIndex = {};
    state.matchIndex = {};
    endChange(node);
  }
  state.standing = 'follower';
  state.leaderId = null;
  if (state.votesGranted.length > 0) state.votesGranted = [];
  if (term !== state.currentTerm) changeTerm(node, term);
}

function changeTerm(node: Server, term: number): void {
  const { state } = node;
  const from = state.currentTerm;
  state.currentTerm = term;
  state.votedFor = null;
  node.event('TermChanged', { from, to: term });
}

// §5.2: leader election

export function resetElectionTimer(node: Server): void {
  node.setTimer('election', node.options.electionTimeout);
}

export function becomeCandidate(node: Server, how: { transfer?: true } = {}): void {
  const { state } = node;
  changeTerm(node, state.currentTerm + 1);
  state.standing = 'candidate';
  state.leaderId = null;
  state.votedFor = node.id;
  node.event('VoteGranted', { term: state.currentTerm, candidateId: node.id });
  state.votesGranted = ownVote(node);
  resetElectionTimer(node);
  const lastLogIndex = state.log.length;
  const lastLogTerm = termAt(state.log, lastLogIndex);
  broadcast(node, {
    type: 'RequestVote', term: state.currentTerm, candidateId: node.id, lastLogIndex, lastLogTerm,
    ...how,
  }, otherMembers(node));
  if (state.votesGranted.length >= majority(node)) becomeLeader(node);
}

/** RequestVote RPC, receiver implementation: why the vote is denied; empty if it is granted. */
function whyNoVote(state: Readonly<ReplicaState>, call: Readonly<RequestVote>): string {
  const { votedFor } = state;
  if (call.term < state.currentTerm) return 'its term is over';
  if (votedFor !== null && votedFor !== call.candidateId) return `it voted for ${votedFor}`;
  if (!isUpToDate(state.log, call.lastLogIndex, call.lastLogTerm)) return 'its log is behind';
  return '';
}

function becomeLeader(node: Server): void {
  const { state } = node;
  state.standing = 'leader';
  state.leaderId = node.id;
  node.event('LeaderElected', { term: state.currentTerm, votes: state.votesGranted.length });
  for (const peer of otherMembers(node)) {
    state.nextIndex[peer] = state.log.length + 1;
    state.matchIndex[peer] = 0;
  }
  // "A blank no-op entry", by which the leader finds out which entries are committed (§8).
  propose(node, { op: 'no-op' }, 0);
  node.cancelTimer('election');
  node.setTimer('heartbeat', node.options.heartbeatInterval);
  if (node.options.checkQuorum) beginInterval(node);
}

const rules = { followLaterTerm, becomeCandidate, resetElectionTimer };
const preVote = preVoting(rules);
const changes: MembershipRules = {
  sendAppendEntries,
  propose,
  stepDown: (node) => becomeFollower(node, node.state.currentTerm),
};

/** Appends a command; `serial` is unique among those of the same client, or of the same term. */
export function propose<Command extends Json, State>(
  node: Node<Replica<Command, State>>,
  command: Frozen<Command | NoOp>,
  serial: number,
  clientId: NodeId | null = null,
): void {
  const term = node.state.currentTerm;
  appendEntry(node, frozen({ term, command, clientId, serial, oldestPending: 0 }));
  broadcastAppendEntries(node);
  advanceCommitIndex(node);
}

// §5.3: log replication

export function broadcastAppendEntries(node: Server): void {
  for (const peer of followers(node)) sendAppendEntries(node, peer);
}

/**
 * "If last log index ≥ nextIndex for a follower: send AppendEntries RPC with log entries starting
 * at nextIndex." Without entries, it is a heartbeat.
 */
function sendAppendEntries(node: Server, to: NodeId): void {
  const { state, options } = node;
  const nextIndex = state.nextIndex[to];
  const prevLogIndex = nextIndex - 1;
  node.send(to, {
    type: 'AppendEntries', term: state.currentTerm, leaderId: node.id,
    prevLogIndex, prevLogTerm: termAt(state.log, prevLogIndex),
    entries: entriesFrom(state.log, nextIndex, options.maxEntriesPerAppend),
    leaderCommit: state.commitIndex,
  });
}

type Call = Frozen<AppendEntries>;

function rejectEntries(node: Server, call: Call, from: NodeId, reason: string): void {
  const { term, leaderId, prevLogIndex } = call;
  const { currentTerm, log } = node.state;
  node.event('AppendEntriesRejected', { term, leaderId, prevLogIndex, reason });
  node.send(from, {
    type: 'AppendEntriesResult', term: currentTerm, success: false, prevLogIndex,
    matchIndex: 0, conflictIndex: conflictIndex(log, prevLogIndex),
  });
}

// §5.3 and §5.4.2: commitment

/**
 * "If there exists an N such that N > commitIndex, a majority of matchIndex[i] ≥ N, and
 * log[N].term == currentTerm: set commitIndex = N." Terms never decrease along a log, so only the
 * highest N that a majority stores needs to be checked.
 */
function advanceCommitIndex(node: Server): void {
  const { state, options } = node;
  const n = highestOnMajority(node);
  if (n <= state.commitIndex) return;
  const isOwn = termAt(state.log, n) === state.currentTerm;
  if (!isOwn && options.commitRule !== 'any term') return;
  commit(node, n);
}

function commit(node: Server, commitIndex: number): void {
  const { state } = node;
  for (let index = state.commitIndex + 1; index <= commitIndex; index++) {
    const { term, command } = state.log[index - 1];
    node.event('EntryCommitted', { index, term, command });
  }
  state.commitIndex = commitIndex;
  if (state.standing === 'leader') changeCommitted(node, changes);
}

/**
 * "If commitIndex > lastApplied: increment lastApplied, apply log[lastApplied] to state machine."
 */
export function applyCommitted<Command extends Json, State>(
  node: Node<Replica<Command, State>>,
  machine: StateMachine<Command, State>,
): void {
  const { state } = node;
  while (state.commitIndex > state.lastApplied) {
    state.lastApplied++;
    const index = state.lastApplied;
    const entry = state.log[index - 1];
    const { term, command, clientId, serial } = entry;
    const response = machine.apply(node, entry);
    node.event('EntryApplied', { index, term, command, response });
    if (machine.respond !== undefined) machine.respond(node, entry, response);
    // The leader that received the command responds "after entry applied to state machine".
    else if (state.standing === 'leader' && term === state.currentTerm && clientId !== null) {
      node.send(clientId, {
        type: 'ClientResponse', serial, status: 'OK', response, leaderHint: node.id,
      });
    }
  }
}

function receiveCommand(node: Server, message: Frozen<ClientRequest>, from: NodeId): void {
  const { state } = node;
  const { command, serial, oldestPending } = message;
  if (isMembershipCommand(command)) {
    return beginChange(node, { serial, command }, from, changes);
  }
  const term = state.currentTerm;
  appendEntry(node, frozen({ term, command, clientId: from, serial, oldestPending }));
  broadcastAppendEntries(node);
  advanceCommitIndex(node);
}

function redirectClient(node: Server, { serial }: Frozen<ClientRequest>, to: NodeId): void {
  const { leaderId: leaderHint } = node.state;
  node.event('ClientRedirected', { clientId: to, leaderHint });
  node.send(to, {
    type: 'ClientResponse', serial, status: 'NOT_LEADER', response: null, leaderHint,
  });
}

export const raft = defineProtocol({
  name: 'raft',
  doc: 'Consensus by a replicated log: a leader orders the commands, a majority stores them.',
  source: 'Ongaro, Ousterhout: In Search of an Understandable Consensus Algorithm (extended), 2014',
  events: { ...replicaEvents, ...clientEvents },
  roles: { replica: replicaOver(keyValueStore), client: administrator }, defaultRole: 'replica',
  invariants: { ...invariants, ...storeInvariants },
  specification: keyValueSpecification,
  isHeartbeat: isRaftHeartbeat, refuses: refusesRaft,
});
