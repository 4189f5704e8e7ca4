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
  const { acted, message, lost, invoked, events, replies } = effects;
  const reported = events.length - effects.derived;
  return {
    nodes,
    acted: acted < 0 ? undefined : nodes[acted],
    time,
    memory,
    // Steps reuse the lists of their effects, and a memory could keep these.
    events: reported > 0 ? events.slice(0, reported) : none,
    message: message === null || lost || acted < 0 ? undefined : message,
    invoked: invoked ?? undefined,
    answers: replies.length > 0 ? replies.slice() : none,
  };
}

const none: readonly never[] = Object.freeze([]);
