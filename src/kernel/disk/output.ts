/** What leaves a node: a handler causes it, at once or when its write has reached the disk. */
import type { NodeId } from '../../protocol/types.ts';
import { close, newestTo, openEnd, peerOf, sendData } from '../connection/send.ts';
import { callStack, type Effects } from '../effects.ts';
import { transmit } from '../network/transmit.ts';
import type { Message } from '../pending.ts';
import { setTimer, timerOf } from '../postponed.ts';
import type { Slot, World } from '../world.ts';
import type { Output } from './state.ts';

/** The receiver of a message to a node or on a connection, by index; undefined if there is none. */
export function receiverOf({ plan }: World, slot: Slot, to: NodeId): number | undefined {
  return plan.indexOf.get(to) ?? (plan.hasConnections ? peerOf(plan, slot, to) : undefined);
}

/** `stack` is the call stack of an output that was kept back until its handler ended. */
export function emit(
  world: World,
  slot: Slot,
  output: Output,
  effects: Effects | null,
  stack?: string,
): void {
  perform(world, slot, output, effects);
  if (effects === null || stack === undefined) return;
  if (output.type === 'message') effects.sentStacks.fill(stack, -1);
  else if (output.type === 'answer') effects.replyStacks.fill(stack, -1);
}

function perform(world: World, slot: Slot, output: Output, effects: Effects | null): void {
  switch (output.type) {
    case 'message':
      return send(world, slot, output.to, output.body, effects);
    case 'answer':
      return answer(slot, output, effects);
    case 'close': {
      const end = openEnd(slot, output.connection);
      if (end !== undefined) close(world, slot, end, effects);
      return;
    }
    case 'timer': {
      const timer = timerOf(world, slot, output.timer, output.key);
      timer.data = output.key === '' ? undefined : output.key;
      timer.ordinal++;
      setTimer(world, slot, timer, { span: 0, earliest: 0, latest: 0 }, effects);
    }
  }
}

function send(
  world: World,
  slot: Slot,
  to: string,
  body: Message['body'],
  effects: Effects | null,
): void {
  const { plan } = world;
  const index = receiverOf(world, slot, to)!;
  if (!plan.hasConnections || plan.connected[slot.cast.index * plan.size + index] === 0) {
    return transmit(world, slot, index, body, effects);
  }
  const end = plan.indexOf.has(to) ? newestTo(slot, index) : openEnd(slot, to);
  sendData(world, slot, index, end, body, effects);
}

/** Only the first answer to an operation counts. */
function answer(
  slot: Slot,
  { operation, ok, result }: Extract<Output, { type: 'answer' }>,
  effects: Effects | null,
): void {
  const at = slot.operations.findIndex((one) => one.id === operation);
  if (at < 0) return;
  const [{ name, args, at: invokedAt }] = slot.operations.splice(at, 1);
  if (effects === null) return;
  effects.replies.push({ operation, node: slot.id, name, args, ok, result, invokedAt });
  if (effects.locate) effects.replyStacks.push(callStack());
}
