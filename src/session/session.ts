/** A debugger without an editor: a cursor in a tree of runs, and the ways to move it. */
import type { Action } from '../kernel/action.ts';
import type { Effects } from '../kernel/effects.ts';
import { halt } from '../kernel/handler.ts';
import type { Handler } from '../kernel/next-handler.ts';
import type { Pending } from '../kernel/pending.ts';
import { takenNow } from '../kernel/possible.ts';
import type { Capabilities, NotMoved } from '../kernel/seam/movement.ts';
import { actionText } from '../kernel/text/action-text.ts';
import type { World } from '../kernel/world.ts';
import type { Code } from '../code/code.ts';
import type { Breakpoint } from './breakpoints/breakpoint.ts';
import { reportAt, stopAtLine } from './breakpoints/line-stops.ts';
import { type LineHit, Watch } from './breakpoints/watch.ts';
import type { Output } from './breakpoints/output.ts';
import { type Entered, enteredHandler, theStart, traceOf } from './entry.ts';
import type { Explained } from './explain.ts';
import { oneAction, type Pursuit } from './pursuit.ts';
import type { Cursor, Reading, WalkedStep } from './read/reading.ts';
import type { ReplayedMoment, ReplayedTrace } from './replayed-trace.ts';
import type { Script } from './script.ts';
import { type Branch, simulated, Simulation } from './simulation.ts';
import { atStart, joined, type Stop, stopFor } from './stop.ts';

/** Where the cursor is inside an action. Never changed: replaced as a whole. */
interface Inside {
  /** The world is the one before it; for the start, in which the nodes boot, the one after. */
  readonly entered: Entered;
  /** How many of its statements were executed: 0 at the first; −1 if it has none. */
  readonly line: number;
  /** The line up to which log points have written their messages. */
  readonly loggedTo: number;
  /** How many of its events breakpoints have seen already, at their lines. */
  readonly passed: number;
}

/** Where a movement led, or why the session did not move. */
export type Arrival = { readonly type: 'stopped'; readonly stop: Stop } | NotMoved;

export class Session implements Reading {
  readonly simulation: Simulation;
  readonly watch: Watch;
  private place: Inside | null = null;
  private reason: Stop = atStart;
  private pursuit: Pursuit = oneAction;
  /** The statements of what was entered, once they were needed. */
  private enteredTrace: ReplayedTrace | undefined;
  private readonly pastTraces = new WeakMap<Explained, ReplayedTrace>();

  constructor(
    readonly script: Script,
    readonly code: Code,
    private readonly output: Output = () => undefined,
    capabilities = simulated,
  ) {
    this.simulation = new Simulation(script, capabilities, (parent, branch, step) => {
      this.watch.branched(parent.number, branch.number, step);
    });
    this.watch = new Watch(this.world.plan, code, script, output);
  }

  get world(): World {
    return this.simulation.world;
  }

  get branch(): Branch {
    return this.simulation.branch;
  }

  get branches(): readonly Branch[] {
    return this.simulation.branches;
  }

  /** How many actions led here. */
  get step(): number {
    return this.simulation.world.step;
  }

  /** What the last action of a motion did. */
  get effects(): Effects {
    return this.simulation.applied;
  }

  get stop(): Stop {
    return this.reason;
  }

  /** Sets why the session is where it is. */
  stopAt(stop: Stop): Stop {
    this.reason = stop;
    return stop;
  }

  setBreakpoints(breakpoints: readonly Breakpoint[]): void {
    this.watch.set(breakpoints);
    // The statements of invariants are part of a trace only if a line of one holds a breakpoint.
    this.enteredTrace = undefined;
  }

  /** The action that was entered, else what was recorded, else what happens by itself. */
  next(): Action | Pending | undefined {
    const { place } = this;
    if (place !== null && place.entered.type !== 'start') return place.entered;
    return this.simulation.upcoming();
  }

  // Forwards

  /** A stop between the boot of the nodes and the first action. */
  afterBoot(): Stop | undefined {
    const passed = this.place?.passed ?? 0;
    this.leave();
    const stop = this.watch.atStart(this.world, this.simulation.booted, passed);
    return stop && this.stopAt(stop);
  }

  /** Begins a motion; `advance` carries it on. */
  pursue(pursuit: Pursuit): void {
    this.pursuit = pursuit;
    this.watch.prepare(this.world, this.next());
    if (pursuit.short) this.simulation.remember();
  }

