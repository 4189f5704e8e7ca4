/** Raft as its paper gives it: the rules of Figure 2 in the paper's words, to be read beside it. */
// Section numbers and quotations are those of the extended version; the state and the RPCs of
// Figure 2 stand in raft-state.ts.
import { defineProtocol, frozen, role } from '../protocol/define.ts';
import type { Node, NodeId } from '../protocol/types.ts';
import { applyCommand, client, type Command } from './raft-client.ts';
import { invariants } from './raft-invariants.ts';
import {
  type AppendEntries, type Entry, events, options, type Replica, type ReplicaState,
  type RequestVote,
} from './raft-state.ts';

const replica = role<Replica>({
  doc: 'A server of the Raft cluster: it keeps the replicated log and a key-value state machine.',
  options,
  durable: ['currentTerm', 'votedFor', 'log'],
  init: () => ({
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
    kv: {},
    sessions: {},
  }),
  start: resetElectionTimer,

  messages: {
    RequestVote(node, message, from) {
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

    AppendEntries(node, message, from) {
      followLaterTerm(node, message.term);
      const { state } = node;
      const { prevLogIndex, prevLogTerm, entries } = message;
      if (message.term < state.currentTerm) {
        rejectEntries(node, message, from, 'its term is over');
        return;
      }
      // A candidate that hears from the winner of its term gives up (§5.2).
      if (state.standing !== 'follower') becomeFollower(node, message.term);
      state.leaderId = message.leaderId;
      resetElectionTimer(node);
      if (state.log.length < prevLogIndex) {
        rejectEntries(node, message, from, 'the log ends before them');
        return;
      }
      if (termAt(state.log, prevLogIndex) !== prevLogTerm) {
        rejectEntries(node, message, from, 'the entry before them has another term');
        return;
      }
      storeEntries(node, prevLogIndex, entries);
      const lastNew = prevLogIndex + entries.length;
      // Figure 2 compares leaderCommit alone: a call that was overtaken would let commitIndex fall.
      const committed = Math.min(message.leaderCommit, lastNew);
      if (committed > state.commitIndex) commit(node, committed);
      node.send(from, {
        type: 'AppendEntriesResult', term: state.currentTerm, success: true, prevLogIndex,
        matchIndex: lastNew, conflictIndex: 0,
      });
    },

    AppendEntriesResult(node, message, from) {
      followLaterTerm(node, message.term);
      const { state, options } = node;
      if (state.standing !== 'leader' || message.term !== state.currentTerm) return;
      if (message.success) {
        // An answer that was overtaken, or came twice, tells nothing new.
        if (message.matchIndex <= state.matchIndex[from]) return;
        state.matchIndex[from] = message.matchIndex;
        state.nextIndex[from] = message.matchIndex + 1;
        advanceCommitIndex(node);
        const full = message.matchIndex - message.prevLogIndex >= options.maxEntriesPerAppend;
        if (full && state.log.length > message.matchIndex) sendAppendEntries(node, from);
      } else if (message.prevLogIndex === state.nextIndex[from] - 1) {
        // "decrements nextIndex and retries" (§5.3), never to before what is known to match.
        const next = options.conflictHint ? message.conflictIndex : message.prevLogIndex;
        state.nextIndex[from] = Math.max(next, state.matchIndex[from] + 1);
        sendAppendEntries(node, from);
      }
    },

    ClientRequest(node, message, from) {
      const { state } = node;
      if (state.standing !== 'leader') {
        node.event('ClientRedirected', { clientId: from, leaderHint: state.leaderId });
        node.send(from, {
          type: 'ClientResponse', serial: message.serial, status: 'NOT_LEADER', response: null,
          leaderHint: state.leaderId,
        });
        return;
      }
      const { command, serial, oldestPending } = message;
      const term = state.currentTerm;
      appendEntry(node, frozen({ term, command, clientId: from, serial, oldestPending }));
      broadcastAppendEntries(node);
      advanceCommitIndex(node);
    },
  },

  timers: {
    election(node) {
      node.event('ElectionTimedOut', { term: node.state.currentTerm });
      becomeCandidate(node);
    },
    heartbeat(node) {
      broadcastAppendEntries(node);
      node.setTimer('heartbeat', node.options.heartbeatInterval);
    },
  },
  background: ['heartbeat'],

  look: (state) => ({
    standing: state.standing,
    tone: state.standing === 'leader' ? 'lead' : state.standing === 'candidate' ? 'bid' : 'follow',
    epoch: { name: 'term', value: state.currentTerm },
    facts: {
      votedFor: state.votedFor, commitIndex: state.commitIndex, lastApplied: state.lastApplied,
      kv: state.kv,
    },
    log: { entries: state.log, first: 1, committed: state.commitIndex, applied: state.lastApplied },
  }),
});

// Figure 2, Rules for Servers, and §5.1: terms

/** "If RPC request or response contains term T > currentTerm: […] convert to follower." */
function followLaterTerm(node: Node<Replica>, term: number): void {
  if (term > node.state.currentTerm) becomeFollower(node, term);
}

function becomeFollower(node: Node<Replica>, term: number): void {
  const { state } = node;
  if (state.standing === 'leader') {
    node.event('LeaderSteppedDown', { term: state.currentTerm, newTerm: term });
    node.cancelTimer('heartbeat');
    resetElectionTimer(node);
    state.nextIndex = {};
    state.matchIndex = {};
  }
  state.standing = 'follower';
  state.leaderId = null;
  if (state.votesGranted.length > 0) state.votesGranted = [];
  if (term !== state.currentTerm) changeTerm(node, term);
}

function changeTerm(node: Node<Replica>, term: number): void {
  const { state } = node;
  const from = state.currentTerm;
  state.currentTerm = term;
  state.votedFor = null;
  node.event('TermChanged', { from, to: term });
}

// §5.2: leader election

function resetElectionTimer(node: Node<Replica>): void {
  node.setTimer('election', node.options.electionTimeout);
}

function becomeCandidate(node: Node<Replica>): void {
  const { state } = node;
  changeTerm(node, state.currentTerm + 1);
  state.standing = 'candidate';
  state.leaderId = null;
  state.votedFor = node.id;
  node.event('VoteGranted', { term: state.currentTerm, candidateId: node.id });
  state.votesGranted = [node.id];
  resetElectionTimer(node);
  const lastLogIndex = state.log.length;
  const lastLogTerm = termAt(state.log, lastLogIndex);
  for (const peer of node.peers) {
    node.send(peer, {
      type: 'RequestVote', term: state.currentTerm, candidateId: node.id, lastLogIndex, lastLogTerm,
    });
  }
  if (majority(node) === 1) becomeLeader(node);
}

/** RequestVote RPC, receiver implementation: the reason to refuse the vote; empty to grant it. */
function whyNoVote(state: ReplicaState, call: Readonly<RequestVote>): string {
  const { votedFor } = state;
  if (call.term < state.currentTerm) return 'its term is over';
  if (votedFor !== null && votedFor !== call.candidateId) return `it voted for ${votedFor}`;
  if (!isUpToDate(state.log, call.lastLogIndex, call.lastLogTerm)) return 'its log is behind';
  return '';
}

/** §5.4.1: the later last term is more up-to-date; of equal last terms, the longer log. */
function isUpToDate(log: readonly Entry[], lastLogIndex: number, lastLogTerm: number): boolean {
  const ownLastTerm = termAt(log, log.length);
  if (lastLogTerm !== ownLastTerm) return lastLogTerm > ownLastTerm;
  return lastLogIndex >= log.length;
}

function becomeLeader(node: Node<Replica>): void {
  const { state } = node;
  state.standing = 'leader';
  state.leaderId = node.id;
  node.event('LeaderElected', { term: state.currentTerm, votes: state.votesGranted.length });
  for (const peer of node.peers) {
    state.nextIndex[peer] = state.log.length + 1;
    state.matchIndex[peer] = 0;
  }
  // §8: a blank entry of its own term, by which it finds out what is committed.
  const command: Command = { op: 'no-op' };
  const term = state.currentTerm;
  appendEntry(node, frozen({ term, command, clientId: null, serial: 0, oldestPending: 0 }));
  broadcastAppendEntries(node);
  node.cancelTimer('election');
  node.setTimer('heartbeat', node.options.heartbeatInterval);
  advanceCommitIndex(node);
}

function majority(node: Node<Replica>): number {
  return Math.floor((node.peers.length + 1) / 2) + 1;
}

// §5.3: log replication

function broadcastAppendEntries(node: Node<Replica>): void {
  for (const peer of node.peers) sendAppendEntries(node, peer);
}

/** "If last log index ≥ nextIndex for a follower: send […] log entries starting at nextIndex." */
function sendAppendEntries(node: Node<Replica>, to: NodeId): void {
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

function entriesFrom(log: readonly Entry[], index: number, count: number): readonly Entry[] {
  // The entries are frozen already, so freezing the list is enough to send it uncopied.
  return index > log.length ? noEntries : Object.freeze(log.slice(index - 1, index - 1 + count));
}

const noEntries: readonly Entry[] = Object.freeze([]);

type Call = Readonly<AppendEntries>;

function rejectEntries(node: Node<Replica>, call: Call, from: NodeId, reason: string): void {
  const { term, leaderId, prevLogIndex } = call;
  const { currentTerm, log } = node.state;
  node.event('AppendEntriesRejected', { term, leaderId, prevLogIndex, reason });
  node.send(from, {
    type: 'AppendEntriesResult', term: currentTerm, success: false, prevLogIndex,
    matchIndex: 0, conflictIndex: conflictIndex(log, prevLogIndex),
  });
}

/** The end of the log if it lacks prevLogIndex, else the first index of the term found there. */
function conflictIndex(log: readonly Entry[], prevLogIndex: number): number {
  if (prevLogIndex > log.length) return log.length + 1;
  // Terms never fall along a log: the first of one is found by halving.
  const term = termAt(log, prevLogIndex);
  let low = 1;
  let high = prevLogIndex;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (termAt(log, middle) < term) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** AppendEntries RPC, receiver implementation, steps 3 and 4. */
function storeEntries(node: Node<Replica>, prevLogIndex: number, entries: readonly Entry[]): void {
  const { log } = node.state;
  for (let i = 0; i < entries.length; i++) {
    const index = prevLogIndex + 1 + i;
    if (index <= log.length) {
      // What is there already stays: this call may be older than one that brought more.
      if (termAt(log, index) === entries[i].term) continue;
      truncateLog(node, index);
    }
    appendEntry(node, entries[i]);
  }
}

/** "Delete the existing entry and all that follow it." */
function truncateLog(node: Node<Replica>, firstIndex: number): void {
  const { log } = node.state;
  const lastIndex = log.length;
  log.length = firstIndex - 1;
  node.event('LogTruncated', { firstIndex, lastIndex });
}

function appendEntry(node: Node<Replica>, entry: Entry): void {
  const { log } = node.state;
  log.push(entry);
  node.event('EntryAppended', { index: log.length, term: entry.term, command: entry.command });
}

function termAt(log: readonly Entry[], index: number): number {
  return index === 0 ? 0 : log[index - 1].term;
}

// §5.3 and §5.4.2: commitment

/**
 * "If there exists an N such that N > commitIndex, a majority of matchIndex[i] ≥ N, and
 * log[N].term == currentTerm: set commitIndex = N." Terms never fall along a log, so that the
 * highest N that a majority stores decides.
 */
function advanceCommitIndex(node: Node<Replica>): void {
  const { state } = node;
  const n = highestOnMajority(node);
  if (n <= state.commitIndex) return;
  if (termAt(state.log, n) !== state.currentTerm) return;
  commit(node, n);
}

/** The highest index, from commitIndex on, that a majority stores, this leader counted in. */
function highestOnMajority(node: Node<Replica>): number {
  const { log, matchIndex, commitIndex } = node.state;
  const needed = majority(node) - 1;
  if (needed === 0) return log.length;
  let highest = commitIndex;
  for (const peer of node.peers) {
    const index = matchIndex[peer];
    if (index <= highest) continue;
    let stored = 0;
    for (const other of node.peers) if (matchIndex[other] >= index) stored++;
    if (stored >= needed) highest = index;
  }
  return highest;
}

function commit(node: Node<Replica>, commitIndex: number): void {
  const { state } = node;
  for (let index = state.commitIndex + 1; index <= commitIndex; index++) {
    const { term, command } = state.log[index - 1];
    node.event('EntryCommitted', { index, term, command });
  }
  state.commitIndex = commitIndex;
  applyCommitted(node);
}

/** "If commitIndex > lastApplied: increment lastApplied, apply log[lastApplied]." */
function applyCommitted(node: Node<Replica>): void {
  const { state } = node;
  while (state.commitIndex > state.lastApplied) {
    state.lastApplied++;
    const index = state.lastApplied;
    const { term, command, clientId, serial, oldestPending } = state.log[index - 1];
    const response = applyCommand(state, command, clientId, serial, oldestPending);
    node.event('EntryApplied', { index, term, command, response });
    // The leader that took the command answers, "after entry applied to state machine".
    if (state.standing === 'leader' && term === state.currentTerm && clientId !== null) {
      node.send(clientId, {
        type: 'ClientResponse', serial, status: 'OK', response, leaderHint: node.id,
      });
    }
  }
}

export const raft = defineProtocol({
  name: 'raft',
  doc: 'Consensus by a replicated log: a leader orders the commands, a majority makes them last.',
  source: 'Ongaro, Ousterhout: In Search of an Understandable Consensus Algorithm (extended), 2014',
  events,
  roles: { replica, client },
  defaultRole: 'replica',
  invariants,
});
