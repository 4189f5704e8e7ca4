/** Holds states to plain data: what cannot be copied, kept and shown is told by its name. */
import { copy } from '../../kernel/data/plain.ts';

/** Frozen to their leaves, and plain. */
const settled = new WeakSet<object>();
/**
 * Of long lists, the items that were looked through: one that is still there is not asked again.
 * It would take milliseconds a step, and what a log holds seldom changes.
 */
const lists = new WeakMap<readonly unknown[], unknown[]>();
/** Items of long lists that may change, by the list: found elsewhere, they stand in two places. */
const owners = new WeakMap<object, readonly unknown[]>();
const longList = 64;

/**
 * What is wrong with a value, by the name that it has; undefined for plain data. What is none is
 * replaced by its description, what stands in two places by a copy: so all runs go on the same.
 */
export function plainFault(value: unknown, name: string): string | undefined {
  const look = new Look(name);
  look.isPlain(value, false);
  return look.fault;
}

type Holder = Record<string | number, unknown>;

class Look {
  fault: string | undefined;
  private readonly seen = new Set<object>();
  private readonly around: object[] = [];
  private readonly keys: (string | number)[] = [];

  constructor(private readonly name: string) {}

  /** False for what its holder cannot keep; what is in something frozen is frozen too. */
  isPlain(value: unknown, isHolderFrozen: boolean): boolean {
    const kind = kindOf(value);
    if (kind !== undefined) return this.refuse(`is ${kind}`, instead(value));
    if (typeof value !== 'object' || value === null || settled.has(value)) return true;
    if (this.around.includes(value)) {
      return this.refuse('holds itself', 'name by an id what belongs together');
    }
    const isFrozen = Object.isFrozen(value) || isHolderFrozen;
    if (isFrozen) Object.freeze(value);
    else this.seen.add(value);
    this.around.push(value);
    const isWhole = Array.isArray(value) ? this.items(value, isFrozen) : this.fields(value);
    this.around.pop();
    if (isFrozen && isWhole) settled.add(value);
    return isWhole;
  }

  private fields(value: object): boolean {
    const holder = value as Holder;
    const isFrozen = Object.isFrozen(value);
    let isWhole = true;
    for (const key in holder) {
      if (!isSimple(holder[key]) && !this.part(holder, key, isFrozen)) isWhole = false;
    }
    return isWhole;
  }

  private items(list: readonly unknown[], isFrozen: boolean): boolean {
    const isLong = list.length > longList && !isFrozen;
    const known = isLong ? (lists.get(list) ?? []) : [];
    let isWhole = true;
    for (let i = 0; i < list.length; i++) {
      if (isSimple(list[i]) || (isLong && list[i] === known[i])) continue;
      const isMoved =
        isLong && (settled.has(list[i] as object) || owners.get(list[i] as object) === list);
      if (!isMoved && !this.part(list as unknown as Holder, i, isFrozen)) isWhole = false;
      if (isLong) known[i] = list[i];
      if (isLong && !isMoved && mayChange(list[i])) owners.set(list[i] as object, list);
    }
    if (isLong) known.length = list.length;
    if (isLong) lists.set(list, known);
    return isWhole;
  }

  private part(holder: Holder, key: string | number, isFrozen: boolean): boolean {
    const value = holder[key];
    if (!isFrozen && this.isElsewhere(value, holder) && !this.around.includes(value as object)) {
      holder[key] = copy(value);
      return true;
    }
    this.keys.push(key);
    const isWhole = this.isPlain(value, isFrozen);
    this.keys.pop();
    if (isWhole || isFrozen) return isWhole;
    holder[key] = `(${kindOf(value) ?? 'what it is in'})`;
    return true;
  }

  private isElsewhere(value: unknown, holder: object): boolean {
    if (!mayChange(value)) return false;
    if (this.seen.has(value as object)) return true;
    const owner = owners.get(value as object);
    return owner !== undefined && owner !== holder;
  }

  private refuse(problem: string, words: string): false {
    const path = this.keys.map((key) =>
      typeof key === 'string' && /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(key)
        ? `.${key}`
        : `[${JSON.stringify(key)}]`,
    );
    const what = this.name === 'memory' ? 'what is remembered' : 'a state';
    const plain = `${what} is plain data, so that moments can be kept and shown`;
    this.fault ??= `${this.name}${path.join('')} ${problem}: ${plain}; ${words}`;
    return false;
  }
}

function isSimple(value: unknown): boolean {
  const type = typeof value;
  if (type === 'object') return value === null;
  return type === 'number' || type === 'string' || type === 'boolean' || type === 'undefined';
}

function mayChange(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Object.isFrozen(value);
}

/** What a value is that is no plain data: `a Set`. */
export function kindOf(value: unknown): string | undefined {
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'symbol' || typeof value === 'bigint') return `a ${typeof value}`;
  if (typeof value !== 'object' || value === null) return undefined;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === Array.prototype || prototype === null) {
    return undefined;
  }
  const { name } = value.constructor;
  const isStandard = typeof Reflect.get(globalThis, name) === 'function';
  if (isStandard) return `${/^[AEIO]/.test(name) ? 'an' : 'a'} ${name}`;
  return name ? `an object of the class ${name}` : 'an object of a class';
}

function instead(value: unknown): string {
  if (typeof value === 'function') return 'functions belong into the module';
  if (typeof value === 'bigint') return 'write a number or a text';
  if (typeof value === 'symbol') return 'write a text';
  if (value instanceof Error) return 'write its message';
  if (kindOf(value)?.includes('class')) return 'write an object, and functions that take it';
  return 'write a list or an object';
}
