/** Sets of numbers: equal sets have the same number, so that they are compared at once. */

/** The number of the set without members. */
export const noMembers = 0;

/** What a set takes beside its members and the text of these: two objects, and its entry. */
const setBytes = 200;
/** A member in the list, and its digits in the text with what parts them. */
const memberBytes = 8;
/** The result of a comparison of two sets. */
const pairBytes = 40;
/** So many are kept: a map has room for sixteen times as many, and then fails. */
const pairsMost = 2 ** 20;

export class NumberSets {
  private readonly numbers = new Map<string, number>([['', noMembers]]);
  private readonly sets: (readonly number[])[] = [[]];
  private readonly meeting = new Map<number, boolean>();
  private members = 0;
  private characters = 0;

  get bytes(): number {
    const texts = this.characters + this.members * memberBytes;
    return texts + this.sets.length * setBytes + this.meeting.size * pairBytes;
  }

  /** Its members, from the lowest to the highest. */
  at(set: number): readonly number[] {
    return this.sets[set];
  }

  of(members: Iterable<number>): number {
    const sorted = Int32Array.from(members).sort();
    if (sorted.length === 0) return noMembers;
    const key = sorted.join();
    const known = this.numbers.get(key);
    if (known !== undefined) return known;
    const own = [...new Set(sorted)];
    // Members may be given twice.
    return own.length === sorted.length ? this.add(key, own) : this.of(own);
  }

  private add(key: string, own: readonly number[]): number {
    const number = this.sets.length;
    this.numbers.set(key, number);
    this.sets.push(own);
    this.members += own.length;
    this.characters += key.length;
    return number;
  }

  union(one: number, other: number): number {
    if (one === other || other === noMembers) return one;
    return one === noMembers ? other : this.of([...this.sets[one], ...this.sets[other]]);
  }

  intersection(one: number, other: number): number {
    if (one === other) return one;
    if (one === noMembers || other === noMembers) return noMembers;
    const others = this.sets[other];
    const both = this.sets[one].filter((member) => others.includes(member));
    return both.length === this.sets[one].length ? one : this.of(both);
  }

  /** Those of a set that are not in the other one. */
  difference(one: number, other: number): readonly number[] {
    const others = this.sets[other];
    return this.sets[one].filter((member) => !others.includes(member));
  }

  /** Whether a member is in both. */
  meet(one: number, other: number): boolean {
    if (one === noMembers || other === noMembers) return false;
    if (one === other) return true;
    const pair = Math.min(one, other) * 2 ** 26 + Math.max(one, other);
    let meets = this.meeting.get(pair);
    if (meets === undefined) {
      const others = this.sets[other];
      meets = this.sets[one].some((member) => others.includes(member));
      if (this.meeting.size < pairsMost) this.meeting.set(pair, meets);
    }
    return meets;
  }
}
