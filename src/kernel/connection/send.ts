/** What the host of a node does to send on its connections: once, and again while it must. */
import type { ConnectionId, SocketOptions } from '../../protocol/connection.ts';
import type { Micros, NodeId } from '../../protocol/types.ts';
import type { Action } from '../action.ts';
import type { Effects } from '../effects.ts';
import { drawBetween, drawChance } from '../keyed-draw.ts';
import { noteSent } from '../network/transmit.ts';
import type { Plan } from '../plan.ts';
import { type Loss, Message, rescheduled } from '../pending.ts';
import { firstPostponed, postponeUntil, withdraw } from '../postponed.ts';
import type { Slot, World } from '../world.ts';
import { socketFrom } from './socket.ts';
import { type End, endNamed, givesUpAt, newEnd, type Signal, timeoutOf } from './end.ts';

type Body = Message['body'];

/** The newest connection to a node that its process has not closed. */
export function newestTo(slot: Slot, peer: number): End | undefined {
  for (let i = slot.ends.length - 1; i >= 0; i--) {
    if (slot.ends[i].peer === peer && slot.ends[i].status !== 'closing') return slot.ends[i];
  }
  return undefined;
}

/** The end of a connection that this node's process has not closed. */
export function openEnd(slot: Slot, id: ConnectionId): End | undefined {
  const end = endNamed(slot, id);
  return end?.status === 'closing' ? undefined : end;
}

/** The node at the other end of a connection of this node, also if it has ended. */
export function peerOf(
  { indexOf }: Plan,
  { id: node }: Slot,
  id: ConnectionId,
): number | undefined {
  const match = /^(.+)-(.+):[1-9]\d*$/.exec(typeof id === 'string' ? id : '');
  if (match === null) return undefined;
  const [, opener, acceptor] = match;
  if (opener === node) return indexOf.get(acceptor);
  return acceptor === node ? indexOf.get(opener) : undefined;
}

/** Opens a connection with a SYN. */
export function open(
  world: World,
  slot: Slot,
  to: number,
  effects: Effects | null,
): ConnectionId {
  while (slot.opens.length <= to) slot.opens.push(0);
  const id = `${slot.id}-${world.plan.cast[to].id}:${++slot.opens[to]}`;
  const end = addEnd(world, slot, id, to, true);
  sendSignal(world, slot, end, 'SYN', effects);
  startWaiting(world, slot, end, world.time);
  return id;
}

/** A new end of a connection, with the options that its role gives it. */
export function addEnd(
  world: World,
  slot: Slot,
  id: ConnectionId,
  peer: number,
  isOpener: boolean,
): End {
  const { role, options } = slot.cast;
  const socket = role.connection?.socket;
  const given = socket === undefined ? {} : socketFrom(socket({ id: slot.id, options }));
  const peerId = world.plan.cast[peer].id;
  const end = newEnd(id, peer, peerId, isOpener, completed(given), world.time);
  slot.ends.push(end);
  return end;
}

export function completed(
  { keepAlive, userTimeout }: SocketOptions,
  before: Required<SocketOptions> = { keepAlive: null, userTimeout: 0 },
): Required<SocketOptions> {
  return {
    keepAlive: keepAlive === undefined ? before.keepAlive : keepAlive,
    userTimeout: userTimeout ?? before.userTimeout,
  };
}

/** Takes an end away, with what it still had to do. */
export function removeEnd(world: World, slot: Slot, end: End): void {
  slot.ends = slot.ends.filter((one) => one !== end);
  withdraw(world, atEnd('retransmit', slot, end.id));
  withdraw(world, atEnd('probe', slot, end.id));
}

/** The connections between two nodes that at least one of them has not closed. */
export function connectionsBetween(world: World, [a, b]: readonly [NodeId, NodeId]): string[] {
  const ids = new Set<string>();
  for (const [node, peer] of [[a, b], [b, a]]) {
    const to = world.plan.indexOf.get(peer);
    for (const end of world.node(node)?.ends ?? []) {
      if (end.peer === to && end.status !== 'closing') ids.add(end.id);
    }
  }
  return [...ids];
}

/** What the host of a node does at an end by itself, later and again. */
export function atEnd(
  type: 'retransmit' | 'probe',
  { id: node }: Slot,
  connection: ConnectionId,
): Action {
  return { type, node, connection, at: 0 };
}

