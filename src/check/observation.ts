/** The view of a moment that invariants and derived events receive. */
import type { Effects } from '../kernel/effects.ts';
import type { Monitor, World } from '../kernel/world.ts';
import type { RecordedOperation } from '../protocol/history.ts';
import type { Observation } from '../protocol/types.ts';
import { historyAt } from './history/recording.ts';

/** A class, so that a step in which no code reads the history makes nothing for it. */
class Step implements Observation<unknown> {
  readonly #world: World;
  memory: unknown = undefined;

  constructor(
    world: World,
    readonly nodes: Observation['nodes'],
    readonly acted: Observation['acted'],
    readonly time: Observation['time'],
    readonly events: Observation['events'],
    readonly message: Observation['message'],
    readonly invoked: Observation['invoked'],
    readonly answers: Observation['answers'],
  ) {
    this.#world = world;
  }

  get history(): readonly RecordedOperation[] {
    return historyAt(this.#world);
  }
}

/** The last step that was observed. */
let last: { world: World; step: number; tie: number; effects: Effects; seen: Step } | undefined;

/** Shows an observer something in place of what it observes. */
type Onlooker = (seen: Observation<unknown>, observer: Monitor) => Observation<unknown>;

let onlooker: Onlooker | null = null;

/** Runs `act`, in which observers receive what this returns: a search notes what they read. */
export function onlooking<Result>(show: Onlooker, act: () => Result): Result {
  const before = onlooker;
  onlooker = show;
  try {
    return act();
  } finally {
    onlooker = before;
  }
}

/**
 * All invariants observe one object in a step, with the memory of the one that is checked: an
 * object for each would cost more than their checks. None can keep it, because a memory is plain
 * data.
 */
export function observationOf(
  world: World,
  effects: Effects,
  memory: unknown,
  observer: Monitor,
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
  return onlooker === null ? seen : onlooker(seen, observer);
}

function stepOf(world: World, effects: Effects): Step {
  const { nodes, time } = world;
  const { acted, message, lost, invoked, events, replies } = effects;
  const reported = events.length - effects.derived;
  // What reaches the host of a paused process waits there: the process receives it in a later
  // step, or never, if the connection ends first.
  const isHeld = message !== null && acted >= 0 && nodes[acted].paused;
  return new Step(
    world,
    nodes,
    acted < 0 || isHeld ? undefined : nodes[acted],
    time,
    // Steps reuse the lists of their effects, and a memory could keep these.
    reported > 0 ? events.slice(0, reported) : none,
    // A signal of a connection is not a message of the protocol.
    message === null || lost || isHeld || acted < 0 || message.isSignal ? undefined : message,
    invoked ?? undefined,
    replies.length > 0 ? replies.slice() : none,
  );
}

const none: readonly never[] = Object.freeze([]);
