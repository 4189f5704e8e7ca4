/**
 * A short name of a world, in one meaning of time. Equal worlds, which have equal futures, have
 * equal fingerprints; different worlds collide with a chance of about n²/2⁶⁵ for n states. It is a
 * sum of the hashes of the parts, and parts that a step did not touch keep theirs: its cost depends
 * on what changed.
 */
import { isOwn, type Message, type Pending } from '../../kernel/pending.ts';
import type { Network } from '../../kernel/network/network.ts';
import type { Slot, World } from '../../kernel/world.ts';
import { ThrownMonitor } from '../../check/thrown-errors.ts';
import { ScenarioMonitor } from '../../scenario/driver.ts';
import { ExpectationMonitor } from '../../scenario/expect.ts';
import type { Progress } from '../../scenario/progress.ts';
import type { FaultBudget } from '../budgets.ts';
import { bySending, keepsMessages, type Setting } from '../choices.ts';
import { Interner, mixed } from '../interning.ts';
import { judgesSpent } from '../promises.ts';
import { activeText, answersText, memoryText, monitorText, progressText } from './memory.ts';
import {
  drawnLosses, drawsLosses, type Part, timedNetwork, timedPending, timedSlot, untimedMessage,
  untimedNetwork, untimedPostponed, untimedSlot,
} from './parts.ts';

/** 64 bits in two halves. */
export interface Fingerprint {
  readonly high: number;
  readonly low: number;
}

/**
 * Takes fingerprints of the worlds of one exploration. A world must not change after that: fork it
 * first. Then a node that no step touched is the same object, whose hash is known.
 */
export class Fingerprints {
  private readonly texts = new Interner();
  private readonly slots = new WeakMap<Slot, number>();
  private readonly pending = new WeakMap<Pending, number>();
  private readonly networks = new WeakMap<Network, number>();
  private readonly budgets = new WeakMap<FaultBudget, number>();
  private readonly memories = new WeakMap<readonly unknown[], number>();
  private readonly progresses = new WeakMap<Progress, number>();
  private readonly isTimed: boolean;
  private readonly keeps: boolean;
  private high = 0;
  private low = 0;

  /** `omitted` is for tests only. */
  constructor(
    private readonly setting: Setting,
    private readonly omitted: ReadonlySet<Part> = new Set(),
  ) {
    this.isTimed = setting.time === 'timed';
    this.keeps = keepsMessages(setting);
  }

  /** What the texts of parts take, which grow with the search. */
  get bytes(): number {
    return this.texts.bytes;
  }

  of(world: World, left: FaultBudget): Fingerprint {
    this.high = 0;
    this.low = 0;
    for (const slot of world.nodes) this.add(this.slotNumber(slot));
    const progress = progressOf(world);
    if (this.has('messages')) this.addMessages(world, progress);
    if (this.has('postponed')) this.addPostponed(world);
    this.add(this.networkNumber(world.network));
    if (this.has('drawn losses') && drawsLosses(world.network)) {
      this.addText(`losses ${drawnLosses(world.nodes, world.network)}`);
    }
    this.add(this.memoryNumber(world));
    if (this.has('progress') && progress !== undefined) {
      this.add(this.progressNumber(progress));
      if (this.isTimed) this.addText(`active ${activeText(world, progress)}`);
    }
    if (this.has('budget')) this.addBudget(left);
    if (this.isTimed && this.has('time')) this.addText(`time ${world.time}`);
    return { high: this.high, low: this.low };
  }

  private readonly has = (part: Part): boolean => !this.omitted.has(part);

  private add(number: number): void {
    this.high = (this.high + this.texts.high(number)) | 0;
    this.low = (this.low + this.texts.low(number)) | 0;
  }

  private addText(text: string): void {
    this.add(this.texts.of(text));
  }

  private slotNumber(slot: Slot): number {
    let number = this.slots.get(slot);
    if (number === undefined) {
      const text = this.isTimed ? timedSlot(slot, this.has) : untimedSlot(slot, this.has);
      this.slots.set(slot, (number = this.texts.of(`node ${text}`)));
    }
    return number;
  }

  private networkNumber(network: Network): number {
    let number = this.networks.get(network);
    if (number === undefined) {
      const textOf = this.isTimed ? timedNetwork : untimedNetwork;
      const text = textOf(network, this.has);
      this.networks.set(network, (number = this.texts.of(`network ${text}`)));
    }
    return number;
  }

