/** A debugger without an editor: a place in a tree of runs, and the ways to move it. */
import type { Action } from '../kernel/action.ts';
import { Effects } from '../kernel/effects.ts';
import type { Pending } from '../kernel/pending.ts';
import { asPending, Run } from '../kernel/run.ts';
import { boot, start, step } from '../kernel/step.ts';
import { actionText } from '../kernel/text/action-text.ts';
import { halt } from '../kernel/handler.ts';
import type { World } from '../kernel/world.ts';
import type { Breakpoint } from './breakpoints/breakpoint.ts';
import type { Code } from '../code/code.ts';
import { type Entered, enteredHandler, linesOf, theStart } from './entry.ts';
import { type Explained, Explanations } from './explain.ts';
import type { Handler } from '../kernel/next-handler.ts';
import { takenNow } from '../kernel/possible.ts';
import { reportAt, stopAtLine } from './breakpoints/line-stops.ts';
import type { ReplayedMoment, ReplayedTrace } from './replayed-trace.ts';
import type { Cursor, Reading, WalkedStep } from './read/reading.ts';
import type { Capabilities } from '../kernel/seam/movement.ts';
import { oneAction, type Pursuit } from './pursuit.ts';
import type { Script } from './script.ts';
import { joined, type Stop, stopOf } from './stop.ts';
import { type LineHit, type Output, Watch } from './breakpoints/watch.ts';

/** A run and where it came from; the first has no parent. */
export interface Branch {
  /** Counted from 0, in the order in which they were made. */
  readonly number: number;
  readonly run: Run;
  readonly parent: Branch | null;
}

/** Code that tells of its lines needs more room for each call than code that does not. */
const tooDeep = 'Its calls are too deep to be gone through by lines: it was taken whole.';

export class Session implements Reading {
  readonly branches: Branch[] = [];
  readonly explanations = new Explanations();
  /** What the last action of a motion brought about. */
  readonly effects = new Effects();
  readonly watch: Watch;
  branch: Branch;
  world: World;
  /**
   * The action that was entered: the world is still the one before it. Where the start was entered,
   * in which the nodes boot, it is the one after.
   */
  entered: Entered | null = null;
  /** How many statements of what was entered are done: 0 at the first; −1 where it has none. */
  line = 0;
  private enteredLines: ReplayedTrace | undefined;
  private readonly explainedLines = new WeakMap<Explained, ReplayedTrace>();
  /** Why it stands here. */
  stop: Stop = stopOf('entry', 'the start');
  private pursuit: Pursuit = oneAction;
  /** How many events of the entered action were heard of at their lines. */
  private passed = 0;
  /** Up to which of its lines log points have spoken. */
  private heardTo = -1;
  private readonly bootEffects = new Effects();
  /** The step of which `effects` tell. */
  tookLast = -1;

  constructor(
    readonly script: Script,
    readonly code: Code,
    private readonly output: Output = () => undefined,
  ) {
    this.world = start(script.scenario.setup, script.monitors, this.bootEffects);
    this.branch = { number: 0, run: new Run(this.world), parent: null };
    this.branches.push(this.branch);
    this.watch = new Watch(this.world.plan, code, script, output);
  }

  /** How many actions led here. */
  get step(): number {
    return this.world.step;
  }

  get cursor(): Cursor {
    const { entered, line, step: number } = this;
    const type = entered?.type === 'start' ? 'start' : 'action';
    const inside = entered === null ? null : ({ type, line } as const);
    return { branch: this.branch.number, step: number, inside };
  }

  /** How many actions were taken before the one that was entered; −1 for the boot of the nodes. */
  private get before(): number {
    return this.entered?.type === 'start' ? -1 : this.step;
  }

  get isAtEnd(): boolean {
    return this.world.step === this.branch.run.length;
  }

  setBreakpoints(breakpoints: readonly Breakpoint[]): void {
    this.watch.set(breakpoints);
    // The lines of invariants are gone through where a line holds a breakpoint.
    this.enteredLines = undefined;
  }

  /** What happens next: what was recorded, else what scenario and cluster do by themselves. */
  next(): Action | Pending | undefined {
    if (this.isAtEnd) return this.script.next(this.world);
    return asPending(this.world, this.branch.run.action(this.step + 1));
  }

  // Forwards

