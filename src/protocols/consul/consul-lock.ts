/** A lock by a session, as Consul gives it: a TTL that is a lower bound, a delay after a loss. */
import { defineProtocol, invariant } from '../../protocol/define.ts';
import type { Invariant, Observed } from '../../protocol/types.ts';
import { server } from './server.ts';
import { serverEvents, type ServerState, sessionOf, workerEvents } from './state.ts';
import { worker } from './worker.ts';
import {
  olderTokenNeverOverwrites, refusesWrite, storage, storageEvents,
} from '../locks/fenced-storage.ts';
import {
  earlierHolderNeverOverwrites, factEvents, type Held, lockLost, twoHolders,
} from '../locks/worker.ts';

function isServer(node: Observed | undefined): node is Observed<ServerState> {
  return node?.role === 'server';
}

interface Indexes {
  index: number;
  /** Of each key: who held it last, and at which LockIndex. */
  keys: Record<string, { session: string | null; lockIndex: number }>;
}

const lockIndexCountsHolders = invariant<Indexes>({
  doc: 'The LockIndex of a key grows by one when another session takes it, and only then.',
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
      const how = taken ? `was taken by ${session}` : 'was not taken by another session';
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
      return `${key} is held by ${session}, a session that is over: nobody will ever get it.`;
    }
    return undefined;
  },
});

const delayIsKept = invariant<Record<string, string | null>>({
  doc: 'While the lock-delay of a key lasts, no session takes it.',
  remember: () => ({}),
  check({ acted, memory }) {
    if (!isServer(acted)) return undefined;
    const { keys, delayed } = acted.state;
    for (const key in keys) {
      const before = memory[key] ?? null;
      const { session } = keys[key];
      memory[key] = session;
      if (session === before || session === null || !delayed.includes(key)) continue;
      return `${session} took ${key} in its lock-delay, while who lost it may be at work.`;
    }
    return undefined;
  },
});

const invariants: Record<string, Invariant> = {
  'an older token never overwrites a newer one': olderTokenNeverOverwrites,
  'an earlier holder never overwrites a later one': earlierHolderNeverOverwrites,
  'the LockIndex counts holders': lockIndexCountsHolders,
  'a holder has a valid session': noDeadHolder,
  'the lock-delay is kept': delayIsKept,
};

/** Whether the server still has the key in the hand of a grant's session. */
function keeps(nodes: readonly Observed[], held: Held): boolean {
  const session = sessionOf(held);
  return nodes.some((one) => isServer(one) && one.state.keys[held.key]?.session === session);
}

/** The lock is not to be had, or the session is over. */
function saysNo(response: { acquired?: boolean; error?: string } | null): boolean {
  return response?.acquired === false || response?.error !== undefined;
}

export const consulLock = defineProtocol({
  name: 'consul-lock',
  doc: 'An advisory lock by a session with a TTL; one server stands for the cluster.',
  source: 'Consul documentation: Sessions and Distributed Locks; its Go client, api/lock.go',
  events: { ...workerEvents, ...serverEvents, ...storageEvents, ...factEvents },
  roles: { server, worker, storage },
  defaultRole: 'worker',
  derivedEvents: { LockLost: lockLost(keeps), TwoHolders: twoHolders },
  invariants,
  refuses: (message) =>
    refusesWrite(message) || (message.type === 'Reply' && saysNo(message.response)),
});