  /** Takes at most `budget` actions: the stop that was reached, undefined before that. */
  advance(budget: number): Stop | undefined {
    const { pursuit, watch, simulation } = this;
    for (let left = budget; left > 0; left--) {
      const action = this.next();
      if (action === undefined) return this.stopAt(stopFor({ type: 'end' }));
      const { world } = simulation;
      if (this.place === null) {
        const begins = watch.beforeStep(world, action);
        if (begins !== undefined) return this.stopAt(begins);
        const entry = watch.before(world, action) ?? pursuit.before?.(this, action);
        if (entry !== undefined) {
          this.goInside(action);
          return this.stopAt(this.withReport(entry));
        }
      }
      const passed = this.place?.passed ?? 0;
      const hit = this.perform(action);
      if (hit !== undefined) return hit;
      const stop = watch.after(world, simulation.applied, passed) ?? pursuit.after?.(this);
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

  /**
   * Takes an action; a stop before the first of its statements whose breakpoint is hit. `chosen` is
   * the same if it is not the upcoming one.
   */
  private perform(action: Action | Pending, chosen?: Action): Stop | undefined {
    const { simulation, watch, enteredTrace: walked } = this;
    // The breakpoints of an action that was entered were checked line by line.
    const listens = watch.hasLines && this.place === null;
    this.leave();
    const before = this.step;
    if (listens) {
      let hit: LineHit | undefined;
      const act = () => simulation.next(action);
      watch.listen(simulation.world, simulation.applied, act, (one) => {
        hit = one;
        throw halt;
      });
      if (hit !== undefined) return this.stopBefore(hit, before, chosen);
    } else simulation.next(action);
    if (walked?.effects.failure && !simulation.applied.failure) this.output({ type: 'too deep' });
    return undefined;
  }

  // Inside an action

  get entered(): Entered | null {
    return this.place?.entered ?? null;
  }

  get handler(): Handler | undefined {
    return this.place === null ? undefined : enteredHandler(this.world, this.place.entered);
  }

  get trace(): ReplayedTrace | undefined {
    const { place, code, world, watch } = this;
    if (place === null || !code.variants) return undefined;
    return (this.enteredTrace ??= traceOf(code.variants, world, place.entered, watch.hasLines));
  }

  /** The line of the cursor; −1 between actions, and if there are no statements. */
  get line(): number {
    return this.place?.line ?? -1;
  }

  get inside(): ReplayedMoment | undefined {
    const { trace, line } = this;
    return trace && line >= 0 ? trace.at(line) : undefined;
  }

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
    this.place = null;
    this.enteredTrace = undefined;
  }

  /** Moves to a line of the entered action. */
  moveTo(line: number, why: Stop): Stop {
    if (this.place !== null) this.place = { ...this.place, line };
    return this.stopAt(why);
  }

  /** Goes to a line of the action after `step`; of the boot of the nodes if `step` is −1. */
  goBefore(step: number, line: number, why: Stop): Stop {
    this.jump(Math.max(0, step));
    if (step < 0) this.enterStart(why);
    else this.enter(why);
    return this.line < 0 ? this.stopAt(why) : this.moveTo(line, why);
  }

  private goInside(entered: Entered): void {
    this.enteredTrace = undefined;
    this.place = { entered, line: 0, loggedTo: -1, passed: 0 };
    if (this.trace?.ownLength === 0) this.place = { ...this.place, line: -1 };
  }

  /** A stop at the first line of what was entered, which may report an event. */
  private withReport(entry: Stop): Stop {
    const { trace, line, watch } = this;
    if (!watch.hasEvents || trace === undefined || line < 0) return entry;
    return joined(entry, reportAt(watch, trace, line));
  }

  /**
   * A stop before the statement whose breakpoint was hit, or before an earlier one of the same
   * action that reports an event to stop at. The world was left in the middle of the action, so
   * the one before it is restored, which is after `step` actions. `entered` is the upcoming action
   * if it is not given.
   */
  stopBefore({ site, occurrence, stop }: LineHit, step: number, entered?: Entered): Stop {
    const { watch } = this;
    this.jump(step);
    this.goInside(entered ?? this.simulation.upcoming()!);
    const { trace } = this;
    const hit = trace?.find(site, occurrence);
    if (trace === undefined || hit === undefined) return this.stopAt(stop);
    this.place = { ...this.place!, loggedTo: hit };
    for (let line = 0; line < hit; line++) {
      const report = reportAt(watch, trace, line);
      if (report !== undefined) return this.moveTo(line, report);
    }
    return this.moveTo(hit, joined(stop, reportAt(watch, trace, hit)));
  }

  /**
   * Continues in the entered action: to line `target`, or to its end if that is undefined. Stops
   * before that at a line whose breakpoint is hit or that reports an event. Returns undefined at
   * the end: then the action must be taken.
   */
  continueTo(target: number | undefined, why: Stop): Stop | undefined {
    const { trace, watch, place } = this;
    if (trace === undefined || place === null) return undefined;
    const before = place.entered.type === 'start' ? -1 : this.step;
    const last = target ?? trace.length - 1;
    for (let line = place.line + 1; line <= last; line++) {
      watch.isLogging = line > place.loggedTo;
      const stop = stopAtLine(watch, trace, line, before);
      watch.isLogging = true;
      if (stop !== undefined || line === target) return this.moveTo(line, stop ?? why);
    }
    this.place = { ...place, passed: trace.reported };
    return undefined;
  }

  // Elsewhere

  /**
   * Takes an action that is possible now instead of the next one. A branch begins unless the run
   * ends here; what was recorded stays.
   */
  take(choice: Action | Pending): Arrival {
    const { simulation, watch } = this;
    const action = takenNow(this.world, choice);
    const obstacle = simulation.obstacleTo(action);
    if (obstacle) return obstacle;
    if (simulation.isRecorded(action)) return { type: 'stopped', stop: this.run(oneAction) };
    simulation.remember();
    watch.prepare(this.world, simulation.upcoming());
    // A choice leaves what was entered instead of continuing in it.
    this.leave();
    simulation.beginBranch();
    const hit = this.perform(action, action) ?? watch.after(this.world, this.effects);
    const stop = hit ?? stopFor({ type: 'taken', action: actionText(action) });
    return { type: 'stopped', stop: this.stopAt(stop) };
  }

  /** Goes to a recorded moment, of this branch or another. */
  goto(step: number, branch = this.branch, why = stopFor({ type: 'goto' })): Arrival {
    const moved = this.simulation.goto(step, branch);
    if (moved.type !== 'moved') return moved;
    this.watch.branch = branch.number;
    this.leave();
    return { type: 'stopped', stop: this.stopAt(why) };
  }

  /**
   * Goes back to a whole action of the branch: the last one, if the world was left in the middle of
   * another, or one that a search found.
   */
  restore(step = Math.min(this.step, this.length), why = this.reason): Stop {
    this.jump(step);
    return this.stopAt(why);
  }

  private jump(step: number): void {
    this.simulation.jump(step);
    this.leave();
  }

  // Reading

  get scenario() {
    return this.script.scenario;
  }

  get cursor(): Cursor {
    const { branch, step, place } = this;
    if (place === null) return { branch: branch.number, step, inside: null };
    const type = place.entered.type === 'start' ? 'start' : 'action';
    return { branch: branch.number, step, inside: { type, line: place.line } };
  }

  get capabilities(): Capabilities {
    return this.simulation.capabilities;
  }

  get length(): number {
    return this.simulation.length;
  }

  get moment(): World {
    return this.simulation.world;
  }

  explain(step: number): Explained {
    return this.simulation.explain(step);
  }

  explainAll(steps: readonly number[]): readonly Explained[] {
    return this.simulation.explainAll(steps);
  }

  traceOf(step: number): ReplayedTrace | undefined {
    const { code, pastTraces } = this;
    const explained = this.explain(step);
    const { action, handler, before } = explained;
    if (!code.variants || (action && !handler)) return undefined;
    const known = pastTraces.get(explained);
    if (known) return known;
    const trace = traceOf(code.variants, before, action ?? theStart, false);
    pastTraces.set(explained, trace);
    return trace;
  }

  chain(step: number): readonly number[] {
    return this.simulation.chain(step);
  }

  lastActed(node: number, step: number): number {
    return this.simulation.lastActed(node, step);
  }

  scenarioStep(step: number): number {
    return this.script.position(step > this.step ? this.world : this.explain(step).before);
  }

  walk(first: number, visit: (step: WalkedStep) => void): void {
    this.simulation.walk(first, visit);
  }
}
