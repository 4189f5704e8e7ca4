/**
 * All of a moment: nodes, messages in flight, timers, pending operations, faults in force, time.
 */
import type { Json, Look, Micros, NodeId, OperationId, ParameterSpec } from '../protocol/types.ts';
import type { Effects } from './effects.ts';
import type { Action, MessageName } from './action.ts';
import { Network } from './network/network.ts';
import { messageOf, messagesInFlight } from './network/in-flight.ts';
import { Alarm, type Message, type Pending, Queue } from './pending.ts';
import { copy } from './data/plain.ts';
import { type Cast, Plan, type Setup } from './plan.ts';
import { lookOf } from './look.ts';
import { type Handler, handlerOf } from './next-handler.ts';
import type { Moment, NodeMoment, NodeStatus, Upcoming } from './seam/moment.ts';

/**
 * Watches every step, and remembers plain data about the run: an invariant, a scenario's progress.
 */
export interface Monitor<Memory = any> {
  readonly name: string;
  start(world: World): Memory;
  /**
   * Told of the start, with no action, and of each step. May change `memory` in place; answers a
   * sentence where its property broke.
   */
  after(
    world: World,
    action: Action | Pending | null,
    effects: Effects,
    memory: Memory,
  ): string | undefined;
}

export interface Timer {
  readonly nameIndex: number;
  readonly name: string;
  readonly key: string;
  /** Numbers the timers of a world in order of first use: its place in `World.queuedAt`. */
  readonly serial: number;
  isSet: boolean;
  /** Real time: when it will fire, and the window from which that was drawn. */
  at: Micros;
  earliest: Micros;
  latest: Micros;
  setAt: Micros;
  tie: number;
  /** How often it was set. */
  ordinal: number;
  /** The step that set it. */
  cause: number;
  data: unknown;
}

export interface Outstanding {
  readonly id: OperationId;
  readonly name: string;
  readonly args: Readonly<Record<string, Json>>;
  readonly at: Micros;
}

/** A node at a moment. */
export class Slot implements NodeMoment {
  state: Record<string, unknown> = {};
  /** The durable fields as the disk holds them, for a role that syncs by hand. */
  disk: Record<string, unknown> | null = null;
  /** A node is down until it boots. */
  up = false;
  paused = false;
  timers: Timer[] = [];
  /** What waits for a paused node. */
  held: Pending[] = [];
  operations: Outstanding[] = [];
  /** How many operations were asked of it, and numbers drawn. */
  invoked = 0;
  drawn = 0;
  /** How many messages it sent to each node, and when the last of them arrives. */
  sent: number[] = [];
  arrives: number[] = [];
  /** The wall clock read `clockBase` at real time `clockFrom`, and runs `1 + drift` as fast. */
  clockBase: Micros = 0;
  clockFrom: Micros = 0;
  drift = 0;

  private constructor(readonly cast: Cast) {}

  static of(cast: Cast, size: number): Slot {
    const slot = new Slot(cast);
    slot.clockBase = cast.clock.offset;
    slot.drift = cast.clock.drift;
    slot.sent = new Array<number>(size).fill(0);
    slot.arrives = new Array<number>(size).fill(0);
    return slot;
  }

  get id(): NodeId {
    return this.cast.id;
  }

  get role(): string {
    return this.cast.roleName;
  }

  get index(): number {
    return this.cast.index;
  }

  get status(): NodeStatus {
    if (!this.up) return 'crashed';
    return this.paused ? 'paused' : 'running';
  }

  get durable(): readonly string[] {
    return this.cast.role.durable ?? [];
  }

  get options(): Readonly<Record<string, unknown>> {
    return this.cast.options;
  }

  get look(): Look {
    return lookOf(this.cast.role, this.state);
  }

  get alarms(): readonly Timer[] {
    return this.timers.filter(({ isSet }) => isSet).sort((a, b) => a.at - b.at || a.tie - b.tie);
  }

  get waiting(): number {
    return this.held.length;
  }

  clockAt(time: Micros): Micros {
    return wallClock(this, time);
  }

  /** A slot of its own; `transfer` copies state, or packs and unpacks it. */
  fork(transfer: <T>(value: T) => T = copy): Slot {
    const twin = new Slot(this.cast);
    twin.state = transfer(this.state);
    twin.disk = transfer(this.disk);
    twin.up = this.up;
    twin.paused = this.paused;
    twin.timers = this.timers.map((timer) => ({ ...timer }));
    twin.held = this.held.slice();
    twin.operations = this.operations.slice();
    twin.invoked = this.invoked;
    twin.drawn = this.drawn;
    twin.sent = this.sent.slice();
    twin.arrives = this.arrives.slice();
    twin.clockBase = this.clockBase;
    twin.clockFrom = this.clockFrom;
    twin.drift = this.drift;
    return twin;
  }
}

