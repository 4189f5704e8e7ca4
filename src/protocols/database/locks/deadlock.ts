/** Deadlocks: sessions that wait for each other in a cycle. */
// As in PostgreSQL (deadlock.c): a wait for a holder is a hard edge. A wait for a request further
// ahead in the queue is a soft edge: a cycle through one can be broken by another order.
import type { Node } from '../../../protocol/types.ts';
import type { Database, DatabaseState, SessionId } from '../state.ts';
import { blockersOf, grant } from './lock-table.ts';

type State = DatabaseState;

interface Edge {
  readonly from: SessionId;
  readonly to: SessionId;
  readonly soft: boolean;
}

/** The sessions of a cycle of waits, beginning with `start`; undefined if there is no cycle. */
export function cycleThrough(state: State, start: SessionId): SessionId[] | undefined {
  return edgesThrough(state, start)?.map(({ from }) => from);
}

function edgesThrough(state: State, start: SessionId): Edge[] | undefined {
  const visited = new Set<SessionId>();
  const search = (from: SessionId, path: readonly Edge[]): Edge[] | undefined => {
    if (state.sessions[from] === undefined) return undefined;
    const { holders, ahead } = blockersOf(state, from);
    for (const to of [...holders, ...ahead]) {
      const edges = [...path, { from, to, soft: !holders.includes(to) }];
      if (to === start) return edges;
      if (visited.has(to)) continue;
      visited.add(to);
      const found = search(to, edges);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return search(start, []);
}

/**
 * Looks for a deadlock that a session is in. Returns its sessions, or undefined if there is none
 * or another order of a queue has dissolved it.
 */
export function detect(node: Node<Database>, session: SessionId): SessionId[] | undefined {
  const edges = edgesThrough(node.state, session);
  if (edges === undefined) return undefined;
  for (const { from, to } of edges.filter(({ soft }) => soft)) {
    if (reorder(node, from, to)) return undefined;
  }
  return edges.map(({ from }) => from);
}

/** Lets `from` overtake `to` in the queue, if no other cycle arises from that. */
function reorder(node: Node<Database>, from: SessionId, to: SessionId): boolean {
  const { state } = node;
  const { waits } = state.sessions[from];
  if (waits?.type !== 'lock') return false;
  const lock = state.locks[waits.lock];
  const before = lock.queue;
  const own = before.find((one) => one.session === from)!;
  const rest = before.filter((one) => one !== own);
  rest.splice(rest.findIndex((one) => one.session === to), 0, own);
  lock.queue = rest;
  if (rest.some((one) => cycleThrough(state, one.session) !== undefined)) {
    lock.queue = before;
    return false;
  }
  grant(node, lock);
  return true;
}