  /** The first stop that somebody asked for: in the boot of the nodes, or at what came of it. */
  begin(): Stop | undefined {
    let hit: LineHit | undefined;
    this.hearBoot((one) => {
      hit ??= one;
      throw halt;
    });
    return hit === undefined ? this.booted() : this.standAt(-1, hit);
  }

  /** Boots the nodes once more, and tells each line breakpoint that is met. */
  hearBoot(tell: (hit: LineHit) => void): void {
    const { watch } = this;
    if (!watch.hasLines) return;
    const world = this.branches[0].run.at(0).blank();
    const effects = new Effects();
    const act = () => {
      boot(world, effects);
      return true;
    };
    try {
      watch.hear(world, effects, act, tell, -1);
    } catch (error) {
      if (error !== halt) throw error;
    }
  }

  /** A stop between the boot of the nodes and the first action. */
  booted(): Stop | undefined {
    const { passed } = this;
    this.leave();
    const stop = this.atStart(this.world, passed);
    return stop && this.stopAt(stop);
  }

  atStart(world: World, passed = 0): Stop | undefined {
    return this.watch.atStart(world, this.bootEffects, passed);
  }

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
          this.standIn(action);
          return this.stopAt(this.withReport(entry));
        }
      }
      const { passed } = this;
      const hit = this.perform(action);
      if (hit !== undefined) return hit;
      const stop = watch.after(this.world, this.effects, passed) ?? pursuit.after?.(this);
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

  /** Takes an action: a stop where a line breakpoint of its handler was met, else nothing. */
  private perform(action: Action | Pending): Stop | undefined {
    const { branch, world, effects, watch } = this;
    // The lines of a handler that was entered were looked at when it was left.
    const hears = watch.hasLines && this.entered === null;
    const { enteredLines: walked } = this;
    this.leave();
    const before = world.step;
    const act = () =>
      this.isAtEnd ? branch.run.take(world, action, effects) : step(world, action, effects);
    let hit: LineHit | undefined;
    let taken = true;
    if (!hears) taken = act();
    else {
      try {
        taken = watch.hear(world, effects, act, (one) => {
          hit ??= one;
          throw halt;
        });
      } catch (error) {
        if (error !== halt) throw error;
      }
    }
    if (hit !== undefined) return this.standAt(before, hit);
    this.tookLast = world.step;
    if (walked?.effects.failure && !effects.failure) this.output({ text: tooDeep });
    if (!taken) throw new Error(`step ${world.step + 1} is not possible: ${actionText(action)}`);
    return undefined;
  }

  // Inside a handler

  get handler(): Handler | undefined {
    return this.entered === null ? undefined : enteredHandler(this.world, this.entered);
  }

  /** The statements of what was entered; undefined if they are not known. */
  get trace(): ReplayedTrace | undefined {
    const { entered, code, world, watch } = this;
    if (entered === null || !code.variants) return undefined;
    return (this.enteredLines ??= linesOf(code.variants, world, entered, watch.hasLines));
  }

  get inside(): ReplayedMoment | undefined {
    const { trace, line } = this;
    return trace && line >= 0 ? trace.at(line) : undefined;
  }

  /** Between actions again, where nothing of the next one is done. */
  leave(): void {
    this.entered = null;
    this.enteredLines = undefined;
    this.line = 0;
    this.passed = 0;
    this.heardTo = -1;
  }

  /** A stop at the first line of what was entered, which may report an event. */
  private withReport(entry: Stop): Stop {
    const { trace: lines, line, watch } = this;
    if (!watch.hasEvents || lines === undefined || line < 0) return entry;
    return joined(entry, reportAt(watch, lines, line))!;
  }

  private standIn(entered: Entered): void {
    this.entered = entered;
    this.enteredLines = undefined;
    this.line = this.trace?.ownLength === 0 ? -1 : 0;
  }

  /**
   * Before a statement in the action after `number` (−1 for the boot of the nodes), whose line
   * breakpoint was met; or before one that reports an event to stop at earlier in the same action.
   */
  private standAt(number: number, { site, occurrence, stop }: LineHit): Stop {
    const { watch } = this;
    this.standBefore(number, 0, stop);
    const { trace: lines } = this;
    const met = lines?.find(site, occurrence);
    if (lines === undefined || met === undefined) return stop;
    // Log points up to it have spoken.
    this.heardTo = met;
    for (let line = 0; line < met; line++) {
      const report = reportAt(watch, lines, line);
      if (report === undefined) continue;
      this.line = line;
      return this.stopAt(report);
    }
    this.line = met;
    return this.stopAt(joined(stop, reportAt(watch, lines, met))!);
  }

  /** Before a line of the action after `number`; −1 for the boot of the nodes. */
  standBefore(number: number, line: number, stop: Stop): Stop {
    this.goto(Math.max(0, number));
    if (number < 0) this.standIn(theStart);
    else this.enter(stop);
    if (this.line >= 0) this.line = line;
    return this.stopAt(stop);
  }

  /**
   * Goes on in the entered action: up to a line, to its end where there is none, or to where a
   * breakpoint is met or an event reported on the way. Undefined where it came to the end: the
   * action is to be taken then.
   */
  goOn(target: number | undefined, why: Stop): Stop | undefined {
    const { trace: lines, watch } = this;
    if (lines === undefined) return undefined;
    const { before } = this;
    const last = target ?? lines.length - 1;
    for (let line = this.line + 1; line <= last; line++) {
      watch.speaks = line > this.heardTo;
      const stop = stopAtLine(watch, lines, line, before);
      watch.speaks = true;
      if (stop === undefined && line !== target) continue;
      this.line = line;
      return this.stopAt(stop ?? why);
    }
    this.passed = lines.reported;
    return undefined;
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
    const hit = this.perform(action);
    if (hit !== undefined) return hit;
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
    this.leave();
    return this.stopAt(why);
  }

  /** Enters the handler of the action that comes next here. */
  enter(why: Stop): Stop {
    const next = this.next();
    if (next === undefined) this.leave();
    else this.standIn(next);
    return this.stopAt(why);
  }

  /** Back to the start; what was recorded is kept as branches are. */
  restart(): Stop {
    return this.goto(0, this.branches[0], stopOf('entry', 'the start'));
  }

  // Reading

  readonly capabilities: Capabilities = { branches: true, back: 'from a checkpoint' };

  get scenario() {
    return this.script.scenario;
  }

  get length(): number {
    return this.branch.run.length;
  }

  get moment(): World {
    return this.world;
  }

  explain(step: number): Explained {
    return this.explanations.of(this.branch.run, step);
  }

  explainAll(steps: readonly number[]): readonly Explained[] {
    return this.explanations.all(this.branch.run, steps);
  }

  traceOf(step: number): ReplayedTrace | undefined {
    const { code, explainedLines } = this;
    const explained = this.explain(step);
    const { action, handler, before } = explained;
    if (!code.variants || (action && !handler)) return undefined;
    const known = explainedLines.get(explained);
    if (known) return known;
    const lines = linesOf(code.variants, before, action ?? theStart, false);
    explainedLines.set(explained, lines);
    return lines;
  }

  chain(step: number): number[] {
    const { run } = this.branch;
    const steps: number[] = [];
    let at = step;
    while (at > 0) {
      steps.push(at);
      const { type } = run.action(at);
      at = type === 'deliver' || type === 'drop' || type === 'duplicate' ? run.cause(at) : -1;
    }
    if (at === 0) steps.push(0);
    return steps;
  }

  lastActed(node: number, step: number): number {
    const { run } = this.branch;
    const { id } = this.world.plan.cast[node];
    for (let at = step; at > 0; at--) {
      const action = run.action(at);
      if (action.type === 'deliver' ? action.to === id : 'node' in action && action.node === id)
        return at;
    }
    return 0;
  }

  scenarioStep(step: number): number {
    const before = step > this.step ? this.world : this.explain(step).before;
    return this.script.position(before);
  }

  walk(first: number, visit: (step: WalkedStep) => void): void {
    const { run } = this.branch;
    if (first <= 0) {
      const { after, effects } = this.explain(0);
      visit({ step: 0, action: null, effects, moment: after });
    }
    const moment = run.at(Math.max(0, first - 1));
    const effects = new Effects();
    run.replay(moment, this.step, effects, (action) => {
      visit({ step: moment.step, action, effects, moment });
    });
  }

  isOutstanding(operation: string): boolean {
    return this.world.nodes.some((slot) => slot.operations.some(({ id }) => id === operation));
  }
}
