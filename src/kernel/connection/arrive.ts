/** What happens on connections: they open, carry data, and end. */
import type { ConnectionId, Ending } from '../../protocol/connection.ts';
import type { Action } from '../action.ts';
import { callStack, type Effects } from '../effects.ts';
import { call, fail } from '../handler.ts';
import { Message, rescheduled } from '../pending.ts';
import { withdraw } from '../postponed.ts';
import type { Slot, World } from '../world.ts';
import { type End, endNamed, givesUpAt } from './end.ts';
import {
  getsThrough, isReachable as reaches, isReset, reachesHost, stopsProbing, whatRuns,
} from './reception.ts';
import {
  addEnd, atEnd, keep, loseAll, planAgain, planProbe, removeEnd, sendAgain, sendReset,
  sendSignal, startWaiting,
} from './send.ts';

/** Takes a message on a connection out of the network, into a host and, if possible, a process. */
export function arrive(world: World, message: Message, effects: Effects | null): boolean {
  const { toIndex } = message;
  if (!message.hasArrived) {
    const isThere = reachesHost(world, message) && getsThrough(world, message);
    if (!isThere) return notArrived(world, message, effects);
    acknowledge(world, message);
  }
  const slot = world.touch(toIndex);
  if (effects !== null) effects.acted = toIndex;
  if (!message.isSignal) receiveData(world, slot, message, effects);
  else if (message.body.type === 'SYN') receiveSyn(world, slot, message, effects);
  else if (message.body.type === 'SYN-ACK') receiveSynAck(world, slot, message, effects);
  else receiveEnding(world, slot, message, effects);
  return true;
}

function notArrived(world: World, message: Message, effects: Effects | null): boolean {
  const again = keepAtSender(world, message);
  if (effects === null) return true;
  effects.lost = true;
  effects.again = again;
  return true;
}

/**
 * The sender keeps a message that did not arrive, to send it again, unless it has forgotten the
 * connection. Returns when it does; −1 if it does not.
 */
export function keepAtSender(world: World, message: Message): number {
  const slot = world.touch(message.fromIndex);
  const end = isReset(message) ? undefined : endNamed(slot, message.connection);
  if (end === undefined) return -1;
  keep(world, slot, end, message);
  return end.outbox.find(({ ordinal }) => ordinal === message.ordinal)?.at ?? -1;
}

/** The receiver's host acknowledges what reached it, if the acknowledgement gets through. */
function acknowledge(world: World, message: Message): void {
  const { fromIndex, toIndex, connection } = message;
  const slot = world.touch(fromIndex);
  const end = endNamed(slot, connection);
  if (end === undefined || isReset(message)) return;
  if (!reaches(world, toIndex, fromIndex)) {
    end.isUnacknowledged = true;
    startWaiting(world, slot, end, message.sentAt);
    return;
  }
  noteContact(world, end);
  // A SYN is sent again until the SYN-ACK arrives, a FIN until it is acknowledged.
  if (end.status === 'opening') return;
  if (message.isSignal && message.body.type === 'FIN') removeEnd(world, slot, end);
  else settle(world, slot, end);
}

/** Stops the retransmission timer of an end that waits for nothing. */
function settle(world: World, slot: Slot, end: End): void {
  end.isUnacknowledged = false;
  if (end.since < 0 || end.outbox.length > 0) return;
  end.since = -1;
  withdraw(world, atEnd('retransmit', slot, end.id));
}

function receiveData(world: World, slot: Slot, message: Message, effects: Effects | null): void {
  const { fromIndex, connection, body, from } = message;
  const end = endNamed(slot, connection);
  if (whatRuns(message, end) === undefined) {
    if (effects !== null) effects.lost = effects.refused = true;
    answerUnknown(world, slot, fromIndex, connection, 'reset', effects);
    return;
  }
  noteContact(world, end!);
  if (slot.paused) hold(slot, message);
  // `send` refuses a message without a handler, so there is one.
  else call(world, slot, effects, slot.cast.messages[body.type], body, from, connection);
}

function noteContact(world: World, end: End): void {
  end.lastContact = world.time;
  end.probes = 0;
}

