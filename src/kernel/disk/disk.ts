/**
 * What a slow or stalled disk does. What a handler sends and answers after its write leaves the
 * node only when that is on disk; handlers that write nothing are not held up. So one part of a
 * process stands still while the rest goes on.
 */
import type { Action } from '../action.ts';
import { copy } from '../data/plain.ts';
import type { Effects } from '../effects.ts';
import { postponeUntil, withdraw } from '../postponed.ts';
import { durablePart, type Slot, type World } from '../world.ts';
import { emit } from './output.ts';
import { forever, type Output } from './state.ts';

/** Whether a write of this node is on disk at once. */
export function isQuick({ time }: World, { fsync }: Slot): boolean {
  return fsync.slow === 0 && fsync.stalledUntil <= time && fsync.writes.length === 0;
}

/**
 * Begins a write of the durable fields. What is added to the result leaves when it is on disk. Of
 * a role that syncs after each handler, `before` is what the disk has until then.
 */
export function beginWrite(
  world: World,
  slot: Slot,
  before: Record<string, unknown> | null,
  outputs: Output[] = [],
): Output[] {
  slot.disk ??= before;
  const fields = copy(durablePart(slot.cast, slot.state));
  const { time: issuedAt, step: cause } = world;
  slot.fsync.writes.push({ fields, issuedAt, cause, outputs, isDone: false });
  if (slot.fsync.writes.length === 1) plan(world, slot);
  return outputs;
}

/**
 * What waits for a write, if a message of the same type to the same receiver is in it: a later one
 * must not overtake that. It may rely on the write: a follower that is sent an entry again has it
 * in memory already, and must not confirm it before it is on disk.
 */
export function waitingFor({ fsync }: Slot, output: Output): Output[] | undefined {
  if (output.type !== 'message') return undefined;
  return fsync.writes.findLast(({ outputs }) =>
    outputs.some((one) => one.type === 'message' && isAlike(one, output)),
  )?.outputs;
}

type Sent = Extract<Output, { type: 'message' }>;

function isAlike(one: Sent, other: Sent): boolean {
  return one.to === other.to && one.body.type === other.body.type;
}

/** Plans the end of the fsync that is under way. */
function plan(world: World, { id, fsync }: Slot): void {
  withdraw(world, { type: 'synced', node: id, at: 0 });
  const write = fsync.writes.find(({ isDone }) => !isDone);
  if (write === undefined || fsync.stalledUntil === forever) return;
  const began = Math.max(write.issuedAt, fsync.freeAt);
  const at = Math.max(world.time, began + fsync.slow, fsync.stalledUntil);
  const action = { type: 'synced', node: id, at: 0 } as const;
  postponeUntil(world, at, action, write.cause);
}

/** The oldest write is on disk, and what waited for it leaves, unless the process is paused. */
export function synced(
  world: World,
  { node }: Extract<Action, { type: 'synced' }>,
  effects: Effects | null,
): boolean {
  const index = world.plan.indexOf.get(node);
  if (index === undefined || !hasWrites(world.nodes[index])) return false;
  const slot = world.touch(index);
  const { fsync } = slot;
  const write = fsync.writes.find(({ isDone }) => !isDone)!;
  slot.disk = write.fields;
  write.isDone = true;
  fsync.freeAt = world.time;
  plan(world, slot);
  if (effects !== null) {
    effects.acted = index;
    effects.cause = write.cause;
  }
  if (!slot.paused) release(world, slot, effects);
  return true;
}

/** Whether an fsync is under way. */
export function hasWrites({ fsync }: Slot): boolean {
  return fsync.writes.some(({ isDone }) => !isDone);
}

/** What waited for writes that are on disk leaves the node. */
export function release(world: World, slot: Slot, effects: Effects | null): void {
  const { fsync } = slot;
  while (fsync.writes.length > 0 && fsync.writes[0].isDone) {
    for (const output of fsync.writes.shift()!.outputs) emit(world, slot, output, effects);
  }
  // From here on, the disk of a role that syncs after each handler has what its state has.
  const { sync = 'always' } = slot.cast.role;
  if (fsync.writes.length === 0 && sync === 'always') slot.disk = null;
}

/** The process has ended, and with it what was not on disk. */
export function loseWrites(world: World, slot: Slot): void {
  slot.fsync.writes = [];
  withdraw(world, { type: 'synced', node: slot.id, at: 0 });
}

/** Until now, a role that syncs lazily had the same on disk as in its state. */
export function keepImage(slot: Slot): void {
  const { cast, state } = slot;
  if (cast.role.sync === 'lazy') slot.disk ??= copy(durablePart(cast, state));
}

/** Makes a disk slow, stalls it, or ends both. */
export function changeDisk(
  world: World,
  action: Extract<Action, { type: 'disk' }>,
  effects: Effects | null,
): boolean {
  const index = world.plan.indexOf.get(action.node);
  if (index === undefined) return false;
  const slot = world.touch(index);
  const { fsync } = slot;
  if (action.does !== 'ok') keepImage(slot);
  if (action.does === 'slow') {
    fsync.slow = action.by;
  } else if (action.does === 'stall') {
    fsync.stalledUntil = action.for === undefined ? forever : world.time + action.for;
  } else {
    fsync.slow = 0;
    fsync.stalledUntil = 0;
  }
  plan(world, slot);
  if (effects !== null) effects.acted = index;
  return true;
}
