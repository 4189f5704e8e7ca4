/** The memory of an invariant while it runs: it notes which of its cells are read or written. */
import { absent, isRecord, type MemoryShape } from './cells.ts';

type Fields = Record<string | symbol, unknown>;

export class Remembered {
  /** Used in a way that is not one of cells: a part was replaced, removed, or put elsewhere. */
  isOdd = false;
  private readonly noted = new Map<number, readonly string[] | undefined>();
  private readonly whole: unknown;
  private readonly shown: unknown;
  private readonly inside = new Map<string, Fields>();

  constructor(
    private readonly shape: MemoryShape,
    private readonly numberOf: (cell: number) => number,
    private readonly note: (cell: number) => void,
  ) {
    this.whole = shape.memory(numberOf);
    if (shape.records === undefined) {
      this.shown = this.whole;
      return;
    }
    const whole = this.whole as Fields;
    for (const key of shape.records) this.inside.set(key, this.watch(whole[key] as Fields, [key]));
    this.shown = this.watch(whole, []);
  }

  /** What the invariant receives. */
  get memory(): unknown {
    if (this.shape.records === undefined) this.read([]);
    return this.shown;
  }

  /** The cells that have another value, with its number. */
  changes(): [number, number][] {
    const all: [number, number][] = [];
    const { cells } = this.shape;
    const whole = this.whole as Fields;
    for (const key of this.inside.keys()) if (!isRecord(whole[key])) this.isOdd = true;
    if (this.isOdd) return all;
    for (const [cell, path] of this.noted) {
      const before = this.numberOf(cell);
      const [isThere, value] = this.now(cell, path);
      if (!isThere) {
        if (before !== absent) all.push([cell, absent]);
        continue;
      }
      if (before !== absent && isIdentical(cells.valueOf(before), value)) continue;
      if (this.isPart(value) && this.shape.records !== undefined) this.isOdd = true;
      if (this.isOdd) return [];
      const number = cells.numberOf(cell, value);
      if (number !== before) all.push([cell, number]);
    }
    return all;
  }

  /** The value of a cell after the run, if there is one; of an order, `path` is undefined. */
  private now(cell: number, path: readonly string[] | undefined): [boolean, unknown] {
    if (path?.length === 0) return [true, this.whole];
    const whole = this.whole as Fields;
    if (path === undefined) {
      for (const key of this.inside.keys()) {
        if (this.shape.cellOf([key], 'order') !== cell) continue;
        return [true, Object.keys(whole[key] as Fields)];
      }
      return [true, Object.keys(whole)];
    }
    const fields = path.length === 2 ? whole[path[0]] as Fields : whole;
    const key = path.at(-1)!;
    return [Object.hasOwn(fields, key), fields[key]];
  }

  private read(path: readonly string[]): void {
    const cell = this.shape.cellOf(path);
    this.noted.set(cell, path);
    this.note(cell);
  }

  private readOrder(path: readonly string[]): void {
    const cell = this.shape.cellOf(path, 'order');
    this.noted.set(cell, undefined);
    this.note(cell);
  }

  private watch(fields: Fields, path: readonly string[]): Fields {
    const isInside = (key: string | symbol) => {
      return path.length === 0 && typeof key === 'string' && this.inside.has(key);
    };
    const read = (key: string | symbol) => {
      if (typeof key === 'string' && !isInside(key)) this.read([...path, key]);
    };
    const odd = (): boolean => (this.isOdd = true);
    return new Proxy(fields, {
      get: (target, key) => {
        if (isInside(key)) return this.inside.get(key as string);
        read(key);
        return Reflect.get(target, key);
      },
      has: (target, key) => {
        read(key);
        return Reflect.has(target, key);
      },
      getOwnPropertyDescriptor: (target, key) => {
        read(key);
        const found = Reflect.getOwnPropertyDescriptor(target, key);
        return isInside(key) && found ? { ...found, value: this.inside.get(key as string) } : found;
      },
      ownKeys: (target) => {
        this.readOrder(path);
        return Reflect.ownKeys(target);
      },
      set: (target, key, value) => {
        if (isInside(key) || this.isPart(value)) return odd();
        read(key);
        if (!Object.hasOwn(target, key)) this.readOrder(path);
        return Reflect.set(target, key, value);
      },
      deleteProperty: (target, key) => {
        if (isInside(key)) return odd();
        read(key);
        this.readOrder(path);
        return Reflect.deleteProperty(target, key);
      },
      defineProperty: odd,
      setPrototypeOf: odd,
      preventExtensions: (target) => {
        odd();
        return Reflect.preventExtensions(target);
      },
    });
  }

  /** Whether a value is one of the objects that are watched here, or holds one. */
  private isPart(value: unknown): boolean {
    if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return false;
    if (value === this.shown) return true;
    for (const one of this.inside.values()) if (one === value) return true;
    return Object.values(value).some((part) => this.isPart(part));
  }
}

/** Whether no code can tell two values apart, which is cheaper to find out than their texts. */
function isIdentical(a: unknown, b: unknown): boolean {
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
