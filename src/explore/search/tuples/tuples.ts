/**
 * Visits every state breadth-first, each as a tuple of numbers: of the nodes' states, of what
 * invariants remember, of the faults left, and of the messages in flight. The kernel runs only for
 * what one node has not done before. It applies while nothing but messages joins nodes: untimed,
 * without connections, partitions, disks, a scenario, or losses that the seed draws.
 */
import { InvariantMonitor } from '../../../check/invariants.ts';
import type { Action } from '../../../kernel/action.ts';
import { isOwn } from '../../../kernel/pending.ts';
import { handlerName } from '../../../scenario/handler-name.ts';
import { Effects } from '../../../kernel/effects.ts';
import type { Limits } from '../../budgets.ts';
import { invokedIn, keepsMessages } from '../../choices.ts';
import { drawsLosses } from '../../fingerprint/parts.ts';
import { Interner, mixed } from '../../interning.ts';
import type { Cut, Exploration, Extent, Unknown } from '../../verdict.ts';
import type { Problem } from '../problem.ts';
import { StateTable } from '../table.ts';
import { Checks } from './checks.ts';
import { LocalSteps, type Result } from './local.ts';
import { Replay, type Taken } from './replay.ts';

/** Whether a problem can be searched in this way, as far as it is known beforehand. */
export function isOfTuples({ world, setting, targets, effects }: Problem): boolean {
  const { nodes, network, plan, queue, monitors } = world;
  return (
    setting.time === 'untimed' && setting.scenario === undefined &&
    setting.faults.partitions === 0 && setting.faulty === undefined &&
    targets.reach === undefined && targets.leadsTo === undefined && targets.within === undefined &&
    !plan.hasConnections && !network.isCut && !drawsLosses(network) &&
    queue.items.every(({ type }) => type !== 'postponed') &&
    nodes.every(({ paused, fsync, held }) => {
      const isQuick = fsync.slow === 0 && fsync.stalledUntil === 0 && fsync.writes.length === 0;
      return !paused && held.length === 0 && isQuick;
    }) &&
    monitors.every((one) => one instanceof InvariantMonitor) &&
    effects?.violations.length === 0 && effects.failure === null && !effects.readsClock
  );
}

/** Words of a state after those of its nodes, before those of its messages. */
const memoryAt = 0;
const crashesAt = 1;
const dropsAt = 2;
const duplicatesAt = 3;
const operationsAt = 4;
const header = 5;

const meterEvery = 256;

export class TupleSearch {
  private readonly size: number;
  private readonly first: number;
  private readonly local: LocalSteps;
  private readonly checks: Checks;
  private readonly table = new StateTable();
  private readonly budgets = new Interner();
  private readonly keeps: boolean;
  private readonly hasFaults: boolean;
  private readonly operations: readonly Action[];
  /** By message: the line in which it keeps its place; 0 for none. By slot: its timers. */
  private readonly lines: number[] = [];
  private readonly timers: ({ number: number; action: Action }[] | undefined)[] = [];
  private readonly within: (boolean | undefined)[] = [];
  /** The states to expand, one after the other: their number, their length, their words. */
  private frontier = new Int32Array(1 << 16);
  private next = new Int32Array(1 << 16);
  private nextUsed = 0;
  private now = new Int32Array(0);
  private count = 0;
  private high = 0;
  private low = 0;
  private readonly child: Int32Array;
  private choice = 0;
  private state = 0;
  private transitions = 0;
  private depth = 0;
  private readonly cuts = new Set<Cut>();
  /** A choice that broke something, of this state. */
  private broken: { state: number; choice: number } | null = null;
  /** For a replay: the choice that is taken, and what it is. */
  private wanted = -1;
  private taken: Taken | null = null;

  constructor(
    private readonly problem: Problem,
    readingSteps: Set<InvariantMonitor>,
  ) {
    const { world, setting } = problem;
    this.size = world.nodes.length;
    this.first = this.size + header;
    this.child = new Int32Array(this.first + 4_096);
    this.local = new LocalSteps(world);
    const monitors = world.monitors as InvariantMonitor[];
    this.checks = new Checks(monitors, readingSteps, this.local, world.time);
    this.keeps = keepsMessages(setting);
    const { crashes, drops } = setting.faults;
    this.hasFaults = crashes > 0 || drops > 0 || (setting.faults.duplicates > 0 && !this.keeps);
    this.operations = (setting.operations ?? []).map((one) => ({ ...one, at: world.time }));
  }

