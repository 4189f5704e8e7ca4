/** A CockroachDB node: replicas of all ranges, a gateway for transactions, and a clock to watch. */
import { role } from '../../protocol/define.ts';
import type { Frozen, NodeId, Role } from '../../protocol/types.ts';
import { between, milliseconds, seconds } from '../../protocol/units.ts';
import { resetElectionTimer } from '../raft/raft.ts';
import { options as raftOptions } from '../raft/state.ts';
import { type KvRequest, type KvResponse, type Outcome, responseMessage } from './api.ts';
import { rangeOf, redirect, sendAgain, takeCall } from './calls.ts';
import { measure, probeClocks } from './clock-check.ts';
import { answered, heartbeat, heartbeatAnswered } from './transactions/coordinator.ts';
import { emptyRange, groupOf, inRaft, newReplica, proposeAgain, reboot } from './ranges/group.ts';
import { isUntrustworthy, receive, type Timestamp, zero } from '../shared/hybrid-clock.ts';
import { considerLease } from './ranges/lease.ts';
import { look, lookDocs, standings } from './look.ts';
import type { CockroachNode, Store } from './node-types.ts';
import { recover, recoveryAnswered } from './transactions/recovery.ts';
import { resolveIntents } from './transactions/resolve.ts';
import {
  fireInGroup, follow, type RaftMessageName, receiveInGroup, receiveProposal,
} from './ranges/replica.ts';
import { lookAtPushes, pushed, takeRequest } from './ranges/serve.ts';
import type { RangeId } from './data.ts';
import type { Call, NodeState } from './state.ts';
import { operations, progress, timeOut } from './transactions/statements.ts';
import { summary } from './summary.ts';

const options: NonNullable<Role<CockroachNode>['options']> = {
  ...raftOptions,
  electionTimeout: {
    ...raftOptions.electionTimeout, kind: 'range', default: between(seconds(2), seconds(4)),
  },
  heartbeatInterval: { ...raftOptions.heartbeatInterval, kind: 'duration', default: seconds(1) },
  checkQuorum: { ...raftOptions.checkQuorum, kind: 'boolean', default: true },
  preVote: { ...raftOptions.preVote, kind: 'boolean', default: true },
  members: { ...raftOptions.members, kind: 'list', of: 'node', role: 'node', default: [] },
  splits: {
    kind: 'list', of: 'string', default: [], distinct: true,
    doc: 'The keys at which the ranges r2, r3, … begin; without one, r1 has all keys.',
  },
  maxOffset: {
    kind: 'duration', default: milliseconds(500), min: milliseconds(1),
    doc: 'By how much two clocks may differ (--max-offset): uncertainty and leases rest on it.',
  },
  leaseDuration: {
    kind: 'duration', default: seconds(6), min: milliseconds(2),
    doc: 'How long a lease lasts from its last extension.',
  },
  leaseRenewal: {
    kind: 'duration', default: seconds(3), min: milliseconds(1), below: 'leaseDuration',
    doc: 'How long after it was taken or extended a lease is extended.',
  },
  transactionHeartbeat: {
    kind: 'duration', default: seconds(1), min: milliseconds(1), below: 'transactionExpiry',
    doc: 'How often a coordinator says that its transaction is alive.',
  },
  transactionExpiry: {
    kind: 'duration', default: seconds(5), min: milliseconds(2),
    doc: 'After how long without a heartbeat others may abort, or recover, a transaction.',
  },
  statementTimeout: {
    kind: 'duration', default: seconds(60), min: milliseconds(1),
    doc: 'How long a statement may take, with all its restarts.',
  },
  requestTimeout: {
    kind: 'duration', default: seconds(2), min: milliseconds(1),
    doc: 'After how long without an answer a request is sent to the next node.',
  },
  clockProbeInterval: {
    kind: 'duration', default: seconds(1), min: milliseconds(1),
    doc: 'How often a node measures how far the clocks of the others are from its own.',
  },
  clockCheck: {
    kind: 'boolean', default: true,
    doc: 'Whether a node ends itself when its clock is more than 80 % of maxOffset off.',
  },
  jumpCheck: {
    kind: 'boolean', default: false,
    doc: 'Whether a node ends itself when its clock jumps ahead by half of maxOffset or more.',
  },
  recovery: {
    kind: 'boolean', default: true,
    doc: 'Whether a silent staging transaction is recovered by its writes; if not, it is aborted.',
  },
  parallelCommits: {
    kind: 'boolean', default: true,
    doc: 'Whether a transaction across ranges commits in one round trip instead of two.',
  },
};

