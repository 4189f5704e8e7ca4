/** The `node` that a handler receives: every way in which a protocol acts on the world. */
import type { ConnectionId, SocketOptions } from '../protocol/connection.ts';
import type { Json, Micros, NodeId, OperationId, Range } from '../protocol/types.ts';
import { completed, open, openEnd, planProbe } from './connection/send.ts';
import { socketFrom } from './connection/socket.ts';
import { draw, drawBetween } from './keyed-draw.ts';
import { callStack, type Effects } from './effects.ts';
import { beginWrite, isQuick, waitingFor } from './disk/disk.ts';
import { emit, receiverOf } from './disk/output.ts';
import type { Output } from './disk/state.ts';
import type { Message } from './pending.ts';
import { setTimer, timerNamed, timerOf } from './postponed.ts';
import { copy, equal } from './data/plain.ts';
import { actsMax, exceed } from './text/execution-limits.ts';
import {
  refuseBound, refuseConnection, refuseDuration, refuseEvent, refuseFields, refuseMessage,
  refuseOperation,
} from './refusals/node-refusals.ts';
import { refuse } from './refusals/refused.ts';
import { checksEverything, seal, sealFields, sealMessage } from './data/seal.ts';
import { durablePart, type Slot, wallClock, type World } from './world.ts';

type Body = Message['body'];
type Fields = Readonly<Record<string, Json>>;

/** 142 years in microseconds: the sum of two such durations is still exact. */
const longest = 0x10_0000_0000_0000;
const noFields: Fields = Object.freeze({});
const none: readonly NodeId[] = Object.freeze([]);
const verbs = [
  'nodes', 'now', 'random', 'send', 'setTimer', 'cancelTimer', 'event', 'reply', 'fail', 'sync',
  'onDisk',
  'connect', 'disconnect', 'connections', 'setSocket',
] as const;

/**
 * One handle serves all handlers, because only one runs at a time. It refuses to act in between.
 */
export class Handle {
  #world: World | null = null;
  #slot: Slot = null!;
  #effects: Effects | null = null;
  /** Whether this step also checks data that is frozen already. */
  #checks = true;
  /** How often the handler did each so far, to stop a handler that does not end. */
  #sends = 0;
  #events = 0;
  #timers = 0;
  /** What waits for the disk; null if what the handler sends leaves at once. */
  #outputs: Output[] | null = null;
  /** Whether a timer fired. */
  #isTimer = false;
  /** The call stacks of these, if the step records any. */
  #stacks: string[] = [];
  /** The durable fields before the handler, if its role syncs after it and its disk is slow. */
  #before: Record<string, unknown> | null = null;

  constructor() {
    // Bound, so that a handler may detach them: `const { send } = node`.
    for (const verb of verbs) this[verb] = this[verb].bind(this) as never;
    Object.freeze(this);
  }

  bind(world: World, slot: Slot, effects: Effects | null, isTimer: boolean): void {
    this.#isTimer = isTimer;
    this.#world = world;
    this.#slot = slot;
    slot.known.isHandling = true;
    this.#effects = effects;
    this.#checks = checksEverything(world.step);
    this.#sends = 0;
    this.#events = 0;
    this.#timers = 0;
    this.#outputs = null;
    this.#before = null;
    const { role } = slot.cast;
    const isOwn = role.sync === 'manual' || role.sync === 'lazy';
    if (isOwn || !role.durable?.length || isQuick(world, slot)) return;
    this.#before = copy(durablePart(slot.cast, slot.state));
    this.#outputs = [];
    this.#stacks = [];
  }

