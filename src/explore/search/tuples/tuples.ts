/**
 * Visits every state, each as a tuple of numbers: of the nodes' states, of what
 * observers remember, of the faults left, and of the messages in flight. The kernel runs only for
 * what one node has not done before. It applies while nothing but messages and cuts joins nodes:
 * untimed, without connections, slow disks, histories, or losses that the seed draws.
 */
import type { Exploration, Extent, Unknown } from '../../verdict.ts';
import { type BeyondLimit, concluded, Judge } from '../judge.ts';
import { outOfMemory, outOfStates, outOfTime, Patience } from '../patience.ts';
import type { Problem } from '../problem.ts';
import { ShortestRuns } from '../shortest-runs.ts';
import { StateTable, tooMany } from '../table.ts';
import { controlAt } from './child.ts';
import { Expansion } from './expansion.ts';
import { Frontier } from './frontier.ts';
import { type Result, SliceOver } from './local.ts';
import type { NodeId } from '../../../protocol/types.ts';
import { Replay, type Taken, violatedBy } from './replay.ts';
import type { Learned } from './state-checks.ts';
import { SymmetricTuples } from './symmetric-tuples.ts';

/** Breadth-first finds a shortest run to a violation; depth-first keeps fewer states waiting. */
export type Order = 'bfs' | 'dfs';

/** The meter is called after so many states, or outcomes. */
const meterEvery = 256;
const meterEveryOutcomes = 4_096;
/**
 * So many states, outcomes and runs of handlers are within one limit of time: a state may have
 * thousands of outcomes, because a step may draw in so many ways.
 */
const statesInTime = 64;
const outcomesInTime = 4_096;
const runsInTime = 512;

/** What ended a search: a choice of this state, or the state itself. */
export interface Found {
  readonly state: number;
  readonly choice: number;
  readonly by: 'step' | 'end' | 'reach';
}

export class TupleSearch extends Expansion {
  private readonly table = new StateTable(this.problem.limits.states);
  private frontier = new Frontier();
  private next = new Frontier();
  /** Where on the frontier the next state is. */
  private at = 0;
  private state = 0;
  /** The length of the run to the state that is visited. */
  private level = 0;
  private transitions = 0;
  private expanded = 0;
  private depth = 0;
  private readonly symmetric: SymmetricTuples | undefined;
  /** Depth-first with a limit of the depth. */
  private readonly shortest: ShortestRuns | undefined;
  /** The limit past which the state is that is visited, if it is. */
  private limit: BeyondLimit | undefined;
  /** Whether the run must go on from this state, because something happens without a fault. */
  private goesOn = false;
  private readonly judge = new Judge(this.problem);
  private found: Found | null = null;
  /** Whether the state is visited further in the next slice, from this choice on. */
  private isPart = false;
  private from = 0;
  /** How many outcomes this slice has, and how many transitions there were at the last meter. */
  private inSlice = 0;
  private metered = 0;
  private readonly patience = new Patience(this.problem.meter, () => {
    const { transitions, depth, table: { size: states } } = this;
    return { states, transitions, depth };
  });
  /** There is a state more than the limit allows. */
  private isFull = false;
  /** A state that violates something was counted. */
  private surplus = 0;
  /** For a replay: the choice that is taken, and what it is. */
  private wanted = -1;
  private taken: Taken | null = null;

  constructor(
    problem: Problem,
    learned: Learned,
    private readonly order: Order = 'bfs',
    alike?: readonly (readonly NodeId[])[],
  ) {
    super(problem, learned);
    const { local, networks, checks: { control } } = this;
    if (alike !== undefined) {
      this.symmetric = new SymmetricTuples(problem, alike, { local, networks, control });
    }
    if (order === 'dfs' && problem.limits.depth < Infinity) this.shortest = new ShortestRuns();
  }

  run(): Exploration {
    return this.order === 'bfs' ? this.runBreadthFirst() : this.runDepthFirst();
  }

  /** The states that wait are a stack. */
  private runDepthFirst(): Exploration {
    const { inTime = (act) => act() } = this.problem.setting;
    this.writeFirst();
    const atStart = this.atEnd();
    if (atStart !== undefined) return atStart;
    while (this.isAnyLeft) {
      const over = inTime(() => this.visitSome());
      if (over !== undefined) return over;
    }
    return this.visitedAll();
  }

  private runBreadthFirst(): Exploration {
    const { inTime = (act) => act() } = this.problem.setting;
    this.writeFirst();
    for (let ended = this.atEnd(); ; ended = undefined) {
      if (ended !== undefined) return ended;
      [this.frontier, this.next] = [this.next, this.frontier];
      this.next.used = 0;
      if (this.frontier.used === 0) break;
      for (this.at = 0; this.isAnyLeft;) {
        const over = inTime(() => this.visitSome());
        if (over !== undefined) return over;
      }
      if (this.next.used > 0) this.depth++;
    }
    return this.visitedAll();
  }

