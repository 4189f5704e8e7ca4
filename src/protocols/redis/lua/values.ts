/** The values of Lua 5.1, as scripts of Redis compute with them. */

export type Value = null | boolean | number | string | Table | LuaFunction;

/** A function of the script or of a library: it takes and returns lists of values. */
export class LuaFunction {
  constructor(readonly enter: (args: readonly Value[]) => readonly Value[] | TailCall) {}

  /** Calls it, and then what it calls in its place: tail calls need no stack, however many. */
  call(args: readonly Value[]): readonly Value[] {
    let result = this.enter(args);
    while (result instanceof TailCall) result = result.callee.enter(result.args);
    return result;
  }
}

/** `return f(x)`: the function that returns is over, and another runs in its place. */
export class TailCall {
  constructor(
    readonly callee: LuaFunction,
    readonly args: readonly Value[],
  ) {}
}

/** An array part for the keys 1 to n, and a map for the others, in the order of insertion. */
export class Table {
  readonly list: Value[] = [];
  readonly map = new Map<Value, Value>();
  /** Whether assignments to it are refused, as to KEYS' neighbors `redis` and `string`. */
  isReadOnly = false;

  static of(items: readonly Value[]): Table {
    const table = new Table();
    items.forEach((item, i) => table.set(i + 1, item));
    return table;
  }

  static from(fields: Readonly<Record<string, Value>>): Table {
    const table = new Table();
    for (const [name, value] of Object.entries(fields)) table.set(name, value);
    return table;
  }

  get(key: Value): Value {
    if (typeof key === 'number' && key >= 1 && key <= this.list.length && Number.isInteger(key)) {
      return this.list[key - 1];
    }
    return this.map.get(key) ?? null;
  }

  set(key: Value, value: Value): void {
    const { list, map } = this;
    if (typeof key === 'number' && Number.isInteger(key) && key >= 1 && key <= list.length) {
      list[key - 1] = value;
      while (list.length > 0 && list[list.length - 1] === null) list.pop();
      return;
    }
    if (value === null) {
      map.delete(key);
      return;
    }
    if (key !== list.length + 1) {
      map.set(key, value);
      return;
    }
    list.push(value);
    map.delete(key);
    for (let next = list.length + 1; map.has(next); next++) {
      list.push(map.get(next)!);
      map.delete(next);
    }
  }

  /** A border: the number of elements of a list without holes. */
  get length(): number {
    return this.list.length;
  }

  /** The keys in the order in which `pairs` visits them. */
  keys(): Value[] {
    const indices = this.list.flatMap((value, i) => (value === null ? [] : [i + 1]));
    return [...indices, ...this.map.keys()];
  }
}

/** An error that a script raised and did not catch; `value` is a string or a table. */
export class LuaError {
  constructor(readonly value: Value) {}
}

export function isTrue(value: Value | undefined): boolean {
  return value !== null && value !== false && value !== undefined;
}

export function typeOf(value: Value): string {
  if (value === null) return 'nil';
  if (value instanceof Table) return 'table';
  if (value instanceof LuaFunction) return 'function';
  return typeof value;
}

/** What `tonumber` and arithmetic make of a value; undefined if it is not a number. */
export function numberOf(value: Value): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  if (/^-?0x[\da-f]+$/i.test(text)) {
    return text.startsWith('-') ? -Number(text.slice(1)) : Number(text);
  }
  if (!/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text)) return undefined;
  return Number(text);
}

/** A number as Lua writes it: `%.14g`. */
export function numberText(value: number): string {
  if (Number.isNaN(value)) return Object.is(value, -NaN) ? '-nan' : 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  const exponent = Number(value.toExponential(13).split('e')[1]);
  if (exponent < -4 || exponent >= 14) {
    const [digits, power] = value.toExponential(13).split('e');
    const mantissa = digits.includes('.') ? digits.replace(/\.?0+$/, '') : digits;
    const size = String(Math.abs(Number(power))).padStart(2, '0');
    return `${mantissa}e${power.startsWith('-') ? '-' : '+'}${size}`;
  }
  const text = value.toFixed(Math.max(0, 13 - exponent));
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

/** What `tostring` returns. A table and a function have no address here, so they look alike. */
export function textOf(value: Value): string {
  if (typeof value === 'number') return numberText(value);
  if (typeof value === 'string') return value;
  if (value instanceof Table || value instanceof LuaFunction) return typeOf(value);
  return String(value ?? 'nil');
}

/** A string, or a number as a string; undefined for other values. */
export function stringOf(value: Value | undefined): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? numberText(value) : undefined;
}
