/** What a command of the debugger runs towards: it looks at each action before and after it is taken. */
import type { Action, MessageName } from '../kernel/action.ts';
import { Message, type Pending } from '../kernel/pending.ts';
import { handlerOf, isNamed, messageOf } from './handler.ts';
import type { Session } from './session.ts';
import { type Stop, stopOf } from './stop.ts';

export interface Pursuit {
  /** True where a moment to come soon is worth keeping at hand: a single step. */
  readonly short: boolean;
  /** A stop at the entry of the handler that comes next. */
  before?(session: Session, action: Action | Pending): Stop | undefined;
  /** A stop after the action that was just taken. */
  after?(session: Session): Stop | undefined;
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
    short: false,
    before: ({ world }, action) =>
      action.type === 'deliver' && isIt(messageOf(world, action) ?? null) && handlerOf(world, action)
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
  const left = ({ world }: Session) =>
    [...world.queue.items, ...world.nodes.flatMap(({ held }) => held)].some(
      (one) => one instanceof Message && steps.has(one.cause),
    );
  return {
    short: false,
    after(session) {
      const { effects, world } = session;
      if (effects.message === null || !steps.has(effects.cause)) return undefined;
      steps.add(world.step);
      return left(session) ? undefined : stopOf('step', 'the round is over', node);
    },
  };
}

/** What *step out* runs towards from between two actions: the end of the operation or round. */
export function outOfRound(session: Session, node?: number): Pursuit {
  const { run } = session.branch;
  const chain = session.chain(session.step);
  const root = chain[chain.length - 1] ?? 0;
  const invoked = root > 0 ? session.explanations.of(run, root).effects.invoked : null;
  if (invoked && session.isOutstanding(invoked.operation)) return untilAnswered(invoked.operation, node);
  const steps = new Set([root]);
  for (let step = root + 1; step <= session.step; step++) {
    if (steps.has(run.cause(step)) && run.action(step).type === 'deliver') steps.add(step);
  }
  return untilRoundEnds(steps, node);
}
