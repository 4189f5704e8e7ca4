/** A debugger without an editor: a cursor in a tree of runs, and the ways to move it. */
import type { Action } from '../kernel/action.ts';
import type { Effects } from '../kernel/effects.ts';
import { halt } from '../kernel/handler.ts';
import type { Pending } from '../kernel/pending.ts';
import { takenNow } from '../kernel/possible.ts';
import type { NotMoved } from '../kernel/seam/movement.ts';
import { actionText } from '../kernel/text/action-text.ts';
import type { World } from '../kernel/world.ts';
import { faultOf } from '../check/console.ts';
import { endTime } from '../scenario/driver.ts';
import { actsOn } from '../kernel/possible.ts';
import type { ActMoment, Subject } from '../kernel/seam/acts.ts';
import type { Fault } from '../scenario/problem.ts';
import type { Code } from '../code/code.ts';
import type { Breakpoint } from './breakpoints/breakpoint.ts';
import { reportAt, stopAtLine } from './breakpoints/line-stops.ts';
import type { Output } from './breakpoints/output.ts';
import { type InnerHit, listen } from './breakpoints/listen.ts';
import { Watch } from './breakpoints/watch.ts';
import { type Entered, takeEntered, theStart } from './entry.ts';
import { partedAt, type Violated } from './branches/branch.ts';
import type { StaleBranch } from './branches/kept.ts';
import { Inner } from './inner.ts';
import { oneAction, type Pursuit } from './pursuit.ts';
import type { Reading } from './read/reading.ts';
import type { Script } from './script.ts';
import { type Branch, simulated, Simulation } from './simulation.ts';
import { atStart, joined, type Stop, stopFor } from './stop.ts';

/** Where a movement led, or why the session did not move. */
export type Arrival = { readonly type: 'stopped'; readonly stop: Stop } | NotMoved;

export class Session extends Inner implements Reading {
  readonly simulation: Simulation;
  /** Branches that could not be repeated when the code was reloaded, or after a restart. */
  stale: readonly StaleBranch[] = [];
  readonly watch: Watch;
  private pursuit: Pursuit = oneAction;
  /** The line of the entered action to which the motion goes first; undefined for its end. */
  private target: number | undefined;
  /** Whether the motion has yet to go on in the entered action. */
  private isLeaving = false;
  /** The action that the user chose in place of the upcoming one, while it is taken. */
  private chosen: Action | undefined;
  /** The action that `listen` takes, and the first breakpoint that is hit in the middle of it. */
  private heardAction: Action | Pending | undefined;
  private hit: InnerHit | undefined;

  constructor(
    script: Script,
    code: Code,
    private readonly output: Output = () => undefined,
    capabilities = simulated,
  ) {
    super(script, code);
    this.simulation = new Simulation(script, capabilities, (parent, branch, step) => {
      this.watch.branched(parent.number, branch.number, step);
    });
    this.watch = new Watch(this.world.plan, code, script, output);
  }

  get branch(): Branch {
    return this.simulation.branch;
  }

  get branches(): readonly Branch[] {
    return this.simulation.branches;
  }

  /** What the last action of a motion did. */
  get effects(): Effects {
    return this.simulation.applied;
  }

  setBreakpoints(breakpoints: readonly Breakpoint[]): void {
    this.watch.set(breakpoints);
    // The statements of invariants are part of a trace only if a line of one holds a breakpoint.
    this.enteredTrace = undefined;
  }

  /** The action that was entered or chosen, else what was recorded or happens by itself. */
  next(): Action | Pending | undefined {
    const { place, chosen } = this;
    if (place !== null && place.entered.type !== 'start') return place.entered;
    return chosen ?? this.simulation.upcoming();
  }

  // Forwards

  /** A stop between the boot of the nodes, of whose events `passed` were checked, and the rest. */
  afterBoot(passed: number): Stop | undefined {
    this.leave();
    const next = () => this.next();
    const stop = this.watch.atStart(this.world, this.simulation.booted, passed, next);
    return stop && this.stopAt(stop);
  }

  /** Begins a motion: inside an action first to line `target` or its end. `advance` goes on. */
  pursue(pursuit: Pursuit, target?: number): void {
    this.pursuit = pursuit;
    this.target = target;
    this.isLeaving = this.place !== null;
    this.watch.prepare(this.world, this.next());
    if (pursuit.short) this.simulation.remember();
  }

  /** Takes at most `budget` actions: the stop that was reached, undefined before that. */
  advance(budget: number): Stop | undefined {
    if (this.isLeaving) {
      this.isLeaving = false;
      const stop = this.goOn();
      if (stop !== undefined) return stop;
    }
    for (let left = budget; left > 0; left--) {
      const action = this.next();
      if (action === undefined) return this.stopAt(this.atEnd());
      const stop = this.enterAt(action) ?? this.perform(action);
      if (stop !== undefined) return this.stopAt(stop);
    }
    return undefined;
  }

  private atEnd(): Stop {
    const { script, world } = this;
    const [time, verdicts] = [endTime(script.scenario, world), script.verdicts(world, true)];
    const verdict = verdicts.find(({ type }) => type === 'violated') as Violated | undefined;
    this.branch.judged = verdict === undefined ? null : { step: world.step, verdict };
    return stopFor({ type: 'end', time, verdicts });
  }

