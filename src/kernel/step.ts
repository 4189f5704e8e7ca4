/** The only way in which anything happens: `step` applies one action to a world, in place. */
import type { Action, MessageName } from './action.ts';
import { skewClock } from './clock.ts';
import { callStack, Effects } from './effects.ts';
import { Handle, post } from './node.ts';
import { actionText } from './text.ts';
import { Message, order, type Pending, Postponed } from './pending.ts';
import { type Setup } from './plan.ts';
import { copy } from './plain.ts';
import { durablePart, freshState, type Monitor, type Slot, type Timer, World } from './world.ts';

const handle = new Handle();

/** A world whose nodes have booted, at time 0, before the first action. */
export function start(setup: Setup, monitors: readonly Monitor[] = [], effects = new Effects()): World {
  const world = World.blank(setup, monitors);
  effects.reset();
  for (let index = 0; index < world.nodes.length; index++) boot(world, index, effects);
  world.memories = monitors.map((monitor) => monitor.start(world));
  return world;
}

/**
 * Takes one action. Answers false, and changes nothing, where it is not possible now: the message
 * is not in flight, the timer not set, the node already down. `effects`, if given, tells what came
 * of it. Never throws for what a protocol does: that is an effect of the step.
 */
export function step(world: World, action: Action | Pending, effects: Effects | null = null): boolean {
  let tell = effects;
  if (tell !== null) tell.reset();
  else if (world.monitors.length > 0) (tell = scratch).reset();
  const before = world.time;
  if (action.at > before) world.time = action.at;
  world.step++;
  if (!apply(world, action, tell)) {
    world.step--;
    world.time = before;
    return false;
  }
  if (world.monitors.length > 0) watch(world, action, tell!);
  return true;
}

const scratch = new Effects();

function watch(world: World, action: Action | Pending, effects: Effects): void {
  const memories = world.touchMemories();
  const monitors = world.monitors;
  for (let i = 0; i < monitors.length; i++) {
    const why = monitors[i].after(world, action, effects, memories[i]);
    if (why !== undefined) effects.violations.push({ monitor: monitors[i].name, why });
  }
}

function apply(world: World, action: Action | Pending, effects: Effects | null): boolean {
  switch (action.type) {
    case 'deliver':
      return deliver(world, action, effects);
    case 'fire':
      return fire(world, action.node, action.timer, action.key, effects);
    case 'postponed':
      return apply(world, action.action, effects);
    case 'drop':
      return drop(world, action, effects);
    case 'duplicate':
      return duplicate(world, action, effects);
    case 'delay':
      return delay(world, action, action.by, effects);
    case 'invoke':
      return invoke(world, action, effects);
    case 'crash':
      return crash(world, action.node, effects);
    case 'restart':
      return restart(world, action.node, effects);
    case 'pause':
      return pause(world, action, effects);
    case 'resume':
      return resume(world, action.node, effects);
    case 'partition':
    case 'cut':
    case 'heal':
    case 'network':
      return changeNetwork(world, action);
    case 'skew':
      return skew(world, action, effects);
    default:
      return unreachable(action);
  }
}

function unreachable(action: never): never {
  throw new Error(`no such action: ${JSON.stringify(action)}`);
}

// Messages

function deliver(world: World, name: Message | MessageName, effects: Effects | null): boolean {
  const message = take(world, name);
  if (message === undefined) return false;
  const index = message.toIndex;
  if (effects !== null) {
    effects.message = message;
    effects.cause = message.cause;
  }
  const { network, plan } = world;
  if (network.isCut && network.cut[message.fromIndex * plan.size + index] === 1) return lose(effects);
  if (!world.nodes[index].up) return lose(effects);
  const slot = world.touch(index);
  const handler = slot.cast.messages[message.body.type];
  if (effects !== null) effects.acted = index;
  if (handler === undefined) {
    fail(world, slot, new Error(notUnderstood(slot, message)), effects);
    return true;
  }
  handle.bind(world, slot, effects);
  try {
    handler(handle, message.body, message.from);
  } catch (error) {
    fail(world, slot, error, effects);
  }
  handle.release();
  return true;
}

function lose(effects: Effects | null): boolean {
  if (effects !== null) effects.lost = true;
  return true;
}

function notUnderstood(slot: Slot, message: Message): string {
  const names = Object.keys(slot.cast.messages).join(', ') || 'none';
  return `role ${slot.role} has no handler for ${message.body.type}; it handles ${names}`;
}

function drop(world: World, name: MessageName, effects: Effects | null): boolean {
  const message = take(world, name);
  if (message === undefined) return false;
  if (effects !== null) {
    effects.message = message;
    effects.cause = message.cause;
    effects.lost = true;
  }
  return true;
}

function duplicate(world: World, name: MessageName, effects: Effects | null): boolean {
  const message = find(world, name);
  if (message === undefined) return false;
  if (effects !== null) effects.message = message;
  const copies = copiesInFlight(world, message);
  const { body, ordinal } = message;
  post(world, world.touch(message.fromIndex), message.toIndex, body, ordinal, copies, '', effects);
  return true;
}