  run(): Exploration {
    this.writeFirst();
    let used = this.nextUsed;
    for (;;) {
      [this.frontier, this.next] = [this.next, this.frontier];
      used = this.nextUsed;
      this.nextUsed = 0;
      if (used === 0) break;
      for (let at = 0; at < used; at += this.frontier[at + 1] + 2) {
        const ended = this.stopped();
        if (ended !== undefined) return ended;
        this.read(this.frontier, at);
        if (!this.isBeyond()) this.expand();
        const { clock } = this.local;
        if (clock !== null) {
          const handler = handlerName(clock.action, new Effects()).name;
          return this.unknown({ code: 'reads-clock', node: clock.node, handler });
        }
        if (this.broken !== null) return this.violated(this.broken);
      }
      if (this.nextUsed > 0) this.depth++;
    }
    return { type: 'holds', ...this.extent() };
  }

  private writeFirst(): void {
    const { world, setting } = this.problem;
    const { child, size } = this;
    const { crashes, drops, duplicates } = setting.faults;
    world.nodes.forEach((slot, i) => (child[i] = this.local.slotNumber(slot)));
    const own = (one: InvariantMonitor) => {
      return (world.memories[world.monitors.indexOf(one)] as { own: unknown }).own;
    };
    child[size + memoryAt] = this.checks.memoryOf(own);
    child[size + crashesAt] = crashes;
    child[size + dropsAt] = drops;
    child[size + duplicatesAt] = this.keeps ? 0 : duplicates;
    child[size + operationsAt] = invokedIn(world);
    this.count = 0;
    const messages = world.queue.items.filter((one) => one.type === 'deliver');
    for (const message of messages.sort((a, b) => a.tie - b.tie)) {
      this.insert(this.messageOf(this.local.messageNumber(message)));
    }
    this.sum();
    const state = this.table.addHalves(this.high, this.low, -1, 0);
    if (!this.checks.holdsIn(child, size)) this.broken = { state, choice: -1 };
    this.keep(state);
  }

  private read(from: Int32Array<ArrayBuffer>, at: number): void {
    this.state = from[at];
    const length = from[at + 1];
    this.count = length - this.first;
    this.now = from.subarray(at + 2, at + 2 + length);
  }

  /** Appends the child to the states to expand. */
  private keep(state: number): void {
    const length = this.first + this.count;
    if (this.nextUsed + length + 2 > this.next.length) {
      const larger = new Int32Array(Math.ceil(this.next.length * 1.5) + length);
      larger.set(this.next);
      this.next = larger;
    }
    this.next[this.nextUsed] = state;
    this.next[this.nextUsed + 1] = length;
    this.next.set(this.child.subarray(0, length), this.nextUsed + 2);
    this.nextUsed += length + 2;
  }

  private messageOf(number: number): number {
    if (number < this.lines.length) return number;
    const { network } = this.problem.world;
    for (let one = this.lines.length; one < this.local.messages.length; one++) {
      const message = this.local.messages[one];
      const link = message.fromIndex * this.size + message.toIndex;
      const isAny = isOwn(message) ? false : network.links[link].reorder || this.keeps;
      this.lines.push(isAny ? 0 : link + 1);
    }
    return number;
  }

  /** Puts a message among those of the child: sorted, or at the end of its line. */
  private insert(message: number): void {
    const { child, first, lines } = this;
    const line = lines[message];
    let at = first + this.count;
    while (at > first) {
      const before = child[at - 1];
      if (lines[before] < line || (lines[before] === line && (line > 0 || before < message))) break;
      if (before === message && line === 0 && this.keeps) return this.unshift(at);
      child[at] = before;
      at--;
    }
    child[at] = message;
    this.count++;
  }

  /** The message is there already, so those that made room for it go back. */
  private unshift(at: number): void {
    const end = this.first + this.count;
    this.child.copyWithin(at, at + 1, end + 1);
  }

  /** The hashes of the child. */
  private sum(): void {
    const { child, size, local, first, lines } = this;
    let high = this.checks.high(child[size + memoryAt]);
    let low = this.checks.low(child[size + memoryAt]);
    for (let i = 0; i < size; i++) {
      high = (high + local.slotTexts.high(child[i])) | 0;
      low = (low + local.slotTexts.low(child[i])) | 0;
    }
    if (this.hasFaults) {
      const text = child.subarray(size + crashesAt, size + operationsAt).join();
      const number = this.budgets.of(`budget ${text}`);
      high = (high + this.budgets.high(number)) | 0;
      low = (low + this.budgets.low(number)) | 0;
    }
    let place = 0;
    for (let i = first; i < first + this.count; i++) {
      const message = child[i];
      const line = lines[message];
      place = line > 0 && i > first && lines[child[i - 1]] === line ? place + 1 : 1;
      const [a, b] = [local.messageTexts.high(message), local.messageTexts.low(message)];
      high = (high + (line === 0 ? a : mixed(a + place))) | 0;
      low = (low + (line === 0 ? b : mixed(b + Math.imul(place, 0x9e3779b1)))) | 0;
    }
    this.high = high;
    this.low = low;
  }

