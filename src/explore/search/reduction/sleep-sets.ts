/** Sets of choices that a search need not take again: equal sets have the same number. */
import { contentText } from '../../../kernel/data/plain.ts';
import { Interner } from '../../interning.ts';
import type { Footprint } from './footprint.ts';
import { noMembers, NumberSets } from './number-sets.ts';

/** A choice that was taken from a state before. */
export interface Sleeper extends Footprint {
  /** Its name among the choices of a state. */
  readonly name: number;
  /** How many outcomes it has: one for each number that is drawn in it. */
  readonly outcomes: number;
}

/** The number of the set without choices. */
export const noSleepers = noMembers;

/** What a sleeper takes, beside the text that it is known by. */
const sleeperBytes = 120;

export class SleepSets extends NumberSets {
  readonly sleepers: Sleeper[] = [];
  private readonly known = new Interner();

  override get bytes(): number {
    return super.bytes + this.known.bytes + this.sleepers.length * sleeperBytes;
  }

  /** Equal sleepers have the same number. */
  number(sleeper: Sleeper): number {
    const { name, outcomes, node, link, fault, reads, adds, uses, changes } = sleeper;
    const all = [name, outcomes, node, link, fault, reads, adds, uses, changes];
    const number = this.known.of(contentText(all));
    if (number === this.sleepers.length) this.sleepers.push(sleeper);
    return number;
  }
}