  /** The stop that a motion reaches, however long it takes. */
  run(pursuit: Pursuit, target?: number): Stop {
    this.pursue(pursuit, target);
    for (;;) {
      const stop = this.advance(10_000);
      if (stop !== undefined) return stop;
    }
  }

  /** Enters an action if the motion ends there, or a breakpoint of its handler is hit. */
  private enterAt(action: Action | Pending): Stop | undefined {
    if (this.place !== null) return undefined;
    const entry = this.watch.before(this.world, action) ?? this.pursuit.before?.(this, action);
    if (entry === undefined) return undefined;
    this.goInside(action);
    return this.withReport(entry);
  }

  /** Takes an action; a stop in the middle of it, or after it. */
  private perform(action: Action | Pending): Stop | undefined {
    const { simulation, watch, enteredTrace: walked } = this;
    // The breakpoints of an action that was entered were checked line by line.
    const listens = watch.listens && this.place === null;
    let passed = walked?.reported ?? 0;
    this.place = null;
    this.enteredTrace = undefined;
    const branchBegins = simulation.isBranchEmpty;
    if (listens) {
      const before = this.step;
      const heard = this.listen(action);
      const { hit } = this;
      const stop = hit && this.stopInside(hit, before);
      if (stop !== undefined) return stop;
      // The code that reported the event has no known lines, so the action is taken as a whole.
      if (hit !== undefined) simulation.next(this.next());
      passed = hit?.type === 'event' ? hit.index : heard;
    } else simulation.next(action);
    const { world, applied } = simulation;
    if (walked?.effects.failure && !applied.failure) this.output({ type: 'too deep' });
    if (branchBegins) this.output({ type: 'branch', number: this.branch.number, step: world.step });
    this.chosen = undefined;
    return watch.after(world, applied, passed, () => this.next()) ?? this.pursuit.after?.(this);
  }

  /**
   * Takes an action, which is recorded unless a breakpoint is hit in the middle of it. Returns what
   * `listen` does. Its functions are not made anew for each action.
   */
  private listen(action: Action | Pending): number {
    const { simulation, watch } = this;
    this.hit = undefined;
    this.heardAction = action;
    const heard = listen(watch, simulation.world, simulation.applied, this.act, this.noteHit);
    watch.isLogging = true;
    return heard;
  }

  private readonly act = () => void this.simulation.next(this.heardAction, this.isUnhit);
  private readonly isUnhit = () => this.hit === undefined;

  private readonly noteHit = (one: InnerHit) => {
    if (this.hit !== undefined) return;
    this.hit = one;
    if (one.type === 'line') throw halt;
    // The rest of the action is taken only to get out of it.
    this.watch.isLogging = false;
  };

  // Inside an action

  /** Enters the action that comes next, before its first statement. */
  enter(why: Stop): Stop {
    const next = this.next();
    if (next === undefined) this.leave();
    else this.goInside(next);
    return this.stopAt(why);
  }

  /** Enters the boot of the nodes; the cursor must be at step 0. */
  enterStart(why: Stop): Stop {
    this.goInside(theStart);
    return this.stopAt(why);
  }

  /** Leaves the action that was entered; nothing of it was done. */
  leave(): void {
    const { place, simulation, watch } = this;
    this.place = null;
    this.enteredTrace = undefined;
    const isUntaken = place === null ? simulation.isBranchEmpty : place.entered.type !== 'start';
    if (!isUntaken || !simulation.isAtEnd) return;
    watch.notTaken(this.length);
    simulation.endEmptyBranch();
    watch.branch = this.branch.number;
  }

  /** Goes to a line of the action after `step`; of the boot of the nodes if `step` is −1. */
  goBefore(step: number, line: number | undefined, why: Stop): Stop {
    this.jump(Math.max(0, step));
    const entered = step < 0 ? theStart : this.next();
    if (entered !== undefined) this.goInside(entered, why);
    return line === undefined ? this.stopAt(why) : this.moveTo(line, why);
  }

  /** A stop at the first line of what was entered, which may report an event. */
  private withReport(entry: Stop): Stop {
    const { trace, line, watch } = this;
    if (!watch.hasEvents || trace === undefined || line < 0) return entry;
    return joined(entry, reportAt(watch, trace, line));
  }

  /**
   * A stop before the statement of a breakpoint that was hit in the middle of the action after
   * `step` others: `entered`, the chosen one or the upcoming one. The world was left there, so the
   * one before the action is restored. Undefined if the statement is not found.
   */
  stopInside(hit: InnerHit, step: number, entered?: Entered): Stop | undefined {
    const { simulation, watch } = this;
    simulation.jump(step);
    this.goInside(entered ?? this.next()!, hit.stop);
    const { trace } = this;
    const line =
      hit.type === 'line' ? trace?.find(hit.site, hit.occurrence) : trace?.reporting(hit);
    if (trace === undefined || line === undefined) {
      if (hit.type === 'line') return hit.stop;
      this.place = null;
      return undefined;
    }
    this.place = { ...this.place!, loggedTo: line };
    const report = reportAt(watch, trace, line);
    return this.moveTo(line, hit.type === 'line' ? joined(hit.stop, report) : (report ?? hit.stop));
  }

