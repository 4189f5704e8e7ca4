/** A simulation as a supplier of moments: a tree of runs, and the world at a step of one. */
import type { Action } from '../kernel/action.ts';
import { LogicalClocks } from '../kernel/causality/logical-clocks.ts';
import { Effects } from '../kernel/effects.ts';
import type { Pending } from '../kernel/pending.ts';
import { takenNow } from '../kernel/possible.ts';
import { asPending, Run } from '../kernel/run.ts';
import type { StepEffects } from '../kernel/seam/moment.ts';
import type { Capabilities, Moved, Movement, NotMoved } from '../kernel/seam/movement.ts';
import { start, step } from '../kernel/step.ts';
import { actionText } from '../kernel/text/action-text.ts';
import type { World } from '../kernel/world.ts';
import { type Branch, descends, newBranch, noteBroken } from './branches/branch.ts';
import { type Explained, Explanations } from './explain.ts';
import type { WalkedStep } from './read/reading.ts';
import { RecordedRun } from './recorded/recorded-branch.ts';
import type { Script } from './script.ts';

export type { Branch } from './branches/branch.ts';

/** Called when a branch begins, before its first action is applied. */
export type Branched = (parent: Branch, branch: Branch, step: number) => void;

const moved: Moved = { type: 'moved' };

/** What a simulation can do: everything. */
export const simulated: Capabilities = { branches: true, back: 'from a checkpoint' };

export class Simulation implements Movement {
  readonly branches: Branch[] = [];
  /** What the boot of the nodes did. */
  readonly booted = new Effects();
  /** What the last action that was applied did. One object, reused from step to step. */
  readonly applied = new Effects();
  private appliedStep = -1;
  private readonly explanations = new Explanations();
  private readonly clocksOfRuns = new WeakMap<Run, LogicalClocks>();
  private readonly recordedRuns = new WeakMap<Branch, RecordedRun>();
  /** The number of the next branch. */
  private nextNumber = 1;
  private current: Branch;
  private present: World;

  constructor(
    private readonly script: Script,
    readonly capabilities: Capabilities = simulated,
    private readonly branched: Branched = () => undefined,
  ) {
    this.present = start(script.scenario.setup, script.monitors, this.booted);
    this.current = newBranch(0, new Run(this.present), null);
    this.branches.push(this.current);
    noteBroken(this.current, this.present, this.booted);
  }

  get branch(): Branch {
    return this.current;
  }

  get world(): World {
    return this.present;
  }

  get moment(): World {
    return this.present;
  }

  get length(): number {
    return this.current.run.length;
  }

  /** Whether `applied` is about the step that led to this moment, and no jump came since. */
  get isApplied(): boolean {
    return this.appliedStep === this.present.step;
  }

  get effects(): StepEffects {
    return this.isApplied ? this.applied : this.explain(this.present.step).effects;
  }

  /** What happens next: what was recorded, else what the scenario and the cluster do next. */
  upcoming(world = this.present): Action | Pending | undefined {
    const { run } = this.current;
    if (world.step >= run.length) return this.script.next(world);
    return asPending(world, run.action(world.step + 1));
  }

  /** Why `action` cannot be taken in `world`, which is on this branch; undefined if it can. */
  obstacleTo(action: Action, world = this.present): NotMoved | undefined {
    if (!step(world.fork(), action)) return { type: 'not possible', action };
    const needsBranch = world.step < this.length && !this.isUpcoming(action, world);
    return needsBranch ? this.lacking('branches') : undefined;
  }

  /** The result of a movement that needs a capability, if it is not there. */
  lacking(capability: keyof Capabilities): NotMoved | undefined {
    const { branches, back } = this.capabilities;
    const isThere = capability === 'branches' ? branches : back !== 'impossible';
    return isThere ? undefined : { type: 'unsupported', capability };
  }

  /** Whether `action` is what comes next, whether it was recorded or happens by itself. */
  isUpcoming(action: Action, world = this.present): boolean {
    const upcoming = this.upcoming(world);
    return upcoming !== undefined && actionText(upcoming) === actionText(action);
  }

