/** Raft as its paper gives it: the rules of Figure 2 in the paper's words, to be read beside it. */
// Section numbers and quotations are those of the extended version; the state and the RPCs of
// Figure 2 stand in raft-state.ts.
import { defineProtocol, frozen, role } from '../../protocol/define.ts';
import type { Look, Node, NodeId, Role } from '../../protocol/types.ts';
import { client, type ClientRequest, type Command, keyValueStore } from './client.ts';
import { invariants } from './invariants.ts';
import { conflictIndex, entriesFrom, isUpToDate, termAt } from './log.ts';
import {
  type AppendEntries, type Entry, events, options, type Replica, type ReplicaState,
  type RequestVote, type StateMachine,
} from './state.ts';

/** A server whose log orders the commands of a state machine. */
export function replicaOver(machine: StateMachine): Role<Replica> {
  return role<Replica>({
    doc: machine.doc,
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
      ...machine.init(),
    }),
    start: resetElectionTimer,
    messages: { ...voting, ...replicationOver(machine) },
    timers: {
      election(node) {
        node.event('ElectionTimedOut', { term: node.state.currentTerm });
        becomeCandidate(node);
        applyCommitted(node, machine);
      },
      heartbeat(node) {
        broadcastAppendEntries(node);
        node.setTimer('heartbeat', node.options.heartbeatInterval);
      },
    },
    background: ['heartbeat'],
    look,
  });
}

type Handlers = Role<Replica>['messages'];

const voting: Pick<Handlers, 'RequestVote' | 'RequestVoteResult'> = {
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
};

function replicationOver(machine: StateMachine): Omit<Handlers, keyof typeof voting> {
  return {
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
      if (message.success) {
        // An answer that was overtaken, or came twice, tells nothing new.
        if (message.matchIndex <= state.matchIndex[from]) return;
        state.matchIndex[from] = message.matchIndex;
        state.nextIndex[from] = message.matchIndex + 1;
        advanceCommitIndex(node);
        applyCommitted(node, machine);
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
        redirectClient(node, message, from);
        return;
      }
      const { command, serial, oldestPending } = message;
      const term = state.currentTerm;
      appendEntry(node, frozen({ term, command, clientId: from, serial, oldestPending }));
      broadcastAppendEntries(node);
      advanceCommitIndex(node);
      applyCommitted(node, machine);
    },
  };
}

function look(state: Readonly<ReplicaState>): Look {
  const { standing, votedFor, commitIndex, lastApplied, kv } = state;
  return {
    standing,
    tone: standing === 'leader' ? 'lead' : standing === 'candidate' ? 'bid' : 'follow',
    epoch: { name: 'term', value: state.currentTerm },
    facts: { votedFor, commitIndex, lastApplied, kv },
    log: { entries: state.log, first: 1, committed: commitIndex, applied: lastApplied },
  };
}

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
  propose(node, { op: 'no-op' }, 0);
  node.cancelTimer('election');
  node.setTimer('heartbeat', node.options.heartbeatInterval);
}

/** A leader's own command, for which no client waits; `serial` tells it from others of its term. */
export function propose(node: Node<Replica>, command: Command, serial: number): void {
  const term = node.state.currentTerm;
  appendEntry(node, frozen({ term, command, clientId: null, serial, oldestPending: 0 }));
  broadcastAppendEntries(node);
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
}

/** "If commitIndex > lastApplied: increment lastApplied, apply log[lastApplied]." */
export function applyCommitted(node: Node<Replica>, machine: StateMachine): void {
  const { state } = node;
  while (state.commitIndex > state.lastApplied) {
    state.lastApplied++;
    const index = state.lastApplied;
    const entry = state.log[index - 1];
    const { term, command, clientId, serial } = entry;
    const response = machine.apply(node, entry);
    node.event('EntryApplied', { index, term, command, response });
    // The leader that took the command answers, "after entry applied to state machine".
    if (state.standing === 'leader' && term === state.currentTerm && clientId !== null) {
      node.send(clientId, {
        type: 'ClientResponse', serial, status: 'OK', response, leaderHint: node.id,
      });
    }
  }
}

type Request = Readonly<ClientRequest>;

function redirectClient(node: Node<Replica>, { serial }: Request, to: NodeId): void {
  const { leaderId: leaderHint } = node.state;
  node.event('ClientRedirected', { clientId: to, leaderHint });
  node.send(to, {
    type: 'ClientResponse', serial, status: 'NOT_LEADER', response: null, leaderHint,
  });
}

export const raft = defineProtocol({
  name: 'raft',
  doc: 'Consensus by a replicated log: a leader orders the commands, a majority makes them last.',
  source: 'Ongaro, Ousterhout: In Search of an Understandable Consensus Algorithm (extended), 2014',
  events,
  roles: { replica: replicaOver(keyValueStore), client },
  defaultRole: 'replica',
  invariants,
});