function copiesInFlight(world: World, message: Message): number {
  let highest = 0;
  for (const other of flying(world, message.toIndex)) {
    if (other.ordinal === message.ordinal && other.fromIndex === message.fromIndex) {
      highest = Math.max(highest, other.copy);
    }
  }
  return highest + 1;
}

function delay(world: World, name: MessageName, by: number, effects: Effects | null): boolean {
  const message = take(world, name);
  if (message === undefined) return false;
  const later = new Message(
    message.at + by, world.tie++, message.from, message.to, message.fromIndex, message.toIndex,
    message.ordinal, message.copy, message.body, message.sentAt, message.earliest + by,
    message.latest + by, message.cause, message.lost,
  );
  if (effects !== null) effects.message = later;
  world.schedule(later);
  return true;
}

/** The messages on their way to a node, those that wait for it while it is paused among them. */
function flying(world: World, to: number): Message[] {
  const pending = [...world.queue.items, ...world.nodes[to].held];
  return pending.filter((one): one is Message => one.type === 'deliver' && one.toIndex === to);
}

function find(world: World, name: Message | MessageName): Message | undefined {
  const to = world.plan.indexOf.get(name.to);
  if (to === undefined) return undefined;
  return flying(world, to).find(
    (one) => one.ordinal === name.ordinal && one.copy === name.copy && one.from === name.from,
  );
}

/** Takes a message off the network, where it is in flight. */
function take(world: World, name: Message | MessageName): Message | undefined {
  const top = world.queue.items[0];
  if (top === name) return world.queue.pop() as Message;
  if (top !== undefined && top.type === 'deliver' && top.to === name.to && top.from === name.from) {
    if (top.ordinal === name.ordinal && top.copy === name.copy) return world.queue.pop() as Message;
  }
  const message = find(world, name);
  return message !== undefined && world.queue.remove(message) ? message : undefined;
}

// Timers

function fire(world: World, node: string, name: string, key: string, effects: Effects | null): boolean {
  const index = world.plan.indexOf.get(node);
  if (index === undefined || world.nodes[index].paused) return false;
  const at = timerAt(world.nodes[index].timers, name, key);
  if (at < 0 || !world.nodes[index].timers[at].isSet) return false;
  const slot = world.touch(index);
  const timer = slot.timers[at];
  timer.isSet = false;
  const top = world.queue.items[0];
  if (top !== undefined && top.type === 'fire' && top.tie === timer.tie) {
    world.queue.pop();
    world.queuedAt[timer.serial] = 0;
  }
  if (effects !== null) {
    effects.acted = index;
    effects.cause = timer.cause;
  }
  handle.bind(world, slot, effects);
  try {
    slot.cast.timers[name](handle, timer.data);
  } catch (error) {
    fail(world, slot, error, effects);
  }
  handle.release();
  return true;
}

function timerAt(timers: readonly Timer[], name: string, key: string): number {
  for (let i = 0; i < timers.length; i++) {
    if (timers[i].name === name && timers[i].key === key) return i;
  }
  return -1;
}

// Clients

type Invoke = Extract<Action, { type: 'invoke' }>;

function invoke(world: World, action: Invoke, effects: Effects | null): boolean {
  const index = world.plan.indexOf.get(action.node);
  if (index === undefined || !world.nodes[index].up) return false;
  const operation = world.nodes[index].cast.role.operations?.[action.operation];
  if (operation === undefined) return false;
  if (action.woken && !withdraw(world, action)) return false;
  const slot = world.touch(index);
  if (slot.paused) {
    const later: Action = { ...action, at: 0, woken: true };
    slot.held.push(new Postponed(world.time, world.tie++, later, world.step));
    return true;
  }
  const id = `${action.node}#${++slot.invoked}`;
  const args = Object.freeze({ ...action.args });
  slot.operations.push({ id, name: action.operation, args, at: world.time });
  if (effects !== null) {
    effects.acted = index;
    effects.cause = -1;
    effects.invoked = { operation: id, node: action.node, name: action.operation, args };
  }
  handle.bind(world, slot, effects);
  try {
    operation.run(handle as never, args as never, id);
  } catch (error) {
    fail(world, slot, error, effects);
  }
  handle.release();
  return true;
}

// Processes

function boot(world: World, index: number, effects: Effects | null): void {
  const slot = world.touch(index);
  const run = slot.cast.role.start;
  if (effects !== null) effects.acted = index;
  if (run === undefined) return;
  handle.bind(world, slot, effects);
  try {
    run(handle as never);
  } catch (error) {
    fail(world, slot, error, effects);
  }
  handle.release();
}

/** An uncaught exception ends a process: the node is down, its state kept for who wants to see why. */
function fail(world: World, slot: Slot, error: unknown, effects: Effects | null): void {
  stop(world, slot);
  if (effects === null) return;
  const message = error instanceof Error ? error.message : String(error);
  const stack = (error instanceof Error && error.stack) || callStack();
  effects.failure = { node: slot.id, message, stack };
}

