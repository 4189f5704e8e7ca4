/** Lifeguard's local health: a member whose own probes fail in many ways takes more time. */
// memberlist's awareness, after Dadgar, Phillips, Currey: Lifeguard (2017), §IV-A.
import type { Micros } from '../../protocol/types.ts';
import type { Probe, SwimNode } from './state.ts';

/** `AwarenessMaxMultiplier` is 8: the score is below that. */
const worst = 7;

export function worsen(node: SwimNode, by: number): void {
  const { state, options } = node;
  if (!options.lifeguard) return;
  const score = Math.min(worst, Math.max(0, state.health + by));
  if (score === state.health) return;
  state.health = score;
  node.event('HealthChanged', { score });
}

export function scaled({ state }: SwimNode, duration: Micros): Micros {
  return duration * (state.health + 1);
}

/** A missing nack means that its sender was not reached either: the fault may be on this side. */
export function rate(node: SwimNode, { isAcked, helpers, nacks }: Probe): void {
  if (isAcked) worsen(node, -1);
  else worsen(node, helpers > 0 ? helpers - nacks : 1);
}
