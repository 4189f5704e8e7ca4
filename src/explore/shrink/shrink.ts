/** Shrinks the schedule of a violation to what it needs, so that it reads like a story. */
import type { Action } from '../../kernel/action.ts';
import type { Setup } from '../../kernel/plan.ts';
import type { NodeId } from '../../protocol/types.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { type Broken, promiseOf } from '../walks/broken.ts';
import { type Finding, setupOf } from '../walks/walks.ts';
import { gentler } from './gentler.ts';
import { leavingOut } from './leave-out.ts';
import { boundsOf, inLinkOrder, type Manner } from './bounds.ts';
import { asStory } from './story.ts';
import { start, step } from '../../kernel/step.ts';
import { type LeadsTo, released } from '../liveness.ts';
import { mustHappen } from '../promises.ts';
import { learnsTime, readsTime } from '../timeless.ts';
import {
  invocations, type Judging, type Planned, Replay, type Replayed, type Schedule, scheduleOf,
} from './schedule.ts';
import { hasTimes } from './possible-times.ts';
import { rounded } from './round-times.ts';

export interface ShrinkProgress {
  /** How many candidates were replayed, and how many actions are left. */
  readonly candidates: number;
  readonly actions: number;
}

/** A finding, as far as shrinking needs it. */
export interface Shrinkable
  extends Pick<Finding, 'broken' | 'seed' | 'time' | 'actions' | 'isAtEnd'> {
  /** What the world at the end of the actions does not lead to. */
  readonly leadsTo?: LeadsTo | undefined;
}

export interface Shrunk extends Schedule {
  readonly broken: Broken;
  /** The last lines of its scenario: what is waited for in vain. */
  readonly tail?: Tail;
  readonly isAtEnd: boolean;
  /** How many candidates were replayed, and how many actions there were. */
  readonly candidates: number;
  readonly before: number;
  /** Whether it lets time pass between its actions. */
  readonly isTimed: boolean;
}

/** What a saved scenario waits for after its schedule. */
export type Tail =
  | { readonly type: 'step'; readonly text: string }
  | { readonly type: 'until'; readonly text: string };

/** So many candidates are tried before a run is put in order: time is left to shrink it further. */
const looseMost = 2_000;

/** A shrinking that takes longer than this is not worth what it still could save. */
const candidatesMost = 50_000;

/**
 * Yields after each accepted and every hundredth other candidate. The result is undefined if the
 * violation needs what a schedule does not have, such as a change of the network's latency.
 */
export function* shrinking(
  scenario: Scenario,
  finding: Shrinkable,
  isOver: () => boolean = () => false,
): Generator<ShrinkProgress, Shrunk | undefined> {
  const { setup, actions } = scheduleOf(scenario, finding);
  const before = finding.actions.length;
  const { broken: { subject }, isAtEnd, leadsTo } = finding;
  if (leadsTo === undefined && (subject.kind === 'step' || subject.kind === 'until')) {
    return waitedInVain(scenario, { setup, actions }, finding);
  }
  const whole = wholeOf(scenario, setup, finding, actions);
  // Few violations need a copy, and without copies others are left out more easily.
  const once = actions.filter(({ action }) => action.type !== 'duplicate');
  const simpler = once.length < actions.length ? [atOnce(once)] : [];
  // Without time, a promise that reads it means nothing.
  const isTimely = readsTime(scenario, subject) || readsTimeIn(scenario, finding);
  const tries = isTimely ? [actions] : [...simpler, atOnce(actions), actions];
  const shrinkerFor = (manner: Manner, around = setup, most = candidatesMost) => {
    return new Shrinker(scenario, around, finding, { whole, isOver, manner, most });
  };
  const first = firstOf(mannersOf(scenario, finding, isTimely), (manner) => {
    const one = shrinkerFor(manner);
    return tries.some((candidate) => one.tryTo(candidate)) ? { one, manner } : undefined;
  });
  if (first === undefined) return undefined;
  const loose = shrinkerFor({ ...first.manner, links: 'any' }, setup, looseMost);
  const shrinker = first.manner.links === 'kept'
    ? (yield* throughAnyOrder(first.one, loose, (around) => shrinkerFor(first.manner, around)))
    : first.one;
  yield* shrinker.all();
  const { best, broken, candidates } = shrinker;
  const isTimed = best.some(({ action }) => action.at > 0);
  const shrunk = { setup: shrinker.setup, broken, isAtEnd, candidates, before, isTimed };
  if (leadsTo === undefined) return { ...shrunk, actions: best };
  return { ...shrunk, ...withRelease(scenario, { setup: shrunk.setup, actions: best }, broken) };
}

/** Whether the promise reads the time in the run that breaks it. */
function readsTimeIn(scenario: Scenario, { broken, seed, time, actions }: Shrinkable): boolean {
  return learnsTime(scenario, setupOf(scenario, seed, time), actions, broken.subject);
}

function firstOf<Item, Result>(items: Iterable<Item>, of: (item: Item) => Result | undefined) {
  for (const item of items) {
    const result = of(item);
    if (result !== undefined) return result;
  }
  return undefined;
}

