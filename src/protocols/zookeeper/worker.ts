/** A worker that takes locks in ZooKeeper: its session, the recipe, and what it does at a loss. */
import { operation, role } from '../../protocol/define.ts';
import type { Frozen, Node, OperationId } from '../../protocol/types.ts';
import { asDuration, milliseconds, seconds } from '../../protocol/units.ts';
import { holderOperations, queueDocs, queueLook, queueStandings } from '../locks/queue.ts';
import { dropLock, holderOptions, holding, noLocks, storageAnswers } from '../locks/worker.ts';
import { beginLatch, endLatches, resetLatches, suspendLatches } from './latch.ts';
import { library, libraryBackground, request } from './library.ts';
import { libraryOptions, noSession, type PendingRequest, sessionFacts } from './library-state.ts';
import {
  answered as recipeAnswered, beginLock, giveAllUp, lockOf, lookAgain, repeat, tooLate,
} from './recipe.ts';
import { isFailure, requestSummaries, type Response } from './wire.ts';
import type { Worker, WorkerState } from './worker-state.ts';
import { isRefusedLock } from '../locks/lock-objects.ts';

type Client = Node<Worker>;

const { connection, messages, timers } = library({
  answered,
  watchFired: (node: Client, _type, path) => lookAgain(node, path),
  disconnected: suspendLatches,
  reconnected: resetLatches,
  heard({ state }: Client, validUntil) {
    state.held = state.held.map((held) => ({ ...held, validUntil }));
  },
  ended: sessionOver,
});

export const worker = role<Worker>({
  doc: 'A worker that takes locks in ZooKeeper, keeps its session, and writes to storage.',
  joins: true,
  options: {
    ...holderOptions,
    ...libraryOptions,
    token: {
      kind: 'choice',
      default: 'sequence',
      choices: ['sequence', 'zxid'],
      doc: 'The fencing token: the number in the name of its node, or the zxid that created it.',
    },
    protected: {
      kind: 'boolean',
      default: false,
      doc:
        'Whether the names of its nodes have a GUID (Curator: withProtection), by which it finds ' +
        'the node of a create whose reply was lost. If not, it creates another.',
    },
    watches: {
      kind: 'choice',
      default: 'predecessor',
      choices: ['predecessor', 'queue'],
      doc:
        'What a waiter watches: the node just before its own, or the whole queue, so that each ' +
        'release wakes the whole herd of waiters.',
    },
    maxWait: {
      kind: 'duration',
      default: seconds(50),
      min: milliseconds(1),
      doc: 'How long a lock waits for its turn, if the operation does not say so.',
    },
    retries: {
      kind: 'integer',
      default: 3,
      min: 0,
      max: 29,
      doc: 'How often it repeats a request whose connection was lost.',
    },
    retryAfter: {
      kind: 'duration',
      default: seconds(1),
      min: milliseconds(1),
      doc: 'How long it waits before it repeats a request; longer after each repetition.',
    },
  },
  durable: ['serial'],
  init: (): WorkerState => ({
    ...noLocks(), ...noSession(), places: [], latches: {}, suspended: [],
  }),
  summary: { messages: requestSummaries },
  connection,
  messages: { ...storageAnswers, ...messages },
  timers: { ...timers, retry: repeat, giveUp: tooLate },
  background: libraryBackground,

  operations: {
    ...holderOperations,
    lock: operation<Worker>()({
      doc: 'Takes a lock, waiting in its queue if necessary; answers the fencing token.',
      noEffect: isRefusedLock,
      parameters: {
        key: 'string', timeout: 'duration?', wait: 'duration?', protected: 'boolean?',
      },
      run: (node, wanted, id) => beginLock(node, wanted, true, id),
    }),
    tryLock: operation<Worker>()({
      doc: 'Takes a lock if it is free, and fails otherwise; answers the fencing token.',
      noEffect: isRefusedLock,
      parameters: { key: 'string', timeout: 'duration?', protected: 'boolean?' },
      run: (node, wanted, id) => beginLock(node, wanted, false, id),
    }),
    latch: operation<Worker>()({
      doc:
        'Takes part in an election (LeaderLatch): as a lock, but it stops leading as soon as it ' +
        'is disconnected, and then queues again. Answers the fencing token when it leads first.',
      parameters: {
        key: 'string', timeout: 'duration?', wait: 'duration?', protected: 'boolean?',
      },
      run: beginLatch,
    }),
    unlock: operation<Worker>()({
      doc: 'Deletes its own node, which notifies the worker that watches it. Answers OK.',
      noEffect: isRefusedLock,
      parameters: { key: 'string' },
      run(node, { key }, id) {
        const held = holding(node, key, id);
        if (held === undefined) return;
        dropLock(node.state, key);
        delete node.state.latches[key];
        unlock(node, held.grant, id);
      },
    }),
    close: operation<Worker>()({
      doc: 'Ends its session: its nodes are deleted at once. Answers OK.',
      parameters: {},
      run(node, _none, id) {
        if (node.state.session === '') node.fail(id, `${node.id} has no session`);
        else request(node, 'close', id, { op: 'close' });
      },
    }),
  },

  standings: queueStandings,
  lookDocs: queueDocs({
    session: 'Its session, which ends with its locks if the servers hear nothing for too long.',
    connected: 'It has lost its server, and cannot know whether its session is still there.',
  }),
  look(state, node) {
    const waiting = state.places.map(
      ({ key, watching }) => [key, `waits for ${watching || key}`] as const,
    );
    return queueLook(state, node, waiting, sessionFacts(state));
  },
});

function unlock(node: Client, path: string, id: OperationId): void {
  request(node, 'unlock', id, { op: 'delete', path, version: -1 });
}

function answered(node: Client, sent: PendingRequest, response: Frozen<Response>): void {
  if (sent.purpose === 'unlock') unlocked(node, sent, response);
  else if (sent.purpose === 'close') closed(node, sent.operation, response);
  else recipeAnswered(node, sent, response);
}

/**
 * If the connection was lost, the node may still be there, and would block the lock. So its
 * deletion is repeated until it is answered, as Curator's guaranteed deletes are.
 */
function unlocked(
  node: Client,
  { command, operation: id }: PendingRequest,
  response: Frozen<Response>,
): void {
  if (command.op !== 'delete') return;
  const key = lockOf(command.path);
  const error = isFailure(response) ? response.error : undefined;
  if (error === 'CONNECTIONLOSS') {
    node.event('ConnectionLoss', { key, request: `delete ${command.path}` });
    unlock(node, command.path, id);
  } else if (error === undefined || error === 'NONODE') {
    node.event('LockReleased', { key });
    node.reply(id, 'OK');
  } else node.fail(id, error);
}

function closed(node: Client, id: OperationId, response: Frozen<Response>): void {
  if (!isFailure(response)) node.reply(id, 'OK');
  else if (response.error === 'CONNECTIONLOSS') {
    const { timeout } = node.state;
    node.fail(id, `CONNECTIONLOSS: the server may keep the session for ${asDuration(timeout)}`);
  } else node.fail(id, response.error);
}

/** Only the server can say that a session is over: a disconnected worker does not know. */
function sessionOver(node: Client): void {
  const { state } = node;
  for (const { key } of state.held) node.event('LossNoticed', { key });
  state.held = [];
  endLatches(state);
  giveAllUp(node, 'SESSIONEXPIRED');
}
