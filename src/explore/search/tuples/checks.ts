/**
 * Checks invariants over tuples. One that reads only nodes is checked once for each combination of
 * the fields that it reads. The others are checked in each step; what they remember is a part of
 * the state, and they are called once for each pair of that and a step, unless they read all nodes.
 */
import type { InvariantMonitor } from '../../../check/invariants.ts';
import { contentText, copy } from '../../../kernel/data/plain.ts';
import type { Slot } from '../../../kernel/world.ts';
import type { Observation } from '../../../protocol/types.ts';
import { Interner } from '../../interning.ts';
import { type LocalSteps, NotLocal, type Result, type Seen } from './local.ts';
import { StateTable } from '../table.ts';

/** Thrown when an invariant turns out to read its step: the search begins again. */
export class Reclassified extends Error {}

const none: readonly never[] = Object.freeze([]);
const startSeen: Seen = { acted: -1, message: null, invoked: null, events: none, answers: none };

/** What an invariant receives, and what it read of that. */
class Watched implements Observation<unknown> {
  readsNodes = false;
  readsStep = false;

  constructor(
    private readonly all: readonly any[],
    private readonly seen: Seen,
    private readonly own: unknown,
    readonly time: number,
  ) {}

  get nodes(): any {
    this.readsNodes = true;
    return this.all;
  }

  get acted(): any {
    this.readsStep = true;
    return this.seen.acted < 0 ? undefined : this.all[this.seen.acted];
  }

  get memory(): unknown {
    this.readsStep = true;
    return this.own;
  }

  get events(): any {
    this.readsStep = true;
    return this.seen.events;
  }

  get message(): any {
    this.readsStep = true;
    return this.seen.message ?? undefined;
  }

  get invoked(): any {
    this.readsStep = true;
    return this.seen.invoked ?? undefined;
  }

  get answers(): any {
    this.readsStep = true;
    return this.seen.answers;
  }

  get history(): never {
    throw new NotLocal();
  }
}

interface Entry {
  /** The memory after the step; −1 if something is violated. */
  memory: number;
  /** Set if nodes were read: the memory after, by the states of all nodes. */
  byNodes: Map<string, number> | null;
}

export class Checks {
  /** Those that read only nodes, and those that read their step. */
  private readonly ofStates: StateCheck[];
  private ofSteps: InvariantMonitor[] = [];
  private readonly memoryTexts = new Interner();
  private readonly memories: unknown[][] = [];
  private readonly entries = new Map<number, Entry>();

  constructor(
    monitors: readonly InvariantMonitor[],
    readingSteps: Set<InvariantMonitor>,
    private readonly local: LocalSteps,
    private readonly time: number,
  ) {
    this.ofSteps = monitors.filter((one) => readingSteps.has(one));
    this.ofStates = monitors
      .filter((one) => !readingSteps.has(one))
      .map((one) => new StateCheck(one, local, time, () => readingSteps.add(one)));
  }

  /** The memory of the invariants in the world at which the search starts. */
  memoryOf(own: (monitor: InvariantMonitor) => unknown): number {
    return this.memoryNumber(this.ofSteps.map(own));
  }

  private memoryNumber(owns: unknown[]): number {
    const number = this.memoryTexts.of(`memory ${contentText(owns)}`);
    if (number === this.memories.length) this.memories.push(owns);
    return number;
  }

  high(memory: number): number {
    return this.memoryTexts.high(memory);
  }

  low(memory: number): number {
    return this.memoryTexts.low(memory);
  }

  get hasSteps(): boolean {
    return this.ofSteps.length > 0;
  }

  /** The memory after a step; −1 if it violates something. `slots` are the nodes after it. */
  afterStep(memory: number, result: Result, slots: Int32Array, size: number): number {
    const key = memory * 0x200_0000 + result.step;
    let entry = this.entries.get(key);
    if (entry !== undefined && entry.byNodes === null) return entry.memory;
    const nodes = entry === undefined ? '' : slots.subarray(0, size).join();
    const known = entry?.byNodes?.get(nodes);
    if (known !== undefined) return known;
    const { after, readsNodes } = this.run(memory, result.seen, slots, size);
    if (entry === undefined) {
      entry = { memory: after, byNodes: readsNodes ? new Map() : null };
      this.entries.set(key, entry);
    }
    entry.byNodes?.set(slots.subarray(0, size).join(), after);
    return after;
  }

