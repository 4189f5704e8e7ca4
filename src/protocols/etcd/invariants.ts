/** What holds at every moment of a lock in etcd: Raft's properties, the store's, the lock's. */
import { invariant } from '../../protocol/define.ts';
import type { Invariant, NodeId, Observed } from '../../protocol/types.ts';
import type { WorkerState } from './session.ts';
import type { EtcdState } from './state.ts';
import { byCreation } from './store.ts';
import { olderTokenNeverOverwrites } from '../locks/fenced-storage.ts';
import { earlierHolderNeverOverwrites } from '../locks/worker.ts';
import { invariants as raftInvariants } from '../raft/invariants.ts';

type Server = Observed<EtcdState>;

function isServer(node: Observed | undefined): node is Server {
  return node?.role === 'replica';
}

/** The store is volatile: after a crash a server builds it anew from its log. */
const revisionNeverFalls = invariant<Record<NodeId, number>>({
  doc: 'The revision of a server never falls while it runs.',
  remember: () => ({}),
  check({ acted, memory }) {
    if (!isServer(acted)) return undefined;
    const before = memory[acted.id] ?? 0;
    const now = acted.up ? acted.state.revision : 0;
    if (now !== before) memory[acted.id] = now;
    if (now >= before || !acted.up) return undefined;
    return `The revision of ${acted.id} fell from ${before} to ${now}.`;
  },
});

/** Were a lease to end by a server's own clock, not by the log, stores would part here. */
const sameLogSameStore = invariant<Record<NodeId, string>>({
  doc: 'Servers that have applied the same entries have the same keys at the same revision.',
  remember: () => ({}),
  check({ acted, nodes, memory }) {
    if (!isServer(acted) || !acted.up) return undefined;
    const { lastApplied, revision } = acted.state;
    const own = `${lastApplied} ${revision} ${Object.keys(acted.state.keys).length}`;
    if (memory[acted.id] === own) return undefined;
    memory[acted.id] = own;
    const text = storeText(acted.state);
    for (const other of nodes) {
      if (!isServer(other) || other === acted || !other.up) continue;
      if (other.state.lastApplied !== lastApplied || storeText(other.state) === text) continue;
      const both = `${acted.id} and ${other.id} have both applied ${lastApplied} entries`;
      return `${both}, but one has ${text} and the other ${storeText(other.state)}.`;
    }
    return undefined;
  },
});

function storeText({ revision, keys }: Readonly<EtcdState>): string {
  const listed = byCreation({ keys }, '').map(
    ({ key, createRevision }) => `${key} (${createRevision}/${keys[key].modRevision})`,
  );
  return `revision ${revision} with ${listed.join(', ') || 'no key'}`;
}

interface Acquired {
  /** Which grants each worker had when it acted last. */
  seen: Record<NodeId, string>;
  revision: number;
}

/**
 * A key before the owner's can go, but none can come there any more, because create revisions only
 * grow. So the owner may be held against any store that is not older than the latest one seen.
 */
const firstComeFirstServed = invariant<Acquired>({
  doc: 'Who takes a lock has the key with the lowest create revision: at most one owner.',
  remember: () => ({ seen: {}, revision: 0 }),
  check({ acted, nodes, memory }) {
    if (isServer(acted)) memory.revision = Math.max(memory.revision, acted.state.revision);
    if (acted?.role !== 'worker') return undefined;
    const { held } = acted.state as WorkerState;
    const grants = held.map(({ grant }) => grant).join(' ');
    if (memory.seen[acted.id] === grants) return undefined;
    memory.seen[acted.id] = grants;
    const latest = nodes.find(
      (one): one is Server => isServer(one) && one.up && one.state.revision >= memory.revision,
    );
    for (const { key, token } of latest === undefined ? [] : held) {
      const [first] = byCreation(latest!.state, `${key}/`);
      if (first === undefined || first.createRevision >= token!) continue;
      const before = `${first.key} is before it, created at revision ${first.createRevision}`;
      return `${acted.id} took ${key} with the key of revision ${token}, but ${before}.`;
    }
    return undefined;
  },
});

export const etcdInvariants: Record<string, Invariant> = {
  'an older token never overwrites a newer one': olderTokenNeverOverwrites,
  'an earlier holder never overwrites a later one': earlierHolderNeverOverwrites,
  'first come, first served': firstComeFirstServed,
  'the revision never falls': revisionNeverFalls,
  'same log, same store': sameLogSameStore,
  ...raftInvariants,
};
