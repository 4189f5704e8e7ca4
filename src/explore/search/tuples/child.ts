/** A state as a tuple of numbers, while it is made from the one before. */
import { isOwn } from '../../../kernel/pending.ts';
import { mixed } from '../../interning.ts';
import type { Problem } from '../problem.ts';
import type { Control } from './control.ts';
import type { LocalSteps } from './local.ts';
import type { Networks } from './networks.ts';

/** Words of a state after those of its nodes, before those of its messages. */
export const controlAt = 0;
export const networkAt = 1;
export const crashesAt = 2;
export const dropsAt = 3;
export const duplicatesAt = 4;
export const partitionsAt = 5;
/** 1 after a fault, if that decides what is judged. */
export const spentAt = 6;
export const operationsAt = 7;
export const header = 8;

/** A budget of any number of faults. */
export const anyNumber = 0x3fff_ffff;

export class Child {
  /** They grow with the messages: read them anew after an insertion. */
  words: Int32Array<ArrayBuffer>;
  /** How many messages are in flight. */
  count = 0;
  readonly first: number;
  /** The hashes of the nodes and messages, kept with each change: few of them differ from `now`. */
  private readonly sums = new Sums();
  private readonly before = new Sums();
  /** By message: the line in which it keeps its place; 0 for none. */
  readonly lines: number[] = [];

  constructor(
    private readonly problem: Problem,
    private readonly size: number,
    private readonly local: LocalSteps,
    private readonly control: Control,
    private readonly networks: Networks,
    private readonly keeps: boolean,
    private readonly hasFaults: boolean,
    private readonly judgesSpent: boolean,
  ) {
    this.first = size + header;
    this.words = new Int32Array(this.first + 64);
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
  insert(number: number): void {
    const message = this.messageOf(number);
    if (this.first + this.count === this.words.length) this.grow();
    const { words, first, lines } = this;
    const line = lines[message];
    let at = first + this.count;
    while (at > first) {
      const before = words[at - 1];
      if (lines[before] < line || (lines[before] === line && (line > 0 || before < message))) break;
      if (before === message && line === 0 && this.keeps) return this.unshift(at);
      words[at] = before;
      at--;
    }
    words[at] = message;
    this.count++;
    const place = line > 0 ? this.placeOf(words, at) : 0;
    this.sums.add(this.highOf(message, place), this.lowOf(message, place));
  }

  /** The message is there already, so those that made room for it go back. */
  private unshift(at: number): void {
    const end = this.first + this.count;
    this.words.copyWithin(at, at + 1, end + 1);
  }

  /** The upper half of the hash of the child, after `sum`. */
  high = 0;
  low = 0;

  /** Finds the hash of the child. */
  sum(): void {
    const { words, size, sums } = this;
    if (!sums.isKnown) this.sumAll(sums, words, this.count);
    const memory = words[size + controlAt];
    let high = (sums.high + this.control.high(memory)) | 0;
    let low = (sums.low + this.control.low(memory)) | 0;
    if (this.hasFaults) {
      let budget = 0;
      for (let i = size + crashesAt; i <= size + spentAt; i++) {
        budget = (Math.imul(budget, 31) + words[i]) | 0;
      }
      high = (high + mixed(budget + 0x3c6ef372)) | 0;
      low = (low + mixed(budget ^ 0x1b873593)) | 0;
    }
    const network = words[size + networkAt];
    if (network > 0) {
      high = (high + this.networks.high(network)) | 0;
      low = (low + this.networks.low(network)) | 0;
    }
    this.high = high;
    this.low = low;
  }

  private sumAll(sums: Sums, words: Int32Array, count: number): void {
    const { size, local: { slotTexts }, first } = this;
    sums.begin(0, 0);
    for (let i = 0; i < size; i++) {
      sums.add(slotTexts.high(words[i]), slotTexts.low(words[i]));
    }
    for (let i = first; i < first + count; i++) {
      const message = words[i];
      const place = this.placeOf(words, i);
      sums.add(this.highOf(message, place), this.lowOf(message, place));
    }
  }

  /** What a message at a place of its line is in the upper sum. */
  private highOf(message: number, place: number): number {
    const high = this.local.messageTexts.high(message);
    return this.lines[message] === 0 ? high : mixed(high + place + 1);
  }

  private lowOf(message: number, place: number): number {
    const low = this.local.messageTexts.low(message);
    return this.lines[message] === 0 ? low : mixed(low + Math.imul(place + 1, 0x9e3779b1));
  }

  /** Takes the message at a place out of the sums; those behind it in its line move up. */
  private leave(now: Int32Array, at: number, end: number): void {
    const { sums, lines } = this;
    const line = lines[now[at]];
    let place = this.placeOf(now, at);
    sums.take(this.highOf(now[at], place), this.lowOf(now[at], place));
    for (let i = at + 1; line > 0 && i < end && lines[now[i]] === line; i++) {
      sums.add(this.highOf(now[i], place), this.lowOf(now[i], place));
      place++;
      sums.take(this.highOf(now[i], place), this.lowOf(now[i], place));
    }
  }

  /** How many messages of its line are before the message at a place. */
  placeOf(now: Int32Array, at: number): number {
    const { lines, first } = this;
    const line = lines[now[at]];
    if (line === 0) return 0;
    let from = at;
    while (from > first && lines[now[from - 1]] === line) from--;
    return at - from;
  }

  /** Called before the children of another state are made. */
  startState(): void {
    this.before.isKnown = false;
    this.sums.isKnown = false;
  }

  /** A node has another state. */
  setNode(node: number, slot: number): void {
    const { words, sums, local: { slotTexts } } = this;
    sums.take(slotTexts.high(words[node]), slotTexts.low(words[node]));
    sums.add(slotTexts.high(slot), slotTexts.low(slot));
    words[node] = slot;
  }

  /** Takes one fault from a budget. */
  spend(budget: number): void {
    const { words, size } = this;
    if (words[size + budget] < anyNumber) words[size + budget]--;
    if (this.judgesSpent) words[size + spentAt] = 1;
  }

  private grow(): void {
    const words = new Int32Array(this.words.length * 2);
    words.set(this.words);
    this.words = words;
  }

  /** Copies a state, with so many messages in flight, but one of these. */
  begin(now: Int32Array, count: number, without: number): void {
    const length = this.first + count;
    while (length > this.words.length) this.grow();
    const { words, first, sums, before } = this;
    for (let i = 0; i < first; i++) words[i] = now[i];
    let to = first;
    for (let i = first; i < length; i++) if (i !== without) words[to++] = now[i];
    this.count = to - first;
    if (!before.isKnown) this.sumAll(before, now, count);
    sums.begin(before.high, before.low);
    if (without >= 0) this.leave(now, without, length);
  }

  dropOwn(node: number): void {
    const { words, first, local } = this;
    let to = first;
    for (let i = first; i < first + this.count; i++) {
      const message = local.messages[words[i]];
      if (!isOwn(message) || message.toIndex !== node) words[to++] = words[i];
    }
    if (to < first + this.count) this.sums.isKnown = false;
    this.count = to - first;
  }
}

/** Two sums of 32 bits. */
class Sums {
  high = 0;
  low = 0;
  isKnown = false;

  begin(high: number, low: number): void {
    this.high = high;
    this.low = low;
    this.isKnown = true;
  }

  add(high: number, low: number): void {
    this.high = (this.high + high) | 0;
    this.low = (this.low + low) | 0;
  }

  take(high: number, low: number): void {
    this.high = (this.high - high) | 0;
    this.low = (this.low - low) | 0;
  }
}
