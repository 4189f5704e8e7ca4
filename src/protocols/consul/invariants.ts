/** What Consul's locks promise: holders, LockIndexes, and times that a clock cannot shorten. */
import { invariant } from '../../protocol/define.ts';
import type { Invariant, Micros, NodeId, Observed } from '../../protocol/types.ts';
import { asDuration } from '../../protocol/units.ts';
import { isWorker } from '../locks/worker.ts';
import { isServer } from './catalog-invariants.ts';
import type { WorkerState } from './lock-state.ts';
import { sessionOf } from './state.ts';

interface Indexes {
  /** The server's index when it was last checked. */
  index: number;
  /** The session that held each key at that index, and the key's LockIndex. */
  keys: Record<string, { session: string | null; lockIndex: number }>;
}

const lockIndexCountsHolders = invariant<Indexes>({
  doc: 'The LockIndex of a key grows by one when another session acquires it, and only then.',
  remember: () => ({ index: 0, keys: {} }),
  check({ acted, memory }) {
    if (!isServer(acted) || acted.state.index === memory.index) return undefined;
    memory.index = acted.state.index;
    const before = memory.keys;
    memory.keys = {};
    for (const [key, { session, lockIndex }] of Object.entries(acted.state.keys)) {
      const last = before[key] ?? { session: null, lockIndex: 0 };
      memory.keys[key] = { session, lockIndex };
      const taken = session !== null && session !== last.session;
      if (lockIndex === last.lockIndex + Number(taken)) continue;
      const how = taken ? `was acquired by ${session}` : 'was not acquired by another session';
      return `${key} ${how}, but its LockIndex went from ${last.lockIndex} to ${lockIndex}.`;
    }
    return undefined;
  },
});

const noDeadHolder = invariant({
  doc: 'A key is held only by a session that is valid.',
  check({ acted }) {
    if (!isServer(acted)) return undefined;
    const { keys, sessions } = acted.state;
    for (const key in keys) {
      const { session } = keys[key];
      if (session === null || session in sessions) continue;
      return `${key} is held by ${session}, a session that is over: it will never be released.`;
    }
    return undefined;
  },
});

const delayIsKept = invariant<Record<string, string | null>>({
  doc: 'No session acquires a key during its lock-delay.',
  remember: () => ({}),
  check({ acted, memory }) {
    if (!isServer(acted)) return undefined;
    const { keys, delayed } = acted.state;
    for (const key in keys) {
      const before = memory[key] ?? null;
      const { session } = keys[key];
      memory[key] = session;
      if (session === before || session === null || !(key in delayed)) continue;
      return `${session} acquired ${key} in its lock-delay: the last holder may still be at work.`;
    }
    return undefined;
  },
});

/** Clocks drift by much less; a shorter time means a broken clock, or a server that forgot. */
const tolerance = 0.01;

interface Delays {
  /** Each key with its lock-delay, and when the invalidation was applied, in virtual time. */
  keys: Record<string, { readonly since: Micros; readonly delay: Micros }>;
  holders: Record<string, string | null>;
}

/** This is measured in virtual time, so that a server's clock or memory cannot shorten it. */
const delayLasts = invariant<Delays>({
  doc: 'After an invalidation the lock is refused for the whole lock-delay, whatever clocks say.',
  remember: () => ({ keys: {}, holders: {} }),
  check({ acted, time, events, memory }) {
    if (!isServer(acted)) return undefined;
    for (const { name, fields } of events) {
      if (name === 'LockDelayed') memory.keys[fields.key] = { since: time, delay: fields.delay };
      if (name === 'KeyDeleted') memory.holders[fields.key] = null;
    }
    for (const [key, { session }] of Object.entries(acted.state.keys)) {
      const before = memory.holders[key] ?? null;
      memory.holders[key] = session;
      const delayed = memory.keys[key];
      if (session === null || session === before || delayed === undefined) continue;
      delete memory.keys[key];
      const passed = time - delayed.since;
      if (passed >= delayed.delay * (1 - tolerance)) continue;
      return (
        `${session} acquired ${key} ${asDuration(passed)} after the holder's session was ` +
        `invalidated, but the lock-delay is ${asDuration(delayed.delay)}: the last holder may ` +
        'still be at work.'
      );
    }
    return undefined;
  },
});

interface Renewals {
  /** Each session with its TTL, and when the server renewed it last, in virtual time. */
  sessions: Record<string, { readonly renewed: Micros; readonly ttl: Micros }>;
}

/** The documentation calls a TTL "a lower bound". Twice of it tolerates a clock twice as fast. */
const sessionLasts = invariant<Renewals>({
  doc: 'The TTL ends no session before it has passed since the last renewal, whatever clocks say.',
  remember: () => ({ sessions: {} }),
  check({ acted, time, events, message, memory }) {
    if (!isServer(acted)) return undefined;
    for (const { name, fields } of events) {
      if (name !== 'SessionInvalidated') continue;
      const { session, client } = fields as { session: string; client: NodeId };
      const known = memory.sessions[session];
      delete memory.sessions[session];
      if (known === undefined || message !== undefined) continue;
      const passed = time - known.renewed;
      if (passed >= known.ttl * (1 - tolerance)) continue;
      return (
        `${session} of ${client} was invalidated ${asDuration(passed)} after its last renewal, ` +
        `but its TTL is ${asDuration(known.ttl)}: ${client} may rely on the session for that long.`
      );
    }
    const command = message?.body.type === 'Request' ? message.body.command : undefined;
    const renewed = command?.op === 'session renew' ? command.session : undefined;
    for (const [session, { ttl }] of Object.entries(acted.state.sessions)) {
      if (session in memory.sessions && session !== renewed) continue;
      memory.sessions[session] = { renewed: time, ttl };
    }
    return undefined;
  },
});

type Observes = Observed<WorkerState>;

/** The session of a lock is created for it, and ends only with it, so far as the worker knows. */
const lockHasSession = invariant({
  doc: 'A worker believes in a lock only while it has the library\'s lock with the same session.',
  when: ({ acted }) => isWorker(acted) && acted.state.held.length > 0,
  check({ acted }) {
    if (!isWorker(acted)) return undefined;
    const { held, locks } = (acted as Observes).state;
    for (const one of held) {
      const session = sessionOf(one);
      const lock = locks.find(({ key }) => key === one.key);
      if (lock?.phase === 'held' && lock.session === session) continue;
      return `${acted.id} believes that it holds ${one.key}, but has no lock with ${session}.`;
    }
    return undefined;
  },
});

export const lockInvariants: Record<string, Invariant> = {
  'a held lock has its own session': lockHasSession,
  'the LockIndex counts holders': lockIndexCountsHolders,
  'a holder has a valid session': noDeadHolder,
  'the lock-delay is kept': delayIsKept,
  'the lock-delay lasts': delayLasts,
  'a session lasts for its TTL': sessionLasts,
};