  /**
   * Takes the upcoming action, or `action` in its place: see `obstacleTo` and `beginBranch`. At the
   * end of a run it is recorded, unless `isKept` is false after it: the world is then after an
   * action that the run does not have, so that `jump` must follow.
   */
  next(action = this.upcoming(), isKept?: () => boolean): Moved {
    if (action === undefined) return { type: 'no such step', step: this.present.step + 1 };
    return this.apply(action, isKept);
  }

  back(): Moved {
    return this.goto(this.present.step - 1);
  }

  /** On another branch, if one is given. */
  goto(number: number, branch = this.current): Moved {
    const obstacle = this.obstacleToGoto(number, branch);
    if (obstacle) return obstacle;
    this.jump(number, branch);
    return moved;
  }

  /** Why the moment after `number` actions of a branch cannot be reached; undefined if it can. */
  obstacleToGoto(number: number, branch = this.current): NotMoved | undefined {
    const isBack = number < this.present.step || branch !== this.current;
    const lacking = isBack ? this.lacking('back') : undefined;
    if (lacking) return lacking;
    const isThere = number >= 0 && number <= branch.run.length;
    return isThere ? undefined : { type: 'no such step', step: number };
  }

  /** Goes to a step that exists: also to the one before an action that was left in the middle. */
  jump(number: number, branch = this.current): void {
    this.present = branch.run.at(number);
    this.current = branch;
    this.appliedStep = -1;
  }

  take(choice: Action): Moved {
    const action = takenNow(this.present, choice);
    const obstacle = this.obstacleTo(action);
    if (obstacle) return obstacle;
    if (this.isUpcoming(action)) return this.next();
    this.beginBranch();
    return this.apply(action);
  }

  /** Before an action other than the recorded one is applied. Nothing at the end of a run. */
  beginBranch(): void {
    if (!this.isAtEnd) this.begin();
  }

  private begin(): void {
    this.current = this.part(this.present, this.current);
  }

  /** Goes on with a new branch even at the end of a run, as a branch is repeated on other code. */
  enterBranch(number: number, name: string): void {
    this.current = this.part(this.present, this.current, number, name);
  }

  /** Adds a branch that has no actions yet, after `world`, a moment of its parent. */
  part(world: World, parent: Branch, number = this.nextNumber, name = ''): Branch {
    const run = new Run(world, parent.run, world.step);
    const branch = newBranch(number, run, parent, name);
    this.nextNumber = Math.max(this.nextNumber, number + 1);
    this.branches.push(branch);
    this.branched(parent, branch, world.step);
    return branch;
  }

  /** Adds a run that was recorded beside the tree, after a moment of its parent. */
  attach(
    { run, broken, beside }: Branch,
    parent: Branch,
    name: string,
    number = this.nextNumber,
  ): Branch {
    const branch = { ...newBranch(number, run, parent, name), ...(beside && { beside }) };
    this.nextNumber = Math.max(this.nextNumber, number + 1);
    branch.broken = broken;
    this.branches.push(branch);
    this.branched(parent, branch, run.base);
    return branch;
  }

  /** The number that the next branch gets, at least `least` if that is given. */
  reserve(least = 0): number {
    return (this.nextNumber = Math.max(this.nextNumber, least));
  }

  /** Deletes a branch and all that parted from it. The cursor must be on another one. */
  remove(branch: Branch): void {
    if (branch.parent === null || descends(this.current, branch)) {
      throw new Error(`branch ${branch.number} cannot be deleted now`);
    }
    const kept = this.branches.filter((one) => !descends(one, branch));
    this.branches.splice(0, this.branches.length, ...kept);
  }

  /**
   * Records actions as a branch that parts here, even if they are what comes next anyway or the run
   * ends here. Undefined if all are taken; otherwise why one cannot be, and nothing has changed.
   */
  branchOff(actions: readonly Action[]): NotMoved | undefined {
    const lacking = this.lacking('branches');
    if (lacking) return lacking;
    const trial = this.present.fork();
    for (const action of actions) {
      if (!step(trial, asPending(trial, action))) return { type: 'not possible', action };
    }
    this.begin();
    for (const action of actions) this.apply(asPending(this.present, action));
    return undefined;
  }