  release(): void {
    if (this.#world !== null) this.#slot.known.isHandling = false;
    this.#world = null;
  }

  get id(): NodeId {
    return this.#slot.cast.id;
  }

  set id(_: unknown) {
    refuse({ type: 'assigned', property: 'id' });
  }

  get state(): Record<string, unknown> {
    return this.#slot.state;
  }

  set state(_: unknown) {
    refuse({ type: 'assigned', property: 'state' });
  }

  get options(): Readonly<Record<string, unknown>> {
    return this.#slot.cast.options;
  }

  set options(_: unknown) {
    refuse({ type: 'assigned', property: 'options' });
  }

  get peers(): readonly NodeId[] {
    return this.#slot.cast.peers;
  }

  set peers(_: unknown) {
    refuse({ type: 'assigned', property: 'peers' });
  }

  nodes(role: string): readonly NodeId[] {
    this.#running();
    return this.#slot.cast.byRole[role] ?? none;
  }

  now(): Micros {
    const { time } = this.#running();
    if (this.#effects !== null) this.#effects.readsClock = true;
    return wallClock(this.#slot, time);
  }

  random(bound: number): number {
    const { given } = this.#running();
    if (!Number.isSafeInteger(bound) || bound < 1) refuseBound(bound);
    this.#effects?.bounds.push(bound);
    const number = draw(this.#slot.cast.randomKey, ++this.#slot.drawn);
    if (given !== null && given.next < given.draws.length) {
      return given.draws[given.next++] % bound;
    }
    return Math.floor((number / 0x1_0000_0000) * bound);
  }

  send(to: NodeId | ConnectionId, message: Body): void {
    const world = this.#running();
    const { plan } = world;
    const slot = this.#slot;
    const index = receiverOf(world, slot, to);
    if (index === undefined || !plan.cast[index].handles.has(message?.type))
      refuseMessage(plan, this.id, index === undefined ? to : plan.cast[index].id, message);
    if (++this.#sends > actsMax) exceed('message-limit');
    const body = sealMessage(message, this.#checks);
    // One to itself waits, too: a server that counts its own vote may count only what is on disk.
    this.#put({ type: 'message', to, body });
  }

  connect(to: NodeId): ConnectionId {
    const world = this.#running();
    const { plan } = world;
    const slot = this.#slot;
    const index = plan.indexOf.get(to);
    if (index === undefined || !plan.opens(slot.cast.index, index)) {
      refuseConnection(plan, this.id, to);
    }
    if (++this.#sends > actsMax) exceed('message-limit');
    return open(world, slot, index, this.#effects);
  }

  disconnect(connection: ConnectionId): void {
    this.#running();
    this.#put({ type: 'close', connection });
  }

  connections(peer?: NodeId): readonly ConnectionId[] {
    this.#running();
    return this.#slot.ends
      .filter(({ status, peerId }) => status !== 'closing' && (peer ?? peerId) === peerId)
      .map(({ id }) => id);
  }

  setSocket(connection: ConnectionId, options: SocketOptions): void {
    const world = this.#running();
    const given = socketFrom(options);
    const end = openEnd(this.#slot, connection);
    if (end === undefined) return;
    end.socket = completed(given, end.socket);
    planProbe(world, this.#slot, end);
  }

  setTimer(name: string, after: Micros | Range, data?: unknown, key = keyIn(data)): void {
    const world = this.#running();
    const slot = this.#slot;
    const timer = timerOf(world, slot, name, key);
    let earliest: number;
    let latest: number;
    if (typeof after === 'number') {
      earliest = latest = Math.round(after);
    } else {
      if (!Array.isArray(after) || after.length !== 2) refuseDuration(name, after);
      earliest = wholeMicros(after[0]);
      latest = wholeMicros(after[1]);
    }
    if (!(earliest >= 0 && latest >= earliest && latest <= longest)) refuseDuration(name, after);
    if (++this.#timers > actsMax) exceed('timer-limit');
    timer.data = data === undefined ? data : seal(data, 'data', 'timers');
    timer.ordinal++;
    let span = earliest;
    if (typeof after !== 'number') {
      const drawKey = slot.cast.timerKeys[timer.nameIndex] ^ world.plan.timerSalt;
      span = drawBetween(drawKey, timer.ordinal, earliest, latest);
    }
    if (slot.drift !== 0) {
      const slower = 1 / (1 + slot.drift);
      earliest = Math.round(earliest * slower);
      latest = Math.round(latest * slower);
      span = Math.round(span * slower);
    }
    setTimer(world, slot, timer, { span, earliest, latest }, this.#effects);
  }

  cancelTimer(name: string, key = ''): void {
    this.#running();
    const timer = timerNamed(this.#slot, name, key);
    if (timer === undefined || !timer.isSet) return;
    timer.isSet = false;
    this.#effects?.timers.push({ node: this.id, timer: name, key, at: -1 });
  }

  event(name: string, fields: Fields = noFields): void {
    const { events } = this.#running().plan;
    if (!events.has(name)) refuseEvent(events, name);
    if (typeof fields !== 'object' || fields === null || Array.isArray(fields))
      refuseFields(name, fields);
    if (++this.#events > actsMax) exceed('event-limit');
    const effects = this.#effects;
    const isKept = effects !== null && effects.locate;
    const own = this.#checks || isKept ? sealFields(fields, this.#checks) : fields;
    if (effects === null) return;
    effects.events.push({ node: this.id, name, fields: own });
    if (effects.locate) effects.eventStacks.push(callStack());
    if (effects.reported !== null) effects.reported();
  }

  reply(operation: OperationId, result: Json): void {
    if (typeof operation !== 'string') refuseOperation('reply', operation);
    this.#finish(operation, true, seal(result, 'the result', 'replies'));
  }

  fail(operation: OperationId, reason: string): void {
    if (typeof operation !== 'string') refuseOperation('fail', operation);
    this.#finish(operation, false, seal(reason, 'the reason', 'replies'));
  }

  onDisk(field: string): unknown {
    this.#running();
    const { disk, state, cast } = this.#slot;
    const isDurable = cast.role.durable?.includes(field) === true;
    return isDurable ? (disk ?? state)[field] : undefined;
  }

  sync(timer?: string, key = ''): boolean {
    const world = this.#running();
    const slot = this.#slot;
    const { sync = 'always' } = slot.cast.role;
    if (sync === 'always') return isQuick(world, slot);
    if (timer !== undefined) timerNamed(slot, timer, key);
    if (isQuick(world, slot)) {
      slot.disk = sync === 'lazy' ? null : copy(durablePart(slot.cast, slot.state));
      return true;
    }
    const outputs = beginWrite(world, slot, null);
    if (timer === undefined) this.#outputs = outputs;
    else outputs.push({ type: 'timer', timer, key });
    return false;
  }

  /** Ends a handler: what it has kept back leaves, or waits for the write of what it changed. */
  settle(): void {
    const before = this.#before;
    if (before === null || this.#world === null) return;
    const world = this.#world;
    const slot = this.#slot;
    const outputs = this.#outputs!;
    this.#before = null;
    this.#outputs = null;
    if (!equal(before, durablePart(slot.cast, slot.state))) {
      beginWrite(world, slot, before, outputs);
      return;
    }
    outputs.forEach((output, i) => this.#emit(world, output, this.#stacks[i]));
  }

  /** A heartbeat goes at any time; what else a node sends keeps its order with what waits. */
  #emit(world: World, output: Output, stack?: string): void {
    const slot = this.#slot;
    const { writes } = slot.fsync;
    const before = writes.length === 0 || this.#isTimer ? undefined : waitingFor(slot, output);
    if (before === undefined) emit(world, slot, output, this.#effects, stack);
    else before.push(output);
  }

  /** Something leaves the node, at once or after the write that is under way. */
  #put(output: Output): void {
    if (this.#outputs === null) return this.#emit(this.#running(), output);
    this.#outputs.push(output);
    if (this.#before !== null && this.#effects?.locate) this.#stacks.push(callStack());
  }

  #finish(operation: OperationId, ok: boolean, result: Json): void {
    this.#running();
    this.#put({ type: 'answer', operation, ok, result });
  }

  #running(): World {
    const world = this.#world;
    if (world === null) {
      refuse({ type: 'outside a handler' });
    }
    return world;
  }
}

/** The key of a timer whose caller gives none: one string is both its data and its key. */
function keyIn(data: unknown): string {
  return typeof data === 'string' ? data : '';
}

function wholeMicros(after: unknown): number {
  return typeof after === 'number' ? Math.round(after) : NaN;
}
