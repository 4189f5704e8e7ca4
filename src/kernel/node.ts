/** The `node` that a handler is given: every way in which a protocol acts on the world. */
import type { Json, Micros, NodeId, OperationId, Range } from '../protocol/types.ts';
import { draw, drawBetween, drawChance } from './chance.ts';
import { callStack, type Effects } from './effects.ts';
import { type Loss, Message } from './pending.ts';
import { copy, seal } from './plain.ts';
import { durablePart, type Slot, type Timer, wallClock, type World } from './world.ts';

type Body = Message['body'];

/** One serves all handlers, since only one runs at a time; it answers only while one does. */
export class Handle {
  id: NodeId = '';
  state: Record<string, unknown> = {};
  options: Readonly<Record<string, unknown>> = {};
  peers: readonly NodeId[] = [];
  private world: World | null = null;
  private slot: Slot = null!;
  private effects: Effects | null = null;

  bind(world: World, slot: Slot, effects: Effects | null): void {
    this.world = world;
    this.slot = slot;
    this.effects = effects;
    this.id = slot.cast.id;
    this.state = slot.state;
    this.options = slot.cast.options;
    this.peers = slot.cast.peers;
  }

  release(): void {
    this.world = null;
  }

  nodes(role: string): readonly NodeId[] {
    return this.here().plan.byRole[role] ?? [];
  }

  now(): Micros {
    return wallClock(this.slot, this.here().time);
  }

  random(bound: number): number {
    this.here();
    const number = draw(this.slot.cast.randomChance, ++this.slot.drawn);
    return Math.floor((number / 0x1_0000_0000) * bound);
  }

  send(to: NodeId, message: Body): void {
    const world = this.here();
    const index = world.plan.indexOf.get(to);
    if (index === undefined) {
      const names = world.plan.cast.map((cast) => cast.id).join(', ');
      throw new Error(
        `${this.id} sends ${message.type} to ${show(to)}, but the nodes are ${names}`,
      );
    }
    if (hasLoosePart(message)) sealParts(message);
    transmit(world, this.slot, index, Object.freeze(message), this.effects);
  }

  setTimer(name: string, after: Micros | Range, data?: unknown, key = ''): void {
    const world = this.here();
    const timer = timerOf(world, this.slot, name, key);
    timer.ordinal++;
    let earliest: number;
    let latest: number;
    let span: number;
    if (typeof after === 'number') {
      span = earliest = latest = after;
    } else {
      [earliest, latest] = after;
      const base = this.slot.cast.timerChance[timer.nameIndex];
      span = drawBetween(base, timer.ordinal, earliest, latest);
    }
    if (!(earliest >= 0)) throw new Error(`timer ${name} cannot be set to ${show(after)} µs`);
    if (this.slot.drift !== 0) {
      const slower = 1 / (1 + this.slot.drift);
      earliest = Math.round(earliest * slower);
      latest = Math.round(latest * slower);
      span = Math.round(span * slower);
    }
    timer.isSet = true;
    timer.at = world.time + span;
    timer.earliest = world.time + earliest;
    timer.latest = world.time + latest;
    timer.setAt = world.time;
    timer.tie = world.tie++;
    timer.cause = world.step;
    timer.data = data;
    const queued = world.queuedAt[timer.serial];
    if (queued === 0 || queued > timer.at) {
      world.queueTimer(this.slot.cast.index, this.slot.timers.indexOf(timer), timer);
    }
    this.effects?.timers.push({ node: this.id, timer: name, key, at: timer.at });
  }

  cancelTimer(name: string, key = ''): void {
    const timer = timerOf(this.here(), this.slot, name, key);
    if (!timer.isSet) return;
    timer.isSet = false;
    this.effects?.timers.push({ node: this.id, timer: name, key, at: -1 });
  }

  event(name: string, fields: Record<string, Json>): void {
    this.here();
    const effects = this.effects;
    if (effects === null) return;
    effects.events.push({ node: this.id, name, fields });
    if (effects.locate) effects.eventStacks.push(callStack());
  }

