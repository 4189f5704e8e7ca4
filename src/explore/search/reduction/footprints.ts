/** The footprints of choices, from what their steps did and what observers read of these. */
import { HistoryMonitor } from '../../../check/history/recording.ts';
import { Effects } from '../../../kernel/effects.ts';
import { step } from '../../../kernel/step.ts';
import type { World } from '../../../kernel/world.ts';
import type { Choice } from '../../choices.ts';
import { type Fingerprints, progressOf } from '../../fingerprint/fingerprint.ts';
import { drawsLosses } from '../../fingerprint/parts.ts';
import type { NoReduction } from '../../verdict.ts';
import { inFlight } from '../judge.ts';
import type { Problem } from '../problem.ts';
import type { Successor } from '../successors.ts';
import {
  type Footprint, type Forgotten, nodesMost, nothingForgotten, touchedBy,
} from './footprint.ts';
import { Memories } from './memories.ts';
import { NumberSets } from './number-sets.ts';
import { type Learned, Reads } from './reads.ts';

/** Thrown when something shows that the search must begin again. */
export class BeginAgain extends Error {
  /** `why`: without leaving out choices. */
  constructor(readonly why?: NoReduction) {
    super('the search begins again');
  }
}

export class Footprints {
  /** The sets of cells in footprints. */
  readonly cells = new NumberSets();
  private readonly memories: Memories;
  private readonly reads: Reads;
  private readonly observesEvents: boolean;
  private readonly hasHistory: boolean;

  /** `forgotten` is for tests only. */
  constructor(
    private readonly problem: Problem,
    learned: Learned,
    private readonly fingerprints: Fingerprints,
    private readonly forgotten: Forgotten = nothingForgotten,
  ) {
    const { setting, world } = problem;
    this.memories = new Memories(world, learned.wholeMemories, forgotten);
    this.reads = new Reads(learned.readingSteps, this.memories);
    this.hasHistory = world.monitors.some((one) => one instanceof HistoryMonitor);
    const { expect = [], until } = setting.scenario ?? {};
    this.observesEvents = until?.type === 'event' || expect.some((one) => 'event' in one);
  }

  /** Whether any observer does. */
  get remembers(): boolean {
    return this.memories.isAny;
  }

  /** Takes steps whose observers are noted. */
  during<Result>(act: () => Result): Result {
    return this.reads.during(act);
  }

  /** Forgets what the observers of other steps read. */
  reset(): void {
    this.reads.reset();
  }

  /** The footprint of the outcome that was taken last, in this world. */
  of(world: World, choice: Choice, successor: Successor): Footprint {
    const { effects, world: child } = successor;
    // Its footprint would be too small, and the search would miss states without a sign of it.
    if (!this.reads.isNoting) throw new Error('what observers read in this step was not noted');
    if (this.reads.isNew && !this.forgotten.has('readers of steps')) throw new BeginAgain();
    // What a search goes on after is remembered: of an expectation, an invariant, a derived event.
    if (effects.violations.some(({ monitor }) => monitor !== 'scenario')) {
      throw new BeginAgain({ code: 'broken' });
    }
    if (drawsLosses(child.network)) throw new BeginAgain({ code: 'draws' });
    this.beginWithoutOdd();
    this.memories.compare(world, child);
    this.beginWithoutOdd();
    const touched = touchedBy(world, choice);
    const isVisible = touched === undefined
      ? !this.forgotten.has('network')
      : this.isVisible(world, child, effects);
    const { node = -1, link = -1, fault } = touched ?? {};
    const adds = inFlight(child) - inFlight(world);
    // The node itself is touched anyway. Those from `nodesMost` on have no bits.
    const own = node >= 0 && node < nodesMost ? 1 << node : 0;
    const reads = this.reads.nodes & ~own;
    const uses = this.cells.of(this.memories.used);
    const changes = this.cells.of(this.memories.changed);
    this.reset();
    return { node, link, fault, reads, uses, changes, adds, isVisible };
  }

  /**
   * Called before an outcome is judged: an observer may be confused by a memory in cells, and find
   * what it would not find otherwise. Then its memory is whole from now on; if it is whole already,
   * it is confused by something else, and the search takes all choices.
   */
  confirm(world: World, { actions, effects: { violations } }: Successor): void {
    this.beginWithoutOdd();
    if (violations.length === 0) return;
    const again = new Effects();
    const child = world.fork();
    this.reads.without(() => actions.forEach((action) => step(child, action, again)));
    const really = new Set(again.violations.map(({ monitor }) => monitor));
    for (const monitor of world.monitors) {
      const isFound = violations.some((one) => one.monitor === monitor.name);
      if (!isFound || really.has(monitor.name)) continue;
      if (!this.memories.makeWhole(monitor)) throw new BeginAgain({ code: 'monitors' });
    }
    this.beginWithoutOdd();
  }

  private beginWithoutOdd(): void {
    if (this.reads.isChanged) throw new BeginAgain({ code: 'monitors' });
    if (this.memories.findsOdd()) throw new BeginAgain();
  }

  /** Whether something about the run, and not only about nodes, shows that it was taken. */
  private isVisible(world: World, child: World, effects: Successor['effects']): boolean {
    const { forgotten } = this;
    const { failure, events, invoked, replies } = effects;
    if (this.reads.isAll) return true;
    const isJoined = child.network !== world.network || child.plan !== world.plan;
    if (isJoined && !forgotten.has('network')) return true;
    if (failure !== null && !forgotten.has('failures')) return true;
    if (events.length > 0 && this.observesEvents && !forgotten.has('events')) return true;
    if (this.hasHistory && (invoked !== null || replies.length > 0)) return true;
    const { nodeWithin } = this.problem.targets;
    if (nodeWithin !== undefined && !forgotten.has('limits')) {
      if (!child.nodes.every((one, i) => one === world.nodes[i] || nodeWithin(one))) return true;
    }
    return !this.fingerprints.othersRememberAlike(world, child);
  }

  /** Whether all that joins nodes is messages: nothing is postponed, and no step is waited for. */
  isApart(world: World): boolean {
    const { forgotten } = this;
    if (!forgotten.has('scenario') && !this.isSettled(world)) return false;
    return world.queue.items.every(({ type }) => type !== 'postponed') &&
      world.nodes.every(({ paused, held, fsync }) => {
        const isQuick = fsync.slow === 0 && fsync.stalledUntil === 0 && fsync.writes.length === 0;
        return !paused && held.length === 0 && isQuick;
      });
  }

  /** Whether the scenario only looks on: its steps are done, and no workload is under way. */
  private isSettled(world: World): boolean {
    const { scenario } = this.problem.setting;
    if (scenario === undefined) return true;
    const { index, answers, activities } = progressOf(world)!;
    return index === scenario.steps.length && answers.length === 0 && activities.length === 0;
  }
}
