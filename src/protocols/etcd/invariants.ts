/** The invariants of a lock in etcd: those of Raft, of the store, and of the lock. */
import { invariant } from '../../protocol/define.ts';
import type { Invariant, NodeId, Observed } from '../../protocol/types.ts';
import { olderTokenNeverOverwrites } from '../locks/fenced-storage.ts';
import { storageForgetsNoToken } from '../locks/server-invariants.ts';
import { storageInvariants } from '../locks/storage-invariants.ts';
import { earlierHolderNeverOverwrites, isWorker } from '../locks/worker.ts';
import { invariants as raftInvariants } from '../raft/invariants.ts';
import type { EtcdState } from './state.ts';
import { isServer, storeInvariants } from './store-invariants.ts';
import { byCreation } from './store.ts';

/** The store is volatile: after a crash a server rebuilds it from its log, from revision 1. */
const revisionNeverFalls = invariant<Record<NodeId, number>>({
  doc: 'The revision of a running server never decreases.',
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

/** Fails if a server ends a lease by its own clock instead of through the log. */
const sameLogSameStore = invariant<Record<NodeId, string>>({
  doc: 'Servers that have applied the same entries have the same keys and leases at one revision.',
  remember: () => ({}),
  check({ acted, nodes, memory }) {
    if (!isServer(acted) || !acted.up) return undefined;
    const { lastApplied, revision } = acted.state;
    const counts = [acted.state.keys, acted.state.leases].map((one) => Object.keys(one).length);
    const summary = `${lastApplied} ${revision} ${counts.join(' ')}`;
    if (memory[acted.id] === summary) return undefined;
    memory[acted.id] = summary;
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

function storeText({ revision, keys, leases }: Readonly<EtcdState>): string {
  const held = Object.keys(leases).join(', ') || 'none';
  const listed = byCreation({ keys }, '').map(
    ({ key, createRevision }) => `${key} (${createRevision}/${keys[key].modRevision})`,
  );
  return `revision ${revision} with ${listed.join(', ') || 'no key'}, leases ${held}`;
}

interface Acquired {
  /** The grants of each worker when it acted last. */
  seen: Record<NodeId, string>;
  /** The latest revision of any server. */
  revision: number;
}

/**
 * A key before the owner's can be deleted, but none can be added there, because create revisions
 * only grow. So the owner can be compared with any store that has the latest revision.
 */
const firstComeFirstServed = invariant<Acquired>({
  doc: 'A worker that takes a lock has the key with the lowest create revision: one owner at most.',
  remember: () => ({ seen: {}, revision: 0 }),
  check({ acted, nodes, memory }) {
    if (isServer(acted)) memory.revision = Math.max(memory.revision, acted.state.revision);
    if (!isWorker(acted)) return undefined;
    const { held } = acted.state;
    const grants = held.map(({ grant }) => grant).join(' ');
    if (memory.seen[acted.id] === grants) return undefined;
    memory.seen[acted.id] = grants;
    const latest = nodes.find(
      (one): one is Observed<EtcdState> =>
        isServer(one) && one.up && one.state.revision >= memory.revision,
    );
    if (latest === undefined) return undefined;
    for (const { key, token } of held) {
      const [first] = byCreation(latest.state, `${key}/`);
      if (first === undefined || first.createRevision >= token!) continue;
      const before = `${first.key} is before it, created at revision ${first.createRevision}`;
      return `${acted.id} took ${key} with the key of revision ${token}, but ${before}.`;
    }
    return undefined;
  },
});

/** A leader that was deposed, or steps down, has no clock for leases any more. */
const onlyLeaderRenews = invariant({
  doc: 'Only the leader of a term keeps leases alive or lets them expire.',
  check({ acted }) {
    if (!isServer(acted) || !acted.up) return undefined;
    const { primaryIn, standing, currentTerm } = acted.state;
    if (primaryIn === 0 || (standing === 'leader' && currentTerm === primaryIn)) return undefined;
    return `${acted.id} still renews leases as the leader of term ${primaryIn}, which it is not.`;
  },
});

interface Reads {
  /** The highest revision that any client was answered. */
  latest: number;
  /** The reads in progress: client and number → that revision when the read began. */
  from: Record<string, number>;
}

/** Linearizability of reads, by revisions: those of another client's answers count, too. */
const readsSeeAnswered = invariant<Reads>({
  doc: 'A linearizable read sees every change that a client was answered before it began.',
  remember: () => ({ latest: 0, from: {} }),
  check({ message, memory }) {
    if (message === undefined || message.from === message.to) return undefined;
    const { from, to, body } = message;
    if (body.type === 'Request') {
      const { op, serializable } = body.command;
      if (op === 'read' && !serializable) memory.from[`${from} ${body.request}`] = memory.latest;
    }
    if (body.type !== 'Response' || !('responses' in body.answer)) return undefined;
    const { revision } = body.answer;
    const began = memory.from[`${to} ${body.request}`];
    delete memory.from[`${to} ${body.request}`];
    if (began === undefined) memory.latest = Math.max(memory.latest, revision);
    if (began === undefined || revision >= began) return undefined;
    const known = `a client had been answered revision ${began} before`;
    return `${from} answered ${to} a read of revision ${revision}, though ${known}.`;
  },
});

export const etcdInvariants: Record<string, Invariant> = {
  'an older token never overwrites a newer one': olderTokenNeverOverwrites,
  'an earlier holder never overwrites a later one': earlierHolderNeverOverwrites,
  'storage forgets no token': storageForgetsNoToken,
  ...storageInvariants,
  'first come, first served': firstComeFirstServed,
  'the revision never falls': revisionNeverFalls,
  'same log, same store': sameLogSameStore,
  'only the leader renews leases': onlyLeaderRenews,
  'a read sees what was answered before it': readsSeeAnswered,
  ...storeInvariants,
  ...raftInvariants,
};
