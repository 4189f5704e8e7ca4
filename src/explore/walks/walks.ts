/** Random walks over a scenario: many runs, each with other choices, until one breaks a promise. */
import type { Action } from '../../kernel/action.ts';
import { Effects } from '../../kernel/effects.ts';
import { start, step } from '../../kernel/step.ts';
import type { World } from '../../kernel/world.ts';
import { memoryOf, nextAction, progressAt } from '../../scenario/driver.ts';
import { isOver, scenarioAction } from '../../scenario/due.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import type { NodeId } from '../../protocol/types.ts';
import type { FaultBudget } from '../budgets.ts';
import { type ClockReader, clockReader } from '../clock-reader.ts';
import type { TimeMode } from '../verdict.ts';
import { judgeEnd } from '../search/ending.ts';
import { copyOf, keepsMessages, type Setting } from '../choices.ts';
import { isMissed, type LeadsTo, underWay } from '../liveness.ts';
import { judgedIn, learnsTime } from '../timeless.ts';
import { type Broken, missing, Promises } from './broken.ts';
import { Candidates } from '../candidates.ts';
import { Dice } from './dice.ts';
import { FaultPlan } from './faults.ts';
import { heldSetup } from './held.ts';
import { type Chooser, chooserOf, type Strategy } from './strategies.ts';

export interface WalkOptions {
  /** One after the other, a run each. Untimed, `random` is in place of `plain`. */
  readonly strategies: readonly Strategy[];
  readonly time: TimeMode;
  readonly faults: FaultBudget;
  /** The nodes that faults happen to; all, if absent. */
  readonly faulty?: readonly NodeId[];
  /** From the end of each run and from one place within it, once faults stop, this is reached. */
  readonly leadsTo?: LeadsTo;
  /** The first and the last seed: a run for each. */
  readonly seeds: readonly [number, number];
  /** No run takes more actions. */
  readonly stepsMost: number;
  /** How many actions the generator takes before it yields. */
  readonly slice: number;
  /**
   * How long a run is expected to get. Without it, as long as the longest so far, so that the run
   * of a seed depends on the seeds before it.
   */
  readonly length?: number;
  /** Sees the world after each step, and its effects. */
  readonly watch?: (world: World, effects: Effects) => void;
  /** There were faults before `from`: what must happen without them is not promised any more. */
  readonly isSpent?: boolean;
  /** Each run begins with a fork of this world, which has the monitors; it is the scenario's. */
  readonly from?: Origin;
}

/** A moment from which walks begin, in place of the scenario's start. */
export interface Origin {
  readonly world: World;
  /** What its monitors watch. */
  readonly promises: Promises;
}

export interface WalkProgress {
  readonly runs: number;
  readonly steps: number;
  /** The actions of the longest run. */
  readonly depth: number;
}

/** A run that broke a promise: `step` takes each action after the start. */
export interface Finding {
  readonly broken: Broken;
  readonly seed: number;
  readonly strategy: Strategy;
  readonly time: TimeMode;
  readonly actions: readonly Action[];
  /** Whether the promise is about the run as a whole, and was judged at its end. */
  readonly isAtEnd: boolean;
  /** It is `leadsTo` of the options that the world at the end of the actions does not reach. */
  readonly isMissing?: true;
  /** It is the run of the seed as `lockstep run` takes it. */
  readonly isPlain?: true;
}

export type WalkResult = WalkProgress & {
  /** The first violation; undefined if no run up to the last seed broke a promise. */
  readonly finding: Finding | undefined;
  /** How many runs were cut off by `stepsMost`. */
  readonly cut: number;
  /** Untimed: the handler that read a clock, which ended the walk. */
  readonly clock?: ClockReader;
  /** Untimed: promises that read the time, so that they were not judged. */
  readonly unjudged?: readonly string[];
};

export const strategiesDefault: readonly Strategy[] = [
  { type: 'plain' },
  { type: 'random' },
  { type: 'pct', depth: 3 },
  { type: 'random' },
  { type: 'delay', delays: 2 },
  { type: 'random' },
  { type: 'pct', depth: 2 },
];

export const stepsMostDefault = 2_000;

/** A run ends after so many choices in a row that were not possible. */
const refusedMost = 100;

/** How long the first run is expected to get; the others as long as the longest so far. */
export const lengthAtFirst = 60;

