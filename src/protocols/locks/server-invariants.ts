/** What a lock server, storage and a worker promise by themselves, at every step. */
import { invariant } from '../../protocol/define.ts';
import type { Invariant, NodeId, Observed } from '../../protocol/types.ts';
import { isStorage } from './fenced-storage.ts';
import { isWorker, type WorkerState } from './worker.ts';

/** Without this, a write with an older token could be accepted after a crash. */
export const storageForgetsNoToken = invariant<Record<string, number>>({
  doc: 'Storage remembers the highest token of each value, and how many writes it accepted.',
  remember: () => ({}),
  check({ acted, memory }) {
    if (!isStorage(acted)) return undefined;
    const { tokens, writes, highestToken } = acted.state;
    const counters: Record<string, number> = { ...tokens };
    for (const name in tokens) {
      if (tokens[name] > highestToken) {
        const highest = `highestToken ${highestToken}`;
        return `${acted.id} has token ${tokens[name]} of ${name}, but ${highest}.`;
      }
    }
    const kept = `${acted.id} `;
    for (const [name, before] of Object.entries(memory)) {
      if (!name.startsWith(kept)) continue;
      const now = name === `${kept}#` ? writes : (counters[name.slice(kept.length)] ?? 0);
      if (now >= before) continue;
      const what = name === `${kept}#` ? 'number of writes' : `token of ${name.slice(kept.length)}`;
      return `The ${what} at ${acted.id} fell from ${before} to ${now}.`;
    }
    for (const name in tokens) memory[kept + name] = tokens[name];
    memory[`${kept}#`] = writes;
    return undefined;
  },
});

/** A worker that knows that its session is over knows that its locks are gone, or soon will be. */
export const noLockWithoutSession = invariant({
  doc: 'A worker that has no session believes that it holds no lock.',
  when: ({ acted }) => isWorker(acted) && acted.state.held.length > 0,
  check({ acted }) {
    if (!isWorker(acted)) return undefined;
    const { session } = acted.state as WorkerState & { session: string };
    if (session !== '') return undefined;
    const keys = acted.state.held.map(({ key }) => key).join(' and ');
    return `${acted.id} has no session, but believes that it holds ${keys}.`;
  },
});

/** The state of the lock server that issues fencing tokens. */
export interface LockTable {
  locks: Record<string, { readonly holder: NodeId; readonly token: number }>;
  lastToken: number;
}

function isLockServer(node: Observed | undefined): node is Observed<LockTable> {
  return node?.role === 'lockServer';
}

const tokensGrow = invariant<Record<NodeId, number>>({
  doc: 'Each grant has a token of its own, higher than all before it, even after a crash.',
  remember: () => ({}),
  check({ acted, memory }) {
    if (!isLockServer(acted)) return undefined;
    const { locks, lastToken } = acted.state;
    const before = memory[acted.id] ?? lastToken;
    memory[acted.id] = lastToken;
    if (lastToken < before) {
      return `The last token of ${acted.id} fell from ${before} to ${lastToken}.`;
    }
    const keyOf = new Map<number, string>();
    for (const [key, { token }] of Object.entries(locks)) {
      const other = keyOf.get(token);
      if (other !== undefined) return `${other} and ${key} both have token ${token}.`;
      if (token > lastToken) return `${key} has token ${token}, but the last one is ${lastToken}.`;
      keyOf.set(token, key);
    }
    return undefined;
  },
});

/** Between two grants, a lock is released or expires, each in a step of its own. */
const oneHolder = invariant<Record<string, number>>({
  doc: 'The lock server takes a lock from its holder only by release or expiry, not in a crash.',
  remember: () => ({}),
  check({ acted, memory }) {
    if (!isLockServer(acted)) return undefined;
    const { locks } = acted.state;
    for (const key of Object.keys(memory)) {
      const before = memory[key];
      const now = locks[key]?.token;
      if (now === before) continue;
      if (now !== undefined) return `${key} went from token ${before} to ${now} in one step.`;
      if (!acted.up) return `${acted.id} lost the lock ${key}, token ${before}, in a crash.`;
      delete memory[key];
    }
    for (const key in locks) memory[key] = locks[key].token;
    return undefined;
  },
});

export const lockServerInvariants: Record<string, Invariant> = {
  'tokens grow': tokensGrow,
  'one holder at a time': oneHolder,
};
