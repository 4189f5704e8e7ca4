/** A member of the cluster: stands for a machine with PostgreSQL, its Patroni agent, a watchdog. */
import type { ConnectionId } from '../../protocol/connection.ts';
import { operation, role } from '../../protocol/define.ts';
import { noRequests } from '../../protocol/patterns.ts';
import type { NodeId, OperationId, Role } from '../../protocol/types.ts';
import { seconds } from '../../protocol/units.ts';
import { wake } from './agent.ts';
import { answerFailsafe } from './failsafe.ts';
import { answered, decidePoll, requestTimedOut, runLoop } from './loop.ts';
import { options, whyNotOptions } from './options.ts';
import { closeQuestion, endPoll, tellStatus } from './poll.ts';
import type { AgentAnswer, DcsRequest, Member, MemberNode } from './state.ts';
import {
  connectToPrimary, endStream, flushed, read, receive, rewind, serveReplica, startReceiving,
  write,
} from './streaming.ts';
import { memberDocs, memberLook, memberStandings, memberSummary } from './summary.ts';
import { boot, isRunning } from './watchdog.ts';

/** PostgreSQL: `wal_sender_timeout` and `wal_receiver_timeout` are 60 s. */
const socket = {
  keepAlive: { idle: seconds(30), interval: seconds(10), count: 3 },
  userTimeout: seconds(60),
};

/** Of PostgreSQL; it goes on while the agent is stalled. */
const postgres: Pick<
  Role<Member>['messages'],
  'Write' | 'Read' | 'StartReplication' | 'ReplicationStarted' | 'RewindNeeded' |
  'ReplicationRefused' | 'Wal' | 'Flushed'
> = {
  Write(node, message, from, connection) {
    if (isRunning(node)) return write(node, message, from, connection);
    if (node.state.wasReset) node.event('WriteFenced', { key: message.key, client: from });
  },
  Read(node, message, _from, connection) {
    if (isRunning(node)) read(node, message, connection);
  },
  StartReplication(node, message, from, connection) {
    if (isRunning(node)) serveReplica(node, message, from, connection);
  },
  ReplicationStarted(node, { timelines, records }, from, connection) {
    if (isReceiving(node, connection)) startReceiving(node, timelines, records, from);
  },
  RewindNeeded(node, { to }, from, connection) {
    if (isReceiving(node, connection)) rewind(node, to, from);
  },
  ReplicationRefused(node, _message, _from, connection) {
    if (!isReceiving(node, connection)) return;
    node.disconnect(connection);
    endStream(node, connection);
  },
  Wal(node, { records }, _from, connection) {
    if (isReceiving(node, connection)) receive(node, records);
  },
  Flushed(node, { lsn }, _from, connection) {
    if (isRunning(node)) flushed(node, lsn, connection);
  },
};

function isReceiving(node: MemberNode, connection: string): boolean {
  return isRunning(node) && node.state.link === connection;
}

export const member = role<Member>({
  doc: 'A database member: stands for a machine with PostgreSQL, its Patroni agent and a watchdog.',
  joins: 'the members are those that there were at first',
  options,
  optionsFault: whyNotOptions,
  durable: ['wal', 'timelines'],
  init: ({ options: { maximumLagOnFailover, failoverPriority, safetyMargin } }) => ({
    wal: [], timelines: [], standing: 'replica', follows: null, link: '', followers: [],
    waiting: [], syncStandby: null, syncFrom: 0, loopBegan: 0, isLooping: false,
    requests: noRequests<DcsRequest>(), cluster: null, poll: null, acceptsUntil: 0, stall: null,
    watchdogAt: null, wasReset: false,
    limits: {
      maximumLag: maximumLagOnFailover, priority: failoverPriority, margin: safetyMargin,
    },
  }),
  start(node) {
    node.state.standing = 'stopped';
    node.setTimer('boot', node.options.startTime);
  },

  messages: {
    ...postgres,
    DcsAnswer: hear,
    Status: hear,
    FailsafeAnswer: hear,
    LeaderChanged(node, { leader }) {
      if (!agentRuns(node)) return;
      if (leader !== node.id) wake(node);
    },
    GetStatus(node, _message, _from, connection) {
      if (agentRuns(node)) tellStatus(node, connection);
    },
    Failsafe(node, _message, from, connection) {
      if (agentRuns(node)) answerFailsafe(node, from, connection);
    },
  },

  connection: {
    socket: () => socket,
    ended(node, _peer, connection) {
      if (!isRunning(node)) return;
      endStream(node, connection);
      if (node.state.stall !== null) return;
      decidePoll(node, closeQuestion(node, connection));
    },
  },

  timers: {
    loop(node) {
      if (agentActs(node, 'loop')) runLoop(node);
    },
    poll(node) {
      if (agentActs(node, 'poll')) decidePoll(node, endPoll(node));
    },
    requestTimeout(node, key) {
      if (!isRunning(node)) return;
      const { stall } = node.state;
      if (stall === null) return requestTimedOut(node, key);
      node.setTimer('requestTimeout', Math.max(stall.until - node.now(), 1), key);
    },
    walReceiver(node) {
      if (isRunning(node)) connectToPrimary(node);
    },
    watchdog: isRunning,
    boot,
    agent: resumeAgent,
  },
  background: ['loop', 'poll', 'requestTimeout', 'walReceiver', 'watchdog', 'boot'],

  operations: {
    stall: operation<Member>()({
      doc: 'Its agent does not run for a while, PostgreSQL does; answers OK afterwards, or RESET.',
      parameters: { for: 'duration' },
      run: (node, { for: length }, id) => stallAgent(node, length, id),
    }),
  },

  look: memberLook,
  lookDocs: memberDocs,
  standings: memberStandings,
  summary: memberSummary,
});

/** What is asked was asked by the agent. If it is stalled, the answer waits in its socket. */
function hear(
  node: MemberNode, message: AgentAnswer, from: NodeId, connection: ConnectionId,
): void {
  if (!isRunning(node)) return;
  const { stall, poll } = node.state;
  if (stall !== null) {
    stall.held.push({ message, from, connection });
  } else if (message.type === 'DcsAnswer') {
    answered(node, message);
  } else {
    if (message.type === 'Status') poll?.answers.push({ from, ...message });
    else if (poll !== null && message.accepts) poll.accepted++;
    decidePoll(node, closeQuestion(node, connection));
  }
}

function agentRuns(node: MemberNode): boolean {
  return isRunning(node) && node.state.stall === null;
}

/** A timer of a stalled agent fires when the agent runs again. */
function agentActs(node: MemberNode, timer: 'loop' | 'poll'): boolean {
  if (!isRunning(node)) return false;
  const { stall } = node.state;
  if (stall !== null) node.setTimer(timer, Math.max(stall.until - node.now(), 1));
  return stall === null;
}

function stallAgent(node: MemberNode, length: number, id: OperationId): void {
  if (!isRunning(node)) return node.fail(id, `${node.id} does not run`);
  if (node.state.stall !== null) return node.fail(id, `the agent of ${node.id} is stalled already`);
  node.state.stall = { until: node.now() + length, held: [], operation: id };
  node.event('AgentStalled', { for: length });
  node.setTimer('agent', length);
}

function resumeAgent(node: MemberNode): void {
  if (!isRunning(node) || node.state.stall === null) return;
  const { held, operation: id } = node.state.stall;
  node.state.stall = null;
  node.event('AgentResumed');
  node.reply(id, 'OK');
  for (const { message, from, connection } of held) hear(node, message, from, connection);
}
