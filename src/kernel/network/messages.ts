/** What happens to messages: they are delivered, lost, dropped, duplicated and delayed. */
import { isNamed, type MessageName } from '../action.ts';
import type { Effects } from '../effects.ts';
import { call } from '../handler.ts';
import { post } from '../node.ts';
import { canArrive, messageOf, messagesTo } from './in-flight.ts';
import { isOwn, Message } from '../pending.ts';
import type { World } from '../world.ts';

export function deliver(
  world: World,
  name: Message | MessageName,
  effects: Effects | null,
): boolean {
  const message = take(world, name);
  if (message === undefined) return false;
  const index = message.toIndex;
  if (effects !== null) {
    effects.message = message;
    effects.cause = message.cause;
  }
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
  return true;
}

export function duplicate(world: World, name: MessageName, effects: Effects | null): boolean {
  if (isOwn(name)) return false;
  const message = messageOf(world, name);
  if (message === undefined) return false;
  if (effects !== null) effects.message = message;
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
  const later = new Message(
    message.at + by,
    world.tie++,
    message.from,
    message.to,
    message.fromIndex,
    message.toIndex,
    message.ordinal,
    message.copy,
    message.body,
    message.sentAt,
    message.earliest + by,
    message.latest + by,
    message.cause,
    message.lost,
  );
  if (effects !== null) effects.message = later;
  world.schedule(later);
  return true;
}

/** Removes a message from the network. Returns undefined if it is not in flight. */
function take(world: World, name: Message | MessageName): Message | undefined {
  const top = world.queue.items[0];
  // Nearly every delivery is of the message that is first in the queue.
  if (top === name || (top instanceof Message && isNamed(top, name))) {
    return world.queue.pop() as Message;
  }
  const message = messageOf(world, name);
  return message !== undefined && world.queue.remove(message) ? message : undefined;
}
