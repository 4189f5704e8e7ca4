/** The look at each step that finds the breakpoints it meets; nothing is made where none is. */
import type { Effects } from '../../kernel/effects.ts';
import type { Action } from '../../kernel/action.ts';
import type { Pending } from '../../kernel/pending.ts';
import { copy, equal } from '../../kernel/data/plain.ts';
import type { Plan } from '../../kernel/plan.ts';
import type { World } from '../../kernel/world.ts';
import { Scope } from '../../scenario/conditions/scope.ts';
import {
  type Breakpoint,
  type OfType,
  type Origin,
  partAt,
  type Tables,
  tablesOf,
} from './breakpoint.ts';
import type { Names } from '../../scenario/conditions/condition.ts';
import { nameInExpressions } from '../../scenario/conditions/local-names.ts';
import { withVariants } from '../../kernel/handler.ts';
import type { Code } from '../../code/code.ts';
import type { Variant } from '../../code/run/variants.ts';
import { codeOf, handlerOf } from '../../kernel/next-handler.ts';
import { isNode, plain } from '../replayed-trace.ts';
import type { Script } from '../script.ts';
import { type Finding, joined, type Stop, type StopType } from '../stop.ts';

export interface LogLine {
  readonly text: string;
  readonly place?: { readonly file: string; readonly line: number };
}

/** Where log points write, and conditions that cannot be evaluated are reported. */
export type Output = (line: LogLine) => void;

const stopTypes: Readonly<Record<Origin, StopType>> = {
  line: 'breakpoint',
  function: 'function breakpoint',
  exception: 'exception',
  data: 'data breakpoint',
};

/** A statement that a handler has come to. */
export interface LinePlace {
  readonly site: number;
  /** How often this handler has come to it, this time included. */
  readonly occurrence: number;
  /** How many actions were taken before this one; −1 for the boot of the nodes. */
  readonly before: number;
  /** Reads the local names of the site, in their order. */
  readonly reads: readonly (() => unknown)[];
}

/** A line breakpoint that was met. */
export interface LineHit extends Pick<LinePlace, 'site' | 'occurrence'> {
  readonly stop: Stop;
}

export class Watch {
  private tables: Tables;
  private readonly scope: Scope;
  private readonly complained = new Set<number>();
  private all: readonly Breakpoint[] = [];
  private place = -1;
  private variant: Variant | null = null;
  private readonly sites = new Map<number, { names: object; reads: LinePlace['reads'] }>();
  /** The branch on which hits are counted. */
  branch = 0;
  /** False while the past is searched: log points were heard when it happened. */
  speaks = true;

  constructor(
    private readonly plan: Plan,
    private readonly code: Code,
    private readonly script: Script,
    private readonly output: Output,
  ) {
    this.scope = new Scope(plan.cast);
    this.tables = tablesOf(plan, []);
  }

  set(breakpoints: readonly Breakpoint[]): void {
    this.all = breakpoints;
    this.complained.clear();
    this.tables = tablesOf(this.plan, breakpoints);
    const { lines } = this.tables;
    this.variant = lines ? (this.code.variants?.part(new Set(lines.keys())) ?? null) : null;
  }

  /** Whether it was asked to stop anywhere but where something goes wrong. */
  get hasWishes(): boolean {
    const isWish = ({ trigger, log }: Breakpoint) =>
      log === undefined && trigger.type !== 'broken' && trigger.type !== 'thrown';
    return this.all.some(isWish);
  }

  /** Hits of a new branch begin with those before it. */
  branched(from: number, to: number, step: number): void {
    for (const one of this.all) one.hits.branch(from, to, step * 2);
  }

  /** True where a statement of the protocol's source holds a breakpoint. */
  get hasLines(): boolean {
    return this.variant !== null;
  }

  get hasEvents(): boolean {
    return this.tables.events !== null;
  }

  hasLine(site: number): boolean {
    return this.tables.lines?.has(site) === true;
  }

  /** Runs `act`, which takes an action, and tells each line breakpoint that is met in it. */
  hear(
    world: World,
    effects: Effects,
    act: () => boolean,
    tell: (hit: LineHit) => void,
    before = world.step,
  ): boolean {
    const { recorder, codes } = this.variant!;
    const counts = new Map<number, number>();
    const heard = (site: number, reads: (() => unknown)[]) => {
      const occurrence = (counts.get(site) ?? 0) + 1;
      counts.set(site, occurrence);
      const stop = this.atLine(world, effects, { site, occurrence, before, reads });
      if (stop) tell({ site, occurrence, stop });
    };
    return recorder.hear(heard, () => withVariants(codes, act));
  }