/** Sends data on a connection; without one, it is lost at once. */
export function sendData(
  world: World,
  slot: Slot,
  to: number,
  end: End | undefined,
  body: Body,
  effects: Effects | null,
): void {
  const ordinal = ++slot.sent[to];
  if (end === undefined) {
    const message = segment(world, slot, to, body, ordinal, '', { lost: 'closed' });
    noteSent(message, effects);
    return;
  }
  const message = segment(world, slot, to, body, ordinal, end.id, {});
  noteSent(message, effects);
  if (end.status === 'opening') enqueue(world, slot, end, message);
  else transmitOn(world, slot, end, message);
}

/** Sends a signal of a connection that has this end. */
export function sendSignal(
  world: World,
  slot: Slot,
  end: End,
  signal: Exclude<Signal, 'RST'>,
  effects: Effects | null,
): void {
  const body = { type: signal, connection: end.id };
  const ordinal = ++slot.sent[end.peer];
  const message = segment(world, slot, end.peer, body, ordinal, end.id, { isSignal: true });
  noteSent(message, effects);
  transmitOn(world, slot, end, message);
}

/** Sends an RST, which needs no end, and is not sent again if it is lost. */
export function sendReset(
  world: World,
  slot: Slot,
  to: number,
  connection: ConnectionId,
  how: 'reset' | 'refused',
  effects: Effects | null,
  by?: 'network',
): void {
  const body = { type: 'RST', connection, how, ...(by && { by }) };
  const ordinal = ++slot.sent[to];
  const message = segment(world, slot, to, body, ordinal, connection, { isSignal: true });
  noteSent(message, effects);
  world.queue.push(message);
}

function segment(
  world: World,
  from: Slot,
  to: number,
  body: Body,
  ordinal: number,
  connection: ConnectionId,
  { lost = '', isSignal = false }: { lost?: Loss; isSignal?: boolean },
): Message {
  const { id, index } = from.cast;
  const times = arrival(world, from, to, endNamed(from, connection), ordinal, 0);
  const { time, step, plan } = world;
  const { at, earliest, latest } = times;
  return new Message(
    at, world.tie++, id, plan.cast[to].id, index, to, ordinal, 0, body, time, earliest, latest,
    step, lost, connection, isSignal,
  );
}

/** When a message arrives that leaves now: on a connection, never before an earlier one. */
function arrival(
  { plan, network, time }: World,
  from: Slot,
  to: number,
  end: End | undefined,
  ordinal: number,
  attempt: number,
): Pick<Message, 'at' | 'earliest' | 'latest'> {
  const link = from.cast.index * plan.size + to;
  const rule = network.links[link];
  const earliest = time + rule.latencyMin + rule.delay;
  const latest = time + rule.latencyMax + rule.delay;
  const place = ordinal + attempt * 0x1000_0000;
  const drawn = drawBetween(plan.latencyKeys[link], place, earliest, latest);
  if (end === undefined) return { at: drawn, earliest, latest };
  end.arrives = Math.max(drawn, end.arrives);
  return { at: end.arrives, earliest, latest };
}

/** Puts a message in flight, unless it is lost or an earlier one still waits. */
function transmitOn(world: World, slot: Slot, end: End, message: Message): void {
  // While it opens, only signals leave: data waits behind them.
  const waits = end.outbox.length > 0 && end.status !== 'opening';
  if (waits) enqueue(world, slot, end, message);
  else if (isLost(world, slot, end.peer, message.ordinal, 0)) keep(world, slot, end, message);
  else world.queue.push(message);
}

function isLost(world: World, slot: Slot, to: number, ordinal: number, attempt: number): boolean {
  const link = slot.cast.index * world.plan.size + to;
  const { loss } = world.network.links[link];
  const place = ordinal + attempt * 0x1000_0000;
  return loss > 0 && drawChance(world.plan.lossKeys[link], place, loss);
}

/** Keeps a message that did not get through until it is sent again. */
export function keep(world: World, slot: Slot, end: End, message: Message): void {
  enqueue(world, slot, end, message);
  end.outbox.sort((a, b) => a.ordinal - b.ordinal);
  startWaiting(world, slot, end, message.sentAt);
}

