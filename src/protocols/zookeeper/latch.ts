/** A leader latch, after Curator's LeaderLatch: the lock's queue, for one who leads. */
// A leader that is disconnected does not know whether its session lives, so it stops leading at
// once. When it is connected again, it does not take its old place: it queues with a new node.
import type { Node, OperationId } from '../../protocol/types.ts';
import { dropLock } from '../locks/worker.ts';
import { beginLock, deleteOwn, type Wanted } from './recipe.ts';
import type { Worker, WorkerState } from './worker-state.ts';

type Client = Node<Worker>;

export function beginLatch(node: Client, wanted: Wanted, id: OperationId): void {
  beginLock(node, wanted, true, id);
  const { places, latches } = node.state;
  if (places.some(({ operation }) => operation === id)) latches[wanted.key] = id;
}

/** ConnectionState.SUSPENDED. */
export function suspendLatches(node: Client): void {
  const { state } = node;
  for (const { key, grant: own } of state.held.slice()) {
    if (!(key in state.latches)) continue;
    dropLock(state, key);
    state.suspended.push({ key, own });
    node.event('LeadershipSuspended', { key });
  }
}

/** ConnectionState.RECONNECTED: `reset`. */
export function resetLatches(node: Client): void {
  const { state } = node;
  for (const { key, own } of state.suspended.splice(0)) {
    deleteOwn(node, own);
    beginLock(node, { key }, true, state.latches[key]);
  }
}

export function endLatches(state: WorkerState): void {
  state.latches = {};
  state.suspended = [];
}
