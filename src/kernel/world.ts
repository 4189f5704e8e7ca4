/** A cluster at one moment: nodes, messages in flight, timers, operations, network faults, time. */
import type { Look, Micros, NodeId } from '../protocol/types.ts';
import type { ParameterSpec } from '../protocol/values.ts';
import { copyEnd, type End } from './connection/end.ts';
import { copyDisk, type Disk, healthyDisk } from './disk/state.ts';
import type { Effects, ViolationReason } from './effects.ts';
import type { Action, MessageName } from './action.ts';
import { Network } from './network/network.ts';
import { messageOf, messagesInFlight } from './network/in-flight.ts';
import { Alarm, type Message, type Pending, Queue } from './pending.ts';
import { copy } from './data/plain.ts';
import { type Cast, type NodeSetup, Plan, type Setup } from './plan.ts';
import { withEnds } from './data/leases.ts';
import { lookOf } from './look/look.ts';
import { KnownRank } from './look/rank.ts';
import { type Handler, handlerOf } from './next-handler.ts';
import type {
  ConnectionMoment, HostStatus, Moment, NodeMoment, NodeStatus, OperationMoment, Rank,
  Upcoming, Wording,
} from './seam/moment.ts';
import { declares } from './wording.ts';

/**
 * Observes every step and remembers plain data about the run: an invariant, a scenario's progress.
 */
export interface Monitor<Memory = any> {
  readonly name: string;
  /**
   * Whether its memory depends on how code was written or instrumented, as call stacks do. Two
   * executions may differ in such a memory.
   */
  readonly isNote?: boolean;
  start(world: World): Memory;
  /**
   * Called at the start, without an action, and after each step. May change `memory` in place.
   * Returns why its property is violated, if it is.
   */
  after(
    world: World,
    action: Action | Pending | null,
    effects: Effects,
    memory: Memory,
  ): ViolationReason | undefined;
}

export interface Timer {
  readonly nameIndex: number;
  readonly name: string;
  readonly key: string;
  /**
   * Its place in `World.queuedAt`: numbers the timers of a world in the order of their first use.
   */
  readonly serial: number;
  isSet: boolean;
  /** Virtual time: when it will fire, and the window from which that was drawn. */
  at: Micros;
  earliest: Micros;
  latest: Micros;
  setAt: Micros;
  tie: number;
  /** How often it was set: the ordinal of its draw. */
  ordinal: number;
  /** The step that set it. */
  cause: number;
  data: unknown;
}

/** A node at a moment. */
export class Slot implements NodeMoment {
  state: Record<string, unknown> = {};
  /** The durable fields as the disk holds them; null if these are those of the state. */
  disk: Record<string, unknown> | null = null;
  /** How its disk behaves, and the writes that are not on it yet. */
  fsync: Disk = healthyDisk();
  /** False while the node is crashed, and before it first boots. */
  up = false;
  /** Whether it has ever booted. */
  started = false;
  paused = false;
  /** When it was paused last. */
  pausedAt: Micros = 0;
  timers: Timer[] = [];
  /** Messages and operations that wait for this node, while it is paused. */
  held: Pending[] = [];
  operations: OperationMoment[] = [];
  /** How many operations were invoked on it, and how many random numbers it drew. */
  invoked = 0;
  drawn = 0;
  /** How many messages it sent to each node, and when the last of these arrives. */
  sent: number[] = [];
  arrives: number[] = [];
  /** Its ends of connections, oldest first, and how many it has opened to each node. */
  ends: End[] = [];
  opens: number[] = [];
  /** Whether its host has power, and is plugged into the network. */
  powered = true;
  plugged = true;
  /** The wall clock read `clockBase` at virtual time `clockFrom`, and runs at rate `1 + drift`. */
  clockBase: Micros = 0;
  clockFrom: Micros = 0;
  drift = 0;

  readonly known = new KnownRank();

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
    if (!this.up) return this.started ? 'crashed' : 'down';
    return this.paused ? 'paused' : 'running';
  }

  get durable(): readonly string[] {
    return this.cast.role.durable ?? [];
  }

  get options(): Readonly<Record<string, unknown>> {
    return this.cast.options;
  }

  get look(): Look {
    return withEnds(lookOf(this.cast, this.state), this);
  }

  get rank(): Rank {
    return this.known.of(this.cast, this.state);
  }

  get alarms(): readonly Timer[] {
    return this.timers.filter(({ isSet }) => isSet).sort((a, b) => a.at - b.at || a.tie - b.tie);
  }

  get host(): HostStatus {
    if (!this.powered) return 'off';
    return this.plugged ? 'on' : 'unplugged';
  }

  get connections(): readonly ConnectionMoment[] {
    return this.ends.map(({ id, status, peerId, outbox }) => ({
      id,
      peer: peerId,
      status,
      waiting: outbox.length,
      againAt: outbox[0]?.at ?? -1,
    }));
  }

  get waiting(): number {
    return this.held.length;
  }

  clockAt(time: Micros): Micros {
    return wallClock(this, time);
  }

  /**
   * An independent slot. `transfer` copies the state; a checkpoint packs and unpacks it instead.
   */
  fork(transfer: <T>(value: T) => T = copy): Slot {
    const copied = new Slot(this.cast);
    copied.state = transfer(this.state);
    copied.disk = transfer(this.disk);
    copied.fsync = copyDisk(this.fsync);
    copied.up = this.up;
    copied.started = this.started;
    copied.paused = this.paused;
    copied.pausedAt = this.pausedAt;
    copied.timers = this.timers.map((timer) => ({ ...timer }));
    copied.held = this.held.slice();
    copied.operations = this.operations.slice();
    copied.invoked = this.invoked;
    copied.drawn = this.drawn;
    copied.sent = this.sent.slice();
    copied.arrives = this.arrives.slice();
    copied.ends = this.ends.map(copyEnd);
    copied.opens = this.opens.slice();
    copied.powered = this.powered;
    copied.plugged = this.plugged;
    copied.clockBase = this.clockBase;
    copied.clockFrom = this.clockFrom;
    copied.drift = this.drift;
    return copied;
  }
}

