/**
 * What happens to processes: timers fire, operations are invoked, nodes boot, crash, pause, resume.
 */
import type { Micros } from '../protocol/types.ts';
import type { Action } from './action.ts';
import type { Effects } from './effects.ts';
import { call, callTimer, variantOf, fail, halt, stop } from './handler.ts';
import { Postponed } from './pending.ts';
import { copy } from './data/plain.ts';
import type { Cast } from './plan.ts';
import { isQuick, keepImage, release } from './disk/disk.ts';
import { postpone, withdraw } from './postponed.ts';
import { whyNotAdded } from './joining.ts';
import { checkPlain, seal } from './data/seal.ts';
import { shown } from './data/shown.ts';
import { refuse } from './refusals/refused.ts';
import { durablePart, type Slot, type Timer, type World } from './world.ts';

export function fire(
  world: World,
  node: string,
  name: string,
  key: string,
  effects: Effects | null,
): boolean {
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
  callTimer(world, slot, effects, slot.cast.timers[name], timer.data);
  return true;
}

function timerAt(timers: readonly Timer[], name: string, key: string): number {
  for (let i = 0; i < timers.length; i++) {
    if (timers[i].name === name && timers[i].key === key) return i;
  }
  return -1;
}

type Invoke = Extract<Action, { type: 'invoke' }>;

export function invoke(world: World, action: Invoke, effects: Effects | null): boolean {
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
  const args = seal(action.args, '', 'arguments');
  slot.operations.push({ id, name: action.operation, args, at: world.time });
  if (effects !== null) {
    effects.acted = index;
    effects.cause = -1;
    effects.invoked = { operation: id, node: action.node, name: action.operation, args };
  }
  call(world, slot, effects, operation.run, args, id);
  return true;
}

/** The first boot of a node. */
export function bootNode(world: World, index: number, effects: Effects | null): void {
  const slot = world.touch(index);
  const { role, down } = slot.cast;
  slot.up = !down;
  slot.started = !down;
  if (effects !== null) effects.acted = index;
  if (!initialise(world, slot, variantOf(role.init), effects)) return;
  if (role.sync === 'manual') slot.disk = copy(durablePart(slot.cast, slot.state));
  // The state of a node that is down shows what it will begin with.
  if (!down) begin(world, slot, effects);
}

/** Adds a node and boots it. */
export function add(
  world: World,
  { node: id, role }: Extract<Action, { type: 'add' }>,
  effects: Effects | null,
): boolean {
  if (whyNotAdded(world.plan, id, role) !== undefined) return false;
  bootNode(world, world.add({ id, role }).index, effects);
  return true;
}

/** Gives a node its first state, with what is on its disk. Returns false if `init` throws. */
function initialise(
  world: World,
  slot: Slot,
  init: Cast['role']['init'],
  effects: Effects | null,
  disk: Record<string, unknown> = {},
): boolean {
  const { id, options } = slot.cast;
  slot.state = disk;
  try {
    slot.state = { ...firstState(init({ id, options })), ...disk };
    return true;
  } catch (error) {
    if (error === halt) throw error;
    fail(world, slot, error, effects);
    return false;
  }
}

/** Going back in time copies states as plain data, so that is all they may hold. */
function firstState(state: unknown): object {
  if (typeof state !== 'object' || state === null || Array.isArray(state)) {
    refuse({ type: 'first state', found: shown(state, 60) });
  }
  checkPlain(state, 'state', 'states');
  return state;
}

function begin(world: World, slot: Slot, effects: Effects | null): void {
  const { start } = slot.cast.role;
  if (start !== undefined) call(world, slot, effects, start);
}

export function crash(world: World, node: string, effects: Effects | null): boolean {
  const index = world.plan.indexOf.get(node);
  if (index === undefined || !world.nodes[index].up) return false;
  const slot = world.touch(index);
  endProcess(world, slot, effects);
  if (effects !== null) effects.acted = index;
  return true;
}

/** Ends the process of a node that is up; only what is on disk remains. */
export function endProcess(world: World, slot: Slot, effects: Effects | null): void {
  stop(world, slot, effects);
  // The volatile fields already show what they will be after a restart. No handler runs in a crash,
  // so `init` is not instrumented here, and what it throws is not reported.
  initialise(world, slot, slot.cast.role.init, null, copy(onDisk(slot)));
  forgetImage(world, slot);
}

/** What survives a crash: the durable fields, as they were last synced. */
function onDisk(slot: Slot): Record<string, unknown> {
  return slot.disk ?? durablePart(slot.cast, slot.state);
}

/** Only a role that syncs by itself has an image of its disk while nothing is written. */
function forgetImage(world: World, slot: Slot): void {
  if (slot.cast.role.sync === 'manual') return;
  slot.disk = null;
  if (!isQuick(world, slot)) keepImage(slot);
}

/** Gives the host of a node its power back. */
function powerOn(world: World, slot: Slot): void {
  slot.powered = true;
  if (slot.plugged) world.network = world.network.withHost(slot.index, 0);
}

export function restart(world: World, node: string, effects: Effects | null): boolean {
  const index = world.plan.indexOf.get(node);
  if (index === undefined || world.nodes[index].up) return false;
  const slot = world.touch(index);
  slot.up = true;
  slot.started = true;
  if (!slot.powered) powerOn(world, slot);
  withdraw(world, { type: 'restart', node, at: 0 });
  if (effects !== null) effects.acted = index;
  const disk = copy(onDisk(slot));
  forgetImage(world, slot);
  if (initialise(world, slot, variantOf(slot.cast.role.init), effects, disk)) {
    begin(world, slot, effects);
  }
  return true;
}

export function pause(
  world: World,
  action: Extract<Action, { type: 'pause' }>,
  effects: Effects | null,
): boolean {
  const index = world.plan.indexOf.get(action.node);
  if (index === undefined || !world.nodes[index].up || world.nodes[index].paused) return false;
  const slot = world.touch(index);
  slot.paused = true;
  slot.pausedAt = world.time;
  // What comes on a connection still reaches the host, which keeps it for the process.
  slot.held = world.queue.extract((one) => {
    if (one.type !== 'deliver' || one.toIndex !== index) return false;
    return one.connection === '' || one.hasArrived;
  });
  for (const alarm of world.queue.extract(
    (one) => one.type === 'fire' && one.nodeIndex === index,
  )) {
    if (alarm.type === 'fire') world.queuedAt[slot.timers[alarm.timerIndex].serial] = 0;
  }
  if (effects !== null) effects.acted = index;
  if (action.for !== undefined)
    postpone(world, action.for, { type: 'resume', node: action.node, at: 0 });
  return true;
}

function delay(timer: Timer, by: Micros): void {
  timer.at += by;
  timer.earliest += by;
  timer.latest += by;
}

export function resume(world: World, node: string, effects: Effects | null): boolean {
  const index = world.plan.indexOf.get(node);
  if (index === undefined || !world.nodes[index].paused) return false;
  const slot = world.touch(index);
  slot.paused = false;
  for (const pending of slot.held) world.queue.push(pending);
  slot.held = [];
  const { ticking } = slot.cast.role;
  slot.timers.forEach((timer, i) => {
    if (!timer.isSet) return;
    if (ticking?.includes(timer.name)) delay(timer, world.time - slot.pausedAt);
    world.queueTimer(index, i, timer);
  });
  if (effects !== null) effects.acted = index;
  withdraw(world, { type: 'resume', node, at: 0 });
  release(world, slot, effects);
  return true;
}