/** Adds a message to those that wait; it shows when they are sent again, if that is known. */
function enqueue(world: World, slot: Slot, end: End, message: Message): void {
  const at = firstPostponed(world, atEnd('retransmit', slot, end.id))?.at;
  end.outbox.push(at === undefined ? message : waiting(message, at));
}

/** Sets the retransmission timer, if it is not set, for what was sent at `sentAt`. */
export function startWaiting(world: World, slot: Slot, end: End, sentAt: Micros): void {
  if (end.since >= 0) return;
  end.since = sentAt;
  end.attempts = 0;
  planAgain(world, slot, end);
}

/** Sets the time of the next retransmission. */
export function planAgain(world: World, slot: Slot, end: End): void {
  // Without an attempt yet, the timeout runs from the time of sending.
  const from = end.attempts === 0 ? end.since : world.time;
  const at = Math.max(world.time, Math.min(from + timeoutOf(end), givesUpAt(end)));
  postponeUntil(world, at, atEnd('retransmit', slot, end.id));
  end.outbox = end.outbox.map((message) => waiting(message, at));
}

/** A message that waits shows when it is sent again. */
function waiting(message: Message, at: Micros): Message {
  return rescheduled(message, { at, earliest: at, latest: at }, message.tie);
}

/** Sends again what waits. Returns whether the first of it is lost once more. */
export function sendAgain(world: World, slot: Slot, end: End): boolean {
  const { attempts, outbox, status, peer } = end;
  const first = outbox[0] as Message | undefined;
  if (first !== undefined && isLost(world, slot, peer, first.ordinal, attempts)) return true;
  // Before the handshake is complete, only its own signal leaves.
  const leaving = status === 'opening' ? outbox.filter((one) => one.isSignal) : outbox;
  end.outbox = outbox.filter((one) => !leaving.includes(one));
  for (const message of leaving) {
    const times = arrival(world, slot, peer, end, message.ordinal, attempts);
    world.queue.push(rescheduled(message, times, world.tie++));
  }
  return false;
}

/** Sets the time of the next keep-alive probe, if it probes. */
export function planProbe(world: World, slot: Slot, end: End): void {
  const { keepAlive } = end.socket;
  if (keepAlive === null || end.status !== 'open') return;
  withdraw(world, atEnd('probe', slot, end.id));
  const { time } = world;
  const at = end.probes > 0 ? time + keepAlive.interval : end.lastContact + keepAlive.idle;
  // While data is unacknowledged, there are no probes: retransmissions find out as much.
  const isIdle = end.since < 0 && at > time;
  postponeUntil(world, isIdle ? at : time + keepAlive.idle, atEnd('probe', slot, end.id));
}

/** The process of a node has ended: its host closes its connections and tells the peers. */
export function closeAll(world: World, slot: Slot, effects: Effects | null): void {
  for (const end of slot.ends.slice()) {
    const { id, status, peer } = end;
    if (status === 'closing') continue;
    const isUnread = slot.held.some((one) => {
      return one instanceof Message && one.connection === id && !one.isSignal;
    });
    if (isUnread) {
      removeEnd(world, slot, end);
      sendReset(world, slot, peer, id, 'reset', effects);
    } else close(world, slot, end, effects);
  }
}

/** Closes an end with a FIN. */
export function close(world: World, slot: Slot, end: End, effects: Effects | null): void {
  // The peer does not know the connection yet: an answer will draw an RST.
  if (end.status === 'opening') return removeEnd(world, slot, end);
  end.status = 'closing';
  withdraw(world, atEnd('probe', slot, end.id));
  sendSignal(world, slot, end, 'FIN', effects);
}

/** The host of a node has lost its power: nothing of its connections is left there. */
export function forgetAll(world: World, slot: Slot): void {
  for (const end of slot.ends.slice()) removeEnd(world, slot, end);
}

/** Loses all messages of a connection that are in flight, or wait at its ends or their hosts. */
export function loseAll(world: World, connection: ConnectionId): void {
  const ofIt = (one: unknown) => one instanceof Message && one.connection === connection;
  world.queue.extract(ofIt);
  for (let index = 0; index < world.nodes.length; index++) {
    const { held, ends } = world.nodes[index];
    if (!held.some(ofIt) && !ends.some(({ id }) => id === connection)) continue;
    const slot = world.touch(index);
    slot.held = slot.held.filter((one) => !ofIt(one));
    const end = endNamed(slot, connection);
    if (end !== undefined) end.outbox = [];
  }
}
