/** A state as a tuple of numbers, while it is made from the one before. */
import { isOwn } from '../../../kernel/pending.ts';
import { Interner, mixed } from '../../interning.ts';
import type { Problem } from '../problem.ts';
import type { Checks } from './checks.ts';
import type { LocalSteps } from './local.ts';

/** Words of a state after those of its nodes, before those of its messages. */
export const memoryAt = 0;
export const crashesAt = 1;
export const dropsAt = 2;
export const duplicatesAt = 3;
export const operationsAt = 4;
export const header = 5;

export class Child {
  readonly words: Int32Array<ArrayBuffer>;
  /** How many messages are in flight. */
  count = 0;
  high = 0;
  low = 0;
  readonly first: number;
  /** By message: the line in which it keeps its place; 0 for none. */
  readonly lines: number[] = [];
  private readonly budgets = new Interner();

  constructor(
    private readonly problem: Problem,
    private readonly size: number,
    private readonly local: LocalSteps,
    private readonly checks: Checks,
    private readonly keeps: boolean,
    private readonly hasFaults: boolean,
  ) {
    this.first = size + header;
    this.words = new Int32Array(this.first + 4_096);
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
  }

  /** The message is there already, so those that made room for it go back. */
  private unshift(at: number): void {
    const end = this.first + this.count;
    this.words.copyWithin(at, at + 1, end + 1);
  }

  /** The hashes of the child. */
  sum(): void {
    const { words, size, local, first, lines } = this;
    let high = this.checks.high(words[size + memoryAt]);
    let low = this.checks.low(words[size + memoryAt]);
    for (let i = 0; i < size; i++) {
      high = (high + local.slotTexts.high(words[i])) | 0;
      low = (low + local.slotTexts.low(words[i])) | 0;
    }
    if (this.hasFaults) {
      const text = words.subarray(size + crashesAt, size + operationsAt).join();
      const number = this.budgets.of(`budget ${text}`);
      high = (high + this.budgets.high(number)) | 0;
      low = (low + this.budgets.low(number)) | 0;
    }
    let place = 0;
    for (let i = first; i < first + this.count; i++) {
      const message = words[i];
      const line = lines[message];
      place = line > 0 && i > first && lines[words[i - 1]] === line ? place + 1 : 1;
      const [a, b] = [local.messageTexts.high(message), local.messageTexts.low(message)];
      high = (high + (line === 0 ? a : mixed(a + place))) | 0;
      low = (low + (line === 0 ? b : mixed(b + Math.imul(place, 0x9e3779b1)))) | 0;
    }
    this.high = high;
    this.low = low;
  }

  begin(now: Int32Array, without: number): void {
    const { words, first } = this;
    const length = now.length;
    for (let i = 0; i < first; i++) words[i] = now[i];
    let to = first;
    for (let i = first; i < length; i++) if (i !== without) words[to++] = now[i];
    this.count = to - first;
  }

  dropOwn(node: number): void {
    const { words, first, local } = this;
    let to = first;
    for (let i = first; i < first + this.count; i++) {
      const message = local.messages[words[i]];
      if (!isOwn(message) || message.toIndex !== node) words[to++] = words[i];
    }
    this.count = to - first;
  }
}
