/** Records the statements that instrumented code executes, and can abort the code at one. */
import type { Effects } from '../../kernel/effects.ts';
import { halt } from '../../kernel/handler.ts';
import { exceed, iterationsMax, limitOf } from '../../kernel/text/execution-limits.ts';
import { freezeConstants } from '../limits/frozen-constants.ts';
import { NativeCalls } from '../limits/native-calls.ts';
import { copied, read } from '../limits/traced-reads.ts';
import { changed, changing, mayChange, passedOn } from '../limits/written.ts';

type Read = () => unknown;
/**
 * Returns a function for each name that is visible at a site. Each reads one variable: reading them
 * all at once would throw, since some are not initialised yet.
 */
type Reads = () => Read[];

/** A call of a function that has not returned. */
export interface StackFrame {
  readonly function: number;
  /** Its first record in the handler trace, and the last so far; −1 before its first statement. */
  first: number;
  last: number;
  /** The site of its last record. */
  site: number;
  reads: Reads;
}

/** A call by the kernel: of a handler, of `init`, of an invariant. */
export interface RootCall {
  readonly function: number;
  /** The index of the node that acted; −1 if none did. */
  readonly acted: number;
}

/**
 * The statements that a handler executed. Each has a number, its record; its properties are stored
 * as columns, since a trace may have millions of records.
 */
export class StatementRecords {
  readonly roots: RootCall[] = [];
  /** The root call during which the statement ran, by its index. */
  readonly rootOf: number[] = [];
  readonly sites: number[] = [];
  /** How many frames the stack had. */
  readonly depths: number[] = [];
  /** How many messages were sent and events reported before the statement. */
  readonly sent: number[] = [];
  readonly events: number[] = [];
  /** The same after the statement and all that it called. */
  readonly sentUntil: number[] = [];
  readonly eventsUntil: number[] = [];
  /** The record that threw the last error that left a function; −1 if none did. */
  thrownAt = -1;
  private error: unknown;

  get length(): number {
    return this.sites.length;
  }

  noteThrown(error: unknown, record: number): void {
    // The callers of the function throw the same error on.
    if (error === this.error) return;
    this.error = error;
    this.thrownAt = record;
  }
}

/** Further statements of one action are not recorded: stepping through more is not practical. */
const recordsMax = 2_000_000;

/** How often each site and each function was executed, by its number. */
export interface ExecutionCounts {
  readonly sites: Uint32Array;
  readonly functions: Uint32Array;
}

export type SiteObserver = (site: number, reads: Read[]) => void;

/** The object that instrumented code calls, and the three ways to run such code. */
export class Recorder {
  /** How many loop iterations and function calls are left before the limit. */
  budget = iterationsMax;
  readonly native = new NativeCalls();
  /** Constants that keep a position between calls: it is reset before each call by the kernel. */
  readonly patterns: RegExp[] = [];
  private stack: StackFrame[] = [];
  private trace: StatementRecords | null = null;
  private effects: Effects | null = null;
  private target = -1;
  private count = 0;
  private isAborting = false;
  private observer: SiteObserver | null = null;
  private counts: ExecutionCounts | null = null;
  /** Called with the stack, outermost frame first, at the target. */
  private arrive: (stack: readonly StackFrame[]) => void = () => undefined;

  /** Runs `act` and records every statement. */
  record(effects: Effects, act: () => void): StatementRecords {
    const trace = new StatementRecords();
    this.begin(effects, -1);
    this.trace = trace;
    this.finish(act);
    return trace;
  }

  /** Runs `act` up to a record, aborts it there, and returns the stack, outermost frame first. */
  reach(target: number, effects: Effects, act: () => void): readonly StackFrame[] {
    let reached: readonly StackFrame[] = [];
    this.begin(effects, target);
    this.arrive = (stack) => (reached = stack);
    this.finish(act);
    return reached;
  }

  /** Runs `act` and calls the observer before each statement that is instrumented. */
  observe(observer: SiteObserver, act: () => boolean): boolean {
    this.budget = iterationsMax;
    this.native.reset();
    this.observer = (site, reads) => {
      try {
        observer(site, reads);
      } catch (error) {
        this.isAborting = error === halt;
        throw error;
      }
    };
    try {
      return act();
    } finally {
      this.observer = null;
      this.isAborting = false;
    }
  }

  /** Runs `act`, which may call any number of functions, and counts what they execute. */
  cover<Result>(counts: ExecutionCounts, act: () => Result): Result {
    this.counts = counts;
    try {
      return act();
    } finally {
      this.counts = null;
    }
  }

  private begin(effects: Effects, target: number): void {
    this.budget = iterationsMax;
    this.native.reset();
    this.stack = [];
    this.effects = effects;
    this.target = target;
    this.count = 0;
    this.isAborting = false;
  }

  private finish(act: () => void): void {
    try {
      act();
    } catch (error) {
      if (error !== halt) throw error;
    } finally {
      this.abandon();
    }
  }

  /** Stops recording and observing, even after the code was interrupted from outside. */
  abandon(): void {
    this.observer = null;
    this.counts = null;
    this.trace = null;
    this.effects = null;
    this.stack = [];
    this.isAborting = false;
  }

  // Called by instrumented code

  /** With each object before the code changes it. */
  readonly changed = changed;