  reply(operation: OperationId, result: Json): void {
    this.answer(operation, true, result);
  }

  fail(operation: OperationId, reason: string): void {
    this.answer(operation, false, reason);
  }

  sync(): void {
    this.here();
    if (this.slot.disk) this.slot.disk = copy(durablePart(this.slot.cast, this.slot.state));
  }

  private answer(operation: OperationId, ok: boolean, result: Json): void {
    this.here();
    const outstanding = this.slot.operations;
    const at = outstanding.findIndex((one) => one.id === operation);
    if (at < 0) return;
    outstanding.splice(at, 1);
    const effects = this.effects;
    if (effects === null) return;
    effects.replies.push({ operation, node: this.id, ok, result: seal(result) as Json });
    if (effects.locate) effects.replyStacks.push(callStack());
  }

  private here(): World {
    if (this.world === null) {
      throw new Error('a node acts only inside its handler: keep no `node` beyond it');
    }
    return this.world;
  }
}

/**
 * Whether a field of the message could still be changed from outside; the rule is that none can.
 */
function hasLoosePart(message: Body): boolean {
  for (const field in message) {
    const part = message[field];
    if (typeof part === 'object' && part !== null && !Object.isFrozen(part)) return true;
  }
  return false;
}

function sealParts(message: Body): void {
  const fields = message as Record<string, Json>;
  for (const [field, part] of Object.entries(fields)) fields[field] = seal(part) as Json;
}

/** Hands a message to the network, which draws its fate. */
function transmit(world: World, from: Slot, to: number, body: Body, effects: Effects | null): void {
  const { plan, network } = world;
  const index = from.cast.index;
  const link = index * plan.size + to;
  const rule = network.links[link];
  const ordinal = ++from.sent[to];
  let lost: Loss = '';
  if (network.isCut && network.cut[link] === 1) lost = 'partition';
  else if (rule.loss > 0 && drawChance(plan.lossChance[link], ordinal, rule.loss)) lost = 'loss';
  post(world, from, to, body, ordinal, 0, lost, effects);
  if (rule.duplicate > 0 && lost === '') {
    if (drawChance(plan.duplicateChance[link], ordinal, rule.duplicate)) {
      post(world, from, to, body, ordinal, 1, '', effects);
    }
  }
}

/** Puts one copy of a message on its way. */
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
  // Each copy has its own place among the draws of its link, far from the ordinals of others.
  const place = ordinal + copyNumber * 0x1000_0000;
  let at = drawBetween(plan.latencyChance[link], place, earliest, latest);
  if (!rule.reorder && lost === '') {
    if (at < from.arrives[to]) at = from.arrives[to];
    else from.arrives[to] = at;
  }
  const toId = plan.cast[to].id;
  const message = new Message(
    at,
    world.tie++,
    from.cast.id,
    toId,
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
  if (effects !== null) {
    effects.sent.push(message);
    if (effects.locate) effects.sentStacks.push(callStack());
  }
  if (lost === '') world.schedule(message);
}

function timerOf(world: World, slot: Slot, name: string, key: string): Timer {
  for (const timer of slot.timers) if (timer.name === name && timer.key === key) return timer;
  const nameIndex = slot.cast.timerIndex.get(name);
  if (nameIndex === undefined) {
    const names = slot.cast.timerNames.join(', ') || 'none';
    throw new Error(`role ${slot.role} has no timer ${show(name)}; it has ${names}`);
  }
  const serial = world.queuedAt.length;
  world.queuedAt.push(0);
  const timer: Timer = {
    nameIndex,
    name,
    key,
    serial,
    isSet: false,
    at: 0,
    earliest: 0,
    latest: 0,
    setAt: 0,
    tie: 0,
    ordinal: 0,
    cause: 0,
    data: undefined,
  };
  slot.timers.push(timer);
  return timer;
}

function show(value: unknown): string {
  return JSON.stringify(value) ?? String(value);
}