  /** A stop before a statement, in the middle of a handler. */
  atLine(world: World, effects: Effects, place: LinePlace): Stop | undefined {
    const { site, occurrence, before, reads } = place;
    const met = this.tables.lines?.get(site);
    if (met === undefined) return undefined;
    this.scope.at(world).on(null, effects.message, this.actor(effects));
    const scope = this.namesAt(site, reads);
    // Between the moment at which the handler is entered and the one after it.
    const moment = before * 2 + 1 + occurrence / 0x40_0000;
    const reached = met.filter((one) => this.isMet(one, moment, scope));
    if (reached.length === 0) return undefined;
    const { file, line } = this.code.variants!.sites[site];
    const actor = this.actor(effects);
    const where = actor === undefined ? '' : ` at ${actor}`;
    return this.stopAt(reached, `${file}:${line}${where}`, undefined, scope);
  }

  /** To be called before the first of several steps, with the world as it is then. */
  prepare(world: World, next: Action | Pending | undefined): void {
    if (this.tables.steps) this.place = Math.max(this.script.position(world), askedStep(next));
    for (const one of this.tables.data ?? []) {
      one.last = copy(partAt(world.nodes[one.node].state, one.path));
    }
  }

  /** A stop before `action`, where the scenario asks for it in a step that holds a breakpoint. */
  beforeStep(world: World, action: Action | Pending): Stop | undefined {
    const { steps } = this.tables;
    if (steps === null) return undefined;
    const asked = askedStep(action);
    return asked > this.place ? this.atPlace(world, steps, asked) : undefined;
  }

  /** A stop at the entry of the handler that `action` runs. */
  before(world: World, action: Action | Pending): Stop | undefined {
    const { handlers } = this.tables;
    if (handlers === null) return undefined;
    const met = handlers.get(codeOf(world, action));
    if (met === undefined) return undefined;
    const handler = handlerOf(world, action)!;
    const id = this.plan.cast[handler.node].id;
    this.scope.at(world).on(null, handler.message ?? null, id);
    const meets = met.filter(
      ({ trigger }) =>
        trigger.type !== 'function' || trigger.node === undefined || trigger.node === handler.node,
    );
    const moment = world.step * 2 + 1;
    return this.stopAt(
      meets.filter((one) => this.isMet(one, moment)),
      `${handler.name} at ${id}`,
    );
  }

  /** A stop at a statement that is about to report an event, by its place among those of it all. */
  atReport(world: World, effects: Effects, index: number): Stop | undefined {
    const met = this.tables.events?.get(effects.events[index].name);
    return met && this.atEvent(world, effects, index, met);
  }

  /** A stop at what the last step brought about; its first events may have been stopped at. */
  after(world: World, effects: Effects, passed = 0): Stop | undefined {
    const { events, broken, thrown, data, steps } = this.tables;
    let stop: Stop | undefined;
    if (effects.failure !== null && thrown !== null) stop = this.atFailure(world, effects, thrown);
    if (broken !== null && effects.violations.length > 0) {
      stop = joined(stop, this.atBroken(world, effects, broken));
    }
    if (events !== null && effects.events.length > 0) {
      for (let i = passed; i < effects.events.length; i++) {
        const met = events.get(effects.events[i].name);
        if (met !== undefined) stop = joined(stop, this.atEvent(world, effects, i, met));
      }
    }
    if (data !== null) stop = joined(stop, this.atData(world, effects, data));
    if (steps !== null) stop = joined(stop, this.atStep(world, steps));
    return stop;
  }

  /** The names at a statement; a local is read when an expression asks for it. */
  private namesAt(site: number, reads: LinePlace['reads']): Names {
    let known = this.sites.get(site);
    if (known === undefined) {
      const { names } = this.scope;
      const made = { names: Object.create(names) as object, reads };
      this.code.variants!.sites[site].names.forEach((name, index) => {
        const get = () => {
          const value = made.reads[index]();
          if (isNode(value)) return (names as { node?: unknown }).node;
          return value === undefined ? null : plain(value);
        };
        Object.defineProperty(made.names, nameInExpressions(name), { get, enumerable: true });
      });
      this.sites.set(site, (known = made));
    }
    known.reads = reads;
    return known;
  }

  private atEvent(world: World, effects: Effects, index: number, met: readonly Breakpoint[]) {
    const record = effects.events[index];
    const node = this.plan.indexOf.get(record.node);
    this.scope.at(world).on(record, effects.message);
    const meets = met.filter(
      ({ trigger }) =>
        trigger.type !== 'event' || trigger.node === undefined || trigger.node === node,
    );
    const reached = meets.filter((one) => this.isMet(one, world.step * 2));
    const text = `${record.name} at ${record.node}`;
    const finding: Finding = {
      type: 'event',
      name: record.name,
      text: this.code.protocol.events[record.name] ?? '',
    };
    const stop = this.stopAt(reached, text, finding);
    return stop && { ...stop, event: index };
  }

