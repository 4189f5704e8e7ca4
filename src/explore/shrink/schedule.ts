/**
 * A schedule: actions on a network that holds every message back. No message arrives unless the
 * schedule delivers it, so what is left out of a schedule does not happen, and the rest still does.
 */
import type { Action, MessageName } from '../../kernel/action.ts';
import { equal } from '../../kernel/data/plain.ts';
import { Effects } from '../../kernel/effects.ts';
import { messageOf } from '../../kernel/network/in-flight.ts';
import { Message } from '../../kernel/pending.ts';
import type { Setup } from '../../kernel/plan.ts';
import { start, step } from '../../kernel/step.ts';
import type { World } from '../../kernel/world.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { isMissed, type LeadsTo, underWay } from '../liveness.ts';
import { type Broken, missing, Promises } from '../walks/broken.ts';
import { heldSetup } from '../walks/held.ts';
import { type Finding, type Origin, setupOf } from '../walks/walks.ts';

/** An action of a schedule; `body` is that of the message that it is about. */
export interface Planned {
  readonly action: Action;
  readonly body?: Message['body'];
}

export interface Schedule {
  readonly setup: Setup;
  readonly actions: readonly Planned[];
}

/** A replay that broke the promise: the actions that were possible, up to the violation. */
export interface Replayed {
  readonly actions: readonly Planned[];
  readonly broken: Broken;
}

/** How the end of a schedule is judged, if the promise is about the run as a whole. */
export interface Judging {
  /**
   * The run must have come to its end: it invokes as often as the original, and no more than so
   * much is under way. Otherwise, an event would be missing because nothing happens at all.
   */
  readonly whole?: { readonly invocations: number; readonly underWay: number };
  /** Once faults stop, this must be reached. */
  readonly leadsTo?: LeadsTo | undefined;
}

/** The bounds of a replay. */
export interface Bounds {
  /** A moment to replay from, in place of a start with the setup. */
  readonly from?: Origin;
  /** For each run: says what may be taken; what may not is skipped. */
  readonly possible: () => (world: World, action: Action) => boolean;
}

/** Replays schedules of one scenario, and looks for violations of one promise. */
export class Replay {
  protected readonly promises: Promises;
  protected readonly effects = new Effects();
  private readonly origin: World;
  private readonly atStart: Broken | undefined = undefined;

  constructor(
    protected readonly scenario: Scenario,
    readonly setup: Setup,
    promise: string,
    /** Whether the promise is about the run as a whole. */
    private readonly isAtEnd: boolean,
    private readonly judging: Judging = {},
    private readonly bounds?: Bounds,
  ) {
    // The steps of the scenario are actions of the schedule.
    const from = bounds?.from;
    this.promises = from?.promises ??
      new Promises({ ...scenario, steps: [], settle: 0 }, promise);
    this.origin = from?.world ?? start(setup, this.promises.monitors, this.effects);
    if (from === undefined) this.atStart = this.promises.after(this.origin, null, this.effects);
  }

  /** Undefined if the promise holds. */
  run(actions: readonly Planned[]): Replayed | undefined {
    if (this.atStart !== undefined) return { actions: [], broken: this.atStart };
    const world = this.origin.fork();
    const { effects, promises } = this;
    const isPossible = this.bounds?.possible();
    const taken: Planned[] = [];
    for (const planned of actions) {
      for (const due of this.dueBefore(world, planned.action.at)) {
        taken.push(due);
        const broken = promises.after(world, due.action, effects);
        if (broken !== undefined) return { actions: taken, broken };
      }
      const meant = inWorld(world, planned);
      if (meant === undefined) continue;
      if (isPossible?.(world, meant.action) === false) continue;
      if (!step(world, meant.action, effects)) continue;
      taken.push({ ...meant, action: { ...meant.action, at: world.time } });
      const broken = promises.after(world, meant.action, effects);
      if (broken !== undefined) return { actions: taken, broken };
    }
    const broken = this.isAtEnd ? this.judge(world, taken) : undefined;
    return broken && { actions: taken, broken };
  }

  /** How much is under way at the end of a schedule. */
  underWayAfter(actions: readonly Planned[]): number {
    const world = this.origin.fork();
    for (const planned of actions) {
      for (const _ of this.dueBefore(world, planned.action.at));
      const meant = inWorld(world, planned);
      if (meant !== undefined) step(world, meant.action, this.effects);
    }
    return underWay(world);
  }

  protected judge(world: World, taken: readonly Planned[]): Broken | undefined {
    const { whole, leadsTo } = this.judging;
    if (leadsTo !== undefined) {
      if (!isMissed(world, this.scenario.setup.network, leadsTo)) return undefined;
      return missing(leadsTo);
    }
    if (whole !== undefined) {
      if (invocations(taken) < whole.invocations || underWay(world) > whole.underWay) {
        return undefined;
      }
    }
    return this.promises.atEnd(world, true);
  }

