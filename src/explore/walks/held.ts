/** A network on which no message arrives by itself: a schedule delivers those that do. */
import type { Setup } from '../../kernel/plan.ts';
import { seconds } from '../../protocol/units.ts';

/** Longer than any schedule. */
export const heldLatency = seconds(3_600);

export function heldSetup(setup: Setup): Setup {
  const latency = [heldLatency, heldLatency] as const;
  return { ...setup, network: { ...setup.network, latency, loss: 0, duplicate: 0 } };
}