  private run(memory: number, seen: Seen, slots: Int32Array, size: number) {
    const nodes = Array.from(slots.subarray(0, size), (slot) => this.local.slots[slot]);
    const owns = this.memories[memory].map(copy);
    let readsNodes = false;
    for (let i = 0; i < this.ofSteps.length; i++) {
      const watched = new Watched(nodes, seen, owns[i], this.time);
      const isBroken = isViolated(this.ofSteps[i], watched);
      readsNodes ||= watched.readsNodes;
      if (isBroken) return { after: -1, readsNodes };
    }
    return { after: this.memoryNumber(owns), readsNodes };
  }

  /** Whether all invariants of states hold. */
  holdsIn(slots: Int32Array, size: number): boolean {
    for (let i = 0; i < this.ofStates.length; i++) {
      if (!this.ofStates[i].holdsIn(slots, size)) return false;
    }
    return true;
  }
}

function isViolated({ invariant }: InvariantMonitor, watched: Watched): boolean {
  try {
    if (invariant.when !== undefined && !invariant.when(watched as never)) return false;
    return invariant.check(watched as never) !== undefined;
  } catch (error) {
    if (error instanceof NotLocal) throw error;
    // The replay finds what it threw.
    return true;
  }
}

/** An invariant that reads only nodes. */
class StateCheck {
  private readonly fields = new Set<string>();
  /** Whether it reads more of a node than the role, and named fields of the state. */
  private isWhole = false;
  private texts = new Interner();
  private classes = new Int32Array(256).fill(-1);
  private checked = new StateTable();

  constructor(
    private readonly monitor: InvariantMonitor,
    private readonly local: LocalSteps,
    private readonly time: number,
    private readonly readsStep: () => void,
  ) {}

  holdsIn(slots: Int32Array, size: number): boolean {
    let high = 0;
    let low = 0;
    for (let i = 0; i < size; i++) {
      const slot = slots[i];
      let one = slot < this.classes.length ? this.classes[slot] : -1;
      if (one < 0) one = this.classOf(slot);
      high = (high + this.texts.high(one)) | 0;
      low = (low + this.texts.low(one)) | 0;
    }
    const at = this.checked.addHalves(high, low, -1, 0);
    if (at < 0) return true;
    const before = this.fields.size + (this.isWhole ? 1 : 0);
    const nodes = Array.from(slots.subarray(0, size), (slot) => this.watch(this.local.slots[slot]));
    const watched = new Watched(nodes, startSeen, undefined, this.time);
    const isBroken = isViolated(this.monitor, watched);
    if (watched.readsStep) {
      this.readsStep();
      throw new Reclassified();
    }
    if (this.fields.size + (this.isWhole ? 1 : 0) > before) this.forget();
    return !isBroken;
  }

  /** It reads more than was known, so states that seemed alike may differ for it. */
  private forget(): void {
    this.texts = new Interner();
    this.classes.fill(-1);
    this.checked = new StateTable();
  }

  private classOf(slot: number): number {
    while (slot >= this.classes.length) {
      const larger = new Int32Array(this.classes.length * 2).fill(-1);
      larger.set(this.classes);
      this.classes = larger;
    }
    const { id, up, state } = this.local.slots[slot];
    const parts = this.isWhole ? slot : [...this.fields].map((name) => state[name]);
    return (this.classes[slot] = this.texts.of(contentText([id, up, parts])));
  }

  private watch(slot: Slot): object {
    const state = new Proxy(slot.state, {
      get: (target, name) => {
        if (typeof name === 'string') this.fields.add(name);
        return Reflect.get(target, name);
      },
      has: (target, name) => {
        this.isWhole = true;
        return Reflect.has(target, name);
      },
      ownKeys: (target) => {
        this.isWhole = true;
        return Reflect.ownKeys(target);
      },
    });
    return new Proxy(slot, {
      get: (target, name) => {
        if (name === 'state') return state;
        if (name !== 'id' && name !== 'role' && name !== 'up') this.isWhole = true;
        return Reflect.get(target, name);
      },
    });
  }
}
