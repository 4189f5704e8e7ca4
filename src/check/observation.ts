/** The view of a moment that invariants and derived events receive. */
import type { Effects } from '../kernel/effects.ts';
import type { World } from '../kernel/world.ts';
import type { Observation } from '../protocol/types.ts';

type Step = Omit<Observation<unknown>, 'memory'>;

/** The last step that was observed: all invariants observe the same one. */
let last: { world: World; step: number; tie: number; effects: Effects; seen: Step } | undefined;

export function observationOf(
  world: World,
  effects: Effects,
  memory: unknown,
): Observation<unknown> {
  const { step, tie } = world;
  const isSame =
    last?.world === world && last.effects === effects && last.step === step && last.tie === tie;
  if (!isSame) last = { world, step, tie, effects, seen: stepOf(world, effects) };
  const { nodes, acted, time, events, message, invoked, answers } = last!.seen;
  return { nodes, acted, time, memory, events, message, invoked, answers };
}

function stepOf(world: World, effects: Effects): Step {
  const { nodes, time } = world;
  const { acted, message, lost, invoked, events, replies } = effects;
  const reported = events.length - effects.derived;
  return {
    nodes,
    acted: acted < 0 ? undefined : nodes[acted],
    time,
    // Steps reuse the lists of their effects, and a memory could keep these.
    events: reported > 0 ? events.slice(0, reported) : none,
    message: message === null || lost || acted < 0 ? undefined : message,
    invoked: invoked ?? undefined,
    answers: replies.length > 0 ? replies.slice() : none,
  };
}

const none: readonly never[] = Object.freeze([]);
