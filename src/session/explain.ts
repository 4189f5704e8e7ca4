/** What past steps did, and at which lines: never recorded, but recomputed by replay. */
import type { Action } from '../kernel/action.ts';
import { Effects } from '../kernel/effects.ts';
import { asPending, type Run } from '../kernel/run.ts';
import { start, step } from '../kernel/step.ts';
import type { World } from '../kernel/world.ts';
import { type Handler, handlerOf } from '../kernel/next-handler.ts';
import type { ExplainedStep } from './read/reading.ts';

export interface Explained extends ExplainedStep {
  readonly handler: Handler | undefined;
  readonly before: World;
  readonly after: World;
  readonly effects: Effects;
}

/** How many explained steps are cached: several causal stacks of the usual depth. */
const keptMost = 96;

export class Explanations {
  private readonly kept = new Map<Run, Map<number, Explained>>();
  private count = 0;

  of(run: Run, number: number): Explained {
    return this.all(run, [number])[0];
  }

  /** Steps of one run in ascending order, explained in one replay of it. */
  all(run: Run, numbers: readonly number[]): Explained[] {
    let world: World | undefined;
    return numbers.map((number) => {
      const owner = ownerOf(run, number);
      const known = this.recall(owner, number);
      if (known) return known;
      if (number === 0) return this.keep(owner, explainStart(run));
      if (world === undefined) world = nearby(run, number - 1);
      else run.replay(world, number - 1, null);
      return this.keep(owner, explainNext(world, run.action(number)));
    });
  }

  private recall(owner: Run, number: number): Explained | undefined {
    const steps = this.kept.get(owner);
    const known = steps?.get(number);
    if (known) {
      // A map keeps insertion order, so this one is now forgotten last.
      steps!.delete(number);
      steps!.set(number, known);
    }
    return known;
  }

  private keep(owner: Run, explained: Explained): Explained {
    let steps = this.kept.get(owner);
    if (!steps) this.kept.set(owner, (steps = new Map()));
    steps.set(explained.step, explained);
    if (++this.count > keptMost) this.forget();
    return explained;
  }

  private forget(): void {
    for (const [owner, steps] of this.kept) {
      for (const number of steps.keys()) {
        steps.delete(number);
        if (steps.size === 0) this.kept.delete(owner);
        this.count--;
        return;
      }
    }
  }
}

/** A moment, cached because the next step to explain is usually near it. */
function nearby(run: Run, number: number): World {
  const world = run.at(number);
  run.remember(world);
  return world;
}

/** The run that recorded a step: branches share the steps before them. */
function ownerOf(run: Run, number: number): Run {
  let owner = run;
  while (owner.parent !== null && number <= owner.base) owner = owner.parent;
  return owner;
}

function explainStart(run: Run): Explained {
  const { plan, monitors } = run.at(0);
  const effects = new Effects();
  effects.locate = true;
  const after = withWholeStacks(() => start(plan.setup, monitors, effects));
  effects.acted = -1;
  return { step: 0, action: null, handler: undefined, before: after, after, effects };
}

function explainNext(world: World, action: Action): Explained {
  const before = world.fork();
  const after = world.fork();
  const pending = asPending(after, action);
  const handler = handlerOf(before, action);
  const effects = new Effects();
  effects.locate = true;
  if (!withWholeStacks(() => step(after, pending, effects))) {
    throw new Error(`step ${world.step + 1} cannot be replayed: ${JSON.stringify(action)}`);
  }
  return { step: after.step, action, handler, before, after, effects };
}

/** V8 keeps ten frames of a call stack by default, which cuts off handlers of some depth. */
function withWholeStacks<Result>(act: () => Result): Result {
  const limited = Error as { stackTraceLimit?: number };
  const limit = limited.stackTraceLimit;
  if (limit !== undefined) limited.stackTraceLimit = 200;
  try {
    return act();
  } finally {
    if (limit !== undefined) limited.stackTraceLimit = limit;
  }
}
