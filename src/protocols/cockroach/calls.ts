/** Requests of a node: each finds the leaseholder of its key, and is sent until it is answered. */
// Paper: §2.1 (the distribution layer). Every node has a replica of every range here, so its own
// descriptors are the cache by which it finds a range; they may be out of date.
import type { NodeId } from '../../protocol/types.ts';
import { type KvRequest, requestMessage } from './api.ts';
import { isBefore, readClock } from '../shared/hybrid-clock.ts';
import type { Store } from './node-types.ts';
import { contains, type Key, type RangeId } from './data.ts';
import type { Call, Purpose } from './state.ts';

/** How long a node waits after it asked one that does not serve the range. */
const redirectDelay = 50_000;

/** The range of a key, as far as this node knows. */
export function rangeOf({ state }: Store, key: Key): RangeId | undefined {
  for (const [range, { descriptor }] of Object.entries(state.replicas)) {
    if (contains(descriptor, key)) return range;
  }
  return undefined;
}

/** Sends a request to the node that seems to serve its key. Returns its number. */
export function send(store: Store, request: KvRequest, purpose: Purpose): number {
  const number = ++store.state.serial;
  const to = likelyHolder(store, request.key);
  const call: Call = { request, to, purpose, redirected: false };
  store.state.calls[number] = call;
  transmit(store, number, call);
  return number;
}

function transmit(store: Store, number: number, { to, request }: Call): void {
  store.setTimer('call', store.options.requestTimeout, String(number));
  store.send(to, requestMessage(number, request, readClock(store)));
}

function likelyHolder(store: Store, key: Key): NodeId {
  const { id, state } = store;
  const range = rangeOf(store, key);
  if (range === undefined) return id;
  const { lease, leaderId } = state.replicas[range];
  const runs = lease !== null && isBefore(state.clock, lease.expiration);
  return (runs ? lease.holder : leaderId) ?? id;
}

/** The call is answered, unless its answer only says that another node should be asked. */
export function takeCall(store: Store, number: number): Call | undefined {
  const { calls } = store.state;
  const call = calls[number] as Call | undefined;
  if (call === undefined) return undefined;
  dropCall(store, number);
  return call;
}

export function dropCall(store: Store, number: number): void {
  if (!(number in store.state.calls)) return;
  delete store.state.calls[number];
  store.cancelTimer('call', String(number));
}

/** The node that was asked does not serve the range: the one that it names is next. */
export function redirect(store: Store, number: number, hint: NodeId | null): void {
  const call = store.state.calls[number] as Call | undefined;
  if (call === undefined) return;
  call.to = hint !== null && hint !== call.to ? hint : following(store, call.to);
  call.redirected = true;
  store.setTimer('call', redirectDelay, String(number));
}

/** No answer: the request goes to the next node. A copy that arrives late does no harm. */
export function sendAgain(store: Store, key: string): void {
  const call = store.state.calls[Number(key)] as Call | undefined;
  if (call === undefined) return;
  if (call.redirected) call.redirected = false;
  else call.to = following(store, call.to);
  transmit(store, Number(key), call);
}

function following(store: Store, to: NodeId): NodeId {
  const nodes = store.nodes('node');
  return nodes[(nodes.indexOf(to) + 1) % nodes.length];
}
