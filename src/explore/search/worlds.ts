/**
 * Visits every state of a problem, each as a world: it applies to all protocols and all faults.
 * Breadth-first finds a shortest run to a violation; depth-first keeps fewer worlds at a time.
 */
import type { Action } from '../../kernel/action.ts';
import type { World } from '../../kernel/world.ts';
import type { FaultBudget, SearchProgress } from '../budgets.ts';
import { clockReader } from '../clock-reader.ts';
import { Fingerprints } from '../fingerprint/fingerprint.ts';
import { symmetryOf } from '../symmetry/alike.ts';
import { SymmetricNames, ToldApart } from '../symmetry/symmetric.ts';
import { type Choice, choicesAt } from '../choices.ts';
import type { Exploration, Extent, NoReduction, Symmetry, Unknown } from '../verdict.ts';
import { type BeyondLimit, concluded, Judge } from './judge.ts';
import { outOfMemory, outOfStates, outOfTime, Patience } from './patience.ts';
import { type Break, brokenIn, type Problem } from './problem.ts';
import { type Forgotten, nothingForgotten } from './reduction/footprint.ts';
import { BeginAgain } from './reduction/footprints.ts';
import { type Learned, nothingLearned } from './reduction/reads.ts';
import { Reducer, type Taken } from './reduction/reducer.ts';
import { ShortestRuns } from './shortest-runs.ts';
import { noSleepers } from './reduction/sleep-sets.ts';
import { whyAllTaken } from './reduction/why-none.ts';
import { type Successor, Successors } from './successors.ts';
import { StateTable, tooMany } from './table.ts';

export type Order = 'bfs' | 'dfs';

interface Visit {
  readonly world: World;
  readonly left: FaultBudget;
  readonly state: number;
  readonly depth: number;
  /** Depth-first with a limit: how it was reached. The table knows only the first run to it. */
  readonly trail?: Trail | undefined;
}

interface Trail {
  readonly actions: readonly Action[];
  readonly before: Trail | undefined;
}

/** What a world on the frontier takes, roughly: it shares most of its nodes with others. */
const worldBytes = 2_000;
/**
 * So many outcomes are taken within one limit of time. States are not counted: one may have
 * thousands of outcomes, because a step may draw in so many ways.
 */
const outcomesInTime = 128;
/** The meter is called after so many states, or outcomes. */
const meterEvery = 64;
const meterEveryOutcomes = 1_024;

/** `forgotten` is for tests only. */
export function exploreWorlds(
  problem: Problem,
  order: Order,
  forgotten: Forgotten = nothingForgotten,
): Exploration {
  const search = exploringWorlds(problem, order, forgotten);
  for (;;) {
    const next = search.next();
    if (next.done) return next.value;
  }
}

/** The same in slices, for hosts that do other work in the same thread. */
export function* exploringWorlds(
  problem: Problem,
  order: Order,
  forgotten: Forgotten = nothingForgotten,
): Generator<SearchProgress, Exploration> {
  const learned = nothingLearned();
  let symmetry = symmetryOf(problem);
  let none = whyAllTaken(problem, order, symmetry);
  for (;;) {
    try {
      const how = { symmetry, none, learned, forgotten };
      return yield* new WorldSearch(problem, order, how).running();
    } catch (error) {
      if (error instanceof ToldApart) {
        symmetry = { none: error.why };
        none = whyAllTaken(problem, order, symmetry);
      } else if (error instanceof BeginAgain) {
        none = error.why;
      } else {
        throw error;
      }
    }
  }
}

/** What a search does with states and choices that are alike. */
interface How {
  readonly symmetry: Symmetry | undefined;
  /** Why it takes all choices; undefined if it does not. */
  readonly none: NoReduction | undefined;
  readonly learned: Learned;
  readonly forgotten: Forgotten;
}

class WorldSearch {
  private readonly table: StateTable;
  private readonly fingerprints: Fingerprints | SymmetricNames;
  private readonly symmetric: SymmetricNames | undefined;
  private readonly successors: Successors;
  private readonly judge: Judge;
  /** Leaves out choices that commute with others; undefined if all are taken. */
  private readonly reducer: Reducer | undefined;
  /** Depth-first with a limit of the depth. */
  private readonly shortest: ShortestRuns | undefined;
  private frontier: Visit[] = [];
  private next: Visit[] = [];
  private transitions = 0;
  private depth = 0;
  private expanded = 0;
  /** How many transitions there were when the meter was called last, and outcomes in this slice. */
  private metered = 0;
  private inSlice = 0;
  private readonly patience: Patience;

  constructor(
    private readonly problem: Problem,
    private readonly order: Order,
    private readonly how: How,
  ) {
    const { symmetry, none, learned, forgotten } = how;
    this.table = new StateTable(problem.limits.states);
    if (symmetry !== undefined && 'alike' in symmetry) {
      this.symmetric = new SymmetricNames(problem, symmetry.alike);
    }
    const fingerprints = new Fingerprints(problem.setting);
    this.fingerprints = this.symmetric ?? fingerprints;
    if (none === undefined) {
      this.reducer = new Reducer(problem, order, learned, fingerprints, forgotten);
    }
    this.successors = new Successors(problem.setting);
    this.judge = new Judge(problem);
    this.patience = new Patience(problem.meter, () => this.progress);
    if (order === 'dfs' && problem.limits.depth < Infinity) this.shortest = new ShortestRuns();
  }