  /** Continues in the entered action, to the target of the motion or to its end. */
  private goOn(): Stop | undefined {
    const { place, trace, target } = this;
    const stop = this.continueTo(target, stepped);
    if (stop !== undefined || place?.entered.type !== 'start') return stop;
    const after = this.afterBoot(trace?.reported ?? 0);
    // A step also ends between the boot of the nodes and the first action.
    return after ?? (this.pursuit === oneAction ? this.stopAt(atStart) : undefined);
  }

  /**
   * Continues in the entered action: to line `target`, or to its end if that is undefined. Stops
   * before that at a line whose breakpoint is hit or that reports an event. Returns undefined at
   * the end: then the action must be taken.
   */
  private continueTo(target: number | undefined, why: Stop): Stop | undefined {
    const { trace, watch, place } = this;
    if (trace === undefined || place === null) return undefined;
    const before = place.entered.type === 'start' ? -1 : this.step;
    const last = target ?? trace.length - 1;
    for (let line = place.line + 1; line <= last; line++) {
      watch.isLogging = line > place.loggedTo;
      const stop = stopAtLine(watch, trace, line, before);
      watch.isLogging = true;
      if (line === target) this.place = { ...place, isPassing: false };
      if (stop !== undefined || line === target) return this.moveTo(line, stop ?? why);
    }
    return undefined;
  }

  /** Takes the rest of the action that was entered as a whole: no breakpoint is hit in it. */
  finish(): void {
    const { place, simulation } = this;
    if (place === null) return;
    if (place.entered.type === 'start') return this.leave();
    this.place = null;
    this.enteredTrace = undefined;
    simulation.next(place.entered);
  }

  /** The world after the action that was entered; the present one between actions. */
  get ahead(): World {
    const { place, world } = this;
    if (place === null || place.entered.type === 'start') return world;
    const fork = world.fork();
    takeEntered(fork, place.entered, null);
    return fork;
  }

  actsOn(subject: Subject): readonly ActMoment[] {
    return actsOn(this.world, subject);
  }

  faultIn(command: string): Fault | undefined {
    return faultOf(this.script.command(this.ahead, command), command);
  }

  // Elsewhere

  /**
   * Takes an action that is possible now; an entered action is finished first. The one that comes
   * next by itself happens when it is due. Before any other a branch begins, unless the run ends
   * here; what was recorded stays.
   */
  take(choice: Action | Pending): Arrival {
    const { simulation, entered, ahead } = this;
    const action = takenNow(ahead, choice);
    const text = actionText(action);
    const why = stopFor({ type: 'taken', action: text });
    const pursuit: Pursuit = { short: true, after: () => why };
    const isEntered = entered && entered.type !== 'start' && actionText(entered) === text;
    if (!isEntered) {
      const obstacle = simulation.obstacleTo(action, ahead);
      if (obstacle) return obstacle;
      this.finish();
      if (!simulation.isUpcoming(action)) {
        const { branch, isAtEnd } = simulation;
        if (isAtEnd && branch.chosen === 0) branch.chosen = this.step + 1;
        simulation.beginBranch();
        this.chosen = action;
      }
    }
    try {
      return { type: 'stopped', stop: this.run(pursuit) };
    } finally {
      this.chosen = undefined;
    }
  }

  /** Goes to a recorded moment, of this branch or another. */
  goto(step: number, branch?: Branch, why = stopFor({ type: 'goto', step })): Arrival {
    const obstacle = this.simulation.obstacleToGoto(step, branch);
    if (obstacle) return obstacle;
    this.jump(step, branch);
    return { type: 'stopped', stop: this.stopAt(why) };
  }

  /** Why this branch cannot be left; undefined if it can. */
  obstacleToLeaving(): NotMoved | undefined {
    const { parent } = this.branch;
    return parent === null
      ? { type: 'no branch' }
      : this.simulation.obstacleToGoto(partedAt(this.branch), parent);
  }

  /** Goes back to the step at which this branch parted from its run. */
  leaveBranch(): Arrival {
    const { number, parent } = this.branch;
    if (parent === null) return { type: 'no branch' };
    return this.goto(partedAt(this.branch), parent, stopFor({ type: 'branch left', number }));
  }

  /**
   * Goes back to a whole action of the branch: the last one, if the world was left in the middle of
   * another, or one that a search found.
   */
  restore(step = Math.min(this.step, this.length), why = this.stop, branch?: Branch): Stop {
    this.jump(step, branch);
    return this.stopAt(why);
  }

  private jump(step: number, branch?: Branch): void {
    this.leave();
    // Leaving may have removed the branch, if nothing else was recorded on it.
    const isKept = branch !== undefined && this.branches.includes(branch);
    this.simulation.jump(step, isKept ? branch : this.branch);
    this.watch.branch = this.branch.number;
  }
}

const stepped = stopFor({ type: 'step' });
