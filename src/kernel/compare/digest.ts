/**
 * A world as one string, and as a short hash of it: equal for two worlds of the same protocol only
 * if equal actions have equal effects on them from here on. How a world was reached (step by step,
 * forked, restored from a checkpoint, replayed) makes no difference.
 */
import { contentText } from '../data/plain.ts';
import type { End } from '../connection/end.ts';
import type { LinkRule, Network } from '../network/network.ts';
import { type Message, order, type Pending, type Postponed } from '../pending.ts';
import type { Cast, Plan } from '../plan.ts';
import type { Monitor, Slot, Timer, World } from '../world.ts';

/**
 * For each field of `Of`, the part of it that enters the digest, or why nothing does. A field
 * that is missing here fails a test, because worlds that differ in it would count as equal.
 */
export type Fields<Of> = {
  readonly [Field in keyof Of]?: ((value: Of[Field], of: Of) => unknown) | string;
};

const whole = (value: unknown) => value;

export function isCompared({ isNote }: Monitor): boolean {
  return isNote !== true;
}

export const worldFields: Fields<World> & { readonly [name: string]: unknown } = {
  plan: setupOf,
  monitors: (monitors) => monitors.filter(isCompared).map(({ name }) => name),
  time: whole,
  // The kernel checks frozen data only in some steps, chosen by their number.
  step: whole,
  // A monitor may have kept an ordinal of it, and later compare what is pending with that.
  tie: whole,
  nodes: (nodes) => nodes.map((slot) => encoded(slot, slotFields)),
  queue: ({ items }) => items.filter((one) => one.type !== 'fire').sort(order).map(pendingParts),
  network: (network) => encoded(network, networkFields),
  memories: (memories, { monitors }) => memories.filter((_, i) => isCompared(monitors[i])),
  given: 'is of one action only',
  queuedAt: 'finds the queue entry of a timer; `next` skips the entries that are out of date',
  owned: 'says which nodes are shared with a fork',
  ownsMemories: 'says whether the memories are shared with a fork',
};

export const slotFields: Fields<Slot> = {
  cast: ({ id, roleName, options }: Cast) => [id, roleName, options],
  state: whole,
  disk: whole,
  fsync: whole,
  up: whole,
  started: whole,
  paused: whole,
  pausedAt: whole,
  // All in order, even those that are not set: the next draw of each depends on its ordinal.
  timers: (timers) => timers.map(timerParts),
  held: (held) => [...held].sort(order).map(pendingParts),
  operations: whole,
  invoked: whole,
  drawn: whole,
  sent: whole,
  arrives: whole,
  ends: (ends) => ends.map(endParts),
  opens: whole,
  powered: whole,
  plugged: whole,
  clockBase: whole,
  clockFrom: whole,
  drift: whole,
  known: 'is read from the state',
};

export const timerFields: Fields<Timer> = {
  nameIndex: 'follows from the name',
  name: whole,
  key: whole,
  serial: 'is its place in `queuedAt`',
  isSet: whole,
  at: whole,
  earliest: whole,
  latest: whole,
  setAt: whole,
  tie: whole,
  ordinal: whole,
  cause: whole,
  data: whole,
};

export const messageFields: Fields<Message> = {
  type: whole,
  at: whole,
  tie: whole,
  from: whole,
  to: whole,
  fromIndex: 'follows from the name',
  toIndex: 'follows from the name',
  ordinal: whole,
  copy: whole,
  body: whole,
  sentAt: whole,
  earliest: whole,
  latest: whole,
  cause: whole,
  lost: whole,
  connection: whole,
  isSignal: whole,
  hasArrived: whole,
};

export const endFields: Fields<End> = {
  id: whole,
  peer: 'follows from the name',
  peerId: whole,
  isOpener: 'follows from its name',
  status: whole,
  socket: whole,
  arrives: whole,
  outbox: (outbox) => outbox.map(pendingParts),
  isUnacknowledged: whole,
  since: whole,
  attempts: whole,
  lastContact: whole,
  probes: whole,
};

export const postponedFields: Fields<Postponed> = {
  type: whole,
  at: whole,
  tie: whole,
  action: whole,
  cause: whole,
};

export const networkFields: Fields<Network> & { readonly [name: string]: unknown } = {
  size: 'is the number of nodes',
  links: linkParts,
  cut: (cut) => [...cut],
  isCut: 'follows from the links that are cut',
  severed: (severed: Uint8Array) => [...severed],
  lost: 'follows from the nodes',
  base: whole,
};

/** What a run starts from, except for the protocol's code: the digest names only the protocol. */
function setupOf({ setup }: Plan): unknown {
  return [setup.protocol.name, setup.seed];
}

function endParts(end: End): unknown {
  return encoded(end, endFields);
}

function timerParts(timer: Timer): unknown {
  // What is left of an earlier setting has no effect any more.
  if (!timer.isSet) return [timer.name, timer.key, timer.ordinal];
  return encoded(timer, timerFields);
}

function pendingParts(pending: Pending): unknown {
  if (pending.type === 'deliver') return encoded(pending, messageFields);
  return pending.type === 'postponed' ? encoded(pending, postponedFields) : undefined;
}

/** Links often share a rule: each rule is written once, and for each link its number. */
function linkParts(links: readonly LinkRule[]): unknown {
  const texts = new Map<LinkRule, string>();
  const rules = new Map<string, number>();
  const places = links.map((rule) => {
    let text = texts.get(rule);
    if (text === undefined) texts.set(rule, (text = contentText(rule)));
    if (!rules.has(text)) rules.set(text, rules.size);
    return rules.get(text);
  });
  return [[...rules.keys()], places];
}

function encoded<Of extends object>(of: Of, fields: Fields<Of>): Record<string, unknown> {
  const parts: Record<string, unknown> = {};
  for (const name in fields) {
    const enters = fields[name];
    if (typeof enters === 'function') parts[name] = enters(of[name], of);
  }
  return parts;
}

/** All that can influence the future, as one string. */
export function worldText(world: World): string {
  return contentText(encoded(world, worldFields));
}

/** The parts of a node in which two worlds differ: names of fields of `Slot`. */
export function differentFields(one: Slot, other: Slot): string[] {
  if (one === other) return [];
  const [left, right] = [encoded(one, slotFields), encoded(other, slotFields)];
  return Object.keys(left).filter((name) => contentText(left[name]) !== contentText(right[name]));
}

/** 16 hexadecimal digits. */
export function digest(world: World): string {
  return hash(worldText(world));
}

/**
 * A 64-bit hash of a string, as 16 hexadecimal digits: not secure, but no accident finds two
 * strings with the same one. Two lanes with different multipliers, mixed at the end (after cyrb53).
 */
export function hash(text: string): string {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    high = Math.imul(high ^ unit, 0x9e3779b1);
    low = Math.imul(low ^ unit, 0x5f356495);
  }
  high = Math.imul(high ^ (high >>> 16), 0x85ebca6b) ^ Math.imul(low ^ (low >>> 13), 0xc2b2ae35);
  low = Math.imul(low ^ (low >>> 16), 0x85ebca6b) ^ Math.imul(high ^ (high >>> 13), 0xc2b2ae35);
  return [high, low].map((half) => (half >>> 0).toString(16).padStart(8, '0')).join('');
}
