/** Sets of choices that a search need not take again: equal sets have the same number. */
import { contentText } from '../../../kernel/data/plain.ts';
import { entryBytes, Interner } from '../../interning.ts';
import type { Footprint } from './footprint.ts';

/** A choice that was taken from a state before. */
export interface Sleeper extends Footprint {
  /** Its name among the choices of a state. */
  readonly name: number;
  /** How many outcomes it has: one for each number that is drawn in it. */
  readonly outcomes: number;
}

/** The number of the set without choices. */
export const noSleepers = 0;

/** What a list takes before its numbers, and each of them, roughly. */
const listBytes = 40;
const numberBytes = 8;

export class SleepSets {
  readonly sleepers: Sleeper[] = [];
  private readonly known = new Interner();
  private readonly numbers = new Map<string, number>([['', noSleepers]]);
  private readonly sets: (readonly number[])[] = [[]];
  /** What the sets take: the list of each, and the text by which it is found again. */
  private ofSets = 0;

  get bytes(): number {
    return this.known.bytes * 2 + this.ofSets;
  }

  /** Equal sleepers have the same number. */
  number(sleeper: Sleeper): number {
    const { name, outcomes, node, link, fault, reads, adds } = sleeper;
    const number = this.known.of(contentText([name, outcomes, node, link, fault, reads, adds]));
    if (number === this.sleepers.length) this.sleepers.push(sleeper);
    return number;
  }

  /** The numbers of its sleepers, in their order. */
  at(set: number): readonly number[] {
    return this.sets[set];
  }

  of(sleepers: readonly number[]): number {
    if (sleepers.length === 0) return noSleepers;
    const sorted = [...new Set(sleepers)].sort((a, b) => a - b);
    const key = sorted.join();
    let number = this.numbers.get(key);
    if (number === undefined) {
      number = this.sets.length;
      this.numbers.set(key, number);
      this.sets.push(sorted);
      this.ofSets += listBytes + sorted.length * numberBytes + entryBytes + key.length;
    }
    return number;
  }

  intersection(one: number, other: number): number {
    if (one === other) return one;
    if (one === noSleepers || other === noSleepers) return noSleepers;
    const others = this.sets[other];
    const both = this.sets[one].filter((sleeper) => others.includes(sleeper));
    return both.length === this.sets[one].length ? one : this.of(both);
  }

  /** Those of a set that are not in the other one. */
  difference(one: number, other: number): readonly number[] {
    const others = this.sets[other];
    return this.sets[one].filter((sleeper) => !others.includes(sleeper));
  }
}
