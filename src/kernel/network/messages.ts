/** What happens to messages: they are delivered, lost, dropped, duplicated and delayed. */
import { isNamed, type MessageName } from '../action.ts';
import type { Effects } from '../effects.ts';
import { call } from '../handler.ts';
import { arrive, keepAtSender, resetConnection } from '../connection/arrive.ts';
import { endNamed } from '../connection/end.ts';
import { post } from './transmit.ts';
import { canArrive, messageOf, messagesTo, overtaken } from './in-flight.ts';
import { isOwn, Message, rescheduled } from '../pending.ts';
import type { World } from '../world.ts';

export function deliver(
  world: World,
  name: Message | MessageName,
  effects: Effects | null,
): boolean {
  const message = take(world, name, true);
  if (message === undefined) return false;
  const index = message.toIndex;
  if (effects !== null) {
    effects.message = message;
    effects.cause = message.cause;
  }
  if (message.connection !== '') return arrive(world, message, effects);
  if (!canArrive(world, message)) return lose(effects);
  const slot = world.touch(index);
  if (effects !== null) effects.acted = index;
  // `send` refuses a message without a handler, so there is one.
  call(world, slot, effects, slot.cast.messages[message.body.type], message.body, message.from);
  return true;
}

function lose(effects: Effects | null): boolean {
  if (effects !== null) effects.lost = true;
  return true;
}

export function drop(world: World, name: MessageName, effects: Effects | null): boolean {
  if (isOwn(name)) return false;
  const message = take(world, name);
  if (message === undefined) return false;
  if (effects !== null) {
    effects.message = message;
    effects.cause = message.cause;
    effects.lost = true;
  }
  if (message.connection !== '') dropOn(world, message, effects);
  return true;
}

/** A lost signal is sent again. Lost data would leave a gap, so the connection is reset. */
function dropOn(world: World, message: Message, effects: Effects | null): void {
  if (!message.isSignal) return resetConnection(world, message.connection, effects);
  const again = keepAtSender(world, message);
  if (effects !== null) effects.again = again;
}

export function duplicate(world: World, name: MessageName, effects: Effects | null): boolean {
  if (isOwn(name)) return false;
  const message = messageOf(world, name);
  if (message === undefined || message.connection !== '') return false;
  if (effects !== null) {
    effects.message = message;
    effects.cause = message.cause;
  }
  const copies = copiesInFlight(world, message);
  const { body, ordinal } = message;
  post(world, world.touch(message.fromIndex), message.toIndex, body, ordinal, copies, '', effects);
  return true;
}

function copiesInFlight(world: World, message: Message): number {
  let highest = 0;
  for (const other of messagesTo(world, message.toIndex)) {
    if (other.ordinal === message.ordinal && other.fromIndex === message.fromIndex) {
      highest = Math.max(highest, other.copy);
    }
  }
  return highest + 1;
}

export function delay(
  world: World,
  name: MessageName,
  by: number,
  effects: Effects | null,
): boolean {
  if (isOwn(name)) return false;
  const message = take(world, name);
  if (message === undefined) return false;
  const { at, earliest, latest } = message;
  const times = { at: at + by, earliest: earliest + by, latest: latest + by };
  const later = rescheduled(message, times, world.tie++);
  if (effects !== null) effects.message = later;
  if (message.connection === '') world.schedule(later);
  else delayAll(world, later);
  return true;
}

/** Nothing on a connection overtakes: what was sent after a message is as late as it is. */
function delayAll(world: World, delayed: Message): void {
  const { connection, fromIndex, ordinal, at } = delayed;
  const behind = world.queue.extract((one) => {
    if (one.type !== 'deliver' || one.connection !== connection) return false;
    return one.fromIndex === fromIndex && one.ordinal > ordinal && one.at <= at;
  });
  world.queue.push(delayed);
  for (const one of behind as Message[]) {
    const { earliest, latest } = one;
    world.queue.push(rescheduled(one, { at, earliest, latest }, world.tie++));
  }
  const end = endNamed(world.touch(fromIndex), connection);
  if (end !== undefined) end.arrives = Math.max(end.arrives, at);
}

/** Removes a message from the network. Returns undefined if it is not in flight. */
function take(
  world: World,
  name: Message | MessageName,
  inOrder = false,
): Message | undefined {
  const top = world.queue.items[0];
  // Nearly every delivery is of the message that is first in the queue.
  if (top === name || (top instanceof Message && isNamed(top, name))) {
    return world.queue.pop() as Message;
  }
  const message = messageOf(world, name);
  if (message === undefined || (inOrder && overtaken(world, message) !== undefined)) {
    return undefined;
  }
  return world.queue.remove(message) ? message : undefined;
}