  private visitedAll(): Exploration {
    const { doubt } = this.checks;
    return doubt === undefined ? concluded(this.extent()) : this.unknown(doubt);
  }

  private visitSome(): Exploration | undefined {
    this.inSlice = 0;
    this.local.runsLeft = runsInTime;
    for (let count = 0; count < statesInTime && this.isAnyLeft; count++) {
      const stopped = this.isPart ? this.stoppedWithin() : this.stopped();
      if (stopped !== undefined) return stopped;
      if (this.isPart || this.readsNext()) this.visitPart();
      const over = this.atEnd();
      if (over !== undefined) return over;
      if (this.isPart) return undefined;
    }
    return undefined;
  }

  /** Whether the next state is visited. */
  private readsNext(): boolean {
    this.readNext();
    this.from = 0;
    this.goesOn = false;
    // A state that was reached by a shorter run since was visited with that.
    if (this.shortest?.isOld(this.state, this.level) === true) return false;
    this.limit = this.beyond(this.level);
    if (this.limit === undefined) this.shortest?.explore(this.state);
    return true;
  }

  /** Goes through the choices again, of which those before `from` are done. */
  private visitPart(): void {
    this.isPart = false;
    try {
      this.visit();
    } catch (error) {
      if (!(error instanceof SliceOver)) throw error;
      this.isPart = true;
      this.from = this.choice;
    }
  }

  private get isAnyLeft(): boolean {
    if (this.isPart) return true;
    return this.order === 'bfs' ? this.at < this.frontier.used : this.next.used > 0;
  }

  private readNext(): void {
    const { frontier, next } = this;
    if (this.order === 'bfs') {
      this.read(frontier, this.at);
      this.at = frontier.after(this.at);
    } else {
      const at = next.last;
      this.read(next, at);
      next.used = at;
    }
  }

  private atEnd(): Exploration | undefined {
    if (this.found !== null) return this.violated(this.found);
    if (this.isFull) return this.unknown(outOfStates);
    const { clock } = this.local;
    return clock === null ? undefined : this.unknown({ code: 'reads-clock', ...clock });
  }

  private writeFirst(): void {
    this.writeStart();
    const { words, count } = this.child;
    if (this.wanted >= 0) return this.next.push(0, 0, words, this.first + count);
    const state = this.add(-1, 0);
    const by = this.checks.brokenBy(words, undefined);
    if (by !== undefined) this.found = { state, choice: -1, by };
    this.next.push(state, 0, words, this.first + count);
  }

  /** Adds the child to the table; −1 − n if it is known. */
  private add(parent: number, choice: number): number {
    const { child, table } = this;
    if (this.symmetric !== undefined) {
      return table.add(this.symmetric.nameOf(child), parent, choice);
    }
    child.sum();
    return table.addHalves(child.high, child.low, parent, choice);
  }

  private read(from: Frontier, at: number): void {
    this.state = from.stateAt(at);
    this.level = from.depthAt(at);
    const length = from.lengthAt(at);
    if (length > this.now.length) this.now = new Int32Array(length * 2);
    from.read(at, this.now);
    this.count = length - this.first;
    this.child.startState();
  }

  private visit(): void {
    const { script, control } = this.checks;
    this.skipped = 0;
    const { now, size } = this;
    const memory = now[size + controlAt];
    const isOver = script?.isOver(memory) === true;
    if (this.limit !== undefined) {
      if (this.limit === 'within') this.judge.notInside++;
      if (!isOver) this.lookBeyond(this.limit);
    } else if (!isOver) {
      this.expand();
    }
    this.transitions += this.skipped;
    this.goesOn ||= this.skipped > 0;
    if (control.isExcused) this.judge.cut('spent');
    if (script === undefined || this.goesOn || this.found !== null || this.isFull) return;
    const broken = this.judge.ended(script.judged(memory, now, this.isSpent(now)));
    if (broken !== undefined) this.found = { state: this.state, choice: -1, by: 'end' };
  }

  /** A run that has ended anyway was not cut off by the limit. */
  private lookBeyond(limit: BeyondLimit): void {
    const { isAny, goesOn } = this.outlook();
    this.goesOn = goesOn;
    if (isAny) this.judge.leaveOut(this.state, limit, this.shortest);
  }

