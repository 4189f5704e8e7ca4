/** The view of a moment that invariants and derived events receive. */
import type { Effects } from '../kernel/effects.ts';
import type { World } from '../kernel/world.ts';
import type { Observation } from '../protocol/types.ts';

interface Step extends Observation<unknown> {
  memory: unknown;
}

/** The last step that was observed. */
let last: { world: World; step: number; tie: number; effects: Effects; seen: Step } | undefined;

/**
 * All invariants observe one object in a step, with the memory of the one that is checked: an
 * object for each would cost more than their checks. None can keep it, because a memory is plain
 * data.
 */
export function observationOf(
  world: World,
  effects: Effects,
  memory: unknown,
): Observation<unknown> {
  const { step, tie } = world;
  if (
    last === undefined || last.step !== step || last.world !== world || last.tie !== tie
    || last.effects !== effects
  ) {
    last = { world, step, tie, effects, seen: stepOf(world, effects) };
  }
  const { seen } = last;
  seen.memory = memory;
  return seen;
}

function stepOf(world: World, effects: Effects): Step {
  const { nodes, time } = world;
  const { acted, message, lost, invoked, events, replies } = effects;
  const reported = events.length - effects.derived;
  // What reaches the host of a paused process waits there: the process receives it in a later
  // step, or never, if the connection ends first.
  const isHeld = message !== null && acted >= 0 && nodes[acted].paused;
  return {
    nodes,
    acted: acted < 0 || isHeld ? undefined : nodes[acted],
    time,
    memory: undefined,
    // Steps reuse the lists of their effects, and a memory could keep these.
    events: reported > 0 ? events.slice(0, reported) : none,
    // A signal of a connection is not a message of the protocol.
    message: message === null || lost || isHeld || acted < 0 || message.isSignal ? undefined : message,
    invoked: invoked ?? undefined,
    answers: replies.length > 0 ? replies.slice() : none,
  };
}

const none: readonly never[] = Object.freeze([]);