/**
 * Shrinks first as if links kept no order, which leaves out more, and puts what is left in order
 * again. `kept` itself is returned if that does not break the promise any more.
 */
function* throughAnyOrder(
  kept: Shrinker,
  loose: Shrinker,
  keptIn: (setup: Setup) => Shrinker,
): Generator<ShrinkProgress, Shrinker> {
  if (!loose.tryTo(kept.best)) return kept;
  yield* loose.all();
  const { best, setup, candidates } = loose;
  const short = keptIn(setup);
  const isBroken = short.tryTo(best) || short.tryTo(inLinkOrder(setup, best));
  const next = isBroken && short.best.length < kept.best.length ? short : kept;
  next.candidates += candidates;
  return next;
}

/** A run is shrunk in the first manner that it holds to itself. */
function* mannersOf(
  { setup: { network } }: Scenario,
  { time }: Shrinkable,
  isTimely: boolean,
): Generator<Manner> {
  const any = ['lossy', 'any'] as const;
  const orders = network.loss > 0 ? any : (['kept', ...any] as const);
  const fires = isTimely
    ? (['when due'] as const)
    : time === 'timed' ? (['in order', 'any'] as const) : (['any'] as const);
  for (const timers of fires) {
    for (const links of orders) yield { links, timers };
  }
}

/**
 * What must happen is missing from any run that ends early, so the run must be a whole one.
 * Undefined for other promises.
 */
function wholeOf(
  scenario: Scenario,
  setup: Setup,
  { broken, isAtEnd }: Shrinkable,
  actions: readonly Planned[],
): Judging['whole'] {
  const { subject } = broken;
  const isOfEnd = subject.kind === 'expectation' && scenario.expect.some((one) => {
    return one.text === subject.text && (one.type === 'end' || mustHappen(one));
  });
  if (!isOfEnd) return undefined;
  const replay = new Replay(scenario, setup, promiseOf(subject), isAtEnd);
  return { invocations: invocations(actions), underWay: replay.underWayAfter(actions) };
}

/** After the schedule, all faults end, and the scenario waits for what does not come. */
function withRelease(scenario: Scenario, { setup, actions }: Schedule, { subject }: Broken) {
  const world = start(setup, []);
  for (const { action } of actions) step(world, action);
  const after = released(world, scenario.setup.network).map((action): Planned => ({ action }));
  const text = 'text' in subject ? subject.text : '';
  const tail: Tail = { type: subject.kind === 'until' ? 'until' : 'step', text };
  return { actions: [...actions, ...after], tail };
}

/** A step or an `until` that waits in vain is the end of a whole run: nothing is left out of it. */
function waitedInVain(
  scenario: Scenario,
  schedule: Schedule,
  { broken, isAtEnd, actions: { length: before } }: Shrinkable,
): Shrunk {
  const { setup } = schedule;
  const isTimed = schedule.actions.some(({ action }) => action.at > 0);
  const released = withRelease(scenario, schedule, broken);
  return { setup, broken, isAtEnd, candidates: 0, before, isTimed, ...released };
}

/** The same to the end, for callers without a clock. */
export function shrink(
  scenario: Scenario,
  finding: Shrinkable,
  isOver?: () => boolean,
): Shrunk | undefined {
  const all = shrinking(scenario, finding, isOver);
  for (;;) {
    const next = all.next();
    if (next.done) return next.value;
  }
}

/** Without time between the actions. Most violations do not depend on it. */
export function atOnce(actions: readonly Planned[]): Planned[] {
  return actions.map((one) => ({ ...one, action: { ...one.action, at: 0 } }));
}

class Shrinker {
  best: readonly Planned[] = [];
  broken!: Broken;
  candidates = 0;
  private replay: Replay;

  constructor(
    private readonly scenario: Scenario,
    public setup: Setup,
    private readonly finding: Pick<Shrinkable, 'broken' | 'isAtEnd' | 'leadsTo'>,
    private readonly around: {
      /** The run must stay a whole one. */
      readonly whole: Judging['whole'];
      /** Returns true once shrinking has taken long enough. */
      readonly isOver: () => boolean;
      readonly manner: Manner;
      /** So many candidates are tried. */
      readonly most: number;
    },
  ) {
    this.replay = this.replayOn(setup);
  }

  /** Keeps a candidate that still breaks the promise; false if it does not. */
  tryTo(candidate: readonly Planned[], replay = this.replay): boolean {
    this.candidates++;
    const replayed = replay.run(candidate);
    if (replayed === undefined) return false;
    // A condition that has no value, because its node was left out, is another violation.
    if (replayed.broken.reason.code !== this.finding.broken.reason.code) return false;
    if (!this.hasTimes(replay, replayed)) return false;
    this.best = replayed.actions;
    this.broken = replayed.broken;
    return true;
  }

  private hasTimes({ setup }: Replay, { actions }: Replayed): boolean {
    const { network } = this.scenario.setup;
    return this.around.manner.timers === 'any' || hasTimes(setup, network, actions);
  }

