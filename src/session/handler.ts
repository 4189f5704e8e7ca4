/** Which handler an action is about to run, on which node, and with what. */
import type { Action, MessageName } from '../kernel/action.ts';
import { Message, type Pending } from '../kernel/pending.ts';
import type { World } from '../kernel/world.ts';

export type HandlerKind = 'message' | 'timer' | 'operation' | 'start';

/** A handler of a role, about to run. */
export interface Handler {
  readonly kind: HandlerKind;
  /** The message type, timer, or operation; `start` for the boot of a node. */
  readonly name: string;
  readonly node: number;
  readonly run: unknown;
  readonly message?: Message;
}

/** The handler that `action` runs on `world`; undefined where it runs none. */
export function handlerOf(world: World, action: Action | Pending): Handler | undefined {
  switch (action.type) {
    case 'postponed':
      return handlerOf(world, action.action);
    case 'deliver':
      return receiver(world, action);
    case 'fire': {
      const node = world.plan.indexOf.get(action.node);
      if (node === undefined || world.nodes[node].paused) return undefined;
      const run = world.plan.cast[node].timers[action.timer];
      return { kind: 'timer', name: action.timer, node, run };
    }
    case 'invoke': {
      const node = world.plan.indexOf.get(action.node);
      if (node === undefined || world.nodes[node].paused || !world.nodes[node].up) return undefined;
      const run = world.plan.cast[node].role.operations?.[action.operation]?.run;
      return { kind: 'operation', name: action.operation, node, run };
    }
    case 'restart': {
      const node = world.plan.indexOf.get(action.node);
      if (node === undefined) return undefined;
      const run = world.plan.cast[node].role.start;
      return run && { kind: 'start', name: 'start', node, run };
    }
    default:
      return undefined;
  }
}

function receiver(world: World, name: Message | MessageName): Handler | undefined {
  const message = messageOf(world, name);
  if (!message || !arrives(world, message)) return undefined;
  const node = message.toIndex;
  const run = world.plan.cast[node].messages[message.body.type];
  return { kind: 'message', name: message.body.type, node, run, message };
}

function arrives(world: World, message: Message): boolean {
  const { network, plan } = world;
  if (network.isCut && network.cut[message.fromIndex * plan.size + message.toIndex] === 1)
    return false;
  return world.nodes[message.toIndex].up;
}

/** The code that `action` would run, found without making anything: for the loop of *continue*. */
export function codeOf(world: World, action: Action | Pending): unknown {
  if (action.type === 'deliver' && action instanceof Message) {
    if (!arrives(world, action)) return undefined;
    return world.plan.cast[action.toIndex].messages[action.body.type];
  }
  if (action.type === 'fire' && 'nodeIndex' in action) {
    return world.plan.cast[action.nodeIndex].timers[action.timer];
  }
  return handlerOf(world, action)?.run;
}

/** The message of that name that is in flight, or waits for a paused node. */
export function messageOf(world: World, name: Message | MessageName): Message | undefined {
  if (name instanceof Message) return name;
  const top = world.queue.items[0];
  if (top instanceof Message && isNamed(top, name)) return top;
  const to = world.plan.indexOf.get(name.to);
  if (to === undefined) return undefined;
  const here = (one: Pending): one is Message => one instanceof Message && isNamed(one, name);
  return world.queue.items.find(here) ?? world.nodes[to].held.find(here);
}

export function isNamed(message: MessageName, name: MessageName): boolean {
  return (
    message.ordinal === name.ordinal &&
    message.copy === name.copy &&
    message.from === name.from &&
    message.to === name.to
  );
}

/** What may be taken now instead of the next action: no choice of it is ruled out by a window. */
export function possible(world: World): (Action | Pending)[] {
  const pending = world.queue.items.filter((one) => one.type !== 'fire' || isLive(world, one));
  const soonest = Math.min(...pending.map((one) => windowOf(world, one)[1]));
  return pending
    .filter((one) => windowOf(world, one)[0] <= soonest)
    .sort((a, b) => a.at - b.at || a.tie - b.tie);
}

function isLive(world: World, alarm: Extract<Pending, { type: 'fire' }>): boolean {
  const timer = world.nodes[alarm.nodeIndex].timers[alarm.timerIndex];
  return timer.isSet && timer.tie === alarm.tie;
}

function windowOf(world: World, pending: Pending): readonly [number, number] {
  if (pending.type === 'deliver') return [pending.earliest, pending.latest];
  if (pending.type === 'postponed') return [pending.at, pending.at];
  const timer = world.nodes[pending.nodeIndex].timers[pending.timerIndex];
  return [timer.earliest, timer.latest];
}

/** An action in words that `step` obeys now, whatever moment was drawn for it. */
export function takenNow(world: World, action: Action | Pending): Action {
  if (action.type === 'postponed') return { ...action.action, at: world.time };
  if (action instanceof Message) {
    const { from, to, ordinal, copy } = action;
    return { type: 'deliver', at: Math.max(world.time, action.earliest), from, to, ordinal, copy };
  }
  if (action.type === 'fire' && 'nodeIndex' in action) {
    const at = Math.max(world.time, windowOf(world, action)[0]);
    return { type: 'fire', at, node: action.node, timer: action.timer, key: action.key };
  }
  return { ...action, at: Math.max(world.time, action.at) } as Action;
}
