/**
 * What observers remember along a run: the progress of the scenario, expectations that something
 * happens, invariants that remember or read their step. Their memories together are one number of a
 * tuple. Groups of them are known again on their own, because few of them change in a step.
 */
import { DerivedEventMonitor } from '../../../check/derived-events.ts';
import { InvariantMonitor } from '../../../check/invariants.ts';
import { ThrownMonitor } from '../../../check/thrown-errors.ts';
import type { Monitor, World } from '../../../kernel/world.ts';
import { ScenarioMonitor } from '../../../scenario/driver.ts';
import { ExpectationMonitor } from '../../../scenario/expect.ts';
import { mixed } from '../../interning.ts';
import { Group, type Observer, SeenSteps } from './group.ts';
import type { LocalSteps, Result } from './local.ts';
import { ListTable, PairTable } from './memo.ts';

/** So many invariants are in one group. */
const groupSize = 3;
const unknownPair = -2;

export class Control {
  readonly observers: readonly Observer[];
  private readonly groups: readonly Group[];
  private readonly lists: ListTable;
  private readonly pairs = new PairTable();
  private readonly seen = new SeenSteps();
  private readonly next: Int32Array;
  private readonly highs: number[] = [];
  private readonly lows: number[] = [];
  /** Set when a failed step of the scenario was excused. */
  isExcused = false;

  constructor(world: World, local: LocalSteps, monitors: readonly Monitor[]) {
    const groupOf = (some: readonly Monitor[]) => new Group(world, local, this.seen, some);
    // The others see events that some of them derive, so they are one group.
    const others = monitors.filter((one) => !(one instanceof InvariantMonitor));
    const invariants = monitors.filter((one) => one instanceof InvariantMonitor);
    const parts: Monitor[][] = others.length > 0 ? [others] : [];
    for (let i = 0; i < invariants.length; i += groupSize) {
      parts.push(invariants.slice(i, i + groupSize));
    }
    this.groups = parts.map(groupOf);
    this.observers = this.groups.flatMap(({ observers }) => observers);
    this.lists = new ListTable(this.groups.length);
    this.next = new Int32Array(this.groups.length);
  }

  get bytes(): number {
    const groups = this.groups.reduce((sum, { bytes }) => sum + bytes, 0);
    const own = this.lists.bytes + this.pairs.bytes + this.highs.length * 16;
    return groups + own + this.seen.contents.bytes;
  }

  get isEmpty(): boolean {
    return this.observers.length === 0;
  }

  first(): number {
    this.groups.forEach((group, i) => (this.next[i] = group.first()));
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
    let at = observer;
    let group = 0;
    while (at >= this.groups[group].observers.length) at -= this.groups[group++].observers.length;
    return this.groups[group].memoryAt(this.lists.at(control, group), at);
  }

  private number(): number {
    const number = this.lists.of(this.next);
    if (number === this.highs.length) {
      let high = 0;
      let low = 0;
      for (let i = 0; i < this.groups.length; i++) {
        const memories = this.next[i];
        high = (high + mixed(this.groups[i].high(memories) + Math.imul(i + 1, 0x27d4eb2d))) | 0;
        low = (low + mixed(this.groups[i].low(memories) + Math.imul(i + 1, 0x165667b1))) | 0;
      }
      this.highs.push(high);
      this.lows.push(low);
    }
    return number;
  }

  /** The memories after a step; −1 if something is violated. `words` has the nodes after it. */
  after(control: number, result: Result, words: Int32Array, isSpent: boolean): number {
    const known = this.pairs.get(control, result.step, unknownPair);
    if (known !== unknownPair) return known;
    const { groups, next, lists } = this;
    let isSpecial = false;
    for (let i = 0; i < groups.length; i++) {
      const group = groups[i];
      const memories = group.after(lists.at(control, i), result, words, isSpent);
      if (memories < 0) return -1;
      next[i] = memories;
      isSpecial ||= group.isSpecial;
      this.isExcused ||= group.isExcused;
    }
    const number = this.number();
    if (!isSpecial) this.pairs.set(control, result.step, number);
    return number;
  }
}

/** Whether an observer can be one of tuples. */
export function isObserver(monitor: Monitor): boolean {
  return [
    InvariantMonitor, DerivedEventMonitor, ScenarioMonitor, ThrownMonitor, ExpectationMonitor,
  ].some((kind) => monitor instanceof kind);
}
