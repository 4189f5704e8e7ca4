/** The view of a moment that invariants and derived events receive. */
import type { Effects } from '../kernel/effects.ts';
import type { World } from '../kernel/world.ts';
import type { Observation } from '../protocol/types.ts';

export function observationOf(
  world: World,
  effects: Effects,
  memory: unknown,
): Observation<unknown> {
  const { nodes, time } = world;
  return { nodes, acted: effects.acted < 0 ? undefined : nodes[effects.acted], time, memory };
}
