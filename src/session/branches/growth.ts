/** Takes given actions at the end of a run in parts: how a branch is opened or repeated. */
import type { Action } from '../../kernel/action.ts';
import { Effects } from '../../kernel/effects.ts';
import type { Pending } from '../../kernel/pending.ts';
import { asPending, type Way } from '../../kernel/run.ts';
import { step } from '../../kernel/step.ts';
import type { World } from '../../kernel/world.ts';
import { actionName } from '../read/names.ts';
import { type Branch, noteBroken } from './branch.ts';

/** The actions of a branch, by the number of their step. */
export interface Actions {
  /** The last step. */
  readonly length: number;
  action(step: number): Action;
}

/** What a run takes: recorded actions, or what its world does next. */
export interface Source {
  readonly length: number;
  /** Undefined if the run does not go on. */
  action(step: number, world: World): Action | Pending | undefined;
}

export type Grown =
  | { readonly type: 'whole' }
  /** This step is not possible; those before it were taken. */
  | { readonly type: 'not possible'; readonly step: number; readonly action: string };

export class Growth {
  private way: Way | undefined;
  private world: World | undefined;
  private readonly effects = new Effects();

  /** Begins after the last step of the branch. */
  constructor(
    private readonly branch: Branch,
    private readonly source: Source,
  ) {}

  /** The world at the end of what is taken; undefined before the first part. */
  get end(): World | undefined {
    return this.world;
  }

  /** Takes at most `budget` actions; undefined if there are more. */
  advance(budget: number): Grown | undefined {
    const { branch, source, effects } = this;
    const { run } = branch;
    this.way ??= run.wayTo(run.length);
    this.world ??= this.way.world(budget);
    const { world } = this;
    if (world === undefined) return undefined;
    for (let left = budget; left > 0; left--) {
      const number = world.step + 1;
      const action = number > source.length ? undefined : source.action(number, world);
      if (action === undefined) return { type: 'whole' };
      const pending = asPending(world, action as Action);
      const before = actionName(world, action);
      if (!step(world, pending, effects)) {
        return { type: 'not possible', step: number, action: before };
      }
      run.record(world, pending, effects);
      noteBroken(branch, world, effects);
    }
    return undefined;
  }
}