function init({ options: chosen }: { options: Store['options'] }): NodeState {
  const starts = ['', ...[...chosen.splits].sort()];
  const replicas: NodeState['replicas'] = {};
  for (const [i, start] of starts.entries()) {
    const range = `r${i + 1}`;
    const descriptor = { range, start, end: starts[i + 1] ?? null };
    replicas[range] = newReplica(emptyRange(descriptor), chosen as never);
  }
  return {
    clock: zero, physical: 0, maxOffset: chosen.maxOffset, serial: 0, replicas, calls: {},
    transactions: {}, recoveries: {}, offsets: {},
    probedAt: 0, early: {}, ended: null,
  };
}

/** After a crash, what Raft keeps on disk is left, and what a split gave to a new range. */
function start(node: Store): void {
  for (const [range, replica] of Object.entries(node.state.replicas)) {
    reboot(replica, node.options);
    resetElectionTimer(inRaft(groupOf(node, range)));
  }
  node.state.probedAt = node.now();
  node.setTimer('clockProbe', node.options.clockProbeInterval);
}

/** A node that has ended itself does nothing any more. */
function runs({ state }: Store): boolean {
  return state.ended === null;
}

/**
 * The clock is never behind a timestamp that the node has received. One that no clock within the
 * maximum offset can have read is refused. Returns whether it was accepted.
 */
function receiveClock(node: Store, from: NodeId, clock: Timestamp): boolean {
  const now = (node.state.physical = node.now());
  if (isUntrustworthy(clock, now, node.options.maxOffset)) {
    node.event('ClockRefused', { from, ahead: clock.wall - now });
    return false;
  }
  node.state.clock = receive(node.state.clock, clock);
  return true;
}

type Handlers = Role<CockroachNode>['messages'];

function inGroup(
  node: Store,
  message: { readonly type: RaftMessageName; readonly range: RangeId },
  from: NodeId,
): void {
  if (runs(node)) receiveInGroup(node, message, from);
}

function receiveRequest(
  node: Store,
  { request, body, clock }: Frozen<{ request: number; body: KvRequest; clock: Timestamp }>,
  from: NodeId,
): void {
  if (!runs(node)) return;
  if (!receiveClock(node, from, clock)) {
    const reason = 'its clock is too far ahead to be trusted';
    return refuse(node, from, { request, body }, { result: 'refused', reason });
  }
  const range = rangeOf(node, body.key);
  if (range !== undefined) return takeRequest(groupOf(node, range), from, request, body);
  refuse(node, from, { request, body }, { result: 'wrong range' });
}

function refuse(
  node: Store,
  to: NodeId,
  { request, body }: Frozen<{ request: number; body: KvRequest }>,
  outcome: Outcome,
): void {
  node.send(to, responseMessage(body.op, { request, outcome, clock: node.state.clock }));
}

function receiveResponse(
  node: Store,
  { request, outcome, clock }: Frozen<KvResponse>,
  from: NodeId,
): void {
  if (!runs(node)) return;
  // The answer is used in any case: the node that gave it has checked the clock of this one.
  node.state.physical = node.now();
  node.state.clock = receive(node.state.clock, clock);
  if (outcome.result === 'not leaseholder') return redirect(node, request, outcome.hint);
  if (outcome.result === 'wrong range') return redirect(node, request, null);
  const call = takeCall(node, request);
  if (call !== undefined) dispatch(node, { call, request, outcome }, { from, clock });
}