/** A host answers with an RST what belongs to no connection that it knows. */
function answerUnknown(
  world: World,
  slot: Slot,
  to: number,
  connection: ConnectionId,
  how: 'reset' | 'refused',
  effects: Effects | null,
): void {
  if (endNamed(world.nodes[to], connection) !== undefined) {
    sendReset(world, slot, to, connection, how, effects);
  }
}

/**
 * Keeps what has arrived until the process, which is paused, reads it. It keeps its place before
 * what was sent later on its connection, for which an earlier time may have been drawn than now.
 */
function hold(slot: Slot, message: Message): void {
  slot.held.push(rescheduled(message, message, message.tie, true));
}

function receiveSyn(world: World, slot: Slot, message: Message, effects: Effects | null): void {
  const { fromIndex, connection } = message;
  const known = endNamed(slot, connection);
  if (message.hasArrived) {
    if (known !== undefined) opened(world, slot, known, effects);
    return;
  }
  if (!slot.up) return answerUnknown(world, slot, fromIndex, connection, 'refused', effects);
  if (known !== undefined) {
    // The opener has not seen the answer.
    if (known.outbox.length > 0) sendAgain(world, slot, known);
    return;
  }
  const end = accept(world, slot, message, effects);
  if (end === undefined) return;
  sendSignal(world, slot, end, 'SYN-ACK', effects);
  planProbe(world, slot, end);
  if (slot.paused) hold(slot, message);
  else opened(world, slot, end, effects);
}

/** The new end of the acceptor; undefined if the code that gives its options throws. */
function accept(
  world: World,
  slot: Slot,
  { fromIndex, connection }: Message,
  effects: Effects | null,
): End | undefined {
  try {
    return addEnd(world, slot, connection, fromIndex, false);
  } catch (error) {
    fail(world, slot, error, effects);
    return undefined;
  }
}

function receiveSynAck(world: World, slot: Slot, message: Message, effects: Effects | null): void {
  const { fromIndex, connection } = message;
  const end = endNamed(slot, connection);
  if (end === undefined) {
    return answerUnknown(world, slot, fromIndex, connection, 'reset', effects);
  }
  if (message.hasArrived) return opened(world, slot, end, effects);
  // A SYN-ACK is never in flight twice, so this is the first.
  noteContact(world, end);
  end.status = 'open';
  end.isUnacknowledged = false;
  end.since = -1;
  end.attempts = 0;
  withdraw(world, atEnd('retransmit', slot, connection));
  if (sendAgain(world, slot, end)) startWaiting(world, slot, end, world.time);
  planProbe(world, slot, end);
  if (slot.paused) hold(slot, message);
  else opened(world, slot, end, effects);
}

function opened(world: World, slot: Slot, end: End, effects: Effects | null): void {
  const { id, peerId } = end;
  report(slot, 'ConnectionOpened', { connection: id, peer: peerId }, effects);
  const handler = slot.cast.role.connection?.opened;
  if (handler !== undefined) call(world, slot, effects, handler, peerId, id);
}

function receiveEnding(world: World, slot: Slot, message: Message, effects: Effects | null): void {
  const { connection, body } = message;
  const end = endNamed(slot, connection);
  if (end === undefined) return;
  if (end.status === 'closing') return removeEnd(world, slot, end);
  if (slot.paused) return hold(slot, message);
  ended(world, slot, end, body.type === 'FIN' ? 'closed' : (body.how as Ending), effects);
}

function ended(
  world: World,
  slot: Slot,
  end: End,
  how: Ending,
  effects: Effects | null,
): void {
  const peer = end.peerId;
  removeEnd(world, slot, end);
  report(slot, 'ConnectionEnded', { connection: end.id, peer, how }, effects);
  const handler = slot.cast.role.connection?.ended;
  if (handler !== undefined) call(world, slot, effects, handler, peer, end.id, how);
}

function report(
  slot: Slot,
  name: string,
  fields: Record<string, string>,
  effects: Effects | null,
): void {
  if (effects === null) return;
  effects.events.push({ node: slot.id, name, fields: Object.freeze(fields) });
  if (effects.locate) effects.eventStacks.push(callStack());
}

