/** An etcd member: a Raft server that serves clients, whether or not it is the leader. */
import { role } from '../../protocol/define.ts';
import type { HolderLook } from '../../protocol/look.ts';
import type { Frozen, Json, NodeId, Role } from '../../protocol/types.ts';
import { between, milliseconds, seconds } from '../../protocol/units.ts';
import { heardAnswer, heardLeader } from '../raft/check-quorum.ts';
import { termAt } from '../raft/log.ts';
import { raftDocs, serverLook } from '../raft/look.ts';
import {
  applyCommitted, broadcastAppendEntries, followLaterTerm, replicaOver, resetElectionTimer,
} from '../raft/raft.ts';
import { type Entry, type NoOp, options, type StateMachine } from '../raft/state.ts';
import { type Answer, type EtcdRequest, failure, lacksKey, type Logged } from './api.ts';
import {
  beginHandover, continueHandover, giveUpHandover, takeOver,
} from './handover.ts';
import { answer, inRaft, isLeader, type Server } from './leadership.ts';
import { expire, isPrimary, takeExpired } from './lessor.ts';
import {
  giveUpProposal, passOnWaiting, propose, receiveProposal, takeProposal,
} from './proposals.ts';
import { answerMember, ask, giveUpQuestion, lessorAnswered, passOnQuestion } from './questions.ts';
import {
  answerReads, askLeader, beginRead, confirmed, failRead, failReads, mayRead, noteRead,
  repeatReads,
} from './read-index.ts';
import { abandonRecipe, beginRecipe, recipeAnswered, recipeNotified } from './recipes.ts';
import {
  type Caller, type EtcdMachine, type EtcdReplica, type EtcdState, lockOf,
} from './state.ts';
import { byCreation, emptyStore, execute } from './store.ts';
import { summary } from './summary.ts';
import { beginWatch, endWatch, isFrom } from './watches.ts';

const machine: StateMachine<Logged, EtcdMachine> = {
  doc: 'An etcd member: Raft orders its transactions and leases; the leader lets leases expire.',
  init: () => ({
    ...emptyStore(),
    serial: 0, proposals: {}, reads: {}, forwarded: {}, recipes: {}, watches: [],
    leaderSeen: null, electedAt: null, confirmations: [], taken: {}, handover: null,
    primaryIn: 0, ends: {}, expired: {},
  }),

  apply(node: Server, { command }: Frozen<Entry<Logged>>): Answer | null {
    // The first entry of a leader's own term makes its lessor the primary.
    isPrimary(node);
    if (isNoOp(command)) return null;
    return execute(node, command, command.client);
  },

  respond(node: Server, { clientId, command, serial }: Frozen<Entry<Logged>>, response) {
    if (isNoOp(command)) repeatReads(node);
    const own = clientId === node.id ? takeProposal(node, serial) : undefined;
    if (own?.caller) answer(node, own.caller, response as Answer);
    answerReads(node);
  },
};

function isNoOp(command: Frozen<Logged | NoOp>): command is NoOp {
  return command.op === 'no-op';
}

const { messages: ofRaft, timers, ...raftServer } = replicaOver(machine);
const { ClientRequest: _none, ...raftMessages } = ofRaft;

/** After a handler of Raft: what its rules changed may concern requests. */
function observe(node: Server): void {
  const { state } = node;
  applyCommitted(node, machine);
  isPrimary(node);
  if (!isLeader(node)) state.confirmations = [];
  if (state.leaderId !== state.leaderSeen) {
    state.leaderSeen = state.leaderId;
    if (state.leaderId === node.id) state.electedAt = node.now();
    if (state.leaderId !== null) {
      failReads(node);
      passOnWaiting(node);
    }
  }
  continueHandover(node);
}

type Handlers = Role<EtcdReplica>['messages'];

