/** A debugger without an editor: a place in a tree of runs, and the ways to move it. */
import type { Action } from '../kernel/action.ts';
import { Effects } from '../kernel/effects.ts';
import type { Pending } from '../kernel/pending.ts';
import { Run } from '../kernel/run.ts';
import { start, step } from '../kernel/step.ts';
import { actionText } from '../kernel/text.ts';
import type { World } from '../kernel/world.ts';
import type { Breakpoint } from './breakpoint.ts';
import type { Code } from './code.ts';
import { Explanations } from './explain.ts';
import { asPending, takenNow } from './handler.ts';
import { oneAction, type Pursuit } from './pursuit.ts';
import type { Script } from './script.ts';
import { type Moment, type Stop, stopOf } from './stop.ts';
import { type Output, Watch } from './watch.ts';

/** A run and where it came from; the first has no parent. */
export interface Branch {
  /** Counted from 0, in the order in which they were made. */
  readonly number: number;
  readonly run: Run;
  readonly parent: Branch | null;
}

export class Session {
  readonly branches: Branch[] = [];
  readonly explanations = new Explanations();
  /** What the last action of a motion brought about. */
  readonly effects = new Effects();
  readonly watch: Watch;
  branch: Branch;
  world: World;
  /** The action whose handler was entered: nothing of it is done yet. */
  entered: Action | Pending | null = null;
  /** Why it stands here. */
  stop: Stop = stopOf('entry', 'the start');
  private pursuit: Pursuit = oneAction;

  constructor(
    readonly script: Script,
    readonly code: Code,
    output: Output = () => undefined,
  ) {
    this.world = start(script.scenario.setup, script.monitors);
    this.branch = { number: 0, run: new Run(this.world), parent: null };
    this.branches.push(this.branch);
    this.watch = new Watch(this.world.plan, code, script, output);
  }

  /** How many actions led here. */
  get step(): number {
    return this.world.step;
  }

  get moment(): Moment {
    return { step: this.world.step, inside: this.entered !== null };
  }

  get isAtEnd(): boolean {
    return this.world.step === this.branch.run.length;
  }

  setBreakpoints(breakpoints: readonly Breakpoint[]): void {
    this.watch.set(breakpoints);
    this.effects.locate = this.watch.needsLines;
  }

  /** What happens next: what was recorded, else what scenario and cluster do by themselves. */
  next(): Action | Pending | undefined {
    if (this.isAtEnd) return this.script.next(this.world);
    return asPending(this.world, this.branch.run.action(this.step + 1));
  }

  // Forwards

  /** Begins a motion; `advance` carries it on. */
  pursue(pursuit: Pursuit): void {
    this.pursuit = pursuit;
    this.watch.prepare(this.world, this.next());
    if (pursuit.short) this.branch.run.remember(this.world);
  }

  /** At most `budget` actions further: the stop that was reached, undefined where there is more. */
  advance(budget: number): Stop | undefined {
    const { pursuit, watch } = this;
    for (let left = budget; left > 0; left--) {
      const action = this.next();
      if (action === undefined) return this.stopAt(stopOf('end', 'the end of the run'));
      if (this.entered === null) {
        const asked = watch.beforeStep(this.world, action);
        if (asked !== undefined) return this.stopAt(asked);
        const entry = watch.before(this.world, action) ?? pursuit.before?.(this, action);
        if (entry !== undefined) {
          this.entered = action;
          return this.stopAt(entry);
        }
      }
      this.perform(action);
      const stop = watch.after(this.world, this.effects) ?? pursuit.after?.(this);
      if (stop !== undefined) return this.stopAt(stop);
    }
    return undefined;
  }

  /** The stop that a motion reaches, however long it takes. */
  run(pursuit: Pursuit): Stop {
    this.pursue(pursuit);
    for (;;) {
      const stop = this.advance(10_000);
      if (stop !== undefined) return stop;
    }
  }

  stopAt(stop: Stop): Stop {
    this.stop = stop;
    return stop;
  }

  private perform(action: Action | Pending): void {
    this.entered = null;
    const { branch, world, effects } = this;
    const taken = this.isAtEnd
      ? branch.run.take(world, action, effects)
      : step(world, action, effects);
    if (!taken) throw new Error(`step ${world.step + 1} is not possible: ${actionText(action)}`);
  }

  // Elsewhere

  /**
   * Takes an action that is possible now instead of the next one. Where the run went on from here,
   * a branch begins, and what was there stays. Undefined where the action is not possible.
   */
  take(choice: Action | Pending): Stop | undefined {
    const action = takenNow(this.world, choice);
    if (!step(this.world.fork(), action)) return undefined;
    const next = this.next();
    if (!this.isAtEnd && next && actionText(next) === actionText(action))
      return this.run(oneAction);
    this.branch.run.remember(this.world);
    this.watch.prepare(this.world, this.next());
    if (!this.isAtEnd) this.beginBranch();
    this.perform(action);
    const met = this.watch.after(this.world, this.effects);
    return this.stopAt(met ?? stopOf('step', actionText(action)));
  }

  /** Goes on from here on a run of its own. */
  private beginBranch(): void {
    const parent = this.branch;
    const run = new Run(this.world, parent.run, this.step);
    this.branch = { number: this.branches.length, run, parent };
    this.branches.push(this.branch);
    this.watch.branched(parent.number, this.branch.number, this.step);
    this.watch.branch = this.branch.number;
  }

  /** Goes to a moment that was recorded, of this branch or another. */
  goto(number: number, branch = this.branch, why = stopOf('goto', 'goto')): Stop {
    if (number < 0 || number > branch.run.length) {
      const problem = `there is no moment ${number}: this run has ${branch.run.length} actions`;
      throw new RangeError(problem);
    }
    this.world = branch.run.at(number);
    this.branch = branch;
    this.watch.branch = branch.number;
    this.entered = null;
    return this.stopAt(why);
  }

  /** Enters the handler of the action that comes next here. */
  enter(why: Stop): Stop {
    this.entered = this.next() ?? null;
    return this.stopAt(why);
  }

  /** Back to the start; what was recorded is kept as branches are. */
  restart(): Stop {
    return this.goto(0, this.branches[0], stopOf('entry', 'the start'));
  }

  // Causes

  /** The steps that led to a step, itself first: who sent the message, down to who began it. */
  chain(number: number): number[] {
    const { run } = this.branch;
    const steps: number[] = [];
    let at = number;
    while (at > 0) {
      steps.push(at);
      const { type } = run.action(at);
      at = type === 'deliver' || type === 'drop' || type === 'duplicate' ? run.cause(at) : -1;
    }
    if (at === 0) steps.push(0);
    return steps;
  }

  isOutstanding(operation: string): boolean {
    return this.world.nodes.some((slot) => slot.operations.some(({ id }) => id === operation));
  }
}
