/** What an etcd server promises of its store at every step: revisions, leases and watches. */
import { invariant } from '../../protocol/define.ts';
import type { Invariant, NodeId, Observed } from '../../protocol/types.ts';
import type { EtcdState } from './state.ts';

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

/** The number of deletions at each server when it was last checked. */
const deletionsNotify = invariant<Record<NodeId, number>>({
  doc: 'The deletion of a key fires every watch for it; none is left waiting.',
  remember: () => ({}),
  check({ acted, memory }) {
    if (!isServer(acted)) return undefined;
    const { deleted, watches } = acted.state;
    const before = Math.min(memory[acted.id] ?? 0, deleted.length);
    if (memory[acted.id] !== deleted.length) memory[acted.id] = deleted.length;
    for (let i = before; i < deleted.length; i++) {
      const { key, revision } = deleted[i];
      const left = watches.find((watch) => watch.key === key);
      if (left === undefined) continue;
      const waits = `${left.client} still watches it`;
      return `${acted.id} deleted ${key} at revision ${revision}, but ${waits}.`;
    }
    return undefined;
  },
});

export const storeInvariants: Record<string, Invariant> = {
  'revisions in order': revisionsInOrder,
  'a key goes with its lease': keyGoesWithLease,
  'a deletion notifies its watchers': deletionsNotify,
};
