/** The changes of a run as the invariants see them: each as the first server applied it. */
import type { Frozen, NodeId, Observed } from '../../protocol/types.ts';
import type { Entry } from '../raft/state.ts';
import type { Change, ClientState, Command, ServerState } from './state.ts';

export function isServer(node: Observed | undefined): node is Observed<ServerState> {
  return node?.role === 'replica';
}

export function isClient(node: Observed | undefined): node is Observed<ClientState> {
  return node?.role === 'client';
}

export interface Applied {
  readonly change: Change;
  /** Its entry in the log of the server that applied it first, and that server. */
  readonly entry: Frozen<Entry<Command>>;
  readonly by: NodeId;
}

export interface Ledger {
  /** Revision → the change, from revision 2 on. */
  applied: Record<number, Applied>;
  /** The revision of each server when it was last observed. */
  seen: Record<NodeId, number>;
}

export const emptyLedger = (): Ledger => ({ applied: {}, seen: {} });

/**
 * Returns the changes that a server applied since it was last observed, in their order, and adds
 * those that no server has applied before. One that restarts begins at revision 1 again.
 */
export function noteApplied(ledger: Ledger, { id, state }: Observed<ServerState>): Applied[] {
  const seen = Math.min(ledger.seen[id] ?? 1, state.revision);
  ledger.seen[id] = state.revision;
  if (seen === state.revision) return [];
  const added: Applied[] = [];
  for (const change of state.changes) {
    if (change.revision <= seen) continue;
    const one = { change, entry: state.log[change.index - 1], by: id };
    added.push(one);
    ledger.applied[change.revision] ??= one;
  }
  return added;
}

export function isSame(a: Change, b: Change): boolean {
  return a.revision === b.revision && a.key === b.key && a.value === b.value;
}
