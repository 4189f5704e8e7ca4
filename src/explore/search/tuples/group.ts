/**
 * The observers that are not invariants: the progress of the scenario, expectations, and derived
 * events. Their memories have one number together. They run once for each pair of it and a step,
 * and of the states of the nodes that they read.
 */
import { ThrownMonitor } from '../../../check/thrown-errors.ts';
import { contentText, copy } from '../../../kernel/data/plain.ts';
import { Effects } from '../../../kernel/effects.ts';
import type { Monitor, Slot, World } from '../../../kernel/world.ts';
import { ScenarioMonitor } from '../../../scenario/driver.ts';
import { ExpectationMonitor } from '../../../scenario/expect.ts';
import type { Progress } from '../../../scenario/progress.ts';
import { noStall } from '../../../scenario/stall.ts';
import { monitorText } from '../../fingerprint/memory.ts';
import { Interner, mixed } from '../../interning.ts';
import type { LocalSteps, Result } from './local.ts';
import { ListTable, Memo, PairTable, ReadOrder } from './memo.ts';
import { showing } from './state-checks.ts';
import { noted } from './watched.ts';

/** What an observer makes of a step. */
interface Outcome {
  /** The number of its memory after it. */
  readonly memory: number;
  readonly isBroken: boolean;
  /** A step of the scenario failed, which is excused once there was a fault. */
  readonly isFailedStep: boolean;
  /** The events that it derived. */
  readonly derived: Effects['events'];
}

/** An observer, and the memories that it has had. */
export class Observer {
  readonly texts = new Interner();
  readonly memories: unknown[] = [];
  readonly memo = new Memo<Outcome>();

  constructor(readonly monitor: Monitor) {}

  numberOf(memory: unknown): number {
    const number = this.texts.of(monitorText(this.monitor, memory));
    if (number === this.memories.length) this.memories.push(memory);
    return number;
  }
}

/** By step: which node acted; the numbers of the events, the message and its kind, and so on. */
export class SeenSteps {
  readonly contents = new Interner();
  private readonly all: (Int32Array | undefined)[] = [];

  of(step: number, { acted, events, message, lost, invoked, replies }: Effects): Int32Array {
    const known = this.all[step];
    if (known !== undefined) return known;
    const number = (what: unknown) => this.contents.of(contentText(what));
    const received = message === null || lost || acted < 0 ? null : message;
    return (this.all[step] = Int32Array.of(
      acted,
      number(events),
      number(received && [received.from, received.to, received.body.type]),
      number(received && [received.from, received.to, received.body]),
      number(invoked),
      number(replies.map((one) => ({ ...one, invokedAt: 0 }))),
    ));
  }
}

const unknownPair = -2_000_000_000;
/** In the table of pairs: something is violated. */
const broken = -1;

/** Pairs whose outcome is more than a number: a step that fails, or one that nodes decide. */
interface Special {
  /** The nodes that are read, beside the one that acted. */
  nodes: number[];
  /** Its number, which changes when more nodes are read. */
  number: number;
  /** Of a step of the scenario that fails: the memories after it. */
  readonly failed: number;
}

export class Group {
  readonly observers: readonly Observer[];
  private readonly lists: ListTable;
  private highs: number[] = [];
  private lows: number[] = [];
  private readonly pairs = new PairTable();
  private readonly specials: Special[] = [];
  /** By pair that nodes decide, and the number of their states: the outcome. */
  private readonly special = new PairTable();
  private readonly tuples = new PairTable();
  private tupleCount = 0;
  private specialCount = 0;
  private readonly keys = new ListTable(3);
  private readonly next: Int32Array;
  private readonly key = new Int32Array(3);
  /** The nodes that were read in this step. */
  private readonly read: number[] = [];
  /** Set when a failed step was excused. */
  isExcused = false;
  /** Whether the last outcome does not follow from the memories and the step alone. */
  isSpecial = false;

