/**
 * Leaves out choices that commute with others that were taken: *sleep sets* with states that are
 * known again (Godefroid, Partial-Order Methods for the Verification of Concurrent Systems,
 * chapter 5). Every state is visited all the same, so whatever is judged of states is judged.
 *
 * A choice that was taken from a state sleeps in the states that follow by later choices which
 * commute with it: there it would lead to where those choices lead after it. A state that is
 * reached again sleeps only in what sleeps both times; if it was explored, what woke up is taken.
 *
 * Breadth-first, nothing needs to wake up. All orders of choices that commute have one length.
 * So a state is reached by one of its shortest runs before it is explored, with what that run
 * needs awake: by induction, every state is found at its depth, as without sleep.
 */
import type { Action } from '../../../kernel/action.ts';
import type { World } from '../../../kernel/world.ts';
import type { FaultBudget } from '../../budgets.ts';
import { type Choice, choicesAt } from '../../choices.ts';
import type { Fingerprints } from '../../fingerprint/fingerprint.ts';
import { inFlight } from '../judge.ts';
import type { Problem } from '../problem.ts';
import { type Successor, Successors } from '../successors.ts';
import { commute, type Footprint, type Forgotten, nothingForgotten } from './footprint.ts';
import { BeginAgain, Footprints } from './footprints.ts';
import { ChoiceNames } from './names.ts';
import type { Learned } from './reads.ts';
import { noSleepers, type Sleeper, SleepSets } from './sleep-sets.ts';

/** The visit of a state: the first one, or one in which only what woke up is taken. */
interface Visit {
  readonly world: World;
  readonly left: FaultBudget;
  /** Names of what sleeps, or of what woke up, with the choice. */
  readonly asleep: ReadonlyMap<number, Sleeper>;
  readonly woken: ReadonlyMap<number, Sleeper> | undefined;
  /** Numbers of what may sleep in the states that follow. */
  readonly sleepers: number[];
  readonly inFlight: number;
  /** Nothing joins what nodes do. */
  readonly isApart: boolean;
}

/** An outcome of a choice: its number in runs, and the set that sleeps in the state after it. */
export interface Taken {
  readonly number: number;
  readonly set: number;
}

/**
 * After so many states, a search that has left out a smaller part of its choices than this begins
 * again without: names and footprints then cost more than they save, as measured by the bench.
 */
const statesTried = 1_000;
const worthwhile = { bfs: 0.2, dfs: 0.4 };
/** The same if observers remember: views of memories and nodes nearly double the cost of a step. */
const worthwhileWithMemories = 0.5;

/** A state that was not explored. */
const unexplored = -1;

export class Reducer {
  skipped = 0;
  private readonly names = new ChoiceNames();
  private readonly sets = new SleepSets();
  private readonly footprints: Footprints;
  /** By state: the set that sleeps there, and the one that did when it was explored last. */
  private readonly asleep: number[] = [noSleepers];
  private readonly explored: number[] = [unexplored];
  private visited = 0;
  private taken = 0;
  private visit: Visit | undefined;
  /** What is known of the choice whose outcomes are taken. */
  private merged: Sleeper | undefined;

  /** `forgotten` is for tests only. */
  constructor(
    private readonly problem: Problem,
    private readonly order: 'bfs' | 'dfs',
    learned: Learned,
    fingerprints: Fingerprints,
    private readonly forgotten: Forgotten = nothingForgotten,
  ) {
    this.footprints = new Footprints(problem, learned, fingerprints, forgotten);
  }

  get bytes(): number {
    const { asleep, sets, footprints: { cells }, names } = this;
    return asleep.length * 16 + sets.bytes + cells.bytes + names.bytes;
  }

  /** Takes steps whose observers are noted. */
  during<Result>(act: () => Result): Result {
    return this.footprints.during(act);
  }

  /** Before an outcome is judged. */
  confirm(world: World, successor: Successor): void {
    this.footprints.confirm(world, successor);
  }

  /** Before the choices of a state. Returns how it is visited. */
  enter(world: World, left: FaultBudget, state: number): 'first' | 'again' | 'done' {
    const { sets } = this;
    if (++this.visited === statesTried) this.reconsider();
    const asleep = this.asleep[state];
    const before = this.explored[state];
    this.explored[state] = asleep;
    const woken = before === unexplored ? undefined : sets.difference(before, asleep);
    if (woken?.length === 0) return 'done';
    this.visit = {
      world, left,
      asleep: this.byName(sets.at(asleep)),
      woken: woken && this.byName(woken),
      sleepers: sets.at(asleep).slice(),
      inFlight: inFlight(world),
      isApart: this.footprints.isApart(world),
    };
    this.footprints.reset();
    return woken === undefined ? 'first' : 'again';
  }

