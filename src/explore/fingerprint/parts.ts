/**
 * The parts of a world on which its future depends, as texts, for each meaning of time. Untimed,
 * no text has a time, an ordinal, a tie or an arrival floor: the world's time stands still.
 */
import type { End } from '../../kernel/connection/end.ts';
import { contentText } from '../../kernel/data/plain.ts';
import { forever } from '../../kernel/disk/state.ts';
import type { LinkRule, Network } from '../../kernel/network/network.ts';
import type { Message, Pending, Postponed } from '../../kernel/pending.ts';
import type { Slot, Timer } from '../../kernel/world.ts';

/** Each can be left out by a test, which shows that something goes wrong without it. */
export type Part =
  | 'status' | 'state' | 'disk' | 'timers' | 'operations' | 'held' | 'connections' | 'counts'
  | 'messages' | 'order' | 'postponed' | 'network' | 'drawn losses' | 'memory' | 'progress'
  | 'budget' | 'time' | 'clocks' | 'draws' | 'arrivals';

type Has = (part: Part) => boolean;

export function untimedSlot(slot: Slot, has: Has): string {
  const { id, role, up, started, paused, powered, plugged, state, disk, fsync } = slot;
  const { slow, stalledUntil, writes } = fsync;
  return contentText([
    id,
    role,
    has('status') && [up, started, paused, powered, plugged],
    has('state') && state,
    has('disk') && [
      disk,
      slow > 0,
      stalledUntil > 0,
      stalledUntil === forever,
      writes.map(({ fields, outputs, isDone }) => [fields, outputs, isDone]),
    ],
    has('timers') && slot.timers.filter(({ isSet }) => isSet).map(untimedTimer).sort(),
    has('operations') && slot.operations.map((one) => [one.id, one.name, one.args]),
    has('held') && slot.held.filter((one) => one.type === 'postponed').map(untimedPostponed).sort(),
    has('connections') && slot.ends.map(untimedEnd),
    // They are parts of names that handlers receive: `client#2`, and of connections.
    has('counts') && [slot.invoked, slot.opens],
  ]);
}

function untimedTimer({ name, key, data }: Timer): string {
  return contentText([name, key, data]);
}

export function untimedPostponed({ action }: Postponed): string {
  return contentText({ ...action, at: 0 });
}

function untimedEnd(end: End): unknown {
  const { id, status, socket, outbox, isUnacknowledged, since, probes } = end;
  return [id, status, socket, outbox.map(untimedMessage), isUnacknowledged, since < 0, probes];
}

export function untimedMessage(message: Message): string {
  const { from, to, body, connection, isSignal, hasArrived } = message;
  return contentText([from, to, body, connection, isSignal, hasArrived]);
}

export function untimedNetwork(network: Network, has: Has): string {
  if (!has('network')) return '';
  const { links, cut, base } = network;
  const rule = ({ loss, duplicate, reorder }: LinkRule) => [loss, duplicate, reorder];
  return contentText([links.map(rule), [...cut], severedOf(network), rule(base)]);
}

function severedOf(network: Network): boolean[] {
  const size = Math.sqrt(network.links.length);
  return network.links.map((_, link) => network.isSevered(Math.floor(link / size), link % size));
}

function draws({ loss, duplicate }: LinkRule): boolean {
  return loss > 0 || duplicate > 0;
}

const drawing = new WeakMap<Network, boolean>();

export function drawsLosses(network: Network): boolean {
  let isDrawing = drawing.get(network);
  if (isDrawing === undefined) drawing.set(network, (isDrawing = network.links.some(draws)));
  return isDrawing;
}

/** How many messages were sent on each link that draws losses or duplicates, which depend on it. */
export function drawnLosses(nodes: readonly Slot[], { links }: Network): string {
  const isDrawn = links.map(draws);
  return contentText(
    nodes.map(({ index, sent }) => sent.filter((_, to) => isDrawn[index * nodes.length + to])),
  );
}

// Timed

export function timedSlot(slot: Slot, has: Has): string {
  return contentText([
    untimedSlot(slot, has),
    has('disk') && [slot.fsync.slow, slot.fsync.stalledUntil, slot.fsync.freeAt],
    has('disk') && slot.fsync.writes.map(({ issuedAt }) => issuedAt),
    has('timers') && slot.timers.flatMap(timedTimer).sort(),
    has('draws') && slot.timers.map(({ name, key, ordinal }) => contentText([name, key, ordinal])),
    has('draws') && [slot.drawn, slot.sent],
    has('arrivals') && slot.arrives,
    has('held') && slot.held.map(timedPending).sort(),
    has('connections') && slot.ends.map(timedEnd),
    has('clocks') && [slot.clockBase, slot.clockFrom, slot.drift],
    has('status') && slot.paused && slot.pausedAt,
  ]);
}

function timedTimer({ isSet, name, key, earliest, latest }: Timer): string[] {
  return isSet ? [contentText([name, key, earliest, latest])] : [];
}

function timedEnd(end: End): unknown {
  const { outbox, since, attempts, lastContact, arrives } = end;
  return [outbox.map(timedPending), since, attempts, lastContact, arrives];
}

export function timedPending(pending: Pending): string {
  if (pending.type === 'fire') return '';
  if (pending.type === 'postponed') return contentText([untimedPostponed(pending), pending.at]);
  const { ordinal, copy, at, earliest, latest, connection, sentAt } = pending;
  const sent = connection === '' ? 0 : [sentAt, at];
  // A duplicate of it draws its delay from its ordinal.
  return contentText([untimedMessage(pending), ordinal, copy, earliest, latest, sent]);
}

export function timedNetwork(network: Network, has: Has): string {
  return has('network') ? contentText([untimedNetwork(network, has), network.links]) : '';
}