  /** Judges the child, and keeps it if it is new. `node` acted; −1 if none did. */
  protected finish(taken: Taken, result: Result, node: number, goesOn: boolean): void {
    const { child, checks, size } = this;
    const { words } = child;
    if (this.wanted < 0 && this.choice >= this.from && this.inSlice++ >= outcomesInTime) {
      throw new SliceOver();
    }
    const choice = this.choice++;
    if (this.wanted >= 0 ? choice !== this.wanted : choice < this.from) return;
    if (this.found !== null || this.isFull || this.local.clock !== null) return;
    const hasStay = taken.type === 'message' && taken.stays;
    const control = checks.after(words, result, hasStay ? this.now : null);
    if (this.wanted >= 0) {
      this.taken = taken;
      words[size + controlAt] = Math.max(0, control);
      this.next.push(0, 0, words, this.first + child.count);
      return;
    }
    if (goesOn) this.goesOn = true;
    this.transitions++;
    if (control < 0) {
      this.found = { state: this.state, choice, by: 'step' };
      return;
    }
    words[size + controlAt] = control;
    this.symmetric?.try(this.now, taken, result);
    const state = this.add(this.state, choice);
    if (state < 0 && state !== tooMany) {
      this.reachAgain(-1 - state, choice);
      return;
    }
    const by = checks.brokenBy(words, node, node < 0 ? -1 : this.now[node]);
    if (state === tooMany) {
      // There is no room for the state, but the step to it is judged.
      if (by === 'step') this.found = { state: this.state, choice, by };
      this.isFull = true;
      return;
    }
    if (by !== undefined) {
      this.found = { state: this.state, choice, by };
      if (by === 'step') this.surplus = 1;
      return;
    }
    this.shortest?.isShorter(state, this.level + 1);
    this.wait(state);
  }

  /** A run to a known state: if it is the shortest so far, the state is visited again. */
  private reachAgain(state: number, choice: number): void {
    if (this.shortest?.isShorter(state, this.level + 1) !== true) return;
    // The state before it is less deep, so that the run to it does not pass here.
    this.table.reach(state, this.state, choice);
    this.wait(state);
  }

  /** The child is visited later. */
  private wait(state: number): void {
    const depth = this.level + 1;
    if (this.order === 'dfs' && depth > this.depth) this.depth = depth;
    this.next.push(state, depth, this.child.words, this.first + this.child.count);
  }

  protected get skipsUnchanged(): boolean {
    return this.wanted < 0 && this.found === null;
  }

  private stopped(): Exploration | undefined {
    if (this.patience.endsBeforeState()) return this.unknown(outOfTime);
    return ++this.expanded % meterEvery === 0 ? this.overLimits() : this.stoppedWithin();
  }

  /** The same within one state that has many outcomes. */
  private stoppedWithin(): Exploration | undefined {
    if (this.patience.endsAfterOutcome()) return this.unknown(outOfTime);
    const isDue = this.isPart || this.transitions - this.metered >= meterEveryOutcomes;
    return isDue ? this.overLimits() : undefined;
  }

  private overLimits(): Exploration | undefined {
    this.metered = this.transitions;
    if (this.bytes > this.problem.limits.bytes) return this.unknown(outOfMemory);
    // A state with so many outcomes is not gone through to its end.
    return this.patience.look() && this.isPart ? this.unknown(outOfTime) : undefined;
  }

  /** All that grows: the states that were found, those that wait, and what is known of steps. */
  get bytes(): number {
    const { table, frontier, next, local, checks } = this;
    const depths = this.shortest?.bytes ?? 0;
    const known = local.bytes + checks.bytes + (this.symmetric?.bytes ?? 0);
    return table.bytes + frontier.bytes + next.bytes + depths + known;
  }

  /** What the states that were found take, without those that wait. */
  get tableBytes(): number {
    return this.table.bytes;
  }

  private extent(): Extent {
    const { judge, transitions, checks, local: { hasLongDraw } } = this;
    // The next level was begun.
    const depth = this.depth + (this.order === 'bfs' && this.next.used > 0 ? 1 : 0);
    if (checks.control.isExcused) judge.cut('spent');
    if (this.shortest?.isAnyCut === true) judge.cut('depth');
    const states = this.table.size - this.surplus;
    return judge.extent({ states, transitions, depth, hasLongDraw });
  }

  private unknown(why: Unknown): Exploration {
    return { type: 'unknown', why, ...this.extent() };
  }

  private violated(found: Found): Exploration {
    const path = this.table.pathTo(found.state);
    const extent = this.extent();
    if (found.choice >= 0) path.push(found.choice);
    const replay = new Replay(this.problem, this.local);
    this.found = null;
    this.local.runsLeft = Infinity;
    this.next.used = 0;
    this.wanted = 0;
    this.writeFirst();
    for (const wanted of path) {
      this.read(this.next, 0);
      this.next = new Frontier();
      this.wanted = wanted;
      this.expand();
      replay.take(this.taken!);
    }
    const broken = violatedBy(this.problem, replay, found.by);
    return { type: 'violated', ...broken, trace: { actions: replay.actions }, ...extent };
  }
}