/** A host gives up on a silent peer; its process learns of it, at the latest when it resumes. */
function giveUp(world: World, slot: Slot, end: End, effects: Effects | null): void {
  if (end.status === 'closing') return removeEnd(world, slot, end);
  if (!slot.paused) return ended(world, slot, end, 'timed out', effects);
  end.outbox = [];
  end.since = -1;
  const { time: at } = world;
  const peer = world.plan.cast[end.peer];
  const body = { type: 'RST', connection: end.id, how: 'timed out' };
  const ordinal = ++world.touch(end.peer).sent[slot.index];
  const notice = new Message(
    at, world.tie++, peer.id, slot.id, peer.index, slot.index, ordinal, 0, body, at, at, at,
    world.step, '', end.id, true, true,
  );
  slot.held.push(notice);
}

type Repeated = Extract<Action, { type: 'retransmit' | 'probe' }>;

/** The end whose timer has expired, with its node; undefined if that timer is not set. */
function expired(
  world: World,
  { type, node, connection }: Repeated,
  effects: Effects | null,
): { slot: Slot; end: End } | undefined {
  const index = world.plan.indexOf.get(node);
  if (index === undefined) return undefined;
  if (!withdraw(world, atEnd(type, world.nodes[index], connection))) return undefined;
  const slot = world.touch(index);
  if (effects !== null) effects.acted = index;
  return { slot, end: endNamed(slot, connection)! };
}

/** The retransmission timer of an end has expired. */
export function retransmit(world: World, action: Repeated, effects: Effects | null): boolean {
  const found = expired(world, action, effects);
  if (found === undefined) return false;
  const { slot, end } = found;
  if (effects !== null) effects.cause = end.outbox[0]?.cause ?? -1;
  if (world.time >= givesUpAt(end)) {
    giveUp(world, slot, end, effects);
    return true;
  }
  end.attempts++;
  const { peer, id } = end;
  const { index } = slot;
  if (reaches(world, index, peer)) {
    const isSynGone = end.status === 'opening' && !end.outbox.some(({ isSignal }) => isSignal);
    const isLost = end.outbox.length > 0 && sendAgain(world, slot, end);
    if (isSynGone) sendSignal(world, slot, end, 'SYN', effects);
    else if (!isLost && end.isUnacknowledged && reaches(world, peer, index)) {
      if (endNamed(world.nodes[peer], id) !== undefined) settle(world, slot, end);
      else answerUnknown(world, world.touch(peer), index, id, 'reset', effects);
    }
  }
  if (end.since >= 0) planAgain(world, slot, end);
  return true;
}

/** The keep-alive timer of an end has expired. */
export function probe(world: World, action: Repeated, effects: Effects | null): boolean {
  const found = expired(world, action, effects);
  if (found === undefined) return false;
  const { slot, end } = found;
  const { keepAlive } = end.socket;
  if (keepAlive === null) return true;
  if (stopsProbing(end, world.time)) {
    giveUp(world, slot, end, effects);
    return true;
  }
  const isSilent = world.time - end.lastContact >= keepAlive.idle;
  if (end.since < 0 && isSilent) sendProbe(world, slot, end, effects);
  if (slot.ends.includes(end)) planProbe(world, slot, end);
  return true;
}

/** A probe and its answer take no time: they are far shorter than any keep-alive interval. */
function sendProbe(world: World, slot: Slot, end: End, effects: Effects | null): void {
  const { index } = slot;
  const { peer, peerId, id } = end;
  const isAnswered = reaches(world, index, peer) && reaches(world, peer, index);
  const isKnown = endNamed(world.nodes[peer], id) !== undefined;
  if (effects !== null) {
    const answer = !isAnswered ? 'none' : isKnown ? 'alive' : 'reset';
    effects.probe = { from: slot.id, to: peerId, connection: id, answer };
  }
  if (!isAnswered) end.probes++;
  else if (isKnown) noteContact(world, end);
  else answerUnknown(world, world.touch(peer), index, id, 'reset', effects);
}

/** Resets a connection: what is in flight on it is lost, and both ends get an RST. */
export function resetConnection(
  world: World,
  connection: ConnectionId,
  effects: Effects | null,
): void {
  loseAll(world, connection);
  for (let index = 0; index < world.nodes.length; index++) {
    if (endNamed(world.nodes[index], connection) === undefined) continue;
    const slot = world.touch(index);
    const end = endNamed(slot, connection)!;
    if (end.status === 'closing') removeEnd(world, slot, end);
    else sendReset(world, world.touch(end.peer), index, connection, 'reset', effects, 'network');
  }
}
