/** What a Consul server promises at every step: of indexes, sessions, lock-delays and queries. */
import { invariant } from '../../protocol/define.ts';
import type { Invariant, Observed } from '../../protocol/types.ts';
import type { ServerState } from './state.ts';

export function isServer(node: Observed | undefined): node is Observed<ServerState> {
  return node?.role === 'server';
}

interface Seen {
  index: number;
  sessionCount: number;
  /** For each key its ModifyIndex, and the session that held it. */
  keys: Record<string, { modifyIndex: number; session: string | null }>;
}

/** HTTP API, "Blocking Queries": a client that waits for an index must not miss a change. */
const indexesGrow = invariant<Seen>({
  doc: 'The index never falls, and a key that changes gets a new ModifyIndex.',
  remember: () => ({ index: 0, sessionCount: 0, keys: {} }),
  check({ acted, memory }) {
    if (!isServer(acted)) return undefined;
    const { index, sessionCount, keys } = acted.state;
    const fell = (what: string, from: number, to: number) =>
      `The ${what} of ${acted.id} fell from ${from} to ${to}.`;
    if (index < memory.index) return fell('index', memory.index, index);
    if (sessionCount < memory.sessionCount) {
      return fell('number of sessions so far', memory.sessionCount, sessionCount);
    }
    const last = memory.index;
    const before = memory.keys;
    Object.assign(memory, { index, sessionCount, keys: {} });
    for (const [key, { modifyIndex, session }] of Object.entries(keys)) {
      memory.keys[key] = { modifyIndex, session };
      const old = before[key];
      const isChanged = old === undefined ? session !== null : old.session !== session;
      if (modifyIndex > index) return `${key} has ModifyIndex ${modifyIndex}, beyond ${index}.`;
      if (isChanged && modifyIndex <= last) {
        return `${key} changed after index ${last}, but its ModifyIndex is ${modifyIndex}.`;
      }
    }
    return undefined;
  },
});

/** An answered query ends. A query that is left behind would wait forever, or be answered twice. */
const queriesAnswered = invariant<Record<string, number>>({
  doc: 'When a key changes, all blocking queries for it are answered.',
  remember: () => ({}),
  check({ acted, memory }) {
    if (!isServer(acted) || !acted.up) return undefined;
    const { keys, blocked } = acted.state;
    const changed = new Set<string>();
    for (const [key, { modifyIndex }] of Object.entries(keys)) {
      if ((memory[key] ?? 0) !== modifyIndex) changed.add(key);
      memory[key] = modifyIndex;
    }
    const left = blocked.find(({ key }) => changed.has(key));
    return left && `${left.key} changed, but ${left.client} still waits for that.`;
  },
});

interface Holder {
  readonly session: string;
  readonly lockDelay: number;
}

/** Documentation, "Sessions", lock-delay: "a safeguard" for a holder that is still at work. */
const invalidationDelays = invariant<Record<string, Holder>>({
  doc: 'A key whose session is invalidated is in its lock-delay, unless the session had none.',
  remember: () => ({}),
  check({ acted, memory }) {
    if (!isServer(acted)) return undefined;
    const { keys, sessions, delayed } = acted.state;
    for (const [key, { session, lockDelay }] of Object.entries(memory)) {
      delete memory[key];
      if (session in sessions || lockDelay === 0 || key in delayed) continue;
      return `${session}, which held ${key}, was invalidated, but ${key} has no lock-delay.`;
    }
    for (const [key, { session }] of Object.entries(keys)) {
      if (session === null || !(session in sessions)) continue;
      memory[key] = { session, lockDelay: sessions[session].lockDelay };
    }
    return undefined;
  },
});

export const catalogInvariants: Record<string, Invariant> = {
  'indexes grow': indexesGrow,
  'a change answers its queries': queriesAnswered,
  'an invalidation starts the lock-delay': invalidationDelays,
};
