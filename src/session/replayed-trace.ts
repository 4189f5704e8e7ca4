/** The statements of an action, from a replay on a fork with instrumented code. */
import { Effects } from '../kernel/effects.ts';
import { withVariants } from '../kernel/handler.ts';
import { Slot, type World } from '../kernel/world.ts';
import type { Variants, Property } from '../code/record/variants.ts';
import type { Site } from '../code/transform/instrument.ts';
import type { RootCall, StackFrame, StatementRecords } from '../code/record/recorder.ts';
import { type Local, theNode } from './read/locals.ts';
import type { HandlerTrace, LineFrame, LineMoment } from './read/reading.ts';
import type { Stop } from './stop.ts';

/** A moment of a replay: its world can be evaluated and compared, but not stepped any more. */
export interface ReplayedMoment extends LineMoment {
  readonly moment: World;
  readonly effects: Effects;
  readonly frames: readonly ReplayedFrame[];
}

export interface ReplayedFrame extends LineFrame {
  /** Reads the local names of the site, in their order. */
  readonly reads: readonly (() => unknown)[];
}

export class ReplayedTrace implements HandlerTrace {
  /** What the whole action did. */
  readonly effects = new Effects();
  readonly records: StatementRecords;
  /** How many records are of handlers; those of invariants and derived events follow. */
  readonly ownLength: number;
  private readonly before: World;
  private readonly codes: ReadonlyMap<unknown, unknown>;
  private readonly moments = new Map<number, ReplayedMoment>();

  /** `take` applies the action to a world, and records its effects. */
  constructor(
    private readonly variants: Variants,
    before: World,
    private readonly take: (world: World, effects: Effects) => void,
    withMonitors: boolean,
  ) {
    this.before = before.fork();
    const { recorder, handlers, functions } = variants.whole;
    this.codes = withMonitors ? functions : handlers;
    this.records = recorder.record(this.effects, () =>
      withVariants(this.codes, () => take(this.before.fork(), this.effects)),
    );
    const { roots, rootOf } = this.records;
    const isProperty = roots.map((root) => variants.propertyOf(root.function) !== undefined);
    const first = rootOf.findIndex((root) => isProperty[root]);
    this.ownLength = first < 0 ? this.length : first;
  }

  get thrownAt(): number {
    return this.records.thrownAt;
  }

  get length(): number {
    return this.records.length;
  }

  /** The outermost function on the call stack at a record, and the node that acted. */
  root(record: number): RootCall {
    const { roots, rootOf } = this.records;
    return roots[rootOf[record]];
  }

  /** The invariant or derived event whose code it is; undefined for a handler's. */
  property(record: number): Property | undefined {
    if (record < this.ownLength) return undefined;
    return this.variants.propertyOf(this.root(record).function);
  }

  /** The end of a walk from there: handlers are one walk, each invariant is one of its own. */
  private end(from: number): number {
    if (from < this.ownLength) return this.ownLength;
    const { rootOf } = this.records;
    return rootOf.lastIndexOf(rootOf[from]) + 1;
  }

  site(record: number): Site {
    return this.variants.sites[this.records.sites[record]];
  }

  /** The moment before the statement of that record. */
  at(record: number): ReplayedMoment {
    const known = this.moments.get(record);
    if (known) return known;
    const world = this.before.fork();
    const effects = new Effects();
    const { recorder } = this.variants.whole;
    const calls = recorder.reach(record, effects, () =>
      withVariants(this.codes, () => this.take(world, effects)),
    );
    const frames = calls.map((call) => this.frame(call)).reverse();
    const moment = { moment: world, effects, frames };
    if (this.moments.size > 32) this.moments.clear();
    this.moments.set(record, moment);
    return moment;
  }

  /** What `read` returns when the action reports its event of that index. */
  whenReported<Result>(
    index: number,
    read: (world: World, effects: Effects) => Result,
  ): Result | undefined {
    const world = this.before.fork();
    const effects = new Effects();
    let result: Result | undefined;
    effects.reported = () => {
      if (effects.events.length - 1 === index) result = read(world, effects);
    };
    this.take(world, effects);
    return result;
  }

  private frame({ function: number, site, first, reads }: StackFrame): ReplayedFrame {
    const place = this.variants.sites[Math.max(0, site)];
    const read = reads();
    const { names, locals: count } = place;
    const locals = localsOf(names.slice(0, count), read);
    const constants = localsOf(names.slice(count), read.slice(count));
    const { name } = this.variants.functions[number];
    return { name, site: place, first, locals, constants, reads: read };
  }

