/** Holds states to plain data after each call of a handler, at a cost that long logs allow. */
import { copy } from '../../kernel/data/plain.ts';
import {
  isTooLong, type NotPlain, notPlainCode, notPlainKind, PlainWalk,
} from '../../kernel/data/plain-data.ts';

/** Objects that are frozen to their leaves, and plain: they need no second check. */
const settled = new WeakSet<object>();
/**
 * For a long list, the items that were checked. An item that is still in its place is not checked
 * again: a log has thousands of entries that seldom change, and checking them all would take
 * milliseconds in every step. The price is that a fault put into an old entry later is missed.
 */
const checkedItems = new WeakMap<readonly unknown[], unknown[]>();
/** The long list that an item which may change is in. Found elsewhere, it is in two places. */
const owners = new WeakMap<object, readonly unknown[]>();
const longList = 64;

/**
 * Makes a value plain data, and returns the first part that was not. Such a part is replaced by its
 * description. An object that is in two places is copied, so that each place has its own: after a
 * fork, which copies the state as a tree, a change in one place would no longer show in the other,
 * and a replay would differ from the run.
 */
export function makePlain(value: unknown): NotPlain | undefined {
  const walk = new RepairingWalk();
  walk.check(value);
  return walk.finding;
}

type Parts = Record<string | number, unknown>;

class RepairingWalk extends PlainWalk {
  private readonly seen = new Set<object>();
  /** Whether the value or an ancestor of it is frozen: then it cannot be repaired. */
  private isFrozen = false;

  constructor() {
    super(settled);
  }

  /** Continues after a part that is not plain data, so that all of them are repaired. */
  protected override checkParts(whole: Parts): boolean {
    const wasFrozen = this.isFrozen;
    this.isFrozen ||= Object.isFrozen(whole);
    // What is in a frozen object is shared as if it were frozen too, so it must be.
    if (this.isFrozen) Object.freeze(whole);
    else this.seen.add(whole);
    const isWhole = Array.isArray(whole) ? this.checkItems(whole) : this.checkFields(whole);
    if (this.isFrozen && isWhole) settled.add(whole);
    this.isFrozen = wasFrozen;
    return isWhole;
  }

  private checkFields(whole: Parts): boolean {
    let isWhole = true;
    for (const key in whole) {
      if (!isScalar(whole[key]) && !this.checkPart(whole, key)) isWhole = false;
    }
    return isWhole;
  }

  private checkItems(list: unknown[]): boolean {
    const isLong = list.length > longList && !this.isFrozen;
    const known = isLong ? (checkedItems.get(list) ?? []) : [];
    let isWhole = true;
    for (let i = 0; i < list.length; i++) {
      const item = list[i];
      if (isScalar(item) || (isLong && item === known[i])) continue;
      // A list that lost its first entries holds the same items in other places.
      const isOwn = settled.has(item as object) || owners.get(item as object) === list;
      const isMoved = isLong && isOwn;
      if (!isMoved && !this.checkPart(list as unknown as Parts, i)) isWhole = false;
      if (!isLong) continue;
      known[i] = list[i];
      if (!isMoved && mayChange(list[i])) owners.set(list[i] as object, list);
    }
    if (isLong) known.length = list.length;
    if (isLong) checkedItems.set(list, known);
    return isWhole;
  }

  protected override checkPart(whole: Parts, key: string | number): boolean {
    const value = whole[key];
    const { isFrozen } = this;
    if (!isFrozen && this.isElsewhere(value, whole) && !this.ancestors.includes(value as object)) {
      if (this.mayCopy(value)) {
        whole[key] = copy(value);
        return true;
      }
      this.refusePart(key, 'too-large', value);
      whole[key] = '(too large)';
      return false;
    }
    const isWhole = super.checkPart(whole, key);
    if (isWhole || isFrozen) return isWhole;
    const code = notPlainCode(value);
    whole[key] = `(${code === undefined ? 'not plain data' : notPlainKind(code, value)})`;
    return true;
  }

  private isElsewhere(value: unknown, whole: object): boolean {
    if (!mayChange(value)) return false;
    if (this.seen.has(value as object)) return true;
    const owner = owners.get(value as object);
    return owner !== undefined && owner !== whole;
  }
}

function isScalar(value: unknown): boolean {
  const type = typeof value;
  if (type === 'object') return value === null;
  if (type === 'string') return !isTooLong(value);
  return type === 'number' || type === 'boolean' || type === 'undefined';
}

function mayChange(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Object.isFrozen(value);
}
