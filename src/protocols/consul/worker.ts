/** A worker that locks keys in Consul with the Go library, and writes to storage. */
import { operation, role } from '../../protocol/define.ts';
import type { ArgumentsOf } from '../../protocol/values.ts';
import type { Json, OperationId } from '../../protocol/types.ts';
import { seconds } from '../../protocol/units.ts';
import { holderOperations, queueDocs, queueLook, queueStandings } from '../locks/queue.ts';
import { holderOptions, noLocks, storageAnswers } from '../locks/worker.ts';
import {
  clientSocket, connectionEnded, dialled, dialTimedOut, errorIn, type Failed, httpOptions,
  idleTimedOut, takeExchange,
} from './http.ts';
import {
  advance, beginLock, type Client, destroy, destroyed, lockOf, monitored, readKey,
  released, unlock, watch,
} from './lock.ts';
import type {
  Lock, LockExchange, LockOptions, Outcome, Worker, WorkerState,
} from './lock-state.ts';
import { destroySession, renewed, renewSession } from './session.ts';
import { requestText } from './summary.ts';
import { isRefusedLock } from '../locks/lock-objects.ts';

const lockParameters = {
  key: 'string', ttl: 'duration?', lockDelay: 'duration?', behavior: 'string?',
  checks: 'string[]?',
  monitorRetries: 'integer?', monitorRetryTime: 'duration?', waitTime: 'duration?',
} as const;

export const worker = role<Worker>({
  doc: 'A worker that takes locks in Consul, renews their sessions, and writes to storage.',
  joins: true,
  options: {
    ...holderOptions,
    ...httpOptions,
    lockRetry: {
      kind: 'duration',
      default: seconds(5),
      min: 1,
      doc: 'How soon it tries again for a lock that is free but refused for its lock-delay.',
    },
    waitTime: {
      kind: 'duration',
      default: seconds(15),
      min: 1,
      doc: 'How long a blocking query waits for a lock before it is sent again: `LockWaitTime`.',
    },
    monitorRetries: {
      kind: 'integer',
      default: 0,
      min: 0,
      doc: 'How many failed queries of its lock it rides out: `MonitorRetries`.',
    },
    monitorRetryTime: {
      kind: 'duration',
      default: seconds(2),
      min: 1,
      doc: 'How soon it queries its lock again after a query failed: `MonitorRetryTime`.',
    },
  },
  durable: ['serial'],
  init: (): WorkerState => ({
    ...noLocks(), server: null, exchanges: [], idle: [], locks: [], lockCount: 0,
  }),

  messages: {
    ...storageAnswers,
    Reply(node, { serial, response }) {
      const exchange = takeExchange(node, serial);
      if (exchange === undefined) return;
      const error = errorIn(response);
      proceed(node, exchange, error === undefined ? { response } : { error });
    },
  },

  connection: {
    socket: clientSocket,
    opened: (node, _server, connection) => dialled(node, connection),
    ended: (node, peer, connection, how) =>
      failed(node, connectionEnded(node, peer, connection, how)),
  },

  timers: {
    dial: (node, connection) => failed(node, dialTimedOut(node, connection)),
    idle: idleTimedOut,
    renew: renewSession,
    tryAgain: (node, id) => withLock(node, id, (lock) => readKey(node, lock)),
    monitor: (node, id) => withLock(node, id, (lock) => watch(node, lock)),
  },
  background: ['renew', 'monitor', 'idle'],

  operations: {
    ...holderOperations,
    lock: operation<Worker>()({
      doc: 'Takes a lock, waiting for it if necessary; answers the fencing token, its LockIndex.',
      noEffect: isRefusedLock,
      parameters: { ...lockParameters, tryOnce: 'boolean?' },
      run: (node, args, id) => start(node, args, args.tryOnce ?? false, id),
    }),
    tryLock: operation<Worker>()({
      doc: 'Takes a lock, waiting for at most its wait time: `LockTryOnce`; answers its LockIndex.',
      noEffect: isRefusedLock,
      parameters: lockParameters,
      run: (node, args, id) => start(node, args, true, id),
    }),
    unlock: operation<Worker>()({
      doc: 'Releases a lock and destroys its session. Answers whether it still had the lock.',
      noEffect: isRefusedLock,
      parameters: { key: 'string' },
      run(node, { key }, id) {
        const lock = lockOf(node, key);
        if (lock?.phase === 'held') unlock(node, lock, id);
        else node.fail(id, `${node.id} does not hold ${key}`);
      },
    }),
    destroy: operation<Worker>()({
      doc: 'Deletes the key of a lock that no session holds. Answers OK.',
      parameters: { key: 'string' },
      run(node, { key }, id) {
        if (lockOf(node, key) === undefined) destroy(node, key, id);
        else node.fail(id, `${node.id} has the lock ${key} or waits for it`);
      },
    }),
    close: operation<Worker>()({
      doc: 'Destroys the session of a lock, or of all of them: a lock-delay follows. Answers OK.',
      parameters: { key: 'string?' },
      run(node, { key }, id) {
        const { locks } = node.state;
        const closed = locks.filter((lock) => lock.isRenewed && key === (key && lock.key));
        for (const lock of closed) destroySession(node, lock, id);
        if (closed.length > 0) return;
        node.fail(id, `${node.id} has no session${key === undefined ? '' : ` for ${key}`}`);
      },
    }),
  },

  standings: queueStandings,
  lookDocs: queueDocs({
    sessions: 'Sessions that it renews: a lock is released when its session ends.',
  }),
  look(state, node) {
    const waiting = state.locks
      .filter(({ phase }) => phase === 'waiting')
      .map(({ key }) => [key, 'waits for it'] as const);
    const sessions = state.locks.flatMap(({ isRenewed, session }) => (isRenewed ? [session] : []));
    const facts: Record<string, Json> =
      sessions.length > 0 ? { sessions: sessions.join(', ') } : {};
    return queueLook(state, node, waiting, facts);
  },
  summary: { messages: { Request: requestText } },
});