  /** Repeats all passes until none of them saves anything. */
  *all(): Generator<ShrinkProgress> {
    // With fewer nodes, what must happen might be missing for that reason alone.
    const isFree = this.around.whole === undefined && this.finding.leadsTo === undefined;
    let cost: number;
    do {
      cost = this.cost();
      if (isFree) yield* this.leaveOutNodes();
      yield* this.leaveOut();
      if (isFree) yield* this.makeClusterSmaller();
      yield* this.weaken();
      yield* this.roundTimes();
    } while (this.cost() < cost && !this.isLong());
    // In another order, something may be left out that was in the way.
    if (this.tryTo(asStory(this.best))) yield* this.leaveOut();
  }

  private isLong(): boolean {
    return this.candidates >= this.around.most || this.around.isOver();
  }

  /** Faults count most, then actions, then time that passes. */
  private cost(): number {
    return this.best.reduce((sum, { action }) => sum + weight(action), this.best.length * 10) +
      new Set(this.best.map(({ action }) => action.at)).size;
  }

  /** Leaves out all that one node does and receives: a client, or a replica that is not needed. */
  private *leaveOutNodes(): Generator<ShrinkProgress> {
    for (const { id } of this.setup.nodes) {
      if (!this.best.some(({ action }) => isAbout(action, id))) continue;
      const kept = this.tryTo(this.best.filter(({ action }) => !isAbout(action, id)));
      if (kept) yield this.progress();
    }
  }

  private *leaveOut(): Generator<ShrinkProgress> {
    const passes = leavingOut<Planned>({
      best: () => this.best,
      isShorter: (rest) => {
        const { length } = this.best;
        return this.tryTo(rest) && this.best.length < length;
      },
      isLong: () => this.isLong(),
    });
    for (const isShorter of passes) {
      if (isShorter || this.candidates % 100 === 0) yield this.progress();
    }
  }

  /** Puts a gentler fault in the place of one, if that is enough. */
  private *weaken(): Generator<ShrinkProgress> {
    for (let at = 0; at < this.best.length; at++) {
      for (const weaker of gentler(this.best[at].action)) {
        const changed = this.best.map((one, i) => (i === at ? { action: weaker } : one));
        if (!this.tryTo(changed)) continue;
        yield this.progress();
        break;
      }
    }
  }

  private *roundTimes(): Generator<ShrinkProgress> {
    for (let at = 0; at < this.best.length && !this.isLong(); at++) {
      for (const candidate of rounded(this.best, at)) {
        if (!this.tryTo(candidate)) continue;
        yield this.progress();
        break;
      }
    }
  }

  /**
   * Takes nodes out of the cluster, one or two at a time: of five acceptors, two fewer make a
   * smaller quorum. What the others did is then often enough.
   */
  private *makeClusterSmaller(): Generator<ShrinkProgress> {
    for (const pair of onesAndTwos(this.setup.nodes.map(({ id }) => id))) {
      const nodes = this.setup.nodes.filter(({ id }) => !pair.includes(id));
      if (nodes.length === 0 || nodes.length > this.setup.nodes.length - pair.length) continue;
      if (this.isLong()) return;
      const setup = { ...this.setup, nodes };
      const smaller = this.replayOn(setup);
      const rest = this.best.filter(({ action }) => !pair.some((id) => isAbout(action, id)));
      if (!this.tryTo(rest, smaller)) continue;
      this.setup = setup;
      this.replay = smaller;
      yield* this.leaveOut();
    }
  }

  private replayOn(setup: Setup): Replay {
    const { broken, isAtEnd, leadsTo } = this.finding;
    const { whole, manner } = this.around;
    const judging = { leadsTo, ...(whole && { whole }) };
    const promise = promiseOf(broken.subject);
    return new Replay(this.scenario, setup, promise, isAtEnd, judging, boundsOf(manner));
  }

  private progress(): ShrinkProgress {
    return { candidates: this.candidates, actions: this.best.length };
  }
}

/** How much of a surprise an action is. */
function weight(action: Action): number {
  switch (action.type) {
    case 'deliver':
    case 'invoke':
    case 'restart':
    case 'resume':
    case 'heal':
    case 'plug-in':
    case 'synced':
      return 0;
    case 'fire':
    case 'duplicate':
    case 'cut':
      return 1;
    case 'power-off':
    case 'partition':
      return 5;
    default:
      return 3;
  }
}

function onesAndTwos(ids: readonly NodeId[]): readonly (readonly NodeId[])[] {
  const last = ids.toReversed();
  const pairs = last.flatMap((one, i) => last.slice(i + 1).map((other) => [one, other]));
  return [...last.map((one) => [one]), ...pairs];
}

function isAbout(action: Action, id: NodeId): boolean {
  if ('node' in action) return action.node === id;
  if ('ordinal' in action) return action.from === id || action.to === id;
  if (action.type === 'partition') return action.groups.flat().includes(id);
  if (action.type === 'reset') return action.nodes.includes(id);
  if (action.type === 'cut') return [...action.from, ...action.to].includes(id);
  return false;
}
