/**
 * The memory of an observer while it runs, in cells: one for each key of the memory, or of an
 * object in it, and one for the order of the keys. What reads or writes a cell is noted.
 */
import type { NodeId } from '../../protocol/types.ts';

type Fields = Record<string | symbol, unknown>;

interface Place {
  readonly path: readonly string[];
  readonly of: 'key' | 'order';
}

type Key = string | undefined;
type Cells = Map<Key, number>;

/** In place of the value of a cell that is not there. */
export const missing = Symbol('a cell that is not there');

/** Which cells a memory has. */
export class CellNames {
  /** The keys whose values have cells of their own; undefined if the memory is one cell. */
  readonly records: ReadonlySet<string> | undefined;
  /** By the record of a key, if it has one: the cells of its keys, and of the orders of these. */
  private readonly known = { key: new Map<Key, Cells>(), order: new Map<Key, Cells>() };
  private readonly places = new Map<number, Place>();

  /** `add` returns the number of a new cell. */
  constructor(
    own: unknown,
    isWhole: boolean,
    ids: readonly NodeId[],
    private readonly add: (path: readonly string[], of: 'key' | 'order') => number,
  ) {
    if (isWhole || !isRecord(own)) return;
    const isSplit = ([key, value]: [string, unknown]) => isRecord(value) && !ids.includes(key);
    this.records = new Set(Object.entries(own).filter(isSplit).map(([key]) => key));
  }

  cellOf(path: readonly string[], of: 'key' | 'order' = 'key'): number {
    const isInside = path.length === 2;
    return this.cellAt(isInside ? path[0] : undefined, path[isInside ? 1 : 0], of);
  }

  /** The same of a key in a record; each may be undefined. */
  cellAt(record: Key, key: Key, of: 'key' | 'order'): number {
    let cells = this.known[of].get(record);
    if (cells === undefined) this.known[of].set(record, (cells = new Map()));
    let cell = cells.get(key);
    if (cell === undefined) {
      const path = [record, key].filter((part) => part !== undefined);
      cells.set(key, (cell = this.add(path, of)));
      this.places.set(cell, { path, of });
    }
    return cell;
  }

  /** Whether it is a cell of the order of keys. */
  isOrder(cell: number): boolean {
    return this.places.get(cell)!.of === 'order';
  }

  /** The value of a cell in a memory whose records are all there. */
  valueIn(memory: unknown, cell: number): unknown {
    const { path, of } = this.places.get(cell)!;
    if (of === 'order') {
      const fields = path.length === 1 ? (memory as Fields)[path[0]] : memory;
      return Object.keys(fields as Fields);
    }
    if (path.length === 0) return memory;
    const fields = (path.length === 2 ? (memory as Fields)[path[0]] : memory) as Fields;
    const key = path.at(-1)!;
    return Object.hasOwn(fields, key) ? fields[key] : missing;
  }
}

/**
 * An object with keys that come and go. A view of one that is sealed, or of another class, would
 * differ from the object itself.
 */
export function isRecord(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || !Object.isExtensible(value)) return false;
  return Object.getPrototypeOf(value) === Object.prototype;
}

/** The views stay the same for all memories that it shows. */
export class WatchedMemory {
  whole: unknown;
  private odd = false;
  private readonly shown: Fields | undefined;
  private readonly inside = new Map<string, Fields>();

  /** `note` is called with each cell that is used. */
  constructor(
    private readonly names: CellNames,
    private readonly note: (cell: number) => void,
  ) {
    if (names.records === undefined) return;
    for (const key of names.records) {
      this.inside.set(key, this.watch(() => (this.whole as Fields)[key] as Fields, [key]));
    }
    this.shown = this.watch(() => this.whole as Fields, []);
  }

  /** What an observer receives of a memory. */
  show(whole: unknown): unknown {
    this.whole = whole;
    if (this.shown !== undefined) return this.shown;
    this.note(this.names.cellOf([]));
    return whole;
  }

  /** Used in a way that is not one of cells: a part was replaced, removed, or put elsewhere. */
  get isOdd(): boolean {
    const whole = this.whole as Fields | undefined;
    if (whole === undefined) return false;
    for (const key of this.inside.keys()) if (!isRecord(whole[key])) this.odd = true;
    return this.odd;
  }

