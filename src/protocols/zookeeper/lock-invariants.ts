/** What the workers of a lock in ZooKeeper promise, and how a znode of theirs is orphaned. */
import { invariant } from '../../protocol/define.ts';
import type { DerivedEvent, Invariant, Json, NodeId, Observed } from '../../protocol/types.ts';
import { isWorker } from '../locks/worker.ts';
import type { LibraryState } from './library-state.ts';
import { isServer, newestServer } from './server-state.ts';
import { childrenOf, sequenceOf } from './tree.ts';
import { nameOf, parentOf } from './wire.ts';
import type { WorkerState } from './worker-state.ts';

/** A node before the owner's can be deleted, but none can be added there: numbers only grow. */
const firstComeFirstServed = invariant<Record<NodeId, string>>({
  doc: 'A worker that takes a lock has the node with the lowest number: one owner at most.',
  remember: () => ({}),
  check({ acted, nodes, memory }) {
    if (!isWorker(acted)) return undefined;
    const { held } = acted.state;
    const grants = held.map(({ grant }) => grant).join(' ');
    if (memory[acted.id] === grants) return undefined;
    memory[acted.id] = grants;
    const ensemble = newestServer(nodes);
    if (ensemble === undefined) return undefined;
    for (const { key, grant } of held) {
      const before = childrenOf(ensemble.state, `/${key}`).find((path) => {
        return sequenceOf(path) < sequenceOf(grant);
      });
      if (before === undefined) continue;
      return `${acted.id} took ${key} with the node ${grant}, but ${before} is before it.`;
    }
    return undefined;
  },
});

/**
 * Curator, `withProtection`: the GUID is what tells a lost reply from a lost request. Curator does
 * not keep this in an ensemble: its search for the GUID reads what may be stale (see `search`).
 */
const protectedOnce = invariant({
  doc: 'A create with protection makes one node, also if its reply was lost.',
  check({ acted }) {
    if (!isServer(acted)) return undefined;
    const made = new Map<string, string>();
    for (const path of Object.keys(acted.state.znodes)) {
      const guid = /^_c_[^-]+-/.exec(nameOf(path))?.[0];
      if (guid === undefined) continue;
      const name = `${parentOf(path)}/${guid}`;
      const other = made.get(name);
      if (other !== undefined) return `${other} and ${path} were created for the same lock.`;
      made.set(name, path);
    }
    return undefined;
  },
});

function usesLibrary(node: Observed | undefined): node is Observed<LibraryState> {
  return node?.role === 'worker' || node?.role === 'client';
}

/** Programmer's Guide: a client "will not be notified" of its expiry until it connects again. */
const onlyServerEnds = invariant<Record<NodeId, { session: string; isClosing: boolean }>>({
  doc: 'A client gives its session up only if a server says that it is over, or to close it.',
  remember: () => ({}),
  check({ acted, message, memory }) {
    if (!usesLibrary(acted)) return undefined;
    const before = memory[acted.id];
    const { session, pending } = acted.state;
    const isClosing = pending.some(({ command }) => command.op === 'close');
    memory[acted.id] = { session: acted.up ? session : '', isClosing };
    if (!acted.up || before === undefined) return undefined;
    if (before.session === '' || before.session === session || before.isClosing) return undefined;
    if (message?.body.type === 'ConnectResponse' && message.body.timeout === 0) return undefined;
    return `${acted.id} gave up ${before.session}, but no server said that it is over.`;
  },
});

export const lockInvariants: Record<string, Invariant> = {
  'first come, first served': firstComeFirstServed,
  'protection makes one node': protectedOnce,
  'only the server ends a session': onlyServerEnds,
};

/** Whether a worker knows a znode of its session, or may still find out that it exists. */
function knows(state: WorkerState, path: string): boolean {
  const { held, places, pending, suspended } = state;
  if (held.some(({ grant }) => grant === path)) return true;
  if (suspended.some(({ own }) => own === path)) return true;
  const lock = parentOf(path);
  const isPlace = places.some(({ key, own, guid, isUnsure }) => {
    if (own === path) return true;
    return isUnsure && guid !== '' && lock === `/${key}`;
  });
  if (isPlace) return true;
  return pending.some(({ command, purpose }) => {
    if (command.op === 'delete') return command.path === path;
    if (command.op === 'create') return parentOf(command.path) === lock;
    return command.op === 'children' && purpose.startsWith('sweep') && command.path === lock;
  });
}

/**
 * A worker has a znode in a queue and does not know it: the reply to its create was lost. The znode
 * stays as long as the session, and all that come after it wait, its worker among them.
 */
export const nodeOrphaned: DerivedEvent<Record<string, true>> = {
  remember: () => ({}),
  look({ nodes, memory }) {
    const ensemble = newestServer(nodes);
    if (ensemble === undefined) return [];
    const found: Record<string, Json>[] = [];
    for (const node of nodes) {
      if (!isWorker(node) || !node.up) continue;
      const state = node.state as WorkerState;
      for (const [path, { session }] of Object.entries(ensemble.state.znodes)) {
        if (session === '' || session !== state.session || memory[path]) continue;
        if (knows(state, path)) continue;
        memory[path] = true;
        found.push({ path, client: node.id });
      }
    }
    return found;
  },
};
