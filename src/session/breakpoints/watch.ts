/** Finds the breakpoints that each step hits. A step without breakpoints allocates nothing. */
import type { Effects } from '../../kernel/effects.ts';
import type { Action } from '../../kernel/action.ts';
import type { Pending } from '../../kernel/pending.ts';
import { copy, equal } from '../../kernel/data/plain.ts';
import type { NodeId } from '../../protocol/types.ts';
import type { Plan } from '../../kernel/plan.ts';
import type { World } from '../../kernel/world.ts';
import { Scope } from '../../scenario/conditions/scope.ts';
import {
  type Breakpoint,
  isAtHandler,
  type OfType,
  type Origin,
  partAt,
  type Tables,
  tablesOf,
} from './breakpoint.ts';
import type { Output } from './output.ts';
import { dataReason, eventReason, handlerReason, propertyKind } from './reasons.ts';
import type { Names } from '../../scenario/conditions/condition.ts';
import { nameInExpressions } from '../../scenario/conditions/local-names.ts';
import type { Code } from '../../code/code.ts';
import { failedStep, violationSentence } from '../../check/verdict-words.ts';
import type { Variant } from '../../code/record/variants.ts';
import { codeOf, handlerOf } from '../../kernel/next-handler.ts';
import { isNode, plain } from '../replayed-trace.ts';
import type { Script } from '../script.ts';
import { type HitReason, joined, type PropertyKind, type Stop, type StopType } from '../stop.ts';

const stopTypes: Readonly<Record<Origin, StopType>> = {
  line: 'breakpoint',
  function: 'function breakpoint',
  exception: 'exception',
  data: 'data breakpoint',
};

/** A statement that is about to run. */
export interface LinePlace {
  readonly site: number;
  /** How often the action has reached this site, this time included. */
  readonly occurrence: number;
  /** How many actions were taken before this one; −1 for the boot of the nodes. */
  readonly before: number;
  /** Reads the local names of the site, in their order. */
  readonly reads: readonly (() => unknown)[];
}

/** The numbers of moments are 2 apart from action to action; in one, each hit has its own. */
const fraction = 1 / 0x40_0000;

/** The last moment after `step` actions, before the next one is entered. */
const lastAfter = (step: number) => step * 2 + 0.9;