  /**
   * Whether what monitors remember is the same in both worlds, except invariants, derived events
   * and the history of operations.
   */
  othersRememberAlike(one: World, other: World): boolean {
    const [before, after] = [progressOf(one), progressOf(other)];
    if (before === undefined || after === undefined) return before === after;
    if (this.progressNumber(before) !== this.progressNumber(after)) return false;
    return one.monitors.every((monitor, i) => {
      const isOther = monitor instanceof ExpectationMonitor || monitor instanceof ThrownMonitor;
      if (!isOther) return true;
      return monitorText(monitor, one.memories[i]) === monitorText(monitor, other.memories[i]);
    });
  }

  private progressNumber(progress: Progress): number {
    let number = this.progresses.get(progress);
    if (number === undefined) {
      number = this.texts.of(`progress ${progressText(progress, this.setting.time)}`);
      this.progresses.set(progress, number);
    }
    return number;
  }

  private memoryNumber(world: World): number {
    let number = this.memories.get(world.memories);
    if (number === undefined) {
      number = this.texts.of(`memory ${memoryText(world, this.has)}`);
      this.memories.set(world.memories, number);
    }
    return number;
  }

  /** Each for itself; but on a link that keeps its order, and a connection, their sequence. */
  private addMessages(world: World, progress: Progress | undefined): void {
    const held = world.nodes.flatMap((slot) => (slot.held.length > 0 ? slot.held : []));
    const all = held.length > 0 ? [...world.queue.items, ...held] : world.queue.items;
    const messages = all.filter((one) => one.type === 'deliver').sort(bySending);
    const lines = new Map<string, number>();
    const seen = new Set<number>();
    for (const message of messages) {
      const number = this.messageNumber(message, progress);
      const line = this.has('order') ? this.lineOf(world, message) : '';
      if (line === '') {
        if (this.keeps && seen.has(number) && !isOwn(message)) continue;
        seen.add(number);
        this.add(number);
        continue;
      }
      const place = (lines.get(line) ?? 0) + 1;
      lines.set(line, place);
      // The place on its line changes what it adds to the sum.
      this.high = (this.high + mixed(this.texts.high(number) + place)) | 0;
      this.low = (this.low + mixed(this.texts.low(number) + Math.imul(place, 0x9e3779b1))) | 0;
    }
  }

  /** The line in which the message keeps its place; empty if others may overtake it. */
  private lineOf({ network, plan }: World, message: Message): string {
    const { connection, fromIndex, toIndex } = message;
    if (connection !== '') return `${connection} ${fromIndex}`;
    if (this.isTimed || (this.keeps && fromIndex !== toIndex)) return '';
    const isAnyOrder = network.links[fromIndex * plan.size + toIndex].reorder;
    return isAnyOrder ? '' : `${fromIndex} ${toIndex}`;
  }

  private messageNumber(message: Message, progress: Progress | undefined): number {
    const answers = answersText(progress, message.cause);
    let number = answers === '' ? this.pending.get(message) : undefined;
    if (number === undefined) {
      const text = this.isTimed ? timedPending(message) : untimedMessage(message);
      number = this.texts.of(`message ${answers} ${text}`);
      if (answers === '') this.pending.set(message, number);
    }
    return number;
  }

  private addBudget(left: FaultBudget): void {
    let number = this.budgets.get(left);
    if (number === undefined) {
      const { crashes, drops, duplicates, partitions } = left;
      // Of any number of faults, none is left out: whether there was one decides what is judged.
      const { scenario, faults } = this.setting;
      const isWhole = left === faults && scenario !== undefined && judgesSpent(scenario);
      const counts = `${crashes} ${drops} ${duplicates} ${partitions}`;
      number = this.texts.of(`budget ${counts} ${isWhole}`);
      this.budgets.set(left, number);
    }
    this.add(number);
  }

  private addPostponed({ queue }: World): void {
    for (const one of queue.items) {
      if (one.type !== 'postponed') continue;
      let number = this.pending.get(one);
      if (number === undefined) {
        const text = this.isTimed ? timedPending(one) : untimedPostponed(one);
        this.pending.set(one, (number = this.texts.of(`postponed ${text}`)));
      }
      this.add(number);
    }
  }
}

/** The progress of the scenario that a world follows; undefined if it follows none. */
export function progressOf({ monitors, memories }: World): Progress | undefined {
  const index = monitors.findIndex((one) => one instanceof ScenarioMonitor);
  return index < 0 ? undefined : (memories[index] as Progress);
}