function stop(world: World, slot: Slot): void {
  slot.up = false;
  slot.paused = false;
  slot.held = [];
  slot.operations = [];
  for (const timer of slot.timers) timer.isSet = false;
  world.queue.extract(
    (one) => one.type === 'postponed' && 'node' in one.action && one.action.node === slot.id,
  );
}

function crash(world: World, node: string, effects: Effects | null): boolean {
  const index = world.plan.indexOf.get(node);
  if (index === undefined || !world.nodes[index].up) return false;
  const slot = world.touch(index);
  stop(world, slot);
  slot.state = { ...freshState(slot.cast), ...copy(onDisk(slot)) };
  if (effects !== null) effects.acted = index;
  return true;
}

/** What a crash leaves: the durable fields, as they were last synced. */
function onDisk(slot: Slot): Record<string, unknown> {
  return slot.disk ?? durablePart(slot.cast, slot.state);
}

function restart(world: World, node: string, effects: Effects | null): boolean {
  const index = world.plan.indexOf.get(node);
  if (index === undefined || world.nodes[index].up) return false;
  const slot = world.touch(index);
  slot.up = true;
  slot.state = { ...freshState(slot.cast), ...copy(onDisk(slot)) };
  boot(world, index, effects);
  return true;
}

function pause(world: World, action: Extract<Action, { type: 'pause' }>, effects: Effects | null): boolean {
  const index = world.plan.indexOf.get(action.node);
  if (index === undefined || !world.nodes[index].up || world.nodes[index].paused) return false;
  const slot = world.touch(index);
  slot.paused = true;
  slot.held = world.queue.extract((one) => one.type === 'deliver' && one.toIndex === index);
  for (const alarm of world.queue.extract((one) => one.type === 'fire' && one.nodeIndex === index)) {
    if (alarm.type === 'fire') world.queuedAt[slot.timers[alarm.timerIndex].serial] = 0;
  }
  if (effects !== null) effects.acted = index;
  if (action.for !== undefined) postpone(world, action.for, { type: 'resume', node: action.node, at: 0 });
  return true;
}

function resume(world: World, node: string, effects: Effects | null): boolean {
  const index = world.plan.indexOf.get(node);
  if (index === undefined || !world.nodes[index].paused) return false;
  const slot = world.touch(index);
  slot.paused = false;
  for (const pending of slot.held) world.queue.push(pending);
  slot.held = [];
  slot.timers.forEach((timer, i) => {
    if (timer.isSet) world.queueTimer(index, i, timer);
  });
  if (effects !== null) effects.acted = index;
  withdraw(world, { type: 'resume', node, at: 0 });
  return true;
}

function skew(world: World, action: Extract<Action, { type: 'skew' }>, effects: Effects | null): boolean {
  const index = world.plan.indexOf.get(action.node);
  if (index === undefined) return false;
  if (effects !== null) effects.acted = index;
  skewClock(world, index, action);
  return true;
}

// The network

type NetworkAction = Extract<Action, { type: 'partition' | 'cut' | 'heal' | 'network' }>;

function changeNetwork(world: World, action: NetworkAction): boolean {
  const all = world.plan.cast.map((cast) => cast.index);
  const numbers = (ids: readonly string[] | undefined) =>
    ids?.map((id) => world.plan.indexOf.get(id) ?? -1).filter((index) => index >= 0) ?? all;
  switch (action.type) {
    case 'network':
      world.network = world.network.withRule(action.rule, numbers(action.rule.from), numbers(action.rule.to));
      return true;
    case 'heal':
      world.network = world.network.withCut(numbers(action.from), numbers(action.to), 0);
      withdraw(world, { ...action, at: 0 });
      return true;
    case 'cut':
      world.network = world.network.withCut(numbers(action.from), numbers(action.to), 1);
      healLater(world, action.for, [[action.from, action.to]]);
      return true;
    case 'partition': {
      const pairs = action.groups.flatMap((from) =>
        action.groups.filter((to) => to !== from).map((to) => [from, to] as const),
      );
      for (const [from, to] of pairs) {
        world.network = world.network.withCut(numbers(from), numbers(to), 1);
      }
      healLater(world, action.for, pairs);
      return true;
    }
  }
}

function healLater(
  world: World,
  after: number | undefined,
  pairs: readonly (readonly [string[], string[]])[],
): void {
  if (after === undefined) return;
  for (const [from, to] of pairs) postpone(world, after, { type: 'heal', from, to, at: 0 });
}

function postpone(world: World, after: number, action: Action): void {
  world.queue.push(new Postponed(world.time + after, world.tie++, action, world.step));
}

/** Forgets the first postponed action of the same words, now that it is done. */
function withdraw(world: World, action: Action): boolean {
  const words = actionText(action);
  const same = world.queue.items.filter(
    (one) => one.type === 'postponed' && actionText(one.action) === words,
  );
  return same.length > 0 && world.queue.remove(same.sort(order)[0]);
}