  /** With each list before the code calls one of the methods that change it. */
  readonly changing = changing;

  /** With each object that a call may change: its target, or what is passed on to a function. */
  readonly mayChange = mayChange;
  readonly passedOn = passedOn;

  /** With each copy of an object, and each value of which only an object can have the field. */
  readonly copied = copied;
  readonly read = read;

  /** Before a statement, the test of a loop, or the expression of an arrow function. */
  at(site: number, reads: Reads): void {
    if (this.counts !== null) {
      this.counts.sites[site]++;
      return;
    }
    if (this.observer !== null) return this.observer(site, reads());
    if (this.effects === null) return;
    this.keepAborting();
    const frame = this.stack.at(-1);
    if (frame === undefined) return;
    const number = this.count++;
    this.endStatement(frame);
    if (frame.first < 0) frame.first = number;
    frame.last = number;
    frame.site = site;
    frame.reads = reads;
    if (number === this.target) {
      this.isAborting = true;
      this.arrive([...this.stack]);
      throw halt;
    }
    const { trace, effects } = this;
    if (trace === null || number >= recordsMax) return;
    trace.sites.push(site);
    trace.rootOf.push(trace.roots.length - 1);
    trace.depths.push(this.stack.length);
    trace.sent.push(effects.sent.length);
    trace.events.push(effects.events.length);
  }

  /** At the beginning of a function. */
  enter(number: number): StackFrame {
    this.keepAborting();
    const { trace, effects, counts } = this;
    if (counts !== null) counts.functions[number]++;
    if (trace && this.stack.length === 0) {
      trace.roots.push({ function: number, acted: effects!.acted });
    }
    const frame: StackFrame = { function: number, first: -1, last: -1, site: -1, reads: () => [] };
    this.stack.push(frame);
    return frame;
  }

  /** At the end of a function, whether it returns or throws. */
  exit(frame: StackFrame): void {
    this.endStatement(frame);
    // Usually the last one. A generator that is never resumed is not on the stack.
    const at = this.stack.lastIndexOf(frame);
    if (at >= 0) this.stack.splice(at, 1);
  }

  /** Notes what the last statement of a frame did, together with the functions that it called. */
  private endStatement(frame: StackFrame): void {
    const { trace, effects } = this;
    if (trace === null || frame.last < 0) return;
    trace.sentUntil[frame.last] ??= effects!.sent.length;
    trace.eventsUntil[frame.last] ??= effects!.events.length;
  }

  /** Runs an arrow function whose body is an expression. */
  arrow<Value>(number: number, site: number, reads: Reads, body: () => Value): Value {
    const frame = this.enter(number);
    try {
      this.at(site, reads);
      return body();
    } catch (error) {
      throw this.thrown(error);
    } finally {
      this.exit(frame);
    }
  }

  /** When a function ends with an error. Returns the error, to be thrown on. */
  thrown(error: unknown): unknown {
    const frame = this.stack.at(-1);
    if (error !== halt && frame) this.trace?.noteThrown(error, frame.last);
    return error;
  }

  /**
   * At the beginning of each `catch` and `finally` block. The protocol's own blocks catch `halt`,
   * which is thrown to abort the code, so it is thrown again before they do anything.
   */
  keepAborting(): void {
    if (this.isAborting) throw halt;
  }

  /**
   * The values of a `for … of`, with its site before each. `message` is the engine's error for a
   * value that is not iterable. If the engine threw it here, it would name the parameter `items`.
   */
  iterate<Item>(
    items: Iterable<Item>,
    message: string,
    site: number,
    reads: Reads,
  ): Iterable<Item> {
    const begin = (items as Partial<Iterable<Item>> | null | undefined)?.[Symbol.iterator];
    if (typeof begin !== 'function') throw new TypeError(message);
    return this.iterator(items, site, reads);
  }

  private *iterator<Item>(items: Iterable<Item>, site: number, reads: Reads): Generator<Item> {
    const iterator = items[Symbol.iterator]();
    let isDone = false;
    try {
      for (;;) {
        this.at(site, reads);
        const { done, value } = iterator.next() as IteratorResult<Item>;
        if ((isDone = done === true)) return;
        yield value;
      }
    } finally {
      if (!isDone) iterator.return?.();
    }
  }

  /** The keys of a `for … in`, which is instrumented as a `for … of`. */
  *keys(object: object): Generator<string> {
    for (const key in object) yield key;
  }

  /** When a generator yields, it leaves the stack until it is resumed. */
  yielded<Value>(frame: StackFrame, value?: Value): Value | undefined {
    this.exit(frame);
    return value;
  }

  resumed<Value>(frame: StackFrame, value: Value): Value {
    this.stack.push(frame);
    return value;
  }

  /** When the budget is used up. */
  exceeded(): never {
    exceed('iteration-limit');
  }

  /**
   * At the beginning of each `catch` block. Protocol code cannot catch the limit error: a loop
   * around the `catch` would run on. The overflow of the call stack counts as a limit, too, because
   * engines differ in its depth, and a run must not depend on that.
   */
  rethrowLimit(error: unknown): void {
    if (limitOf(error) !== undefined) throw error;
  }

  /** At the end of each module, with all that it declares. */
  freeze(values: readonly unknown[]): void {
    this.patterns.push(...freezeConstants(values));
  }
}
