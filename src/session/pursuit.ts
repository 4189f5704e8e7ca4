/** Goals of a movement: a check before and after each action says whether to stop there. */
import { type Action, isNamed, type MessageName } from '../kernel/action.ts';
import type { Effects } from '../kernel/effects.ts';
import { messageOf } from '../kernel/network/in-flight.ts';
import { handlerOf } from '../kernel/next-handler.ts';
import { Message, type Pending } from '../kernel/pending.ts';
import type { World } from '../kernel/world.ts';
import { type Stop, stopFor } from './stop.ts';

/** How far a motion got: the world, and what the last action did. */
export interface Progress {
  readonly world: World;
  readonly effects: Effects;
}

export interface Pursuit {
  /** True for a single step: the moment before it is cached, because a step back is likely. */
  readonly short: boolean;
  /** A stop at the entry of the handler that comes next. */
  before?(progress: Progress, action: Action | Pending): Stop | undefined;
  /** A stop after the action that was just taken. */
  after?(progress: Progress): Stop | undefined;
}

export const untilBreakpoint: Pursuit = { short: false };

const stepped = stopFor({ type: 'step' });

/** The next action, anywhere. */
export const oneAction: Pursuit = { short: true, after: () => stepped };

/** Until that node has acted again. */
export function untilActs(node: number): Pursuit {
  const stop = stopFor({ type: 'step' }, node);
  return { short: true, after: ({ effects }) => (effects.acted === node ? stop : undefined) };
}

/** Into the handler of the next action; past the action if it runs none. */
export const intoNext: Pursuit = {
  short: true,
  before: ({ world }, action) => (handlerOf(world, action) ? stepped : undefined),
  after: () => stepped,
};

/** Into the next handler that runs on that node. */
export function intoNextOf(node: number): Pursuit {
  const stop = stopFor({ type: 'step' }, node);
  return {
    short: true,
    before: ({ world }, action) => (handlerOf(world, action)?.node === node ? stop : undefined),
    after: ({ effects }) => (effects.acted === node ? stop : undefined),
  };
}

/** Into the handler that receives a message, or until the message is lost. */
export function untilDelivered({ from, to, ordinal, copy }: MessageName, node?: number): Pursuit {
  const message = { from, to, ordinal, copy };
  const isIt = (one: MessageName | null | undefined) => one && isNamed(one, message);
  return {
    short: true,
    before: ({ world }, action) =>
      action.type === 'deliver' && isIt(messageOf(world, action)) && handlerOf(world, action)
        ? stopFor({ type: 'delivered', message }, node)
        : undefined,
    after: ({ effects }) =>
      effects.lost && effects.again < 0 && isIt(effects.message)
        ? stopFor({ type: 'lost', message }, node)
        : undefined,
  };
}

/** Until a client's operation has its answer. */
export function untilAnswered(operation: string, node?: number): Pursuit {
  return {
    short: false,
    after: ({ effects }) =>
      effects.replies.some((reply) => reply.operation === operation)
        ? stopFor({ type: 'answered', operation }, node)
        : undefined,
  };
}

/** Until a step of the scenario is current, or one after it. */
export function untilScenarioStep(position: (world: World) => number, index: number): Pursuit {
  return {
    short: false,
    after: ({ world }) =>
      position(world) >= index ? stopFor({ type: 'goto', step: world.step }) : undefined,
  };
}

/** Whether a message that one of these steps sent is in flight. */
export function isRoundOpen({ queue, nodes }: World, steps: ReadonlySet<number>): boolean {
  return [...queue.items, ...nodes.flatMap(({ held }) => held)].some(
    (one) => one instanceof Message && steps.has(one.cause),
  );
}

/** Until no message is in flight that goes back to one of these steps: the round is over. */
export function untilRoundEnds(steps: Set<number>, node?: number): Pursuit {
  return {
    short: false,
    after(progress) {
      const { effects, world } = progress;
      if (effects.message === null || !steps.has(effects.cause)) return undefined;
      steps.add(world.step);
      return isRoundOpen(world, steps) ? undefined : stopFor({ type: 'round over' }, node);
    },
  };
}