  constructor(
    private readonly world: World,
    private readonly local: LocalSteps,
    private readonly seen: SeenSteps,
    monitors: readonly Monitor[],
  ) {
    this.observers = monitors.map((monitor) => new Observer(monitor));
    this.lists = new ListTable(monitors.length);
    this.next = new Int32Array(monitors.length);
  }

  get bytes(): number {
    let bytes = this.lists.bytes + this.pairs.bytes + this.keys.bytes + this.highs.length * 16;
    for (const { texts, memo, memories } of this.observers) {
      bytes += texts.bytes + memo.bytes + memories.length * memoryBytes;
    }
    return bytes + this.specials.length * 100 + this.special.bytes + this.tuples.bytes;
  }

  first(): number {
    const { monitors, memories } = this.world;
    this.observers.forEach((observer, i) => {
      const memory = memories[monitors.indexOf(observer.monitor)];
      this.next[i] = observer.numberOf(this.plain(observer.monitor, copy(memory)));
    });
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
    return this.lists.at(control, observer);
  }

  private number(): number {
    const number = this.lists.of(this.next);
    if (number === this.highs.length) {
      let high = 0;
      let low = 0;
      this.observers.forEach(({ texts }, i) => {
        const memory = this.next[i];
        high = (high + mixed(texts.high(memory) + Math.imul(i + 1, 0x9e3779b1))) | 0;
        low = (low + mixed(texts.low(memory) + Math.imul(i + 1, 0x85ebca6b))) | 0;
      });
      this.highs.push(high);
      this.lows.push(low);
    }
    return number;
  }

  /** The memories after a step; −1 if something is violated. `words` has the nodes after it. */
  after(control: number, result: Result, words: Int32Array, isSpent: boolean): number {
    const known = this.pairs.get(control, result.step, unknownPair);
    this.isSpecial = known < broken;
    if (known >= broken) return known;
    if (known === unknownPair) return this.observe(control, result, words, isSpent, undefined);
    const special = this.specials[-2 - known];
    if (special.nodes.length === 0) return this.excused(special.failed, isSpent);
    const value = this.special.get(special.number, this.tupleOf(special.nodes, words), unknownPair);
    if (value === unknownPair) return this.observe(control, result, words, isSpent, special);
    return value <= -2 ? this.excused(-2 - value, isSpent) : value;
  }

  /** The states of some nodes as one number: of two, a pair; of more, a pair of a pair. */
  private tupleOf(nodes: readonly number[], words: Int32Array): number {
    let tuple = nodes.length === 0 ? 0 : words[nodes[0]];
    for (let i = 1; i < nodes.length; i++) {
      // A number of a state is not one of a pair, but here all have the same length.
      let number = this.tuples.get(tuple * 64 + i, words[nodes[i]], -1);
      if (number < 0) {
        number = this.tupleCount++;
        this.tuples.set(tuple * 64 + i, words[nodes[i]], number);
      }
      tuple = number;
    }
    return tuple;
  }

  private excused(next: number, isSpent: boolean): number {
    if (!isSpent) return broken;
    this.isExcused = true;
    return next;
  }

  private observe(
    control: number,
    result: Result,
    words: Int32Array,
    isSpent: boolean,
    special: Special | undefined,
  ): number {
    this.read.length = 0;
    const value = this.outcome(control, result, words);
    const { acted } = result.effects;
    const nodes: number[] = special?.nodes.slice() ?? [];
    for (const node of this.read) {
      if (node !== acted && !nodes.includes(node)) nodes.push(node);
    }
    if (nodes.length === 0 && value >= broken) {
      this.isSpecial = false;
      this.pairs.set(control, result.step, value);
    } else {
      let kept = special;
      if (kept === undefined) {
        kept = { nodes, number: this.specialCount++, failed: -2 - value };
        this.specials.push(kept);
        this.pairs.set(control, result.step, -1 - this.specials.length);
      } else if (nodes.length > kept.nodes.length) {
        kept.nodes = nodes;
        kept.number = this.specialCount++;
      }
      this.special.set(kept.number, this.tupleOf(nodes, words), value);
    }
    return value <= -2 ? this.excused(-2 - value, isSpent) : value;
  }