  private atBroken(world: World, effects: Effects, met: readonly Breakpoint[]): Stop | undefined {
    // An invariant says more than an expectation that it breaks.
    const { invariants } = this.code.protocol;
    const isOwn = (name: string) => Number(Object.hasOwn(invariants, name));
    const found = [...effects.violations].sort((a, b) => isOwn(b.monitor) - isOwn(a.monitor));
    for (const { monitor, why, stack } of found) {
      this.scope.at(world).on(null, effects.message, this.actor(effects));
      const named = met.filter(
        ({ trigger }) =>
          trigger.type === 'broken' && (trigger.name === undefined || trigger.name === monitor),
      );
      const reached = named.filter((one) => this.isMet(one, world.step * 2));
      const threw = stack !== undefined;
      const finding: Finding = { type: 'broken', name: monitor, text: why, threw };
      const stop = this.stopAt(reached, why, finding);
      if (stop) return stop;
    }
    return undefined;
  }

  private atFailure(world: World, effects: Effects, met: readonly Breakpoint[]): Stop | undefined {
    const { node, message } = effects.failure!;
    this.scope.at(world).on(null, effects.message, node);
    const reached = met.filter((one) => this.isMet(one, world.step * 2));
    const finding: Finding = { type: 'thrown', name: `${node} threw`, text: message };
    return this.stopAt(reached, `${node} threw: ${message}`, finding);
  }

  private atData(
    world: World,
    effects: Effects,
    watched: NonNullable<Tables['data']>,
  ): Stop | undefined {
    let stop: Stop | undefined;
    for (const one of watched) {
      if (one.node !== effects.acted) continue;
      const now = partAt(world.nodes[one.node].state, one.path);
      if (equal(now, one.last)) continue;
      one.last = copy(now);
      this.scope.at(world).on(null, effects.message, this.plan.cast[one.node].id);
      if (!this.isMet(one.breakpoint, world.step * 2)) continue;
      const field = `${this.plan.cast[one.node].id}.state.${one.path.join('.')}`;
      stop = joined(stop, this.stopAt([one.breakpoint], `${field} changed`));
    }
    return stop;
  }

  /** A stop before the first action: at what came of the boot, or at the scenario's first step. */
  atStart(world: World, boot: Effects, passed = 0): Stop | undefined {
    this.place = -1;
    return this.after(world, boot, passed);
  }

  private atStep(world: World, met: readonly OfType<'scenario'>[]): Stop | undefined {
    const place = this.script.position(world);
    return place === this.place ? undefined : this.atPlace(world, met, place);
  }

  private atPlace(
    world: World,
    met: readonly OfType<'scenario'>[],
    place: number,
  ): Stop | undefined {
    const from = this.place;
    this.place = place;
    this.scope.at(world);
    const passed = met.filter(({ trigger }) => trigger.step > from && trigger.step <= place);
    const reached = passed.filter((one) => this.isMet(one, world.step * 2));
    const begins = reached[0]?.trigger.step ?? place;
    const stop = this.stopAt(reached, this.script.scenario.steps[begins]?.text ?? 'the end');
    return stop && { ...stop, begins };
  }

  private actor(effects: Effects): string | undefined {
    return effects.acted < 0 ? undefined : this.plan.cast[effects.acted].id;
  }

  /** Whether a breakpoint is met at what the scope points at: its condition and its hit count. */
  private isMet(one: Breakpoint, moment: number, scope: Names = this.scope): boolean {
    if (one.condition) {
      const holds = one.condition.test(scope);
      if (typeof holds === 'object') {
        if (!this.complained.has(one.id)) this.output({ text: holds.why, place: one.place });
        this.complained.add(one.id);
        return false;
      }
      if (!holds) return false;
    }
    return one.hitRule === undefined || one.hitRule(one.hits.count(this.branch, moment));
  }

  /** Log points speak and do not stop. */
  private stopAt(
    met: readonly Breakpoint[],
    text: string,
    finding?: Finding,
    scope: Names = this.scope,
  ): Stop | undefined {
    const stopping: Breakpoint[] = [];
    for (const one of met) {
      if (one.log === undefined) stopping.push(one);
      else if (this.speaks) this.output({ text: one.log(scope), place: one.place });
    }
    if (stopping.length === 0) return undefined;
    const breakpoints = stopping.map(({ id }) => id);
    const type = stopTypes[stopping[0].origin];
    return { type, text, breakpoints, ...(finding ? { finding } : {}) };
  }
}

/** The scenario's step that asks for an action; −1 where none does. */
function askedStep(action: Action | Pending | undefined): number {
  return action !== undefined && 'step' in action ? (action.step ?? -1) : -1;
}
