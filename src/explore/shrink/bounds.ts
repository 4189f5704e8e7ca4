/**
 * What may happen in a shorter run, so that it breaks a promise for the same reason as the run that
 * was found: what that run could not do, it must not do either.
 */
import type { Action } from '../../kernel/action.ts';
import { messageOf } from '../../kernel/network/in-flight.ts';
import { Message } from '../../kernel/pending.ts';
import type { Slot, Timer, World } from '../../kernel/world.ts';
import type { Setup } from '../../kernel/plan.ts';
import { start, step } from '../../kernel/step.ts';
import { type Bounds, inWorld, type Planned } from './schedule.ts';

/** What a shorter run holds to. */
export interface Manner {
  /**
   * The order of links that keep theirs. `kept`: a message arrives when all that were sent before
   * it have arrived or are lost. `lossy`: what has been overtaken is lost, and does not arrive any
   * more. `any`: for a run in which the scenario delayed messages.
   */
  readonly links: 'kept' | 'lossy' | 'any';
  /**
   * How timers fire. `when due`: no timer fires before its time. `in order`: the timers of a node
   * fire in the order in which they are due there, although no time passes between actions.
   */
  readonly timers: 'when due' | 'in order' | 'any';
}

type Possible = ReturnType<Bounds['possible']>;

export function boundsOf({ links, timers }: Manner): Bounds {
  return {
    possible: () => {
      const ofLinks: Possible =
        links === 'kept' ? isFirst : links === 'lossy' ? unlessOvertaken() : isAny;
      const ofTimers: Possible =
        timers === 'when due' ? isDue : timers === 'in order' ? unlessLate() : isAny;
      return (world, action) => ofTimers(world, action) && ofLinks(world, action);
    },
  };
}

const isAny: Possible = () => true;

function isDue(world: World, action: Action): boolean {
  const timer = firedBy(world, action)?.timer;
  return timer === undefined || timer.earliest <= Math.max(action.at, world.time);
}

/** What a node knows of time where none passes: that of the last timer that fired. */
interface OwnTime {
  now: number;
  /** By name and key: when each timer is due at the earliest and at the latest. */
  readonly due: Map<string, { ordinal: number; earliest: number; latest: number }>;
}

/** For one run: false for a timer while another one of its node had to fire before it. */
function unlessLate(): Possible {
  const times = new Map<string, OwnTime>();
  return (world, action) => {
    const fired = firedBy(world, action);
    // Where time passes, what is due fires by itself.
    if (fired === undefined || action.at > 0) return true;
    const { node, timer } = fired;
    const own = times.get(node.id) ?? { now: 0, due: new Map() };
    times.set(node.id, own);
    const set = node.timers.filter(({ isSet }) => isSet);
    for (const one of set) noteDue(one, own);
    const at = Math.max(own.now, own.due.get(idOf(timer))!.earliest);
    if (set.some((one) => one !== timer && own.due.get(idOf(one))!.latest < at)) return false;
    own.now = at;
    return true;
  };
}

/** A timer that was set since the last one fired was set at that time. */
function noteDue({ name, key, ordinal, earliest, latest, setAt }: Timer, { now, due }: OwnTime) {
  const id = idOf({ name, key });
  if (due.get(id)?.ordinal === ordinal) return;
  due.set(id, { ordinal, earliest: now + earliest - setAt, latest: now + latest - setAt });
}

const idOf = ({ name, key }: Pick<Timer, 'name' | 'key'>) => `${name} ${key}`;

/** The timer that an action fires, and its node. */
export function firedBy(world: World, action: Action): { node: Slot; timer: Timer } | undefined {
  if (action.type !== 'fire') return undefined;
  const node = world.nodes[world.plan.indexOf.get(action.node) ?? -1];
  const timer = node?.timers.find(({ name, key, isSet }) => {
    return isSet && name === action.timer && key === action.key;
  });
  return timer && { node, timer };
}

function isFirst(world: World, action: Action): boolean {
  const message = ordered(world, action);
  return message === undefined || firstBefore(world, message) === undefined;
}

/** The first message in flight on the link of one that was sent after it. */
function firstBefore(world: World, { fromIndex, toIndex, tie }: Message): Message | undefined {
  let first: Message | undefined;
  for (const one of world.queue.items) {
    if (!(one instanceof Message) || one.connection !== '' || one.tie >= tie) continue;
    if (one.fromIndex !== fromIndex || one.toIndex !== toIndex) continue;
    if (first === undefined || one.tie < first.tie) first = one;
  }
  return first;
}

/**
 * The same actions, but a message is delivered after all that were sent before it on a link that
 * keeps its order.
 */
export function inLinkOrder(setup: Setup, actions: readonly Planned[]): Planned[] {
  const world = start(setup, []);
  const taken: Planned[] = [];
  const take = (one: Planned) => {
    if (step(world, one.action)) taken.push(one);
  };
  for (const planned of actions) {
    const meant = inWorld(world, planned);
    if (meant === undefined) continue;
    for (;;) {
      const message = ordered(world, meant.action);
      const first = message && firstBefore(world, message);
      if (first === undefined) break;
      const { from, to, ordinal, copy, body } = first;
      take({ action: { type: 'deliver', at: meant.action.at, from, to, ordinal, copy }, body });
      // A node that is down, or that does not get it, must not keep this from its end.
      if (world.queue.items.includes(first)) return [];
    }
    take(meant);
  }
  return taken;
}

/** For one run, whose actions come one after the other. */
function unlessOvertaken(): typeof isFirst {
  /** The last that arrived on each link. Ties grow with each message that is sent. */
  const last = new Map<string, number>();
  return (world, action) => {
    const message = ordered(world, action);
    if (message === undefined) return true;
    const link = `${message.fromIndex} ${message.toIndex}`;
    if (message.tie < (last.get(link) ?? -1)) return false;
    last.set(link, message.tie);
    return true;
  };
}

/** The message that an action delivers, if its link keeps the order. */
function ordered(world: World, action: Action): Message | undefined {
  if (action.type !== 'deliver') return undefined;
  const message = messageOf(world, action);
  if (message === undefined || message.connection !== '') return undefined;
  const { fromIndex, toIndex } = message;
  const { reorder } = world.network.links[fromIndex * world.plan.size + toIndex];
  return reorder ? undefined : message;
}