  /** The memories after a step; −1 if something is violated, −2 − n if a scenario's step failed. */
  private outcome(control: number, result: Result, words: Int32Array): number {
    const { next } = this;
    let derived: Effects['events'] = [];
    let isFailedStep = false;
    for (let i = 0; i < this.observers.length; i++) {
      const observer = this.observers[i];
      const memory = this.lists.at(control, i);
      const one = this.ofObserver(observer, memory, result, words, derived);
      if (one.isBroken) return broken;
      isFailedStep ||= one.isFailedStep;
      if (one.derived.length > 0) derived = [...derived, ...one.derived];
      next[i] = one.memory;
    }
    const number = this.number();
    return isFailedStep ? -2 - number : number;
  }

  private ofObserver(
    observer: Observer,
    memory: number,
    result: Result,
    words: Int32Array,
    derived: Effects['events'],
  ): Outcome {
    // It may read anything of its step.
    const key = this.keyOf(memory, result.step, derived);
    const known = observer.memo.find(key, words, this.read);
    if (known >= 0) return observer.memo.at(known);
    const order = new ReadOrder();
    const size = this.world.nodes.length;
    const slots = Array.from(words.subarray(0, size), (slot) => this.local.slots[slot]);
    const moment = { result, slots, order };
    const outcome = this.ofMonitor(observer, copy(observer.memories[memory]), derived, moment);
    observer.memo.keep(key, order.parts, words, outcome);
    this.read.push(...order.parts);
    return outcome;
  }

  private keyOf(memory: number, step: number, derived: Effects['events']): number {
    this.key[0] = memory;
    this.key[1] = step;
    this.key[2] = derived.length === 0 ? -1 : this.seen.contents.of(contentText(derived));
    return this.keys.of(this.key);
  }

  private ofMonitor(
    observer: Observer,
    memory: unknown,
    before: Effects['events'],
    { result: { effects, action }, slots, order }: Moment,
  ): Outcome {
    const world = showing(this.world, noted(slots, order));
    const { monitor } = observer;
    const own = withDerived(effects, before);
    const reason = monitor.after(world, action, own, memory);
    const isFailedStep = reason?.code === 'steps-failed';
    const isThrown = monitor instanceof ThrownMonitor
      && (memory as { thrown: unknown[] }).thrown.length > 0;
    const isBroken = (reason !== undefined && !isFailedStep) || isThrown
      || own.violations.length > 0;
    const derived = own.events.slice(effects.events.length + before.length);
    const number = isBroken ? -1 : observer.numberOf(this.plain(monitor, memory));
    return { memory: number, isBroken, isFailedStep, derived };
  }

  /** Without what only counts, so that it serves all runs to this memory. */
  private plain(monitor: Monitor, memory: unknown): unknown {
    if (monitor instanceof ScenarioMonitor) {
      const { time, step } = this.world;
      const stall = { ...noStall(), time, since: step };
      const progress = memory as Progress;
      return { ...progress, stall, quiescent: true, activeUntil: 0, after: [], failed: [] };
    }
    if (!(monitor instanceof ExpectationMonitor)) return memory;
    return { ...(memory as object), tested: 0, failure: null };
  }
}

interface Moment {
  readonly result: Result;
  readonly slots: readonly Slot[];
  readonly order: ReadOrder;
}

/** What a memory takes, roughly. */
const memoryBytes = 500;

function withDerived(effects: Effects, derived: Effects['events']): Effects {
  const own = new Effects();
  const { acted, message, lost, invoked, failure, events, replies } = effects;
  Object.assign(own, { acted, message, lost, invoked, failure });
  own.events.push(...events, ...derived);
  own.derived = derived.length;
  own.replies.push(...replies);
  return own;
}