export function* walks(
  scenario: Scenario,
  options: WalkOptions,
): Generator<WalkProgress, WalkResult> {
  const { seeds: [first, last], slice, time, stepsMost } = options;
  const setting = settingOf(options);
  const strategies = options.strategies.map((one) => inTime(one, time));
  const tally = { runs: 0, steps: 0, depth: 0 };
  let cut = 0;
  let sinceSlice = 0;
  // Who has a world to begin with has chosen what its monitors watch.
  const judged = () => {
    return options.from === undefined ? judgedIn(time, scenario) : { scenario, unjudged: [] };
  };
  let walker = new Walker(judged().scenario, setting, options);
  const result = (finding?: Finding): WalkResult => {
    const { unjudged } = judged();
    return { ...tally, cut, finding, ...(unjudged.length > 0 && { unjudged }) };
  };
  for (let seed = first; seed <= last; seed++) {
    // By the seed itself, so that it does not matter which thread takes it.
    const strategy = strategies[(seed + strategies.length - 1) % strategies.length];
    const length = options.length ?? (tally.depth || lengthAtFirst);
    const probe = new Dice(seed, 'leads to').below(length);
    const faults = new FaultPlan(setting, seed, length);
    const isPlain = strategy.type === 'plain' && faults.isEmpty && options.isSpent !== true;
    walker.begin(seed, {
      chooser: chooserOf(strategy, seed, length), faults, length, probe, isPlain,
    });
    let more = walker.broken === undefined && !walker.isRefused();
    while (more && walker.actions.length < stepsMost) {
      more = walker.next();
      if (++sinceSlice < slice) continue;
      sinceSlice = 0;
      yield { ...tally, steps: tally.steps + walker.actions.length };
    }
    const isCut = more && !walker.endsHere();
    // A run that ends after so many actions was not cut off.
    if (isCut) cut++;
    if (walker.isRefused()) return { ...result(), clock: walker.clock! };
    const broken = walker.broken ?? walker.judge();
    if (broken !== undefined && readsTimeIn(walker, broken, scenario, seed, options)) {
      // The same run again, without the promise.
      walker = new Walker(judged().scenario, setting, options);
      if (isCut) cut--;
      seed--;
      continue;
    }
    tally.runs++;
    tally.steps += walker.actions.length;
    tally.depth = Math.max(tally.depth, walker.actions.length);
    if (broken === undefined) continue;
    const { actions, isMissing } = walker;
    const isAtEnd = walker.broken === undefined || isMissing;
    const found = { broken, seed, strategy, time, actions, isAtEnd };
    const marks = { ...(isMissing && { isMissing }), ...(isPlain && { isPlain }) };
    return result({ ...found, ...marks });
  }
  return result();
}

function readsTimeIn(
  { actions }: Walker,
  { subject }: Broken,
  scenario: Scenario,
  seed: number,
  { time, from }: WalkOptions,
): boolean {
  if (time === 'timed' || from !== undefined) return false;
  return learnsTime(scenario, setupOf(scenario, seed, time), actions, subject);
}

function settingOf({ time, faults, faulty }: Omit<WalkOptions, 'slice'>): Setting {
  return { time, faults, ...(faulty && { faulty }) };
}

/**
 * Untimed, no time is drawn by which the simulator could choose, and timers would go first for
 * ever.
 */
function inTime(strategy: Strategy, time: TimeMode): Strategy {
  return time === 'untimed' && strategy.type === 'plain' ? { type: 'random' } : strategy;
}

/** The same to the end, for callers without a clock. */
export function walk(scenario: Scenario, options: Omit<WalkOptions, 'slice'>): WalkResult {
  const all = walks(scenario, { ...options, slice: Infinity });
  for (;;) {
    const slice = all.next();
    if (slice.done) return slice.value;
  }
}

/** What is settled before a run begins. */
interface RunPlan {
  readonly chooser: Chooser;
  readonly faults: FaultPlan;
  /** How long it may be expected to get. */
  readonly length: number;
  /** After so many actions, it is tried what the world leads to. */
  readonly probe: number;
  /**
   * It is the run of the seed, as `lockstep run` takes it: then its steps and what must happen are
   * promises, too.
   */
  readonly isPlain: boolean;
}

/** Takes the runs, one after the other. */
class Walker {
  actions: Action[] = [];
  broken: Broken | undefined;
  /** The first handler that read a clock, in any of the runs. */
  clock: ClockReader | undefined;
  /** Whether the run broke `leadsTo`. */
  isMissing = false;
  private readonly time: TimeMode;
  private readonly from: Origin | undefined;
  private readonly leadsTo: LeadsTo | undefined;
  private readonly watch: WalkOptions['watch'];
  private readonly promises: Promises;
  private readonly candidates: Candidates;
  private readonly effects = new Effects();
  private world!: World;
  private chooser!: Chooser;
  private faults!: FaultPlan;
  /** Whether the run went to its end, and the scenario as well. */
  private isComplete = false;
  private refused = 0;
  private probe = 0;
  private length = 0;
  private isPlain = false;
  /** Taken next: a copy of its message stays in flight. */
  private delivery: Action | undefined;

  constructor(
    private readonly scenario: Scenario,
    setting: Setting,
    { from, leadsTo, watch }: Pick<WalkOptions, 'from' | 'leadsTo' | 'watch'>,
  ) {
    this.from = from;
    this.leadsTo = leadsTo;
    this.watch = watch;
    this.time = setting.time;
    this.promises = from?.promises ?? new Promises(scenario);
    this.candidates = new Candidates({
      time: setting.time, lateTimers: false, keepsMessages: keepsMessages(setting),
    });
  }