  /** Whether this is a branch whose first action has not been taken yet. */
  get isBranchEmpty(): boolean {
    const { parent, run } = this.current;
    return parent !== null && run.length === run.base;
  }

  /** Returns from a branch whose first action is not taken after all: it is no longer kept. */
  endEmptyBranch(): void {
    const { current } = this;
    if (!this.isBranchEmpty) return;
    this.branches.splice(this.branches.indexOf(current), 1);
    // It was never shown, so its number is given again.
    if (current.number === this.nextNumber - 1) this.nextNumber--;
    this.current = current.parent!;
  }

  /**
   * Applies an action of another run, and records it if `isSame` finds that its effects are the
   * same. If they differ, the world is after an action that the run does not have: see `jump`.
   */
  follow(
    recorded: Action,
    effects: Effects,
    isSame: () => boolean,
  ): 'recorded' | 'not possible' | 'differs' {
    const { present: world, current } = this;
    const action = asPending(world, recorded);
    if (!step(world, action, effects)) return 'not possible';
    if (!isSame()) return 'differs';
    current.run.record(world, action, effects);
    noteBroken(current, world, effects);
    return 'recorded';
  }

  /** Caches this moment, because a step back to it is likely. */
  remember(): void {
    this.current.run.remember(this.present);
  }

  /** Whether nothing was recorded further than this moment. */
  get isAtEnd(): boolean {
    return this.present.step >= this.current.run.length;
  }

  private apply(action: Action | Pending, isKept?: () => boolean): Moved {
    const { present: world, applied, isAtEnd } = this;
    const taken = step(world, action, applied);
    if (taken && isAtEnd && (isKept === undefined || isKept())) {
      this.current.run.record(world, action, applied);
      noteBroken(this.current, world, applied);
    }
    if (!taken) throw new Error(`step ${world.step + 1} is not possible: ${actionText(action)}`);
    this.appliedStep = world.step;
    return moved;
  }

  /** Another cursor in the same tree of runs, on this branch; no branch may begin from it. */
  beside(number: number): Simulation {
    const other = new Simulation(this.script, { ...this.capabilities, branches: false });
    other.branches.splice(0, 1, ...this.branches);
    other.jump(number, this.current);
    return other;
  }

  // Past steps of the branch

  get clocks(): LogicalClocks {
    return this.clocksOf(this.current.run);
  }

  get recorded(): readonly RecordedRun[] {
    return this.branches.map((branch) => this.recordedOf(branch));
  }

  /** The same of one that may be beside the tree. */
  recordedOf(branch: Branch): RecordedRun {
    const known = this.recordedRuns.get(branch) ?? new RecordedRun(branch, this);
    this.recordedRuns.set(branch, known);
    return known;
  }

  clocksOf(run: Run): LogicalClocks {
    let clocks = this.clocksOfRuns.get(run);
    if (clocks === undefined) {
      clocks = new LogicalClocks(run, run.parent && this.clocksOf(run.parent));
      this.clocksOfRuns.set(run, clocks);
    }
    return clocks;
  }

  explain(number: number, run = this.current.run): Explained {
    return this.explanations.of(run, number);
  }

  explainAll(numbers: readonly number[]): readonly Explained[] {
    return this.explanations.all(this.current.run, numbers);
  }

  /** From a step to its cause, and so on: only messages have causes that lead further back. */
  chain(number: number): number[] {
    const { run } = this.current;
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

  lastActed(node: number, number: number): number {
    const { run } = this.current;
    const { id } = this.present.nodes[node];
    for (let at = number; at > 0; at--) {
      const action = run.action(at);
      if (action.type === 'deliver' ? action.to === id : 'node' in action && action.node === id)
        return at;
    }
    return 0;
  }

  walk(first: number, visit: (step: WalkedStep) => void, last = this.present.step): void {
    const { run } = this.current;
    if (first <= 0) {
      const { after: moment, effects } = this.explain(0);
      visit({ step: 0, action: null, effects, moment });
    }
    const moment = run.at(Math.max(0, first - 1));
    const effects = new Effects();
    run.replay(moment, last, effects, (action) => {
      visit({ step: moment.step, action, effects, moment });
    });
  }
}
