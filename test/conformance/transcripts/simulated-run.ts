// A simulated run that a transcript is replayed in: the world, and virtual time in milliseconds.
import type { Action } from '../../../src/kernel/action.ts';
import { Effects } from '../../../src/kernel/effects.ts';
import type { Pending } from '../../../src/kernel/pending.ts';
import type { Setup } from '../../../src/kernel/plan.ts';
import { start, step } from '../../../src/kernel/step.ts';
import type { World } from '../../../src/kernel/world.ts';

/** An action that the surroundings take now; the run adds the time. */
export type Now = Action extends infer One ? (One extends Action ? Omit<One, 'at'> : never) : never;

export class SimulatedRun {
  readonly world: World;
  /** The virtual time in microseconds: later than the world's, if nothing has happened since. */
  private time = 0;
  private readonly effects = new Effects();

  /** `after` is called after the start and after each action, with what that caused. */
  constructor(
    setup: Setup,
    private readonly after: (effects: Effects, action?: Action | Pending) => void = () => {},
  ) {
    this.world = start(setup, [], this.effects);
    this.after(this.effects);
  }

  get nowMs(): number {
    return this.time / 1000;
  }

  /** Takes an action of the surroundings now: an invocation, a crash, a cut. */
  take(action: Now): void {
    this.apply({ ...action, at: this.time } as Action);
  }

  /**
   * Takes the next action, if it is due by `untilMs`, and returns true. Otherwise time passes until
   * then.
   */
  advance(untilMs: number): boolean {
    const until = untilMs * 1000;
    const next = this.world.next();
    if (next === undefined || next.at > until) {
      this.time = Math.max(this.time, until);
      return false;
    }
    this.apply(next);
    return true;
  }

  private apply(action: Action | Pending): void {
    if (!step(this.world, action, this.effects)) {
      throw new Error(`the action is not possible: ${JSON.stringify(action)}`);
    }
    if (this.effects.failure) throw new Error(this.effects.failure.stack);
    this.time = Math.max(this.time, this.world.time);
    this.after(this.effects, action);
  }
}
