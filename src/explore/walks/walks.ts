/** Random walks over a scenario: many runs, each with other choices, until one breaks a promise. */
import type { Action } from '../../kernel/action.ts';
import { Effects } from '../../kernel/effects.ts';
import { start, step } from '../../kernel/step.ts';
import type { World } from '../../kernel/world.ts';
import { memoryOf, nextAction } from '../../scenario/driver.ts';
import { isOver, scenarioAction } from '../../scenario/due.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import type { FaultBudget } from '../budgets.ts';
import { type ClockReader, clockReader } from '../clock-reader.ts';
import type { TimeMode } from '../verdict.ts';
import { type Broken, Promises } from './broken.ts';
import { Candidates } from './candidates.ts';
import { FaultPlan } from './faults.ts';
import { heldSetup } from './held.ts';
import { type Chooser, chooserOf, type Strategy } from './strategies.ts';

export interface WalkOptions {
  /** One after the other, a run each. Untimed, `random` is in place of `plain`. */
  readonly strategies: readonly Strategy[];
  readonly time: TimeMode;
  readonly faults: FaultBudget;
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
}

export type WalkResult = WalkProgress & {
  /** The first violation; undefined if no run up to the last seed broke a promise. */
  readonly finding: Finding | undefined;
  /** How many runs were cut off by `stepsMost`. */
  readonly cut: number;
  /** Untimed: the handler that read a clock, which ended the walk. */
  readonly clock?: ClockReader;
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
  const { seeds: [first, last], slice, faults, time, stepsMost } = options;
  const strategies = options.strategies.map((one) => inTime(one, time));
  const tally = { runs: 0, steps: 0, depth: 0 };
  let cut = 0;
  let sinceSlice = 0;
  const walker = new Walker(scenario, time, options.from);
  for (let seed = first; seed <= last; seed++) {
    const strategy = strategies[(seed - first) % strategies.length];
    const length = options.length ?? (tally.depth || lengthAtFirst);
    walker.begin(seed, chooserOf(strategy, seed, length), new FaultPlan(faults, seed, length));
    let more = walker.broken === undefined && !walker.isRefused();
    while (more && walker.actions.length < stepsMost) {
      more = walker.next();
      if (++sinceSlice < slice) continue;
      sinceSlice = 0;
      yield { ...tally, steps: tally.steps + walker.actions.length };
    }
    if (more) cut++;
    if (walker.isRefused()) return { ...tally, cut, finding: undefined, clock: walker.clock! };
    const broken = walker.broken ?? walker.judge();
    tally.runs++;
    tally.steps += walker.actions.length;
    tally.depth = Math.max(tally.depth, walker.actions.length);
    if (broken === undefined) continue;
    const { actions } = walker;
    const isAtEnd = walker.broken === undefined;
    return { ...tally, cut, finding: { broken, seed, strategy, time, actions, isAtEnd } };
  }
  return { ...tally, cut, finding: undefined };
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

/** Takes the runs, one after the other. */
class Walker {
  actions: Action[] = [];
  broken: Broken | undefined;
  /** The first handler that read a clock, in any of the runs. */
  clock: ClockReader | undefined;
  private readonly promises: Promises;
  private readonly candidates: Candidates;
  private readonly effects = new Effects();
  private world!: World;
  private chooser!: Chooser;
  private faults!: FaultPlan;
  /** Whether the run went to its end, and the scenario as well. */
  private isComplete = false;
  private refused = 0;

  constructor(
    private readonly scenario: Scenario,
    private readonly time: TimeMode,
    private readonly from?: Origin,
  ) {
    this.promises = from?.promises ?? new Promises(scenario);
    this.candidates = new Candidates(time);
  }

  begin(seed: number, chooser: Chooser, faults: FaultPlan): void {
    this.broken = undefined;
    if (this.from === undefined) this.boot(seed);
    else {
      this.world = this.from.world.fork();
      if (this.time === 'timed') this.world.plan = this.world.plan.withTimes(seed);
    }
    this.actions = [];
    this.isComplete = false;
    this.refused = 0;
    this.chooser = chooser;
    this.faults = faults;
  }

  private boot(seed: number): void {
    const setup = setupOf(this.scenario, seed, this.time);
    this.world = start(setup, this.promises.monitors, this.effects);
    this.broken = this.promises.after(this.world, null, this.effects);
    this.clock ??= clockReader(this.world, null, this.effects);
  }

  /** Takes one action; false if the run has ended. */
  next(): boolean {
    const { world, effects, actions } = this;
    const action = this.faults.next(world, actions.length) ?? this.choice();
    if (action === undefined) return false;
    // A command may name what a fault has just ended.
    if (!step(world, action, effects)) return ++this.refused < refusedMost;
    this.refused = 0;
    actions.push({ ...action, at: world.time });
    this.clock ??= clockReader(world, action, effects);
    this.broken = this.promises.after(world, action, effects);
    return this.broken === undefined && !this.isRefused();
  }

  /** Whether the protocol reads a clock, and this walk has none. */
  isRefused(): boolean {
    return this.time === 'untimed' && this.clock !== undefined;
  }

  /** What the end of the run broke. */
  judge(): Broken | undefined {
    return this.promises.atEnd(this.world, this.isComplete);
  }

  private choice(): Action | undefined {
    const { scenario, world, candidates } = this;
    if (isOver(scenario, world)) return undefined;
    const due = scenarioAction(scenario, world, this.time === 'timed');
    const isAfterSteps = memoryOf(scenario, world).index === scenario.steps.length;
    if (isAfterSteps && due === undefined && this.hasEnded()) {
      this.isComplete = true;
      return undefined;
    }
    candidates.gather(world, due);
    if (candidates.count === 0) return undefined;
    return candidates.action(world, this.chooser.choose(world, candidates));
  }

  /** Untimed, a run whose steps are done ends when nothing is under way; timers may be set. */
  private hasEnded(): boolean {
    const { scenario, world } = this;
    if (this.time === 'timed') return nextAction(scenario, world) === undefined;
    if (world.queue.items.some(({ type }) => type !== 'fire')) return false;
    return world.nodes.every(({ operations, held }) => operations.length + held.length === 0);
  }
}

/** What the runs of a seed begin with. Untimed, only a choice delivers a message. */
export function setupOf(scenario: Scenario, seed: number, time: TimeMode): Scenario['setup'] {
  const setup = { ...scenario.setup, seed };
  return time === 'timed' ? setup : heldSetup(setup);
}