const raftRpcs: Pick<Handlers, keyof typeof raftMessages> = {
  RequestVote: observed(raftMessages.RequestVote),
  RequestVoteResult: observed(raftMessages.RequestVoteResult),
  PreVote: observed(raftMessages.PreVote),
  PreVoteResult: observed(raftMessages.PreVoteResult),
  AppendEntries: observed(raftMessages.AppendEntries),
  AppendEntriesResult(node, message, from, connection) {
    const { commitIndex } = node.state;
    raftMessages.AppendEntriesResult(node, message, from, connection);
    // Unlike in the paper, followers learn at once what is committed: their clients wait for it.
    const hasCommitted = node.state.commitIndex > commitIndex;
    if (isLeader(node) && hasCommitted) broadcastAppendEntries(inRaft(node));
    observe(node);
  },
};

function observed<Message>(
  handler: (node: Server, message: Message, from: NodeId, connection: string) => void,
): (node: Server, message: Message, from: NodeId, connection: string) => void {
  return (node, message, from, connection) => {
    handler(node, message, from, connection);
    observe(node);
  };
}

const amongMembers: Pick<
  Handlers,
  | 'Propose' | 'ReadIndex' | 'ReadIndexResult' | 'ConfirmLeader' | 'LeaderConfirmed'
  | 'AskLessor' | 'LessorAnswer' | 'TimeoutNow'
> = {
  Propose: observed(receiveProposal),
  ReadIndex: (node, { read }, from) => noteRead(node, from, read),
  ReadIndexResult: (node, { read, index }) => mayRead(node, read, index),
  ConfirmLeader(node, { term, leaderId, member, read }, from) {
    followLaterTerm(inRaft(node), term);
    const { state } = node;
    if (term < state.currentTerm) return;
    state.leaderId = leaderId;
    resetElectionTimer(inRaft(node));
    heardLeader(inRaft(node));
    node.send(from, { type: 'LeaderConfirmed', term, member, read });
    observe(node);
  },
  LeaderConfirmed(node, message, from) {
    if (isLeader(node) && message.term === node.state.currentTerm) heardAnswer(inRaft(node), from);
    confirmed(node, message, from);
  },
  AskLessor: answerMember,
  LessorAnswer: lessorAnswered,
  TimeoutNow: observed(takeOver),
};

const ofClients: Pick<
  Handlers,
  'Request' | 'Cancel' | 'WatchCreate' | 'WatchCancel' | 'Response' | 'WatchEvents'
> = {
  Request(node, { request, command }, client, connection) {
    serve(node, { client, connection, request }, command);
    observe(node);
  },
  Cancel(node, { request }, from, connection) {
    abandon(node, (one) => one.request === request && isFrom(one, from, connection));
  },
  WatchCreate(node, { watch, key, prefix, fromRevision }, client, connection) {
    beginWatch(node, { client, connection, watch, key, prefix, fromRevision });
  },
  WatchCancel: (node, { watch }, client, connection) =>
    endWatch(node, client, connection, watch),
  // Of the recipes, in which the member is its own client:
  Response: (node, { request, answer: given }) => recipeAnswered(node, request, given),
  WatchEvents: (node, { watch, events }) =>
    recipeNotified(node, watch, events.some(({ type }) => type === 'delete')),
};

function serve(node: Server, caller: Caller, command: Frozen<EtcdRequest>): void {
  const { state } = node;
  if (lacksKey(command)) return answer(node, caller, failure('etcdserver: key is not provided'));
  switch (command.op) {
    case 'read':
      return beginRead(node, caller, command);
    case 'keep-alive':
    case 'time-to-live':
      return ask(node, caller, command);
    case 'lock':
    case 'campaign':
      return beginRecipe(node, caller, command);
    case 'status': {
      const term = termAt(state.log, state.lastApplied);
      const { leaderId: leader, revision } = state;
      return answer(node, caller, { leader, term, revision });
    }
    case 'move-leader':
      return beginHandover(node, caller, command.to);
    default:
      propose(node, caller, command);
  }
}

/** The clients of these requests are gone. What is in the log is executed all the same. */
function abandon(node: Server, isGone: (caller: Caller) => boolean): void {
  for (const [number, { caller }] of Object.entries(node.state.recipes)) {
    if (isGone(caller)) abandonRecipe(node, Number(number));
  }
}