export class Watch {
  private tables: Tables;
  private readonly scope: Scope;
  /** Breakpoints whose conditions had no value: reported once each. */
  private readonly reported = new Set<number>();
  private all: readonly Breakpoint[] = [];
  /** The scenario's step that was current after the last action. */
  private place = -1;
  /** The code that reports the lines with breakpoints; null if there are none. */
  variant: Variant | null = null;
  private readonly sites = new Map<number, { names: object; reads: LinePlace['reads'] }>();
  /** The number of the branch on which hits are counted. */
  branch = 0;
  /** False while the past is searched: log points wrote their messages when it happened. */
  isLogging = true;

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
    this.reported.clear();
    this.tables = tablesOf(this.plan, breakpoints);
    const { lines } = this.tables;
    this.variant = lines ? (this.code.variants?.part(new Set(lines.keys())) ?? null) : null;
  }

  /** Whether any breakpoint stops at something other than a failure. */
  get stopsAtMore(): boolean {
    return this.all.some(
      ({ trigger, log }) =>
        log === undefined && trigger.type !== 'violated' && trigger.type !== 'thrown',
    );
  }

  /** From now on, hits are counted on a new branch, which begins with those before it. */
  branched(from: number, to: number, step: number): void {
    for (const one of this.all) one.hits.branch(from, to, lastAfter(step));
    this.branch = to;
  }

  /** Forgets the hits in an action after `step` others that was entered and then not taken. */
  notTaken(step: number): void {
    for (const one of this.all) one.hits.branch(this.branch, this.branch, lastAfter(step));
  }

  /** Whether any statement of the protocol's source holds a breakpoint. */
  get hasLines(): boolean {
    return this.variant !== null;
  }

  /** Whether a breakpoint can be hit in the middle of an action: see `listen` in listen.ts. */
  get listens(): boolean {
    return this.hasLines || this.hearsEvents;
  }

  /** Whether events stop at the lines that report them; without lines, they stop after actions. */
  get hearsEvents(): boolean {
    return this.tables.events !== null && this.code.variants !== undefined;
  }

  get hasEvents(): boolean {
    return this.tables.events !== null;
  }

  hasLine(site: number): boolean {
    return this.tables.lines?.has(site) === true;
  }

  /** A stop before a statement, in the middle of a handler. */
  atLine(world: World, effects: Effects, place: LinePlace): Stop | undefined {
    const { site, occurrence, before, reads } = place;
    const candidates = this.tables.lines?.get(site);
    if (candidates === undefined) return undefined;
    this.scope.at(world).on(null, effects.message, actorOf(world, effects));
    const scope = this.namesAt(site, reads);
    // A number between those of the moment at which the handler is entered and the one after it.
    const moment = before * 2 + 1 + occurrence * fraction;
    const hit = candidates.filter((one) => this.isHit(one, moment, scope));
    if (hit.length === 0) return undefined;
    const { file, line } = this.code.variants!.sites[site];
    const node = actorOf(world, effects);
    const where = node === undefined ? {} : { node };
    return this.stopAt(hit, () => ({ type: 'line', file, line, ...where }), scope);
  }

  /** Must be called before the first of several steps, with the world as it is then. */
  prepare(world: World, next: Action | Pending | undefined): void {
    if (this.tables.steps) this.place = this.placeAt(world, next);
    for (const one of this.tables.data ?? []) {
      one.last = copy(partAt(world.nodes[one.node]?.state, one.path));
    }
  }

  /** A stop at the entry of the handler that `action` runs. */
  before(world: World, action: Action | Pending): Stop | undefined {
    const { handlers } = this.tables;
    if (handlers === null) return undefined;
    const candidates = handlers.get(codeOf(world, action));
    if (candidates === undefined) return undefined;
    const handler = handlerOf(world, action)!;
    const id = handler.joining ?? world.nodes[handler.node].id;
    this.scope.at(world).on(null, handler.message ?? null, id);
    // One function may handle messages of several types.
    const matching = candidates.filter(({ trigger }) => isAtHandler(trigger, handler, id));
    const moment = world.step * 2 + 1;
    const hit = matching.filter((one) => this.isHit(one, moment));
    return this.stopAt(hit, () => handlerReason(world, handler, id));
  }

  /** Whether an event with the name of this one holds a breakpoint. */
  watchesEvent({ name }: Effects['events'][number]): boolean {
    return this.tables.events?.has(name) === true;
  }

  /** A stop at an event, by its index in the effects; the world is in the middle of the action. */
  atReport(world: World, effects: Effects, index: number): Stop | undefined {
    const candidates = this.tables.events?.get(effects.events[index].name);
    if (candidates === undefined) return undefined;
    // Before the boot of the nodes, −1 actions were taken; it ends at step 0 like an action.
    const moment = world.step * 2 - 1 + (index + 1) * fraction;
    return this.atEvent(world, effects, index, candidates, moment);
  }

  /**
   * A stop at what the last step did, or at the step of the scenario that begins with `next`. The
   * first `passed` of its events were checked when they were reported.
   */
  after(
    world: World,
    effects: Effects,
    passed: number,
    next: () => Action | Pending | undefined,
  ): Stop | undefined {
    const { events, violated, thrown, data, steps } = this.tables;
    let stop: Stop | undefined;
    if (effects.failure !== null && thrown !== null) stop = this.atFailure(world, effects, thrown);
    if (violated !== null && effects.violations.length > 0) {
      stop = joined(stop, this.atViolation(world, effects, violated));
    }
    if (events !== null && effects.events.length > passed) {
      for (let i = passed; i < effects.events.length; i++) {
        const all = events.get(effects.events[i].name);
        if (all === undefined) continue;
        const moment = world.step * 2 + i * fraction;
        stop = joined(stop, this.atEvent(world, effects, i, all, moment));
      }
    }
    if (data !== null) stop = joined(stop, this.atData(world, effects, data));
    if (steps !== null) stop = joined(stop, this.atStep(world, steps, next()));
    return stop;
  }

  /** The names at a statement. A local is read only if an expression uses it. */
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

  private atEvent(
    world: World,
    effects: Effects,
    index: number,
    candidates: readonly Breakpoint[],
    moment: number,
  ): Stop | undefined {
    const record = effects.events[index];
    this.scope.at(world).on(record, effects.message);
    const matching = candidates.filter(
      ({ trigger }) =>
        trigger.type !== 'event' || trigger.node === undefined || trigger.node === record.node,
    );
    const hit = matching.filter((one) => this.isHit(one, moment));
    const doc = this.code.protocol.events[record.name] ?? '';
    const stop = this.stopAt(hit, () => eventReason(world, record, doc));
    return stop && { ...stop, event: index };
  }

  private atViolation(
    world: World,
    effects: Effects,
    candidates: readonly Breakpoint[],
  ): Stop | undefined {
    // If an expectation is violated because an invariant is, the invariant explains more.
    const rank = (name: string) => Number(this.propertyKind(name) === 'invariant');
    const found = [...effects.violations].sort((a, b) => rank(b.monitor) - rank(a.monitor));
    for (const violation of found) {
      const { monitor: name, stack } = violation;
      const why = violationSentence(violation, world.wording.units);
      this.scope.at(world).on(null, effects.message, actorOf(world, effects));
      const named = candidates.filter(
        ({ trigger }) =>
          trigger.type === 'violated' && (trigger.name === undefined || trigger.name === name),
      );
      const hit = named.filter((one) => this.isHit(one, world.step * 2));
      const property = this.propertyKind(name);
      const threw = stack !== undefined;
      const stop = this.stopAt(hit, () => ({ type: 'violated', property, name, why, threw }));
      if (stop) return { ...stop, fails: failedStep(violation) };
    }
    return undefined;
  }

  private propertyKind(name: string): PropertyKind {
    return propertyKind(this.script.scenario, name);
  }

  private atFailure(
    world: World,
    effects: Effects,
    candidates: readonly Breakpoint[],
  ): Stop | undefined {
    const { node, message } = effects.failure!;
    this.scope.at(world).on(null, effects.message, node);
    const hit = candidates.filter((one) => this.isHit(one, world.step * 2));
    return this.stopAt(hit, () => ({ type: 'thrown', node, message }));
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
      const before = one.last;
      one.last = copy(now);
      const { id } = world.nodes[one.node];
      this.scope.at(world).on(null, effects.message, id);
      if (!this.isHit(one.breakpoint, world.step * 2)) continue;
      const reason = () => dataReason(world, id, one.path, [before, now]);
      stop = joined(stop, this.stopAt([one.breakpoint], reason));
    }
    return stop;
  }

  /** A stop before the first action: at what the boot did, or at the scenario's first step. */
  atStart(
    world: World,
    boot: Effects,
    passed: number,
    next: () => Action | Pending | undefined,
  ): Stop | undefined {
    this.place = -1;
    return this.after(world, boot, passed, next);
  }

  /** The scenario's step that is current at a moment, or the later one that `next` comes from. */
  private placeAt(world: World, next: Action | Pending | undefined): number {
    return Math.max(this.script.position(world), causingStep(next));
  }

  private atStep(
    world: World,
    candidates: readonly OfType<'scenario'>[],
    next: Action | Pending | undefined,
  ): Stop | undefined {
    const from = this.place;
    const place = (this.place = this.placeAt(world, next));
    const passed = candidates.filter(({ trigger }) => trigger.step > from && trigger.step <= place);
    if (passed.length === 0) return undefined;
    this.scope.at(world);
    const hit = passed.filter((one) => this.isHit(one, world.step * 2));
    const begins = hit[0]?.trigger.step ?? place;
    const { text } = this.script.scenario.steps[begins] ?? {};
    const stop = this.stopAt(hit, () => ({ type: 'scenario step', text }));
    return stop && { ...stop, begins };
  }

  /** Whether the condition and the hit count of a breakpoint hold at what the scope points at. */
  private isHit(one: Breakpoint, moment: number, scope: Names = this.scope): boolean {
    if (one.condition) {
      const holds = one.condition.test(scope);
      if (typeof holds === 'object') {
        if (!this.reported.has(one.id)) {
          this.output({ type: 'condition', why: holds.why, place: one.place });
        }
        this.reported.add(one.id);
        return false;
      }
      if (!holds) return false;
    }
    return one.hitRule === undefined || one.hitRule(one.hits.count(this.branch, moment));
  }

  /** Log points write their messages and do not stop. Only a stop needs a reason. */
  private stopAt(
    hit: readonly Breakpoint[],
    reason: () => HitReason,
    scope: Names = this.scope,
  ): Stop | undefined {
    const stopping: Breakpoint[] = [];
    for (const one of hit) {
      if (one.log === undefined) stopping.push(one);
      else if (this.isLogging) {
        this.output({ type: 'log', text: one.log(scope), place: one.place });
      }
    }
    if (stopping.length === 0) return undefined;
    const breakpoints = stopping.map(({ id }) => id);
    const type = stopTypes[stopping[0].origin];
    return { type, reason: reason(), breakpoints };
  }
}

/** The scenario's step that causes an action; −1 if none does. */
function causingStep(action: Action | Pending | undefined): number {
  return action !== undefined && 'step' in action ? (action.step ?? -1) : -1;
}

/** The node that acts; the world may have been given it by this very action. */
function actorOf(world: World, { acted }: Effects): NodeId | undefined {
  return acted < 0 ? undefined : world.nodes[acted].id;
}
