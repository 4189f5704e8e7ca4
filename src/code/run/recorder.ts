/** Hears of each statement that instrumented code comes to, and can leave it in the middle. */
import type { Effects } from '../../kernel/effects.ts';
import { halt } from '../../kernel/handler.ts';
import { keepConstants } from '../load/constants.ts';

type Read = () => unknown;
/** Reads the local names of a site, one by one: some are not initialised yet. */
type Reads = () => Read[];

/** A call of a function that is under way. */
export interface Call {
  readonly function: number;
  /** The first record of it, and the last so far. */
  first: number;
  last: number;
  site: number;
  reads: Reads;
}

/** A function that nobody called but the kernel: a handler, `init`, an invariant. */
export interface Root {
  readonly function: number;
  /** The node that acted when it was called, by index; −1 where none did. */
  readonly acted: number;
}

/** The statements that a handler came to, in columns. */
export class Records {
  readonly roots: Root[] = [];
  /** The last of the roots that had begun. */
  readonly rootOf: number[] = [];
  readonly sites: number[] = [];
  readonly depths: number[] = [];
  /** How many messages were sent and events reported before it. */
  readonly sent: number[] = [];
  readonly events: number[] = [];
  /** The same after it, with all that it called. */
  readonly sentUntil: number[] = [];
  readonly eventsUntil: number[] = [];
  /** The record at which an error began that nobody caught; −1 where none did. */
  thrownAt = -1;
  private error: unknown;

  get length(): number {
    return this.sites.length;
  }

  noteThrown(error: unknown, record: number): void {
    if (error === this.error) return;
    this.error = error;
    this.thrownAt = record;
  }
}

/** How often loops and functions may begin in one step of the cluster. */
export const beginningsMost = 1_000_000;
/** Further statements of one handler are not kept: nobody steps through so many. */
const recordsMost = 2_000_000;

class Endless extends Error {}

/** How deep calls may go differs from engine to engine: no run may hang on it. */
export function isEndless(error: unknown): boolean {
  if (error instanceof Endless) return true;
  return error instanceof RangeError && /call stack|recursion/i.test(error.message);
}

export type Heard = (site: number, reads: Read[]) => void;

/** The hooks of instrumented code. */
export class Recorder {
  left = beginningsMost;
  /** Constants that remember where they stopped: each call by the kernel begins them anew. */
  readonly patterns: RegExp[] = [];
  private calls: Call[] = [];
  private records: Records | null = null;
  private effects: Effects | null = null;
  private target = -1;
  private count = 0;
  private isLeaving = false;
  private listener: Heard | null = null;
  /** Told the calls under way, innermost last, where the target was reached. */
  private arrive: (calls: readonly Call[]) => void = () => undefined;

  /** Runs `act` and notes every statement. */
  record(effects: Effects, act: () => void): Records {
    const records = new Records();
    this.begin(effects, -1);
    this.records = records;
    this.finish(act);
    return records;
  }

  /** Runs `act` up to a record, and leaves it there. */
  reach(target: number, effects: Effects, act: () => void): readonly Call[] {
    let reached: readonly Call[] = [];
    this.begin(effects, target);
    this.arrive = (calls) => (reached = calls);
    this.finish(act);
    return reached;
  }

  /** Runs `act`, and hears of the sites that were instrumented. */
  hear(listener: Heard, act: () => boolean): boolean {
    this.left = beginningsMost;
    this.listener = (site, reads) => {
      try {
        listener(site, reads);
      } catch (error) {
        this.isLeaving = error === halt;
        throw error;
      }
    };
    try {
      return act();
    } finally {
      this.listener = null;
      this.isLeaving = false;
    }
  }

  private begin(effects: Effects, target: number): void {
    this.left = beginningsMost;
    this.calls = [];
    this.effects = effects;
    this.target = target;
    this.count = 0;
    this.isLeaving = false;
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

  /** Nothing is recorded or heard of any more: also where code was ended from outside. */
  abandon(): void {
    this.listener = null;
    this.records = null;
    this.effects = null;
    this.calls = [];
    this.isLeaving = false;
  }

  // What instrumented code calls

  at(site: number, reads: Reads): void {
    if (this.listener !== null) return this.listener(site, reads());
    if (this.effects === null) return;
    this.leave();
    const call = this.calls.at(-1);
    if (call === undefined) return;
    const number = this.count++;
    this.end(call);
    if (call.first < 0) call.first = number;
    call.last = number;
    call.site = site;
    call.reads = reads;
    if (number === this.target) {
      this.isLeaving = true;
      this.arrive([...this.calls]);
      throw halt;
    }
    const { records, effects } = this;
    if (records === null || number >= recordsMost) return;
    records.sites.push(site);
    records.rootOf.push(records.roots.length - 1);
    records.depths.push(this.calls.length);
    records.sent.push(effects.sent.length);
    records.events.push(effects.events.length);
  }

  enter(number: number): Call {
    this.leave();
    const { records, effects } = this;
    if (records && this.calls.length === 0) {
      records.roots.push({ function: number, acted: effects!.acted });
    }
    const call: Call = { function: number, first: -1, last: -1, site: -1, reads: () => [] };
    this.calls.push(call);
    return call;
  }

  exit(call: Call): void {
    this.end(call);
    const at = this.calls.lastIndexOf(call);
    if (at >= 0) this.calls.splice(at, 1);
  }

  /** The last statement of a call is done. */
  private end(call: Call): void {
    const { records, effects } = this;
    if (records === null || call.last < 0) return;
    records.sentUntil[call.last] ??= effects!.sent.length;
    records.eventsUntil[call.last] ??= effects!.events.length;
  }

  /** The body of an arrow function that is one expression. */
  whole<Value>(number: number, site: number, reads: Reads, body: () => Value): Value {
    const call = this.enter(number);
    try {
      this.at(site, reads);
      return body();
    } catch (error) {
      throw this.thrown(error);
    } finally {
      this.exit(call);
    }
  }

  thrown(error: unknown): unknown {
    const call = this.calls.at(-1);
    if (error !== halt && call) this.records?.noteThrown(error, call.last);
    return error;
  }

  /** Once it is left, no handler of exceptions and no `finally` of it runs any more. */
  leave(): void {
    if (this.isLeaving) throw halt;
  }

  /** Goes through `items`; `words` are what an engine says where one cannot. */
  each<Item>(items: Iterable<Item>, words: string, site: number, reads: Reads): Iterable<Item> {
    const begin = (items as Partial<Iterable<Item>> | null | undefined)?.[Symbol.iterator];
    if (typeof begin !== 'function') throw new TypeError(words);
    return this.through(items, site, reads);
  }

  private *through<Item>(items: Iterable<Item>, site: number, reads: Reads): Generator<Item> {
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

  /** What a `for … in` goes through. */
  *keys(object: object): Generator<string> {
    for (const key in object) yield key;
  }

  /** A generator gives way to its caller, and comes back. */
  yielded<Value>(call: Call, value?: Value): Value | undefined {
    this.exit(call);
    return value;
  }

  resumed<Value>(call: Call, value: Value): Value {
    this.calls.push(call);
    return value;
  }

  /** Too much for one step: it would never end. */
  over(): never {
    const most = beginningsMost.toLocaleString('en');
    throw new Endless(`it does not end: loops and functions began ${most} times in this one step`);
  }

  /** What ends code that does not end is caught by none of it, nor is a stack that is full. */
  caught(error: unknown): void {
    if (isEndless(error)) throw error;
  }

  /** What a module declares stays as it is. */
  keep(values: readonly unknown[]): void {
    this.patterns.push(...keepConstants(values));
  }
}