/** A request was not completed within the time that a member works on one. */
function giveUp(node: Server, serial: number): void {
  const { state } = node;
  if (serial in state.proposals) giveUpProposal(node, serial);
  else if (serial in state.reads) failRead(node, serial, failure('etcdserver: request timed out'));
  else giveUpQuestion(node, serial);
}

/** The client is gone, or moved to another member. */
function clientGone(node: Server, client: NodeId, connection: string): void {
  abandon(node, (one) => isFrom(one, client, connection));
  const { state } = node;
  state.watches = state.watches.filter((watch) => !isFrom(watch, client, connection));
}

export const replica = role<EtcdReplica>({
  ...raftServer,
  joins: 'etcd adds members by its member API, which Lockstep does not model',
  options: {
    ...options,
    electionTimeout: {
      kind: 'range',
      default: between(seconds(1), seconds(2)),
      min: milliseconds(1),
      doc: 'How long a follower waits for its leader before it starts an election.',
    },
    heartbeatInterval: {
      kind: 'duration',
      default: milliseconds(100),
      min: milliseconds(1),
      below: 'electionTimeout',
      doc: 'How often a leader sends AppendEntries; shorter than any election timeout.',
    },
    checkQuorum: {
      kind: 'boolean',
      default: true,
      doc: 'Whether a leader without a quorum steps down; in etcd it always does.',
    },
    preVote: {
      kind: 'boolean',
      default: false,
      doc: 'Whether a member asks for votes before it begins a term: false in 3.4, true from 3.5.',
    },
  },
  durable: [...raftServer.durable!, 'serial'],

  messages: { ...raftRpcs, ...amongMembers, ...ofClients },
  connection: {
    // transport.NewKeepAliveListener
    socket: () => ({ keepAlive: { idle: seconds(30), interval: seconds(30), count: 9 } }),
    ended: clientGone,
  },

  timers: {
    ...timers,
    election: (node) => observedTimer(node, timers.election),
    checkQuorum: (node) => observedTimer(node, timers.checkQuorum),
    lease: expire,
    checkLeases(node) {
      // The primary lessor decides that a lease has expired; the log revokes it on all members.
      for (const lease of takeExpired(node)) propose(node, null, { op: 'lease-revoke', lease });
      observe(node);
    },
    requestTimeout: giveUp,
    readAgain: askLeader,
    askAgain: passOnQuestion,
    handoverTimeout: giveUpHandover,
  },
  background: [...raftServer.background!, 'checkLeases'],
  // etcd/raft counts ticks of its process; the lessor and the requests run on the system's clock.
  ticking: ['election', 'heartbeat', 'checkQuorum', 'leaderContact'],

  lookDocs: {
    ...raftDocs,
    revision: 'It counts the changes of the key-value store: a transaction that writes adds one.',
    lessor: 'The primary lessor is at the leader: it alone decides when a lease has expired.',
  },
  look(state, { peers }) {
    const { revision, primaryIn, lastApplied } = state;
    const lessor: Record<string, Json> = primaryIn > 0 ? { lessor: 'primary' } : {};
    return {
      ...serverLook(state, peers),
      authority: { version: lastApplied },
      holder: queues(state),
      facts: { revision, ...lessor },
    };
  },
  summary,
});

function observedTimer(node: Server, handler: (node: Server, data: void) => void): void {
  handler(node);
  observe(node);
}

/** The queue of each lock: the clients in the order of the create revisions of their keys. */
function queues({ keys, leases }: Readonly<EtcdState>): HolderLook[] {
  const shown = new Map<string, { is: string; token: number; next: string[] }>();
  for (const { key, createRevision } of byCreation({ keys }, '')) {
    const client = leases[keys[key].lease]?.client;
    if (client === undefined) continue;
    const lock = lockOf(key);
    const first = shown.get(lock);
    if (first === undefined) shown.set(lock, { is: client, token: createRevision, next: [] });
    else first.next.push(client);
  }
  return [...shown].map(([of, places]) => ({ of, ...places }));
}