  private watch(of: () => Fields, path: readonly string[]): Fields {
    const odd = (): boolean => (this.odd = true);
    // Code may catch the error that follows, so it is remembered.
    const fields = (): Fields => {
      const found = of();
      if (!isRecord(found)) odd();
      return found;
    };
    const cells = new Map<string, number>();
    const order = this.names.cellOf(path, 'order');
    const isInside = (key: string | symbol) => {
      return path.length === 0 && typeof key === 'string' && this.inside.has(key);
    };
    const read = (key: string | symbol) => {
      if (typeof key !== 'string' || isInside(key)) return;
      let cell = cells.get(key);
      if (cell === undefined) cells.set(key, (cell = this.names.cellOf([...path, key])));
      this.note(cell);
    };
    // The target stands for all memories: whatever is done to it is done to the one that is shown.
    return new Proxy<Fields>({}, {
      get: (_, key) => {
        if (isInside(key)) return this.inside.get(key as string);
        read(key);
        return Reflect.get(fields(), key);
      },
      has: (_, key) => {
        read(key);
        return Reflect.has(fields(), key);
      },
      getOwnPropertyDescriptor: (_, key) => {
        read(key);
        const found = Reflect.getOwnPropertyDescriptor(fields(), key);
        // The target does not have it, so a view cannot tell: an error is thrown after this.
        if (found?.configurable === false) odd();
        return isInside(key) && found ? { ...found, value: this.inside.get(key as string) } : found;
      },
      ownKeys: () => {
        this.note(order);
        return Reflect.ownKeys(fields());
      },
      set: (_, key, value) => {
        if (isInside(key) || this.isPart(value)) return odd();
        read(key);
        if (!Object.hasOwn(fields(), key)) this.note(order);
        return Reflect.set(fields(), key, value);
      },
      deleteProperty: (_, key) => {
        if (isInside(key)) return odd();
        read(key);
        this.note(order);
        return Reflect.deleteProperty(fields(), key);
      },
      defineProperty: odd,
      setPrototypeOf: odd,
      preventExtensions: (target) => {
        odd();
        return Reflect.preventExtensions(target);
      },
    });
  }

  /**
   * Whether a value is one of the objects that are watched here, or holds one, or may hold one
   * where this does not look.
   */
  isPart(value: unknown): boolean {
    if (this.names.records === undefined || typeof value !== 'object' || value === null) {
      return false;
    }
    if (knownApart.has(value)) return false;
    const met = new Set<object>([value]);
    // A set is walked in the order in which objects are added, also while they are.
    for (const one of met) {
      if (one === this.shown || met.size > partsMost || !isPlain(one)) return true;
      for (const view of this.inside.values()) if (view === one) return true;
      for (const part of Object.values(one)) {
        if (typeof part !== 'object' || part === null || knownApart.has(part)) continue;
        // It may hold itself.
        if (met.has(part) && !Object.isFrozen(part)) return true;
        met.add(part);
      }
    }
    for (const one of [...met].reverse()) if (neverChanges(one)) knownApart.add(one);
    return false;
  }
}

/** Whether no object that it holds will ever be another one. */
function neverChanges(one: object): boolean {
  return Object.isFrozen(one) && Object.values(one).every((part) => {
    return typeof part !== 'object' || part === null || knownApart.has(part as object);
  });
}

/** Values of more objects are not looked through. */
const partsMost = 100_000;

/** Frozen objects that hold no view. */
const knownApart = new WeakSet<object>();

/** Whether all that an object holds is in its keys. */
function isPlain(one: object): boolean {
  const kind: unknown = Object.getPrototypeOf(one);
  const isList = Array.isArray(one);
  if (kind !== null && kind !== (isList ? Array.prototype : Object.prototype)) return false;
  return Reflect.ownKeys(one).length === Object.keys(one).length + (isList ? 1 : 0);
}

/** Whether no code can tell two values apart, which is cheaper to find out than their texts. */
export function isIdentical(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) {
    return Object.is(a, b);
  }
  if (a === b) return true;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  const others = Object.keys(b);
  if (keys.length !== others.length) return false;
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] as keyof typeof a;
    if (key !== others[i] || !isIdentical(a[key], b[key])) return false;
  }
  return true;
}