  // From one record to another; undefined if there is none before the end

  into(from: number): number | undefined {
    return this.next(from, () => true);
  }

  over(from: number): number | undefined {
    const { depths } = this.records;
    return this.next(from, (record) => depths[record] <= depths[from]);
  }

  out(from: number): number | undefined {
    const { depths } = this.records;
    return this.next(from, (record) => depths[record] < depths[from]);
  }

  back(from: number): number | undefined {
    const { depths } = this.records;
    for (let record = from - 1; record >= 0; record--) {
      if (depths[record] <= depths[from]) return record;
    }
    return undefined;
  }

  private next(from: number, fits: (record: number) => boolean): number | undefined {
    const end = this.end(from);
    for (let record = from + 1; record < end; record++) if (fits(record)) return record;
    return undefined;
  }

  /** The first message that the statement at a record sends itself, not in a function it calls. */
  sends(record: number) {
    const { depths, sent, sentUntil } = this.records;
    const next = record + 1;
    if (next < this.length && depths[next] > depths[record]) return undefined;
    const until = sentUntil[record] ?? this.effects.sent.length;
    return until > sent[record] ? this.effects.sent[sent[record]] : undefined;
  }

  /** The events that the statement at a record itself reports, by index in the effects. */
  reports(record: number): number[] {
    const { events, eventsUntil } = this.records;
    const found: number[] = [];
    const until = eventsUntil[record] ?? this.effects.events.length;
    for (let index = events[record]; index < until; index++) {
      if (this.doing('events', index) === record) found.push(index);
    }
    return found;
  }

  /** How many events handlers report; derived events come after them. */
  get reported(): number {
    const { eventsUntil } = this.records;
    let most = 0;
    for (let record = 0; record < this.ownLength; record++) {
      most = Math.max(most, eventsUntil[record] ?? 0);
    }
    return most;
  }

  /** The record whose statement itself sent a message or reported an event. */
  doing(kind: 'sent' | 'events', index: number): number | undefined {
    const { records } = this;
    const [from, until] =
      kind === 'sent' ? [records.sent, records.sentUntil] : [records.events, records.eventsUntil];
    const total = this.effects[kind].length;
    // A statement includes the functions that it calls, so the innermost one is the last that fits.
    for (let record = this.length - 1; record >= 0; record--) {
      if (from[record] <= index && index < (until[record] ?? total)) return record;
    }
    return undefined;
  }

  /** The record that reports an event of an equal action, if it is the same event here. */
  reporting({ index, stop: { reason } }: { index: number; stop: Stop }): number | undefined {
    const event = this.effects.events[index];
    const isSame = reason.type === 'event' && event?.name === reason.name;
    return isSame ? this.doing('events', index) : undefined;
  }

  /** The record of the nth execution of a site, counted from 1. */
  find(site: number, occurrence: number): number | undefined {
    let left = occurrence;
    const at = this.records.sites.findIndex((one) => one === site && --left === 0);
    return at < 0 ? undefined : at;
  }

  /** Which execution of its site a record is. */
  occurrence(record: number): number {
    const { sites } = this.records;
    let count = 0;
    for (let one = 0; one <= record; one++) if (sites[one] === sites[record]) count++;
    return count;
  }
}

/** The locals that are initialised and hold data: functions are not shown. */
function localsOf(names: readonly string[], reads: readonly (() => unknown)[]): Local[] {
  return names.flatMap((name, index): Local[] => {
    try {
      const value = reads[index]?.();
      if (isNode(value)) return [[name, theNode]];
      return isData(value) ? [[name, plain(value)]] : [];
    } catch {
      // It is not initialised yet.
      return [];
    }
  });
}

/** Sets and maps as plain lists and maps; a node as invariants see it. */
export function plain(value: unknown): unknown {
  if (value instanceof Error) return { name: value.name, message: value.message };
  if (value instanceof Slot) {
    const { id, role, up, state } = value;
    return { id, role, up, state };
  }
  if (Array.isArray(value)) return value[0] instanceof Slot ? value.map(plain) : value;
  if (value instanceof Set) return [...value];
  if (!(value instanceof Map)) return value;
  return Object.fromEntries([...value].map(([key, item]) => [String(key), item as unknown]));
}

/** Functions are not data, nor are objects that contain some, such as a role. */
function isData(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return typeof value !== 'function';
  return Array.isArray(value) || Object.values(value).every((part) => typeof part !== 'function');
}

/** Whether it is the `node` of a handler, which expressions see as the node of the moment. */
export function isNode(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'setTimer' in value && 'send' in value;
}
