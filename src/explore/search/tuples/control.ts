/**
 * What observers remember along a run: the progress of the scenario, expectations that something
 * happens, invariants that remember or read their step. Their memories together are one number of a
 * tuple. It stands for a list: of a group of observers, and of bundles of what invariants remember.
 */
import { DerivedEventMonitor } from '../../../check/derived-events.ts';
import { InvariantMonitor } from '../../../check/invariants.ts';
import { ThrownMonitor } from '../../../check/thrown-errors.ts';
import type { Monitor, World } from '../../../kernel/world.ts';
import { ScenarioMonitor } from '../../../scenario/driver.ts';
import { ExpectationMonitor } from '../../../scenario/expect.ts';
import { Group, type Observer, SeenSteps } from './group.ts';
import { Invariants } from './invariants.ts';
import type { LocalSteps, Result } from './local.ts';
import { ListTable, Memo, PairTable } from './memo.ts';
import type { Learned } from './state-checks.ts';

const unknownPair = -2;
/** From here down: what nodes decide that did not act. */
const byNodes = -3;

export class Control {
  private readonly group: Group;
  private readonly invariants: Invariants;
  private readonly lists: ListTable;
  /** By memories and step: the memories after it; `byNodes` − n for the key n of `ofNodes`. */
  private readonly pairs = new PairTable();
  private readonly ofNodes = new Memo<number>();
  private ofNodesCount = 0;
  private readonly seen = new SeenSteps();
  /** How many bundles there are. In a list, the number of the group comes after theirs. */
  private readonly width: number;
  private readonly bundles: Int32Array;
  private readonly next: Int32Array;
  private readonly highs: number[] = [];
  private readonly lows: number[] = [];
  /** Set when a failed step of the scenario was excused. */
  isExcused = false;

  constructor(
    private readonly world: World,
    local: LocalSteps,
    monitors: readonly Monitor[],
    learned: Learned,
  ) {
    const isInvariant = (one: Monitor) => one instanceof InvariantMonitor;
    // The others see events that some of them derive, so they are one group.
    this.group = new Group(world, local, this.seen, monitors.filter((one) => !isInvariant(one)));
    const invariants = monitors.filter(isInvariant);
    this.invariants = new Invariants(world, local, this.seen, invariants, learned);
    this.width = this.invariants.width;
    this.lists = new ListTable(this.width + 1);
    this.bundles = new Int32Array(this.width);
    this.next = new Int32Array(this.width + 1);
  }

  get bytes(): number {
    const { lists, pairs, ofNodes, highs } = this;
    const own = lists.bytes + pairs.bytes + ofNodes.bytes + highs.length * 16;
    return this.group.bytes + this.invariants.bytes + own + this.seen.contents.bytes;
  }

  get isEmpty(): boolean {
    return this.observers.length + this.invariants.count === 0;
  }

  /** Those that are not invariants. */
  get observers(): readonly Observer[] {
    return this.group.observers;
  }

  first(): number {
    this.next.set(this.invariants.first());
    this.next[this.width] = this.group.first();
    return this.number();
  }

  high(control: number): number {
    return this.highs[control];
  }

  low(control: number): number {
    return this.lows[control];
  }

  /** The number of the memory of an observer. */
  memoryAt(control: number, observer: number): number {
    return this.group.memoryAt(this.lists.at(control, this.width), observer);
  }

  /** What all monitors remember. */
  memoriesOf(control: number): unknown[] {
    const { monitors, memories: start } = this.world;
    const memories = start.slice();
    const bundles = Array.from({ length: this.width }, (_, i) => this.lists.at(control, i));
    this.invariants.write(memories, bundles);
    this.observers.forEach(({ monitor, memories: known }, i) => {
      memories[monitors.indexOf(monitor)] = known[this.memoryAt(control, i)];
    });
    return memories;
  }

  private number(): number {
    const number = this.lists.of(this.next);
    if (number === this.highs.length) {
      const { group, invariants, next, width } = this;
      let high = group.high(next[width]);
      let low = group.low(next[width]);
      for (let i = 0; i < width; i++) {
        high = (high + invariants.high(i, next[i])) | 0;
        low = (low + invariants.low(i, next[i])) | 0;
      }
      this.highs.push(high);
      this.lows.push(low);
    }
    return number;
  }

  /** The memories after a step; −1 if something is violated. `words` has the nodes after it. */
  after(control: number, result: Result, words: Int32Array, isSpent: boolean): number {
    const known = this.pairs.get(control, result.step, unknownPair);
    if (known > unknownPair) return known;
    if (known < unknownPair) {
      const { parts } = this.invariants;
      parts.showNodes(words);
      const number = this.ofNodes.find(byNodes - known, parts);
      if (number >= 0) return this.ofNodes.at(number);
    }
    const { group, invariants, width, bundles, next, lists } = this;
    for (let i = 0; i < width; i++) bundles[i] = lists.at(control, i);
    const before = lists.at(control, width);
    next[width] = before;
    if (group.observers.length > 0) {
      next[width] = group.after(before, result, words, isSpent);
      if (next[width] < 0) return -1;
      this.isExcused ||= group.isExcused;
    }
    const { isBroken, ofNodes } = invariants.after(bundles, result, words);
    if (isBroken) return -1;
    for (let i = 0; i < width; i++) next[i] = bundles[i];
    const number = this.number();
    if (group.isSpecial) return number;
    if (ofNodes.length === 0) {
      this.pairs.set(control, result.step, number);
      return number;
    }
    const key = known < unknownPair ? byNodes - known : this.ofNodesCount++;
    if (known === unknownPair) this.pairs.set(control, result.step, byNodes - key);
    this.ofNodes.keep(key, ofNodes, invariants.parts, number);
    return number;
  }
}

/** Whether an observer can be one of tuples. */
export function isObserver(monitor: Monitor): boolean {
  return [
    InvariantMonitor, DerivedEventMonitor, ScenarioMonitor, ThrownMonitor, ExpectationMonitor,
  ].some((kind) => monitor instanceof kind);
}
