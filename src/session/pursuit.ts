/** What a command of the debugger runs towards: a look at each action, before and after it. */
import { type Action, isNamed, type MessageName } from '../kernel/action.ts';
import type { Effects } from '../kernel/effects.ts';
import { Message, type Pending } from '../kernel/pending.ts';
import type { World } from '../kernel/world.ts';
import { handlerOf } from '../kernel/next-handler.ts';
import { messageOf } from '../kernel/network/in-flight.ts';
import { type Stop, stopOf } from './stop.ts';

/** Where a motion has come: the world, and what the last action brought about. */
export interface Progress {
  readonly world: World;
  readonly effects: Effects;
}

export interface Pursuit {
  /** True where a moment to come soon is worth keeping at hand: a single step. */
  readonly short: boolean;
  /** A stop at the entry of the handler that comes next. */
  before?(progress: Progress, action: Action | Pending): Stop | undefined;
  /** A stop after the action that was just taken. */
  after?(progress: Progress): Stop | undefined;
}

export const untilBreakpoint: Pursuit = { short: false };

/** The next action, anywhere. */
export const oneAction: Pursuit = { short: true, after: () => stopOf('step', 'step') };

/** Until that node has acted again. */
export function untilActs(node: number): Pursuit {
  return {
    short: true,
    after: ({ effects }) => (effects.acted === node ? stopOf('step', 'step', node) : undefined),
  };
}

/** Into the handler of the next action; past it, where it has none. */
export const intoNext: Pursuit = {
  short: true,
  before: ({ world }, action) => (handlerOf(world, action) ? stopOf('step', 'step') : undefined),
  after: () => stopOf('step', 'step'),
};

/** Into the next handler that runs on that node. */
export function intoNextOf(node: number): Pursuit {
  return {
    short: true,
    before: ({ world }, action) =>
      handlerOf(world, action)?.node === node ? stopOf('step', 'step', node) : undefined,
    after: ({ effects }) => (effects.acted === node ? stopOf('step', 'step', node) : undefined),
  };
}

/** Into the handler that receives a message, or up to its loss. */
export function untilDelivered(name: MessageName, node?: number): Pursuit {
  const isIt = (one: MessageName | null) => one !== null && isNamed(one, name);
  return {
    short: true,
    before: ({ world }, action) =>
      action.type === 'deliver' &&
      isIt(messageOf(world, action) ?? null) &&
      handlerOf(world, action)
        ? stopOf('step', 'delivered', node)
        : undefined,
    after: ({ effects }) =>
      effects.lost && isIt(effects.message) ? stopOf('step', 'lost on its way', node) : undefined,
  };
}

/** Until a client operation is answered. */
export function untilAnswered(operation: string, node?: number): Pursuit {
  return {
    short: false,
    after: ({ effects }) =>
      effects.replies.some((reply) => reply.operation === operation)
        ? stopOf('step', `${operation} is answered`, node)
        : undefined,
  };
}

/** Until no message is left that goes back to one of these steps: the round is over. */
export function untilRoundEnds(steps: Set<number>, node?: number): Pursuit {
  const isLeft = ({ world }: Progress) =>
    [...world.queue.items, ...world.nodes.flatMap(({ held }) => held)].some(
      (one) => one instanceof Message && steps.has(one.cause),
    );
  return {
    short: false,
    after(progress) {
      const { effects, world } = progress;
      if (effects.message === null || !steps.has(effects.cause)) return undefined;
      steps.add(world.step);
      return isLeft(progress) ? undefined : stopOf('step', 'the round is over', node);
    },
  };
}
