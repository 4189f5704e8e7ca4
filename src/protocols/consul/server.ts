/** A Consul server: a Raft server over the catalogue, which serves clients or forwards requests. */
import { role } from '../../protocol/define.ts';
import type { HolderLook } from '../../protocol/look.ts';
import type { Frozen, Json, NodeId, Role } from '../../protocol/types.ts';
import { between, milliseconds, seconds } from '../../protocol/units.ts';
import { heardLeader } from '../raft/check-quorum.ts';
import {
  applyCommitted, becomeCandidate, broadcastAppendEntries, followLaterTerm, replicaOver,
  resetElectionTimer,
} from '../raft/raft.ts';
import { raftDocs, serverLook, serverStandings, termDoc } from '../raft/look.ts';
import { options, type PreVote, type RequestVote, type StateMachine } from '../raft/state.ts';
import type { ConsulResponse, Logged } from './api.ts';
import { applyEntry, emptyCatalog, endDelay, forgetDelay } from './catalog.ts';
import { callerGone, forwardAnswered, forwardsEnded, serve, tryAgain } from './forward.ts';
import { applied, contactLost, expire, heardFrom, observeLeadership } from './leader.ts';
import { dial, linkAll, linked, unlinked } from './links.ts';
import { forgetQueries, leaderConfirmed, queryTimedOut } from './queries.ts';
import {
  type Catalog, inRaft, isLeader, isNoOp, replicating, type Server, type ServerNode,
  type ServerState, type Serving,
} from './state.ts';
import { serverSummary } from './summary.ts';

const machine: StateMachine<Logged, Catalog & Serving> = {
  doc: 'A Consul server: it stores sessions and keys, and serves clients with the leader.',
  init: () => ({
    ...emptyCatalog(),
    delayed: {}, snapshot: 0, serial: 0, linked: [], forwarded: {}, blocked: [],
    contactsIn: 0, silent: [], establishedIn: 0, applies: {}, verifications: {},
  }),
  apply: (node, { command }) => applyEntry(node as unknown as ServerNode, command) as Json,
  respond(node, { clientId, command, serial }, response) {
    if (clientId !== node.id || isNoOp(command)) return;
    applied(node as unknown as ServerNode, serial, response as ConsulResponse);
  },
};

const { messages: ofRaft, timers, start: _start, ...raftServer } = replicaOver(machine);

/** After a handler of Raft: what its rules changed may concern requests. */
function observe(node: ServerNode): void {
  applyCommitted(replicating(node), machine);
  observeLeadership(node);
}

type Handlers = Role<Server>['messages'];
type Replicating = ReturnType<typeof replicating>;

function observed<Message>(
  handler: (
    node: Replicating, message: Message, from: NodeId, connection: string,
  ) => void,
): (node: ServerNode, message: Message, from: NodeId, connection: string) => void {
  return (node, message, from, connection) => {
    handler(replicating(node), message, from, connection);
    observe(node);
  };
}

const raftRpcs: Pick<
  Handlers,
  'RequestVote' | 'RequestVoteResult' | 'PreVote' | 'PreVoteResult' | 'AppendEntries'
  | 'AppendEntriesResult'
> = {
  RequestVote(node, message, from, connection) {
    if (hasOtherLeader(node, message)) return denyVote(node, message, from);
    observed(ofRaft.RequestVote)(node, message, from, connection);
  },
  RequestVoteResult: observed(ofRaft.RequestVoteResult),
  PreVote(node, message, from, connection) {
    if (hasOtherLeader(node, message)) return denyVote(node, message, from);
    observed(ofRaft.PreVote)(node, message, from, connection);
  },
  PreVoteResult: observed(ofRaft.PreVoteResult),
  AppendEntries: observed(ofRaft.AppendEntries),
  AppendEntriesResult(node, message, from, connection) {
    const { commitIndex } = node.state;
    if (message.term === node.state.currentTerm) heardFrom(node, from);
    ofRaft.AppendEntriesResult(replicating(node), message, from, connection);
    // Unlike in the paper, followers learn at once what is committed: stale reads see it sooner.
    const hasCommitted = node.state.commitIndex > commitIndex;
    if (isLeader(node) && hasCommitted) broadcastAppendEntries(inRaft(node));
    observe(node);
  },
};

/**
 * hashicorp/raft: a server that knows a leader keeps its term and denies its vote to others. Only
 * its own timeout, or a later term, makes it forget the leader.
 */
function hasOtherLeader({ state }: ServerNode, call: Frozen<RequestVote | PreVote>): boolean {
  const { leaderId } = state;
  return leaderId !== null && leaderId !== call.candidateId && call.term > state.currentTerm;
}

type VoteCall = ({ readonly type: 'RequestVote' | 'PreVote' }) & Frozen<RequestVote | PreVote>;

function denyVote(node: ServerNode, call: VoteCall, from: NodeId): void {
  const { currentTerm: term, leaderId } = node.state;
  const denied = { term: call.term, candidateId: call.candidateId, reason: `${leaderId} leads` };
  const isPreVote = call.type === 'PreVote';
  node.event(isPreVote ? 'PreVoteDenied' : 'VoteDenied', denied);
  const type = isPreVote ? 'PreVoteResult' : 'RequestVoteResult';
  node.send(from, { type, term, voteGranted: false });
}