  *running(): Generator<SearchProgress, Exploration> {
    const { world, effects, setting } = this.problem;
    const left = setting.faults;
    this.table.add(this.fingerprints.of(world, left), -1, 0);
    if (effects !== undefined) {
      this.successors.noticed.clock = clockReader(world, null, effects) ?? null;
    }
    const broken = effects && brokenIn(this.problem, world, null, effects);
    const first: Visit = { world, left, state: 0, depth: 0 };
    if (broken !== undefined) return this.violated(broken, first);
    const atStart = this.judgeState(first);
    if (atStart !== undefined) return atStart;
    this.frontier.push(first);
    const { inTime = (act) => act() } = setting;
    const { reducer } = this;
    const slices = this.expandingAll();
    const some = () => slices.next();
    for (;;) {
      const slice = inTime(() => (reducer === undefined ? some() : reducer.during(some)));
      if (!slice.done) yield this.progress;
      else if (slice.value === undefined) break;
      else return slice.value;
    }
    if (this.judge.doubt !== undefined) return this.unknown(this.judge.doubt);
    return concluded(this.extent());
  }

  private get progress(): SearchProgress {
    const { transitions, depth, table: { size: states } } = this;
    return { states, transitions, depth };
  }

  /** Yields after some outcomes: a limit on the time of each would cost more than they do. */
  private *expandingAll(): Generator<void, Exploration | undefined> {
    for (let visit = this.pop(); visit !== undefined; visit = this.pop()) {
      const stopped = this.stopped();
      if (stopped !== undefined) return stopped;
      const ended = yield* this.expanding(visit);
      if (ended !== undefined) return ended;
      // A state without outcomes was looked at, too.
      if (this.endsSlice()) yield;
    }
    return undefined;
  }

  private endsSlice(): boolean {
    if (++this.inSlice < outcomesInTime) return false;
    this.inSlice = 0;
    return true;
  }

  private pop(): Visit | undefined {
    if (this.order === 'dfs') return this.frontier.pop();
    if (this.frontier.length === 0) {
      // Popped from the end, in the order in which they were found.
      this.frontier = this.next.reverse();
      this.next = [];
    }
    return this.frontier.pop();
  }

  private *expanding(visit: Visit): Generator<void, Exploration | undefined> {
    const { world, left, state, depth } = visit;
    // It was reached by a shorter run since.
    if (this.shortest?.isOld(state, depth) === true) return undefined;
    const limit = this.judge.beyond(world, depth);
    if (limit !== undefined) return this.endBeyond(visit, limit);
    this.shortest?.explore(state);
    const { reducer } = this;
    const how = reducer?.enter(world, left, state);
    if (how === 'done') return undefined;
    const isAgain = how === 'again';
    const found: Pick<Successor, 'actions' | 'isFault'>[] = [];
    let number = 0;
    const choices = choicesAt(world, left, this.problem.setting);
    for (let place = 0; place < choices.length; place++) {
      const choice = choices[place];
      const skipped = reducer?.skips(choice) ?? 0;
      if (skipped > 0) {
        if (!isAgain) this.transitions += skipped;
        found.push({ actions: choice.actions, isFault: choice.fault !== undefined });
        continue;
      }
      for (const successor of this.successors.outcomes(world, left, choice, place)) {
        const { actions, isFault } = successor;
        found.push({ actions, isFault });
        if (!isAgain) this.transitions++;
        const ended = this.take(visit, choice, successor, number++) ?? this.stoppedWithin();
        if (ended !== undefined) return ended;
        if (this.endsSlice()) yield;
      }
      reducer?.end();
    }
    const broken = isAgain ? undefined : this.judge.end(world, left, found);
    return broken && this.violated(broken, visit);
  }

  private endBeyond(visit: Visit, limit: BeyondLimit): Exploration | undefined {
    const { world, left, state } = visit;
    if (limit === 'within') this.judge.notInside++;
    const { isCut, broken } = this.judge.endBeyond(world, left);
    if (isCut) this.judge.leaveOut(state, limit, this.shortest);
    return broken && this.violated(broken, visit);
  }

  /** Judges an outcome of a choice, and keeps the state after it. */
  private take(
    visit: Visit,
    choice: Choice,
    successor: Successor,
    number: number,
  ): Exploration | undefined {
    const { reducer, problem: { setting } } = this;
    this.symmetric?.try(visit.world, visit.left, successor);
    const { clock, hasLongDraw } = this.successors.noticed;
    if (clock !== null && setting.time === 'untimed') {
      return this.unknown({ code: 'reads-clock', ...clock });
    }
    // What the seed draws there depends on the run to a state.
    if (hasLongDraw && reducer !== undefined) throw new BeginAgain({ code: 'draws' });
    reducer?.confirm(visit.world, successor);
    const broken = this.judge.brokenBy(successor);
    if (broken !== undefined) return this.violated(broken, visit, { choice, successor });
    const taken = reducer?.took(choice, successor) ?? { number, set: noSleepers };
    return this.enter(successor, visit, taken);
  }