  /** What happens by itself before a time: timers fire, and a node receives its own messages. */
  protected *dueBefore(world: World, at: number): Generator<Planned> {
    for (;;) {
      const next = world.next();
      if (next === undefined || next.at >= at) return;
      const action: Action =
        next.type === 'postponed' ? { ...next.action, at: Math.max(next.at, world.time) }
        : next.type === 'fire'
          ? { type: 'fire', at: next.at, node: next.node, timer: next.timer, key: next.key }
        : { type: 'deliver', at: next.at, ...nameOf(next) };
      const body = next.type === 'deliver' ? { body: next.body } : {};
      if (!step(world, next, this.effects)) return;
      yield { action: { ...action, at: world.time }, ...body };
    }
  }
}

export function invocations(actions: readonly Planned[]): number {
  return actions.filter(({ action }) => action.type === 'invoke').length;
}

function nameOf({ from, to, ordinal, copy }: Message) {
  return { from, to, ordinal, copy };
}

/**
 * The action as it is possible in a world that came about in another way. An ordinal counts what
 * was sent before, so the same message may have another one: equal contents find it.
 */
export function inWorld(world: World, planned: Planned): Planned | undefined {
  const { action, body } = planned;
  if (!('ordinal' in action) || body === undefined) return planned;
  const named = messageOf(world, action);
  if (named !== undefined && named.body.type === body.type && equal(named.body, body)) {
    return planned;
  }
  const { from, to } = action;
  const toIndex = world.plan.indexOf.get(to);
  let similar: Message | undefined;
  for (const one of world.queue.items) {
    if (!(one instanceof Message) || one.toIndex !== toIndex || one.from !== from) continue;
    if (one.body.type !== body.type) continue;
    if (equal(one.body, body)) return meaning(action, one);
    if (similar === undefined || one.tie < similar.tie) similar = one;
  }
  return similar && meaning(action, similar);
}

function meaning(action: Action, message: Message): Planned {
  return { action: { ...action, ...nameOf(message) } as Action, body: message.body };
}

/** The schedule of a run that a walk took, whose messages came and got lost as was drawn. */
export function scheduleOf(
  scenario: Scenario,
  { seed, time, actions }: Pick<Finding, 'seed' | 'time' | 'actions'>,
): Schedule {
  const asWalked = setupOf(scenario, seed, time);
  const setup = heldSetup(asWalked);
  const planned: Planned[] = [];
  const copies = copiesOfNetwork(actions);
  // The messages of the run as it was, for their contents.
  const world = start(asWalked, []);
  for (const action of actions) {
    const body = about(world, action);
    if ('ordinal' in action) {
      // The network of the run made these copies; here an action makes each, while it still can:
      // once the message has arrived, nothing is left to copy.
      const { from, to, ordinal, at } = action;
      const name = messageKey(action);
      for (let left = copies.get(name) ?? 0; left > 0; left--) {
        planned.push({ action: { type: 'duplicate', at, from, to, ordinal, copy: 0 }, ...body });
      }
      copies.delete(name);
    }
    step(world, action);
    const held = withoutLatency(action);
    if (held !== undefined) planned.push({ action: withoutStep(held), ...body });
  }
  return { setup, actions: planned };
}

/** How many copies of each message arrive that no action makes. */
function copiesOfNetwork(actions: readonly Action[]): Map<string, number> {
  const copies = new Map<string, number>();
  const made = new Set<string>();
  for (const action of actions) {
    if (action.type === 'duplicate') made.add(`${messageKey(action)} ${action.copy + 1}`);
    if (action.type !== 'deliver' || action.copy === 0) continue;
    const name = messageKey(action);
    if (!made.has(`${name} ${action.copy}`)) copies.set(name, (copies.get(name) ?? 0) + 1);
  }
  return copies;
}

const messageKey = ({ from, to, ordinal }: MessageName) => `${from} ${to} ${ordinal}`;

/** The contents of the message in flight that an action is about, if it is about one. */
export function about(world: World, action: Action): Pick<Planned, 'body'> {
  const message = 'ordinal' in action ? messageOf(world, action) : undefined;
  return message === undefined ? {} : { body: message.body };
}

/** The step that asked for an action is not part of the schedule. */
export function withoutStep(action: Action): Action {
  const { step: _, ...rest } = action;
  return rest as Action;
}

/** A change of the network without what would let messages arrive by themselves, or get lost. */
function withoutLatency(action: Action): Action | undefined {
  if (action.type === 'delay') return undefined;
  if (action.type !== 'network') return action;
  const { from, to, reorder } = action.rule;
  if (reorder === undefined) return undefined;
  return { ...action, rule: { ...(from && { from }), ...(to && { to }), reorder } };
}