const ofServers: Pick<Handlers, 'Forward' | 'Forwarded' | 'ConfirmLeader' | 'LeaderConfirmed'> = {
  Forward(node, { serial, client, command }, from, connection) {
    serve(node, { from, connection, serial }, command, client);
    observe(node);
  },
  Forwarded: forwardAnswered,
  ConfirmLeader(node, { term, leaderId, number }, from) {
    followLaterTerm(inRaft(node), term);
    const { state } = node;
    if (term === state.currentTerm) {
      state.leaderId = leaderId;
      resetElectionTimer(inRaft(node));
      heardLeader(inRaft(node));
    }
    node.send(from, { type: 'LeaderConfirmed', term: state.currentTerm, number });
    observe(node);
  },
  LeaderConfirmed(node, message, from) {
    followLaterTerm(inRaft(node), message.term);
    if (message.term === node.state.currentTerm) heardFrom(node, from);
    leaderConfirmed(node, message, from);
    observe(node);
  },
};

export const server = role<Server>({
  doc: machine.doc,
  joins: raftServer.joins!,
  options: {
    electionTimeout: {
      kind: 'range',
      default: between(seconds(1), seconds(2)),
      min: milliseconds(1),
      doc: 'How long a follower waits for its leader: Consul\'s, with a raft_multiplier of 1.',
    },
    heartbeatInterval: {
      kind: 'duration',
      default: milliseconds(100),
      min: milliseconds(1),
      below: 'electionTimeout',
      doc: 'How often a leader sends AppendEntries; shorter than any election timeout.',
    },
    leaderLease: {
      kind: 'duration',
      default: milliseconds(500),
      min: milliseconds(1),
      below: 'electionTimeout',
      doc: 'How long a leader leads without the answer of a majority: `LeaderLeaseTimeout`.',
    },
    maxEntriesPerAppend: options.maxEntriesPerAppend,
    conflictHint: options.conflictHint,
    commitRule: options.commitRule,
    members: { ...options.members, kind: 'list', of: 'node', role: 'server', default: [] },
    preVote: {
      kind: 'boolean',
      default: true,
      doc: 'Whether a server asks for votes before it begins a term, as hashicorp/raft from 1.7.',
    },
    failover: {
      kind: 'boolean',
      default: true,
      doc:
        'Whether a lone server stands for a cluster: when it restarts, another has taken over, ' +
        'which keeps the lock-delays. If false, it is a cluster of one. No effect with peers.',
    },
  },
  // The leader lease takes the place of the option checkQuorum.
  init: (node) =>
    raftServer.init({
      ...node, options: { ...node.options, checkQuorum: false },
    }) as ServerState,
  durable: [...raftServer.durable!, 'serial', 'snapshot', 'delayed'],

  start(node) {
    const { state, options: { failover } } = node;
    const keepsDelays = failover && node.peers.length === 0;
    for (const [key, until] of Object.entries(state.delayed)) {
      if (keepsDelays) node.setTimer('lockDelay', Math.max(0, until - node.now()), key);
      else forgetDelay(node, key);
    }
    linkAll(node);
    resetElectionTimer(inRaft(node));
    // A lone server has no other candidate to wait for.
    if (node.peers.length === 0) becomeCandidate(inRaft(node));
    observe(node);
  },

  messages: {
    ...raftRpcs,
    ...ofServers,
    Request(node, { serial, command }, client, connection) {
      serve(node, { from: client, connection, serial }, command, client);
      observe(node);
    },
  },

  connection: {
    socket: () => ({ keepAlive: { idle: seconds(15), interval: seconds(15), count: 9 } }),
    opened: linked,
    ended(node, peer, connection, how) {
      forgetQueries(node, connection);
      callerGone(node, connection);
      unlinked(node, peer);
      forwardsEnded(node, connection, how);
    },
  },

  timers: {
    election: observedTimer(timers.election),
    heartbeat: observedTimer(timers.heartbeat),
    // Raft cancels it, and sets it only with the option checkQuorum.
    checkQuorum: observedTimer(timers.checkQuorum),
    leaderContact: ({ state }) => void (state.hearsLeader = false),
    round: observedTimer(timers.round),
    session(node, session) {
      expire(node, session);
      observe(node);
    },
    lockDelay: endDelay,
    query: queryTimedOut,
    hold(node, serial) {
      tryAgain(node, serial);
      observe(node);
    },
    contact(node, peer) {
      contactLost(node, peer);
      observe(node);
    },
    dial,
  },
  background: ['heartbeat', 'leaderContact', 'query', 'contact', 'dial'],

  epochDoc: termDoc,
  lookDocs: {
    ...raftDocs,
    index: 'The last change of its store; a blocking query returns once this has passed its own.',
    sessions: 'How many sessions it knows: a lock is held by a session, and is lost with it.',
    'lock-delay of': 'No session can lock these keys until the delay after a lost session is over.',
  },
  look(state, { peers }) {
    const { index, sessions, lastApplied, delayed } = state;
    const facts: Record<string, Json> = { index, sessions: Object.keys(sessions).length };
    const locked = Object.keys(delayed).join(', ');
    if (locked !== '') facts['lock-delay of'] = locked;
    const authority = { version: lastApplied };
    return { ...serverLook(state, peers), authority, holder: holders(state), facts };
  },
  standings: {
    ...serverStandings,
    follower: { ...serverStandings.follower, boots: true },
    // A single server elects itself as it starts.
    leader: { ...serverStandings.leader, boots: true },
  },
  summary: serverSummary,
});

function observedTimer(
  handler: (node: Replicating, data: void) => void,
): (node: ServerNode) => void {
  return (node) => {
    handler(replicating(node));
    observe(node);
  };
}

function holders({ keys, sessions }: Readonly<ServerState>): HolderLook[] {
  return Object.entries(keys).map(([of, { session, lockIndex: token }]) => {
    const client = session === null ? undefined : sessions[session]?.client;
    return { of, is: client ?? 'none', token };
  });
}