const messages: Handlers = {
  RequestVote: inGroup,
  RequestVoteResult: inGroup,
  PreVote: inGroup,
  PreVoteResult: inGroup,
  AppendEntries: inGroup,
  AppendEntriesResult: inGroup,
  Propose(node, { range, serial, command }, from) {
    if (runs(node)) receiveProposal(node, { range, serial, command }, from);
  },
  Get: receiveRequest,
  Put: receiveRequest,
  Refresh: receiveRequest,
  QueryIntent: receiveRequest,
  EndTxn: receiveRequest,
  HeartbeatTxn: receiveRequest,
  PushTxn: receiveRequest,
  RecoverTxn: receiveRequest,
  ResolveIntent: receiveRequest,
  QueryTxn: receiveRequest,
  GetResponse: receiveResponse,
  PutResponse: receiveResponse,
  RefreshResponse: receiveResponse,
  QueryIntentResponse: receiveResponse,
  EndTxnResponse: receiveResponse,
  HeartbeatTxnResponse: receiveResponse,
  PushTxnResponse: receiveResponse,
  RecoverTxnResponse: receiveResponse,
  ResolveIntentResponse: receiveResponse,
  QueryTxnResponse: receiveResponse,
  ClockProbe(node, { sent }, from) {
    if (runs(node)) node.send(from, { type: 'ClockReading', sent, clock: node.now() });
  },
  ClockReading(node, message, from) {
    if (runs(node)) measure(node, from, message);
  },
};

/** An answer goes to what its request was for. */
function dispatch(
  node: Store,
  { call, request, outcome }: { call: Call; request: number; outcome: Frozen<Outcome> },
  { from, clock }: { from: NodeId; clock: Timestamp },
): void {
  const { purpose } = call;
  switch (purpose.for) {
    case 'transaction': {
      const transaction = node.state.transactions[purpose.transaction];
      if (transaction !== undefined) transaction.observed[from] ??= clock;
      return answered(node, purpose.transaction, request, outcome, progress);
    }
    case 'heartbeat':
      return heartbeatAnswered(node, purpose.transaction, outcome, progress);
    case 'conflict':
      if (outcome.result === 'indeterminate') recover(node, outcome.record);
      return pushed(groupOf(node, purpose.range), purpose.from, purpose.request, outcome);
    case 'dependents':
      return learnDependents(node, purpose, outcome);
    case 'recovery':
      if (!recoveryAnswered(node, purpose.transaction, request, outcome)) return;
      for (const range of Object.keys(node.state.replicas)) follow(groupOf(node, range));
      return;
    case 'clean-up':
      if (outcome.result !== 'record') return;
      if (outcome.record.status !== 'COMMITTED' && outcome.record.status !== 'ABORTED') return;
      return resolveIntents(
        node, purpose.keys, outcome.record.id, outcome.record.status, outcome.record.timestamp,
      );
  }
}

function learnDependents(
  node: Store,
  { from, request }: { from: NodeId; request: number },
  outcome: Frozen<Outcome>,
): void {
  if (outcome.result !== 'waiters') return;
  for (const [range, { waiting }] of Object.entries(node.state.replicas)) {
    const push = waiting.find((one) => one.from === from && one.request === request);
    if (push === undefined) continue;
    push.dependents = [...outcome.dependents];
    follow(groupOf(node, range));
  }
}

export const cockroachNode = role<CockroachNode>({
  doc: 'A CockroachDB node: it stores replicas of all ranges, and runs transactions for clients.',
  joins: 'every range has its replicas on the nodes of the start, and moving them is not modelled',
  noDiskFaults: 'a node writes the logs of all its ranges at once, which is not modelled in parts',
  options,
  init,
  durable: ['replicas', 'serial'],
  start,
  messages,
  timers: {
    election: (node, range) => fireInGroup(node, 'election', range),
    heartbeat: (node, range) => fireInGroup(node, 'heartbeat', range),
    checkQuorum: (node, range) => fireInGroup(node, 'checkQuorum', range),
    leaderContact: (node, range) => fireInGroup(node, 'leaderContact', range),
    lease(node, range) {
      considerLease(groupOf(node, range));
      follow(groupOf(node, range));
    },
    propose(node, range) {
      proposeAgain(groupOf(node, range));
      follow(groupOf(node, range));
    },
    pushes: (node, range) => lookAtPushes(groupOf(node, range)),
    call: sendAgain,
    transactionHeartbeat: heartbeat,
    deadline: timeOut,
    clockProbe: probeClocks,
  },
  background: [
    'heartbeat', 'checkQuorum', 'leaderContact', 'lease', 'propose', 'pushes',
    'transactionHeartbeat', 'clockProbe',
  ],
  operations,
  look,
  lookDocs,
  standings,
  summary,
});