  /** Keeps the successor to be explored, unless its state is known. */
  private enter(
    { world, left, actions }: Successor,
    parent: Visit,
    { number, set }: Taken,
  ): Exploration | undefined {
    const known = this.table.add(this.fingerprints.of(world, left), parent.state, number);
    if (known === tooMany) return this.unknown(outOfStates);
    const depth = parent.depth + 1;
    const state = known < 0 ? -1 - known : known;
    const { shortest } = this;
    const hasWoken = this.reducer?.arrived(state, set) === true;
    const isNearer = shortest?.isShorter(state, depth) === true;
    if (known < 0 && !isNearer && !hasWoken) return undefined;
    const trail = shortest && { actions, before: parent.trail };
    const child: Visit = { world, left, state, depth, trail };
    this.depth = Math.max(this.depth, depth);
    const ended = known < 0 ? undefined : this.judgeState(child);
    if (ended !== undefined) return ended;
    (this.order === 'dfs' ? this.frontier : this.next).push(child);
    return undefined;
  }

  /** What is promised of every state for itself. */
  private judgeState(visit: Visit): Exploration | undefined {
    const judged = this.judge.state(visit.world);
    return judged && this.violated(judged.broken, visit, judged);
  }

  private stopped(): Exploration | undefined {
    if (this.patience.endsBeforeState()) return this.unknown(outOfTime);
    return ++this.expanded % meterEvery === 0 ? this.overLimits() : undefined;
  }

  /** The same after the outcomes of one state, if there are many. */
  private stoppedWithin(): Exploration | undefined {
    if (this.patience.endsAfterOutcome()) return this.unknown(outOfTime);
    return this.transitions - this.metered < meterEveryOutcomes ? undefined : this.overLimits();
  }

  private overLimits(): Exploration | undefined {
    const { limits } = this.problem;
    this.metered = this.transitions;
    const waiting = this.frontier.length + this.next.length;
    const own = (this.shortest?.bytes ?? 0) + (this.reducer?.bytes ?? 0);
    const known = this.table.bytes + this.fingerprints.bytes + own;
    if (known + waiting * worldBytes > limits.bytes) {
      return this.unknown(outOfMemory);
    }
    this.patience.look();
    return undefined;
  }

  private extent(): Extent {
    const { transitions, depth, reducer, how: { symmetry, none }, table: { size: states } } = this;
    const { hasLongDraw } = this.successors.noticed;
    if (this.shortest?.isAnyCut === true) this.judge.cut('depth');
    const extent = this.judge.extent({ states, transitions, depth, hasLongDraw });
    const reduction = none === undefined ? { skipped: reducer!.skipped } : { none };
    return { ...extent, ...(symmetry && { symmetry }), reduction };
  }

  private unknown(why: Unknown): Exploration {
    return { type: 'unknown', why, ...this.extent() };
  }

  private violated(broken: Break, visit: Visit, last: Last = { then: [] }): Exploration {
    const trace = { actions: this.actionsTo(visit, last) };
    return { type: 'violated', ...broken, trace, ...this.extent() };
  }

  private actionsTo({ state, trail }: Visit, last: Last): Action[] {
    const { reducer, shortest, problem } = this;
    const then = 'then' in last ? last.then : last.successor.actions;
    if (shortest !== undefined) return [...trailActions(trail), ...then];
    const path = this.table.pathTo(state);
    if (reducer === undefined) return [...pathActions(problem, path), ...then];
    // A state that is visited again is another world, whose messages have other ordinals.
    if ('then' in last) return [...reducer.actions(path), ...then];
    return reducer.actions([...path, reducer.numberOf(last.choice, last.successor)]);
  }
}

/** What comes after a state that is on the way to a violation. */
type Last =
  | { readonly then: readonly Action[] }
  | { readonly choice: Choice; readonly successor: Successor };

function trailActions(trail: Trail | undefined): Action[] {
  const parts: (readonly Action[])[] = [];
  for (let one = trail; one !== undefined; one = one.before) parts.push(one.actions);
  return parts.reverse().flat();
}

/** The actions of a path, whose choices are named by their numbers. */
export function pathActions({ world, setting }: Problem, path: readonly number[]): Action[] {
  const successors = new Successors(setting);
  const all: Action[] = [];
  let now: { world: World; left: FaultBudget } = { world, left: setting.faults };
  for (const choice of path) {
    let number = 0;
    for (const successor of successors.of(now.world, now.left)) {
      if (number++ !== choice) continue;
      all.push(...successor.actions);
      now = successor;
      break;
    }
  }
  return all;
}