  begin(seed: number, { chooser, faults, length, probe, isPlain }: RunPlan): void {
    this.broken = undefined;
    if (this.from === undefined) this.boot(seed);
    else {
      this.world = this.from.world.fork();
      if (this.time === 'timed') this.world.plan = this.world.plan.withTimes(seed);
    }
    this.actions = [];
    this.isComplete = false;
    this.refused = 0;
    this.delivery = undefined;
    this.probe = probe;
    this.length = length;
    this.isPlain = isPlain;
    this.isMissing = false;
    this.chooser = chooser;
    this.faults = faults;
  }

  private boot(seed: number): void {
    const setup = setupOf(this.scenario, seed, this.time);
    this.world = start(setup, this.promises.monitors, this.effects);
    this.watch?.(this.world, this.effects);
    this.broken = this.promises.after(this.world, null, this.effects);
    this.clock ??= clockReader(this.world, null, this.effects);
  }

  /** Takes one action; false if the run has ended. */
  next(): boolean {
    const { world, effects, actions } = this;
    const { delivery } = this;
    this.delivery = undefined;
    const action = delivery ?? this.faults.next(world, actions.length) ?? this.choice();
    if (action === undefined) return false;
    // A command may name what a fault has just ended.
    if (!step(world, action, effects)) return ++this.refused < refusedMost;
    this.refused = 0;
    this.watch?.(world, effects);
    actions.push({ ...action, at: world.time });
    this.clock ??= clockReader(world, action, effects);
    this.broken = this.promises.after(world, action, effects) ??
      (this.isPlain ? this.promises.failedStep(effects) : undefined) ??
      (actions.length === this.probe ? this.leadsNowhere() : undefined);
    return this.broken === undefined && !this.isRefused();
  }

  /** Whether the run has ended, so that nothing is left to be chosen. */
  endsHere(): boolean {
    if (this.delivery !== undefined) return false;
    return (this.faults.next(this.world, this.actions.length) ?? this.choice()) === undefined;
  }

  private leadsNowhere(): Broken | undefined {
    const { leadsTo, world, scenario } = this;
    if (leadsTo === undefined) return undefined;
    if (!isMissed(world, scenario.setup.network, leadsTo)) return undefined;
    this.isMissing = true;
    return missing(leadsTo);
  }

  /** Whether the protocol reads a clock, and this walk has none. */
  isRefused(): boolean {
    return this.time === 'untimed' && this.clock !== undefined;
  }

  /** What the end of the run broke. */
  judge(): Broken | undefined {
    const { world, isComplete, isPlain, scenario } = this;
    const broken = this.promises.atEnd(world, isComplete) ?? this.leadsNowhere();
    if (broken !== undefined || !isPlain || !isComplete) return broken;
    const judged = judgeEnd(scenario, world, { time: 'timed', isSpent: false })?.broken;
    // No option of the command is judged there.
    return judged as Broken | undefined;
  }

  private choice(): Action | undefined {
    const { scenario, world, candidates } = this;
    if (isOver(scenario, world)) return undefined;
    const due = scenarioAction(scenario, world, this.time === 'timed');
    const isAfterSteps = memoryOf(scenario, world).index === scenario.steps.length;
    if (isAfterSteps && due === undefined && this.hasEnded()) {
      this.isComplete = this.time === 'timed' || underWay(world) === 0;
      return undefined;
    }
    candidates.gather(world, due);
    if (candidates.count === 0) {
      // The last waits may end by time alone.
      this.isComplete = isComplete(scenario, world, this.time);
      return undefined;
    }
    const at = this.chooser.choose(world, candidates);
    const action = candidates.action(world, at, this.chooser.timing());
    if (!candidates.stays(at)) return action;
    this.delivery = action;
    return copyOf(action);
  }

  /**
   * Untimed, a run whose steps are done ends when nothing is under way. If only timers are set, it
   * ends once it is as long as expected: some protocols set them for ever.
   */
  private hasEnded(): boolean {
    const { scenario, world } = this;
    if (this.time === 'timed') return nextAction(scenario, world) === undefined;
    if (world.queue.items.some(({ type }) => type !== 'fire')) return false;
    if (world.nodes.some(({ operations, held }) => operations.length + held.length > 0)) {
      return false;
    }
    return this.actions.length >= this.length || underWay(world) === 0;
  }
}

/** Whether a run that ends here went to its end, and its scenario as well. */
export function isComplete(scenario: Scenario, world: World, time: TimeMode): boolean {
  if (isOver(scenario, world)) return false;
  const { index } = progressAt(scenario, world, time === 'timed');
  if (index < scenario.steps.length) return false;
  if (scenarioAction(scenario, world, time === 'timed') !== undefined) return false;
  return time === 'timed' ? nextAction(scenario, world) === undefined : underWay(world) === 0;
}

/** What the runs of a seed begin with. Untimed, only a choice delivers a message. */
export function setupOf(scenario: Scenario, seed: number, time: TimeMode): Scenario['setup'] {
  const setup = { ...scenario.setup, seed };
  return time === 'timed' ? setup : heldSetup(setup);
}