type Wanted = ArgumentsOf<typeof lockParameters>;

function start(node: Client, wanted: Wanted, tryOnce: boolean, id: OperationId): void {
  const { key } = wanted;
  const { options } = node;
  const behavior = wanted.behavior ?? 'release';
  if (behavior !== 'release' && behavior !== 'delete') {
    node.fail(id, `the behavior of a session must be release or delete, not ${behavior}`);
    return;
  }
  const known = lockOf(node, key);
  if (known !== undefined) return node.fail(id, alreadyHeld(node, known));
  const lockOptions: LockOptions = {
    ttl: wanted.ttl ?? seconds(15),
    lockDelay: wanted.lockDelay ?? seconds(15),
    behavior,
    checks: wanted.checks ?? ['serfHealth'],
    monitorRetries: wanted.monitorRetries ?? options.monitorRetries,
    monitorRetryTime: wanted.monitorRetryTime ?? options.monitorRetryTime,
    waitTime: wanted.waitTime ?? options.waitTime,
    tryOnce,
  };
  const isIdle = wanted.monitorRetryTime !== undefined && lockOptions.monitorRetries === 0;
  const refusal = isIdle
    ? 'a monitorRetryTime has no effect with 0 monitorRetries: give both'
    : whyNot(lockOptions);
  if (refusal === undefined) beginLock(node, id, key, lockOptions);
  else node.fail(id, refusal);
}

function alreadyHeld({ id }: Client, { key, phase, session }: Lock): string {
  if (phase !== 'held') return `${id} already waits for ${key}, or releases it`;
  return `Lock already held: ${id} must unlock ${key} first, even if it lost it (${session})`;
}

/** Arguments that the library or the server would not apply as they are. */
function whyNot({ lockDelay, monitorRetries, monitorRetryTime, waitTime }: LockOptions) {
  if (lockDelay === 0) {
    return 'the library omits a lockDelay of 0s, so that the server takes its default of 15s: ' +
      'give at least 1ms';
  }
  if (lockDelay < 0 || lockDelay > seconds(60)) return 'a lockDelay must be from 1ms to 60s';
  if (monitorRetries < 0) return `monitorRetries must be 0 or more, not ${monitorRetries}`;
  if (monitorRetryTime <= 0) return 'the library takes 2s for a monitorRetryTime of 0s: omit it';
  if (waitTime <= 0) return 'the library takes 15s for a waitTime of 0s: omit it';
  if (waitTime > seconds(600)) return 'the server blocks a query for at most 10 minutes: waitTime';
  return undefined;
}

function withLock(node: Client, id: number, act: (lock: Lock) => void): void {
  const lock = node.state.locks.find((one) => one.id === id);
  if (lock !== undefined) act(lock);
}

/** Continues what a request was for, now that it ended. */
function proceed(node: Client, exchange: LockExchange, outcome: Outcome): void {
  const { purpose, operation: id } = exchange;
  if (purpose === 'destroy') return sessionDestroyed(node, id);
  if (purpose === 'check use' || purpose === 'delete') return destroyed(node, exchange, outcome);
  withLock(node, exchange.lock, (lock) => {
    if (purpose === 'renew') renewed(node, lock, outcome);
    else if (purpose === 'monitor') monitored(node, lock, outcome);
    else if (purpose === 'release') released(node, lock, outcome);
    else advance(node, lock, purpose, outcome);
  });
}

function failed(node: Client, failure: Failed<LockExchange> | undefined): void {
  if (failure !== undefined) proceed(node, failure.exchange, { error: failure.error });
}

/** The library ignores how the request to destroy a session ends. */
function sessionDestroyed(node: Client, id: OperationId): void {
  if (id === '') return;
  if (node.state.exchanges.every(({ operation: other }) => other !== id)) node.reply(id, 'OK');
}
