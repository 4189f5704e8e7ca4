/** Suspicion (§4.2): a member that fails a probe has time to refute before it is declared dead. */
import type { Frozen, Micros, NodeId } from '../../protocol/types.ts';
import { spread } from './dissemination.ts';
import { groupSize, type Suspicion, type SwimNode, type Update } from './state.ts';

/** `SuspicionMaxTimeoutMult`: how much longer a suspicion without a confirmation lasts. */
const longestMult = 6;

/** How long a suspicion lasts in a group of this size: memberlist's `suspicionTimeout`. */
export function suspicionBounds(
  size: number,
  { protocolPeriod, suspicionMult, lifeguard }: {
    protocolPeriod: Micros; suspicionMult: number; lifeguard: boolean;
  },
): Pick<Suspicion, 'shortest' | 'longest' | 'needed'> {
  const shortest = Math.round(suspicionMult * Math.max(1, Math.log10(size)) * protocolPeriod);
  // In a small group there are not enough others to confirm it.
  const wanted = Math.max(0, suspicionMult - 2);
  const needed = lifeguard && size - 2 >= wanted ? wanted : 0;
  return { shortest, longest: needed > 0 ? longestMult * shortest : shortest, needed };
}

/** Lifeguard: each independent confirmation shortens it, the first ones the most. */
export function suspicionTimeout(
  { shortest, longest, needed }: Pick<Suspicion, 'shortest' | 'longest' | 'needed'>,
  confirmations: number,
): Micros {
  if (needed === 0) return shortest;
  const part = Math.log(confirmations + 1) / Math.log(needed + 1);
  return Math.max(shortest, Math.round(longest - part * (longest - shortest)));
}

export function suspect(node: SwimNode, { member, incarnation, by }: Frozen<Update>): void {
  const { state, options } = node;
  if (state.suspicions === null) return;
  const bounds = suspicionBounds(groupSize(state), options);
  state.suspicions[member] = { incarnation, since: node.now(), ...bounds, accusers: [by] };
  node.setTimer('suspicion', suspicionTimeout(bounds, 0), member);
}

/** Another member suspects one that is suspected already. */
export function confirm(node: SwimNode, update: Frozen<Update>): void {
  const { member, status, incarnation, by } = update;
  const suspicion = node.state.suspicions?.[member];
  if (status !== 'suspect' || suspicion === undefined) return;
  if (incarnation < suspicion.incarnation || suspicion.accusers.includes(by)) return;
  const confirmations = suspicion.accusers.length;
  if (confirmations > suspicion.needed) return;
  suspicion.accusers.push(by);
  node.event('SuspicionConfirmed', { member, by, confirmations });
  const elapsed = node.now() - suspicion.since;
  const left = suspicionTimeout(suspicion, confirmations) - elapsed;
  node.setTimer('suspicion', Math.max(0, left), member);
  spread(node, update);
}

export function endSuspicion(node: SwimNode, member: NodeId): void {
  if (node.state.suspicions?.[member] === undefined) return;
  delete node.state.suspicions[member];
  node.cancelTimer('suspicion', member);
}