  private expand(): void {
    this.choice = 0;
    this.expandMessages();
    this.expandTimers();
    this.expandOperations();
    if (this.hasFaults) this.expandFaults();
  }

  private expandMessages(): void {
    const { first, lines, local } = this;
    const length = this.count;
    const { skipsIdle } = this.problem.setting;
    for (let i = first; i < first + length; i++) {
      const message = this.now[i];
      const line = lines[message];
      if (i > first && (line === 0 ? this.now[i - 1] === message : lines[this.now[i - 1]] === line)) {
        continue;
      }
      const { toIndex, fromIndex } = local.messages[message];
      const results = local.deliver(this.now[toIndex], message);
      const stays = this.keeps && fromIndex !== toIndex;
      for (const result of results) {
        if (skipsIdle === true && result.isIdle) continue;
        if (result.isIdle && stays && !this.checks.hasSteps) {
          // Nothing changes at all.
          this.transitions++;
          this.choice++;
          continue;
        }
        this.follow({ type: 'message', message, result, stays }, toIndex, result, stays ? -1 : i);
      }
    }
  }

  private expandTimers(): void {
    for (let node = 0; node < this.size; node++) {
      const slot = this.now[node];
      const set = this.timers[slot] ?? this.timersOf(slot);
      for (const { number, action } of set) {
        for (const result of this.local.act(slot, number, action)) {
          this.follow({ type: 'action', action, result }, node, result, -1);
        }
      }
    }
  }

  private timersOf(slot: number): { number: number; action: Action }[] {
    const { id: node, timers } = this.local.slots[slot];
    const at = this.problem.world.time;
    const set = timers.filter(({ isSet }) => isSet).map(({ name: timer, key }) => {
      const action: Action = { type: 'fire', at, node, timer, key };
      return { number: this.local.actionNumber(action), action };
    });
    return (this.timers[slot] = set);
  }

  private expandOperations(): void {
    const action = this.operations[this.now[this.size + operationsAt]];
    if (action === undefined || !('node' in action)) return;
    const node = this.problem.world.plan.indexOf.get(action.node)!;
    const number = this.local.actionNumber(action);
    for (const result of this.local.act(this.now[node], number, action)) {
      this.follow({ type: 'action', action, result }, node, result, -1, operationsAt, 1);
    }
  }

  private expandFaults(): void {
    const { size, local, first } = this;
    const at = this.problem.world.time;
    const length = this.count;
    const hasCrashes = this.problem.setting.faults.crashes > 0;
    for (let node = 0; hasCrashes && node < size; node++) {
      const slot = this.now[node];
      const { id, up, started } = local.slots[slot];
      if (up ? this.now[size + crashesAt] <= 0 : !started) continue;
      const action: Action = { type: up ? 'crash' : 'restart', at, node: id };
      for (const result of local.act(slot, local.actionNumber(action), action)) {
        this.follow({ type: 'action', action, result }, node, result, -1, crashesAt, up ? -1 : 0);
      }
    }
    for (let i = first; i < first + length; i++) {
      const message = this.now[i];
      if (isOwn(local.messages[message])) continue;
      if (this.lines[message] === 0 && i > first && this.now[i - 1] === message) continue;
      if (this.now[size + dropsAt] > 0) this.lose(message, i);
      if (this.now[size + duplicatesAt] > 0) this.repeat(message, i);
    }
  }

  private lose(message: number, at: number): void {
    this.begin(at);
    this.child[this.size + dropsAt]--;
    this.finish({ type: 'drop', message, place: this.placeOf(at) }, null);
  }

  private repeat(message: number, at: number): void {
    this.begin(-1);
    this.child[this.size + duplicatesAt]--;
    this.insert(message);
    this.finish({ type: 'duplicate', message, place: this.placeOf(at) }, null);
  }

  /** How many messages of its line are before the message at a place. */
  private placeOf(at: number): number {
    const line = this.lines[this.now[at]];
    let before = 0;
    while (line > 0 && this.lines[this.now[at - before - 1]] === line) before++;
    return before;
  }

  private begin(without: number): void {
    const { child, now, first } = this;
    const length = now.length;
    for (let i = 0; i < first; i++) child[i] = now[i];
    let to = first;
    for (let i = first; i < length; i++) if (i !== without) child[to++] = now[i];
    this.count = to - first;
  }