export class World implements Moment {
  time: Micros = 0;
  /** How many actions were taken. */
  step = 0;
  /** Numbers what is scheduled, to order what has the same moment. */
  tie = 0;
  nodes: Slot[];
  queue = new Queue();
  /** When the live queue entry of each timer comes up; 0 for none. Timers are put off in place. */
  queuedAt: number[] = [];
  network: Network;
  memories: unknown[] = [];
  private owned: Uint8Array;
  private ownsMemories = true;

  private constructor(
    readonly plan: Plan,
    readonly monitors: readonly Monitor[],
    from?: World,
  ) {
    if (from) {
      this.nodes = from.nodes.slice();
      this.network = from.network;
      this.owned = new Uint8Array(plan.size);
      return;
    }
    this.network = Network.of(plan, plan.setup.network);
    this.nodes = plan.cast.map((cast) => Slot.of(cast, plan.size));
    this.owned = new Uint8Array(plan.size).fill(1);
  }

  /** A world in which nothing ran yet, not even `init`; `boot` in step.ts boots its nodes. */
  static blank(setup: Setup, monitors: readonly Monitor[]): World {
    return new World(new Plan(setup), monitors);
  }

  /** A world of the same cast in which nothing ran yet. */
  blank(): World {
    return new World(this.plan, this.monitors);
  }

  /** A world that shares every node with this one until one of the two touches it. */
  fork(): World {
    const twin = new World(this.plan, this.monitors, this);
    twin.time = this.time;
    twin.step = this.step;
    twin.tie = this.tie;
    twin.queue = this.queue.fork();
    twin.queuedAt = this.queuedAt.slice();
    twin.memories = this.memories;
    twin.ownsMemories = false;
    this.ownsMemories = false;
    this.owned.fill(0);
    return twin;
  }

  /** The node, this world's own: to be called before any change to it. */
  touch(index: number): Slot {
    if (this.owned[index] === 1) return this.nodes[index];
    this.owned[index] = 1;
    return (this.nodes[index] = this.nodes[index].fork());
  }

  /** The monitors' memories, this world's own. */
  touchMemories(): unknown[] {
    if (!this.ownsMemories) {
      this.memories = this.memories.map(copy);
      this.ownsMemories = true;
    }
    return this.memories;
  }

  get messages(): readonly Message[] {
    return messagesInFlight(this);
  }

  get upcoming(): Pending | undefined {
    return this.next();
  }

  get hasCuts(): boolean {
    return this.network.isCut;
  }

  isCut(from: number, to: number): boolean {
    return this.network.cut[from * this.plan.size + to] === 1;
  }

  message(name: MessageName): Message | undefined {
    return messageOf(this, name);
  }

  handler(action: Action | Upcoming): Handler | undefined {
    return handlerOf(this, action);
  }

  parameters(node: NodeId, operation: string): Readonly<Record<string, ParameterSpec>> {
    return this.node(node)?.cast.role.operations?.[operation]?.parameters ?? {};
  }

  refuses(body: Message['body']): boolean {
    try {
      return this.plan.setup.protocol.refuses?.(body) === true;
    } catch {
      // An author's mistake in how a message is drawn must not hide the message.
      return false;
    }
  }

  node(id: NodeId): Slot | undefined {
    const index = this.plan.indexOf.get(id);
    return index === undefined ? undefined : this.nodes[index];
  }

  /** What happens next if nobody interferes: the pending action with the earliest drawn moment. */
  next(): Pending | undefined {
    const items = this.queue.items;
    for (;;) {
      const top = items[0];
      if (top === undefined || top.type !== 'fire') return top;
      const timer = this.nodes[top.nodeIndex].timers[top.timerIndex];
      if (timer.isSet && timer.tie === top.tie) return top;
      this.renew(top, timer);
    }
  }

  /** Replaces a queue entry of a timer that was put off or cancelled since. */
  private renew(top: Alarm, timer: Timer): void {
    this.queue.pop();
    if (this.queuedAt[timer.serial] !== top.at) return;
    this.queuedAt[timer.serial] = timer.isSet ? timer.at : 0;
    if (timer.isSet) this.queueTimer(top.nodeIndex, top.timerIndex, timer);
  }

  /** Queues a message, or keeps it for its receiver, if that is paused. */
  schedule(message: Message): void {
    if (this.nodes[message.toIndex].paused) this.touch(message.toIndex).held.push(message);
    else this.queue.push(message);
  }

  queueTimer(nodeIndex: number, timerIndex: number, timer: Timer): void {
    this.queuedAt[timer.serial] = timer.at;
    const node = this.plan.cast[nodeIndex].id;
    this.queue.push(
      new Alarm(timer.at, timer.tie, node, nodeIndex, timerIndex, timer.name, timer.key),
    );
  }
}

export function durablePart(cast: Cast, state: Record<string, unknown>): Record<string, unknown> {
  const part: Record<string, unknown> = {};
  for (const field of cast.role.durable ?? []) part[field] = state[field];
  return part;
}

/** The reading of a node's wall clock. */
export function wallClock(slot: Slot, time: Micros): Micros {
  if (slot.drift === 0) return slot.clockBase + time - slot.clockFrom;
  return Math.round(slot.clockBase + (time - slot.clockFrom) * (1 + slot.drift));
}
