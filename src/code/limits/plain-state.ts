/**
 * Checks after each call that states are plain data, at a cost that does not grow with long logs.
 */
import { copy } from '../../kernel/data/plain.ts';
import {
  findNotPlain, isTooLong, type NotPlain, notPlainCode, notPlainKind, PlainWalk,
} from '../../kernel/data/plain-data.ts';
import { targetOf } from './views.ts';
import type { Written } from './written.ts';

/** Objects that are frozen to their leaves, and plain: they need no second check. */
const settled = new WeakSet<object>();

/** Stands in for the object around a root. */
const outside = {};

/**
 * The objects that a kind of root holds: all states, or all memories. Each has exactly one owner,
 * the object that it is in. An object that is in two places is copied, so that each place has its
 * own: after a fork, which copies a state as a tree, a change in one place would no longer show in
 * the other, and a replay would differ from the run.
 */
export class PlainTrees {
  private readonly owners = new WeakMap<object, object>();

  /** `others` has the objects that these trees must not share. */
  constructor(private readonly others?: Pick<PlainTrees, 'has'>) {}

  /** Whether the object is in one of these trees, as far as these were checked. */
  has(object: object): boolean {
    return this.owners.has(object);
  }

  /**
   * Makes all that `root` holds plain data, and returns the first part that was not. Such a part is
   * replaced by its description.
   *
   * With `written`, only these objects and what they newly hold are checked, so that the cost does
   * not grow with a log. They must be all the objects that changed since the last check.
   */
  check(root: unknown, written?: Written): NotPlain | undefined {
    const isKnown = typeof root === 'object' && root !== null && this.has(root);
    if (written === undefined || !isKnown) return this.checkWhole(root);
    let first: NotPlain | undefined;
    let found: Found | undefined;
    for (const [object, from] of written) {
      if (!this.has(object) || found?.isNew.has(object)) continue;
      const walk = new RepairingWalk(this.owners, this.others, (found ??= new Found()));
      walk.recheck(object, from, this.around(object));
      if (first !== undefined || walk.finding === undefined) continue;
      const path = this.pathTo(object, root);
      if (path !== undefined) first = { ...walk.finding, path: [...path, ...walk.finding.path] };
    }
    return first;
  }

  private checkWhole(root: unknown): NotPlain | undefined {
    const walk = new RepairingWalk(this.owners, this.others);
    if (typeof root === 'object' && root !== null) this.owners.set(root, outside);
    walk.check(root);
    return walk.finding;
  }

  /** The objects around an object, from the root. */
  private around(object: object): object[] {
    const found: object[] = [];
    for (let one = this.owners.get(object); one && one !== outside; one = this.owners.get(one)) {
      found.unshift(one);
    }
    return found;
  }

  /** The keys from the root to an object; undefined if it is no longer there. */
  pathTo(object: object, root: object): (string | number)[] | undefined {
    const path: (string | number)[] = [];
    const chain = [...this.around(object), object];
    if (chain[0] !== root) return undefined;
    for (let i = 1; i < chain.length; i++) {
      const [whole, part] = [chain[i - 1], chain[i]];
      const key = Object.keys(whole).find((one) => (whole as Parts)[one] === part);
      if (key === undefined) return undefined;
      path.push(Array.isArray(whole) ? Number(key) : key);
    }
    return path;
  }
}

type Parts = Record<string | number, unknown>;

/** The objects that one check found. */
class Found {
  /** Those in the place where they belong: anywhere else, they are in two places. */
  readonly inPlace = new Set<object>();
  /** Those that no tree held before, which were checked to their leaves. */
  readonly isNew = new Set<object>();
}

class RepairingWalk extends PlainWalk {
  /** Whether the value or an ancestor of it is frozen: then it cannot be repaired. */
  private isFrozen = false;
  /** The object that is checked again. What it holds already is not. */
  private again: object | undefined;

  constructor(
    private readonly owners: WeakMap<object, object>,
    private readonly others: Pick<PlainTrees, 'has'> | undefined,
    private readonly found = new Found(),
  ) {
    super(settled);
  }

  /** Checks an object that changed; in a list, only the items from `from` on. */
  recheck(object: object, from: number, around: readonly object[]): void {
    this.ancestors.push(...around, object);
    this.again = object;
    const code = notPlainCode(object);
    if (code === 'symbol-key') this.refuse(code, object);
    this.checkOwn(object as Parts, from);
  }

  /** Continues after a part that is not plain data, so that all of them are repaired. */
  protected override checkParts(whole: Parts): boolean {
    return this.checkOwn(whole, 0);
  }

  private checkOwn(whole: Parts, from: number): boolean {
    const wasFrozen = this.isFrozen;
    this.isFrozen ||= Object.isFrozen(whole);
    // What is in a frozen object is shared as if it were frozen too, so it must be.
    if (this.isFrozen) Object.freeze(whole);
    const isWhole = Array.isArray(whole) ? this.checkItems(whole, from) : this.checkFields(whole);
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

  private checkItems(list: unknown[], from: number): boolean {
    let isWhole = true;
    for (let i = from; i < list.length; i++) {
      const isChecked = isScalar(list[i]) || settled.has(list[i] as object);
      if (!isChecked && !this.checkPart(list as unknown as Parts, i)) isWhole = false;
    }
    return isWhole;
  }

  protected override checkPart(whole: Parts, key: string | number): boolean {
    const value = whole[key];
    const { isFrozen } = this;
    if (!isFrozen && mayChange(value) && !this.ancestors.includes(value)) {
      if (this.isElsewhere(value, whole)) {
        // The walk ends at its limit, which a copy would not.
        if (!this.mayCopy(value)) {
          this.refusePart(key, 'too-large', value);
          whole[key] = '(too large)';
          return true;
        }
        separate(whole, key, value);
      } else if (this.isKnownIn(whole, value)) return true;
      this.place(whole[key] as object, whole);
    }
    const isWhole = super.checkPart(whole, key);
    if (isWhole || isFrozen) return isWhole;
    const code = notPlainCode(value);
    whole[key] = `(${code === undefined ? 'not plain data' : notPlainKind(code, value)})`;
    return true;
  }

  private place(value: object, whole: object): void {
    this.found.inPlace.add(value);
    this.found.isNew.add(value);
    this.owners.set(value, whole);
  }

  /** Whether an object that is checked again already held the value, which then is plain data. */
  private isKnownIn(whole: object, value: object): boolean {
    if (whole !== this.again || this.owners.get(value) !== whole) return false;
    this.found.inPlace.add(value);
    return true;
  }

  private isElsewhere(value: object, whole: object): boolean {
    if (this.found.inPlace.has(value) || this.others?.has(value)) return true;
    // A check of everything finds each object in its place, whatever held it before.
    if (this.again === undefined) return false;
    const owner = this.owners.get(value);
    return owner !== undefined && !(owner === whole && whole === this.again);
  }
}

/**
 * Gives a place its own copy of a value that is also in another place. A value that is not plain
 * data is not copied, because a copy would hide the fault: the check then refuses it.
 */
function separate(whole: Parts, key: string | number, value: object): void {
  if (findNotPlain(value) !== undefined) return;
  const target = targetOf(value);
  whole[key] = Object.isFrozen(target) ? target : copy(value);
}

function isScalar(value: unknown): boolean {
  const type = typeof value;
  if (type === 'object') return value === null;
  if (type === 'string') return !isTooLong(value);
  return type === 'number' || type === 'boolean' || type === 'undefined';
}

function mayChange(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Object.isFrozen(value);
}