export class World implements Moment {
  time: Micros = 0;
  /** How many actions have been taken. */
  step = 0;
  /** Numbers everything that is scheduled, to order what happens at the same time. */
  tie = 0;
  nodes: Slot[];
  queue = new Queue();
  /**
   * The time of the queue entry of each timer; 0 for none. A timer that is set again, to a later
   * time, keeps its entry; `next` replaces it when it comes up. Heartbeats reset election timers
   * all the time, and a heap cannot move an entry cheaply.
   */
  queuedAt: number[] = [];
  network: Network;
  memories: unknown[] = [];
  /** The numbers that the action under way chose for `node.random`, and how many were used. */
  given: { readonly draws: readonly number[]; next: number } | null = null;
  private owned: Uint8Array;
  private ownsMemories = true;

  private constructor(
    public plan: Plan,
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

  /** A world in which nothing has run yet, not even `init`; `boot` in step.ts boots its nodes. */
  static blank(setup: Setup, monitors: readonly Monitor[]): World {
    return new World(new Plan(setup), monitors);
  }

  /** A world of the same nodes in which nothing has run yet. */
  blank(): World {
    return new World(this.plan, this.monitors);
  }

  /**
   * A world that shares every node with this one until either of the two touches it. Without
   * monitors, it only shows what nodes do.
   */
  fork(monitors: readonly Monitor[] = this.monitors): World {
    const forked = new World(this.plan, monitors, this);
    forked.time = this.time;
    forked.step = this.step;
    forked.tie = this.tie;
    forked.queue = this.queue.fork();
    forked.queuedAt = this.queuedAt.slice();
    forked.memories = this.memories;
    forked.ownsMemories = false;
    this.ownsMemories = false;
    this.owned.fill(0);
    return forked;
  }

  /** The node, no longer shared with a fork. Call this before any change to it. */
  touch(index: number): Slot {
    if (this.owned[index] !== 1) {
      this.owned[index] = 1;
      this.nodes[index] = this.nodes[index].fork();
    }
    const slot = this.nodes[index];
    slot.known.forget();
    return slot;
  }

  /** Adds a node that has not booted, with links to and from all others. */
  add(node: NodeSetup): Slot {
    this.plan = this.plan.with(node);
    const { size, cast } = this.plan;
    for (let index = 0; index < size - 1; index++) {
      const slot = this.touch(index);
      slot.sent.push(0);
      slot.arrives.push(0);
    }
    const owned = new Uint8Array(size);
    owned.set(this.owned);
    owned[size - 1] = 1;
    this.owned = owned;
    this.network = this.network.grown(size);
    const added = Slot.of(cast[size - 1], size);
    this.nodes.push(added);
    return added;
  }

  /** The monitors' memories, no longer shared with a fork. */
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
    return declares(this.plan.setup.protocol, 'refuses', body);
  }

  isHeartbeat(body: Message['body']): boolean {
    return declares(this.plan.setup.protocol, 'isHeartbeat', body);
  }

  get wording(): Wording {
    return this.plan.wording;
  }

  node(id: NodeId): Slot | undefined {
    const index = this.plan.indexOf.get(id);
    return index === undefined ? undefined : this.nodes[index];
  }

  /** The pending action with the earliest drawn time: what happens next without interference. */
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

  /** Replaces a queue entry that is out of date: its timer was set again or cancelled since. */
  private renew(top: Alarm, timer: Timer): void {
    this.queue.pop();
    if (this.queuedAt[timer.serial] !== top.at) return;
    this.queuedAt[timer.serial] = timer.isSet ? timer.at : 0;
    if (timer.isSet) this.queueTimer(top.nodeIndex, top.timerIndex, timer);
  }

  /** Queues a datagram, or holds it if its receiver is paused. */
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

/** The reading of a node's wall clock at a virtual time. */
export function wallClock(slot: Slot, time: Micros): Micros {
  if (slot.drift === 0) return slot.clockBase + time - slot.clockFrom;
  return Math.round(slot.clockBase + (time - slot.clockFrom) * (1 + slot.drift));
}
