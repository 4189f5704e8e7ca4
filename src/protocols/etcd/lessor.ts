/** The lessor of an etcd server: on the leader it lets leases run out, and has them revoked. */
// A lease's time is not in the log, only that it was granted and that it was revoked: so a new
// leader cannot know how much of it is left, and begins all of them anew.
import type { Micros, Node } from '../../protocol/types.ts';
import { milliseconds, seconds } from '../../protocol/units.ts';
import type { EtcdReplica } from './state.ts';

type Server = Node<EtcdReplica>;

const checkInterval = milliseconds(500);

/** A lease lasts for one and a half election timeouts at least, rounded up to whole seconds. */
export function atLeastMinimum(node: Server, ttl: number): number {
  return Math.max(ttl, Math.ceil((1.5 * electionTimeout(node)) / seconds(1)));
}

function electionTimeout(node: Server): Micros {
  return node.options.electionTimeout[0];
}

/** Whether leases run out here; finds out first whether this server leads since it last asked. */
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

/** Every lease gets its whole TTL again, and an election timeout on top. */
function promote(node: Server, term: number): void {
  const { state } = node;
  state.primaryIn = term;
  const leases = Object.keys(state.leases);
  for (const lease of leases) refresh(node, lease, electionTimeout(node));
  if (leases.length > 0) node.event('LeasesExtended', { term, leases: leases.length });
  node.setTimer('checkLeases', checkInterval);
}

/** Where a server no longer leads, its leases last for ever. */
function demote(node: Server): void {
  const { state } = node;
  state.primaryIn = 0;
  state.expired = {};
  for (const lease of Object.keys(state.leases)) node.cancelTimer('lease', lease);
  node.cancelTimer('checkLeases');
}

/** The lease has all of its time again. */
export function refresh(node: Server, lease: string, extra: Micros = 0): void {
  const after = seconds(node.state.leases[lease].ttl) + extra;
  node.setTimer('lease', after, lease, lease);
}

/** Its timer ran out; nothing comes of it until the next check. */
export function runOut(node: Server, lease: string): void {
  if (isPrimary(node)) node.state.expired[lease] = 'noticed';
}

/** Leases that ran out since the last check, for the caller to revoke. */
export function takeExpired(node: Server): string[] {
  const { state } = node;
  if (!isPrimary(node)) return [];
  node.setTimer('checkLeases', checkInterval);
  const noticed = Object.keys(state.expired).filter((id) => state.expired[id] === 'noticed');
  for (const lease of noticed) {
    state.expired[lease] = 'revoking';
    node.event('LeaseExpired', { lease, client: state.leases[lease].client });
  }
  return noticed;
}

/** The lease was revoked: nothing is left to be timed. */
export function forget(node: Server, lease: string): void {
  node.cancelTimer('lease', lease);
  delete node.state.expired[lease];
}

/** Whether the lease can still be kept alive: one that ran out waits only for its revocation. */
export function isAlive({ state }: Server, lease: string): boolean {
  return lease in state.leases && !(lease in state.expired);
}
