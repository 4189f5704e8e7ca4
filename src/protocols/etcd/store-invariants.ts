/** What an etcd server promises of its store at every step: revisions, leases and watches. */
import { invariant } from '../../protocol/define.ts';
import type { Invariant, NodeId, Observed } from '../../protocol/types.ts';
import type { EtcdState } from './state.ts';
import { isWatched } from './watches.ts';

export function isServer(node: Observed | undefined): node is Observed<EtcdState> {
  return node?.role === 'replica';
}

interface Seen {
  revision: number;
  lastApplied: number;
}

/** API reference, "Revisions": "incremented each time the key space is modified". */
const revisionsInOrder = invariant<Record<NodeId, Seen>>({
  doc: 'An entry raises the revision by at most one, and no key is ahead of its store’s revision.',
  remember: () => ({}),
  check({ acted, memory }) {
    if (!isServer(acted) || !acted.up) return undefined;
    const { revision, lastApplied, keys } = acted.state;
    const before = memory[acted.id] ?? { revision: 1, lastApplied: 0 };
    if (before.revision === revision && before.lastApplied === lastApplied) return undefined;
    memory[acted.id] = { revision, lastApplied };
    const entries = lastApplied - before.lastApplied;
    if (entries >= 0 && revision - before.revision > entries) {
      const grew = `grew from ${before.revision} to ${revision}`;
      return `The revision of ${acted.id} ${grew} with ${entries} entries.`;
    }
    for (const [key, { createRevision, modRevision }] of Object.entries(keys)) {
      if (createRevision <= modRevision && modRevision <= revision) continue;
      const own = `created at ${createRevision} and modified at ${modRevision}`;
      return `${key} of ${acted.id} was ${own}, but its store is at revision ${revision}.`;
    }
    return undefined;
  },
});

/**
 * API reference: "When a lease expires or is revoked, all keys attached to that lease will be
 * deleted."
 */
const keyGoesWithLease = invariant({
  doc: 'A key that was put with a lease exists no longer than the lease.',
  check({ acted }) {
    if (!isServer(acted) || !acted.up) return undefined;
    const { keys, leases } = acted.state;
    for (const key in keys) {
      const { lease } = keys[key];
      if (lease !== '' && !(lease in leases)) {
        return `${key} of ${acted.id} exists, but its lease ${lease} does not.`;
      }
    }
    return undefined;
  },
});

/** Without gaps: a change that a watch asks for is in the history, in the order of revisions. */
const changesInOrder = invariant<Record<NodeId, number>>({
  doc: 'A member notes each change once, in the order of revisions: a watch can begin in the past.',
  remember: () => ({}),
  check({ acted, memory }) {
    if (!isServer(acted) || !acted.up) return undefined;
    const { history, revision } = acted.state;
    const before = newFrom(memory, acted);
    for (let i = Math.max(before, 1); i < history.length; i++) {
      const [last, next] = [history[i - 1], history[i]];
      const gap = next.modRevision - last.modRevision;
      if (gap === 0 || gap === 1) continue;
      const order = `${next.key} at revision ${next.modRevision}`;
      return `${acted.id} noted ${order} after ${last.key} at ${last.modRevision}.`;
    }
    const latest = history.at(-1)?.modRevision ?? 1;
    if (latest === revision) return undefined;
    return `${acted.id} is at revision ${revision}, but its last change is of ${latest}.`;
  },
});

/** Returns where the changes begin that were not there when the member was last checked. */
function newFrom(memory: Record<NodeId, number>, { id, state }: Observed<EtcdState>): number {
  const { length } = state.history;
  const before = Math.min(memory[id] ?? 0, length);
  if (memory[id] !== length) memory[id] = length;
  return before;
}

const changesNotify = invariant<Record<NodeId, number>>({
  doc: 'A change of a key fires every watch for it; none is left waiting.',
  remember: () => ({}),
  check({ acted, memory }) {
    if (!isServer(acted)) return undefined;
    const { history, watches } = acted.state;
    for (let i = newFrom(memory, acted); i < history.length; i++) {
      const { key, modRevision, type } = history[i];
      const left = watches.find(
        (one) => one.told < modRevision && one.fromRevision <= modRevision && isWatched(one, key),
      );
      if (left === undefined) continue;
      const changed = `${type === 'put' ? 'put' : 'deleted'} ${key} at revision ${modRevision}`;
      return `${acted.id} ${changed}, but ${left.client} still waits for that.`;
    }
    return undefined;
  },
});

export const storeInvariants: Record<string, Invariant> = {
  'revisions in order': revisionsInOrder,
  'a key goes with its lease': keyGoesWithLease,
  'changes in order': changesInOrder,
  'a change notifies its watchers': changesNotify,
};