  private reconsider(): void {
    const part = this.skipped / (this.skipped + this.taken);
    const { footprints: { remembers }, order } = this;
    const least = remembers ? worthwhileWithMemories : worthwhile[order];
    if (part < least) throw new BeginAgain({ code: 'few' });
  }

  private byName(numbers: readonly number[]): Map<number, Sleeper> {
    const { sleepers } = this.sets;
    return new Map(numbers.map((number) => [sleepers[number].name, sleepers[number]]));
  }

  /** How many outcomes of a choice are left out: 0 if it is taken. */
  skips(choice: Choice): number {
    const { asleep, woken, world } = this.visit!;
    if (asleep.size === 0 && woken === undefined) return 0;
    const name = this.names.of(world, choice);
    if (woken !== undefined) {
      const one = woken.get(name);
      if (one !== undefined) this.skipped -= one.outcomes;
      return one === undefined ? 1 : 0;
    }
    const one = asleep.get(name);
    if (one === undefined) return 0;
    this.skipped += one.outcomes;
    return one.outcomes;
  }

  /** Notes an outcome. */
  took(choice: Choice, successor: Successor): Taken {
    const visit = this.visit!;
    this.taken++;
    const name = this.merged?.name ?? this.names.of(visit.world, choice);
    const own = this.footprints.of(visit.world, choice, successor);
    this.merged = this.both(this.merged, own, name);
    const number = this.names.ofOutcome(name, drawsOf(successor));
    return { number, set: own.isVisible ? noSleepers : this.setAfter(own) };
  }

  /** A choice touches what any of its outcomes does. */
  private both(one: Sleeper | undefined, own: Footprint, name: number): Sleeper {
    if (one === undefined) {
      const { node, link, fault, reads, uses, changes, adds, isVisible } = own;
      return { name, outcomes: 1, node, link, fault, reads, uses, changes, adds, isVisible };
    }
    const { cells } = this.footprints;
    return {
      ...one,
      reads: one.reads | own.reads,
      uses: cells.union(one.uses, own.uses),
      changes: cells.union(one.changes, own.changes),
      adds: Math.max(one.adds, own.adds),
      isVisible: one.isVisible || own.isVisible,
      outcomes: one.outcomes + 1,
    };
  }

  private setAfter(own: Footprint): number {
    const { sleepers, left, isApart } = this.visit!;
    if (!isApart) return noSleepers;
    const { sets, forgotten, footprints: { cells } } = this;
    return sets.of(sleepers.filter((number) => {
      const one = sets.sleepers[number];
      return this.isWithin(one) && commute(one, own, left, cells, forgotten);
    }));
  }

  /** Whether the state after a choice is explored, so that others can follow it. */
  private isWithin({ adds }: Footprint): boolean {
    if (this.forgotten.has('limits')) return true;
    return this.visit!.inFlight + adds <= this.problem.limits.messages;
  }

  /** All outcomes of a choice were taken. */
  end(): void {
    const { merged: one, visit } = this;
    this.merged = undefined;
    if (one === undefined || one.isVisible || !visit!.isApart || !this.isWithin(one)) return;
    visit!.sleepers.push(this.sets.number(one));
  }

  /** A state was reached. Returns whether it must be visited again, because something woke up. */
  arrived(state: number, set: number): boolean {
    const before = this.asleep[state] as number | undefined;
    if (before === undefined) {
      this.asleep[state] = set;
      this.explored[state] = unexplored;
      return false;
    }
    const both = this.sets.intersection(before, set);
    if (both === before || this.forgotten.has('sleepers')) return false;
    this.asleep[state] = both;
    return this.order === 'dfs' && this.explored[state] !== unexplored;
  }

  /** The number of an outcome in runs. */
  numberOf(choice: Choice, successor: Successor): number {
    const name = this.names.of(this.visit!.world, choice);
    return this.names.ofOutcome(name, drawsOf(successor));
  }

  /** The actions of a run, whose choices are named by their numbers. */
  actions(path: readonly number[]): Action[] {
    const { world, setting } = this.problem;
    const successors = new Successors(setting);
    const all: Action[] = [];
    let now: { world: World; left: FaultBudget } = { world, left: setting.faults };
    for (const number of path) {
      const next = this.named(number, now, successors);
      all.push(...next.actions);
      now = next;
    }
    return all;
  }

  /** The first of equal messages stands for all: they lead to the same state. */
  private named(
    number: number,
    { world, left }: { readonly world: World; readonly left: FaultBudget },
    successors: Successors,
  ): Omit<Successor, 'effects'> {
    for (const choice of choicesAt(world, left, this.problem.setting)) {
      const name = this.names.of(world, choice);
      for (const one of successors.outcomes(world, left, choice)) {
        if (this.names.ofOutcome(name, drawsOf(one)) === number) return one;
      }
    }
    throw new Error(`there is no choice with the name ${number}`);
  }
}

function drawsOf({ turn }: Successor): readonly number[] {
  return typeof turn === 'number' ? [] : turn.slice(1);
}