  private follow(
    taken: Taken,
    node: number,
    result: Result,
    without: number,
    word = 0,
    by = 0,
  ): void {
    this.begin(without);
    const { child, size } = this;
    child[node] = result.slot;
    child[size + word] += by;
    if (result.losesOwn) this.dropOwn(node);
    const { sent } = result;
    for (let i = 0; i < sent.length; i++) this.insert(this.messageOf(sent[i]));
    this.finish(taken, result);
  }

  private dropOwn(node: number): void {
    const { child, first, local } = this;
    let to = first;
    for (let i = first; i < first + this.count; i++) {
      const message = local.messages[child[i]];
      if (!isOwn(message) || message.toIndex !== node) child[to++] = child[i];
    }
    this.count = to - first;
  }

  private finish(taken: Taken, result: Result | null): void {
    const { child, size } = this;
    const choice = this.choice++;
    const { length } = this.now;
    if (this.wanted >= 0) {
      if (choice === this.wanted) this.taken = taken;
      if (choice === this.wanted) this.keep(0);
      this.count = length - this.first;
      return;
    }
    this.transitions++;
    const isBroken = result !== null && this.isBroken(result);
    if (isBroken) {
      this.broken ??= { state: this.state, choice };
    } else {
      this.sum();
      const state = this.table.addHalves(this.high, this.low, this.state, choice);
      if (state >= 0) {
        if (!this.checks.holdsIn(child, size)) this.broken ??= { state: this.state, choice };
        this.keep(state);
      }
    }
    this.count = length - this.first;
  }

  private isBroken(result: Result): boolean {
    if (result.hasFailed) return true;
    if (!this.checks.hasSteps) return false;
    const { child, size } = this;
    const memory = this.checks.afterStep(child[size + memoryAt], result, child, size);
    child[size + memoryAt] = memory;
    return memory < 0;
  }

  private isBeyond(): boolean {
    const { limits, targets } = this.problem;
    if (this.depth >= limits.depth) return this.cut('depth');
    if (this.count > limits.messages) return this.cut('messages');
    const { nodeWithin } = targets;
    if (nodeWithin === undefined) return false;
    for (let i = 0; i < this.size; i++) {
      const slot = this.now[i];
      this.within[slot] ??= nodeWithin(this.local.slots[slot]);
      if (!this.within[slot]) return this.cut('within');
    }
    return false;
  }

  private cut(by: Cut & (keyof Limits | 'within')): true {
    this.cuts.add(by);
    return true;
  }

  private expanded = 0;

  private stopped(): Exploration | undefined {
    const { limits, meter } = this.problem;
    const { size: states } = this.table;
    if (states >= limits.states) return this.unknown({ code: 'stopped', at: 'states' });
    if (++this.expanded % meterEvery !== 0) return undefined;
    if (this.bytes > limits.bytes) return this.unknown({ code: 'stopped', at: 'bytes' });
    const { transitions, depth } = this;
    const isOver = meter?.({ states, transitions, depth }) === true;
    return isOver ? this.unknown({ code: 'stopped', at: 'time' }) : undefined;
  }

  /** What the states that were found, and those that wait, take. */
  get bytes(): number {
    return this.table.bytes + this.frontier.byteLength + this.next.byteLength;
  }

  /** What the states that were found take: beside the frontier, this is what grows with them. */
  get tableBytes(): number {
    return this.table.bytes;
  }

  private extent(): Extent {
    if (this.local.hasLongDraw) this.cuts.add('draws');
    const { setting, limits } = this.problem;
    const { transitions, depth } = this;
    const { time, faults } = setting;
    const cut = [...this.cuts];
    return { time, faults, limits, states: this.table.size, transitions, depth, cut };
  }

  private unknown(why: Unknown): Exploration {
    return { type: 'unknown', why, ...this.extent() };
  }

  private violated({ state, choice }: { state: number; choice: number }): Exploration {
    const path = this.table.pathTo(state);
    const extent = this.extent();
    if (choice >= 0) path.push(choice);
    const replay = new Replay(this.problem, this.local);
    this.nextUsed = 0;
    this.writeFirst();
    for (const wanted of path) {
      const { next } = this;
      this.read(next, 0);
      this.next = new Int32Array(next.length);
      this.nextUsed = 0;
      this.wanted = wanted;
      this.expand();
      replay.take(this.taken!);
    }
    const { actions, broken } = replay;
    if (broken === undefined) throw new Error('the run that was found violates nothing');
    return { type: 'violated', ...broken, trace: { actions }, ...extent };
  }
}
