/** The lessor of a member: on the leader it lets leases expire, and has them revoked. */
// The log records that a lease was granted and revoked, but not how much of its time is left. So a
// new leader cannot know that, and restarts all leases.
import type { Micros, Node } from '../../protocol/types.ts';
import { milliseconds, seconds } from '../../protocol/units.ts';
import type { Answer, LeaseQuestion } from './api.ts';
import type { EtcdReplica, EtcdStore } from './state.ts';

type Server = Node<EtcdReplica>;

const checkInterval = milliseconds(500);
/** When it has a lease revoked again that it still has. */
const retryInterval = seconds(3);

/** A lease lasts at least one and a half election timeouts, rounded up to whole seconds. */
export function atLeastMinimum(node: Server, ttl: number): number {
  return Math.max(ttl, Math.ceil((1.5 * electionTimeout(node)) / seconds(1)));
}

export function electionTimeout(node: Server): Micros {
  return node.options.electionTimeout[0];
}

/**
 * Whether this lessor is the primary, on which leases expire. Promotes or demotes it first if this
 * member became leader or lost its leadership since the last call.
 */
export function isPrimary(node: Server): boolean {
  const { state } = node;
  const term = state.standing === 'leader' ? state.currentTerm : 0;
  if (term === state.primaryIn) return term > 0;
  if (state.primaryIn > 0) demote(node);
  if (term > 0 && state.lastApplied > 0 && hasAppliedOwn(node, term)) promote(node, term);
  return state.primaryIn > 0;
}

/** A leader knows all leases once it has applied the first entry of its own term. */
function hasAppliedOwn({ state }: Server, term: number): boolean {
  return state.log[state.lastApplied - 1].term === term;
}

/** Every lease gets its whole TTL again, and an election timeout in addition. */
function promote(node: Server, term: number): void {
  const { state } = node;
  state.primaryIn = term;
  const leases = Object.keys(state.leases);
  for (const lease of leases) refresh(node, lease, electionTimeout(node));
  if (leases.length > 0) node.event('LeasesExtended', { term, leases: leases.length });
  node.setTimer('checkLeases', checkInterval);
}

/** On a member that is not the leader, leases never expire. */
function demote(node: Server): void {
  const { state } = node;
  state.primaryIn = 0;
  state.expired = {};
  state.ends = {};
  for (const lease of Object.keys(state.leases)) node.cancelTimer('lease', lease);
  node.cancelTimer('checkLeases');
}

/** Gives the lease its whole TTL again. */
export function refresh(node: Server, lease: string, extra: Micros = 0): void {
  const after = seconds(node.state.leases[lease].ttl) + extra;
  node.setTimer('lease', after, lease);
  node.state.ends[lease] = node.now() + after;
}

/** The timer of a lease fired. The next check has it revoked. */
export function expire(node: Server, lease: string): void {
  if (isPrimary(node)) node.state.expired[lease] = 'noticed';
}

/** Returns the leases that expired since the last check; the caller has them revoked. */
export function takeExpired(node: Server): string[] {
  const { state } = node;
  if (!isPrimary(node)) return [];
  node.setTimer('checkLeases', checkInterval);
  const noticed = Object.keys(state.expired).filter((id) => state.expired[id] === 'noticed');
  for (const lease of noticed) {
    state.expired[lease] = 'revoking';
    node.event('LeaseExpired', { lease, client: state.leases[lease].client });
    node.setTimer('lease', retryInterval, lease);
  }
  return noticed;
}

/** Forgets a lease that was revoked. */
export function forget(node: Server, lease: string): void {
  node.cancelTimer('lease', lease);
  delete node.state.expired[lease];
  delete node.state.ends[lease];
}

/** Whether the lease can be kept alive: an expired lease only waits for its revocation. */
function isAlive({ state }: Server, lease: string): boolean {
  return lease in state.leases && !(lease in state.expired);
}

/** What the primary says of a lease. No other member knows how much of its time is left. */
export function answerOf(
  node: Server,
  { op, lease }: LeaseQuestion,
  keysOf: (store: Readonly<EtcdStore>, lease: string) => string[],
): Answer {
  const { state } = node;
  const alive = isAlive(node, lease);
  if (op === 'keep-alive') {
    if (alive) refresh(node, lease);
    return { ttl: alive ? state.leases[lease].ttl : 0 };
  }
  if (!(lease in state.leases)) return { remaining: -1, granted: 0, keys: [] };
  const left = Math.max(0, state.ends[lease] - node.now());
  const { ttl: granted } = state.leases[lease];
  return { remaining: Math.floor(left / seconds(1)), granted, keys: keysOf(state, lease) };
}
