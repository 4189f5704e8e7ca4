/** How a message leaves a node: the network draws whether it is lost, and when it arrives. */
import { callStack, type Effects } from '../effects.ts';
import { drawBetween, drawChance } from '../keyed-draw.ts';
import { type Loss, Message } from '../pending.ts';
import type { Slot, World } from '../world.ts';

type Body = Message['body'];

/** Sends a datagram. */
export function transmit(
  world: World,
  from: Slot,
  to: number,
  body: Body,
  effects: Effects | null,
): void {
  const { plan, network } = world;
  const index = from.cast.index;
  const link = index * plan.size + to;
  const rule = network.links[link];
  const ordinal = ++from.sent[to];
  let lost: Loss = '';
  if (network.isCut && network.cut[link] === 1) lost = whyCut(world, index, to);
  else if (rule.loss > 0 && drawChance(plan.lossKeys[link], ordinal, rule.loss)) lost = 'loss';
  post(world, from, to, body, ordinal, 0, lost, effects);
  if (rule.duplicate > 0 && lost === '') {
    if (drawChance(plan.duplicateKeys[link], ordinal, rule.duplicate)) {
      post(world, from, to, body, ordinal, 1, '', effects);
    }
  }
}

/** Why nothing passes on a link. */
function whyCut({ network }: World, from: number, to: number): Loss {
  return network.isLost(from) || network.isLost(to) ? 'unplugged' : 'partition';
}

/** Puts one copy of a message in flight. */
export function post(
  world: World,
  from: Slot,
  to: number,
  body: Body,
  ordinal: number,
  copyNumber: number,
  lost: Loss,
  effects: Effects | null,
): void {
  const { plan, network, time } = world;
  const index = from.cast.index;
  const link = index * plan.size + to;
  const rule = network.links[link];
  const earliest = time + rule.latencyMin + rule.delay;
  const latest = time + rule.latencyMax + rule.delay;
  // Each copy has its own place among the draws of its link, far from the ordinals of originals.
  const place = ordinal + copyNumber * 0x1000_0000;
  let at = drawBetween(plan.latencyKeys[link], place, earliest, latest);
  if (!rule.reorder && lost === '') {
    if (at < from.arrives[to]) at = from.arrives[to];
    else from.arrives[to] = at;
  }
  const message = new Message(
    at,
    world.tie++,
    from.cast.id,
    plan.cast[to].id,
    index,
    to,
    ordinal,
    copyNumber,
    body,
    time,
    earliest,
    latest,
    world.step,
    lost,
  );
  noteSent(message, effects);
  if (lost === '') world.schedule(message);
}

export function noteSent(message: Message, effects: Effects | null): void {
  if (effects === null) return;
  effects.sent.push(message);
  if (effects.locate) effects.sentStacks.push(callStack());
}
