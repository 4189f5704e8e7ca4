/** Deadlocks: sessions that wait for each other in a cycle. */
// As in PostgreSQL (deadlock.c): a wait for a holder is a hard edge. A wait for a request further
// ahead in the queue is a soft edge: a cycle through one can be broken by another order.
import type { Node } from '../../../protocol/types.ts';
import type { Database, DatabaseState, Lock, SessionId } from '../state.ts';
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
 * or another order of the queues has dissolved it.
 */
export function detect(node: Node<Database>, session: SessionId): SessionId[] | undefined {
  const cycle = cycleThrough(node.state, session);
  return cycle === undefined || dissolve(node, session, []) ? undefined : cycle;
}

/**
 * Tries whether the queues can be ordered without a cycle, so that in each soft edge of `reversed`
 * the one behind goes first. Each soft edge of a cycle that is left is tried in its turn.
 */
function dissolve(node: Node<Database>, start: SessionId, reversed: readonly Edge[]): boolean {
  const { state } = node;
  const queues = Object.values(state.locks).map((lock) => ({ lock, before: lock.queue }));
  for (const { lock, before } of queues) lock.queue = ordered(before, reversed);
  const involved = [start, ...reversed.flatMap(({ from, to }) => [from, to])];
  let cycle: Edge[] | undefined;
  for (const one of involved) cycle ??= edgesThrough(state, one);
  if (cycle === undefined) {
    for (const { lock } of queues) if (lock.queue.length > 0) grant(node, lock);
    return true;
  }
  for (const { lock, before } of queues) lock.queue = before;
  return cycle
    .filter((edge) => edge.soft && !reversed.some(isSame(edge)))
    .some((edge) => dissolve(node, start, [...reversed, edge]));
}

const isSame = (a: Edge) => (b: Edge) => a.from === b.from && a.to === b.to;

/** The queue in its order, apart from the requests that go before others. */
function ordered(queue: Lock['queue'], reversed: readonly Edge[]): Lock['queue'] {
  const left = queue.slice();
  const sorted: Lock['queue'] = [];
  while (left.length > 0) {
    // From the end: the last that need not go before another which is left.
    const at = left.findLastIndex(
      (one) =>
        !reversed.some(
          ({ from, to }) => from === one.session && left.some(({ session }) => session === to),
        ),
    );
    // Two that must each go first: no order satisfies both.
    if (at < 0) return queue;
    sorted.unshift(...left.splice(at, 1));
  }
  return sorted;
}
