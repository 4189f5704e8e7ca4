/** Runs the language's own functions within the limits on workspace code. */
import { exceed, nativeStepsMax } from '../../kernel/text/execution-limits.ts';
import { returned } from './traced-reads.ts';
import { bitsOf, costOf, fieldsCount, sizeOf, textCost } from './native-costs.ts';

/** Elements that engines take one by one, from an iterator or from the lists of a `flatMap`. */
const slowElementWeight = 8;

type Code = (...given: unknown[]) => unknown;

/** The methods of arrays that only go through the items: on a short list they cost nothing. */
const {
  at, every, filter, find, findIndex, findLast, findLastIndex, forEach, includes, indexOf,
  lastIndexOf, map, reduce, slice, some,
} = Array.prototype;
const walks = new Set<unknown>([
  at, every, filter, find, findIndex, findLast, findLastIndex, forEach, includes, indexOf,
  lastIndexOf, map, reduce, slice, some,
]);
const shortList = 64;

/** The steps that built-in functions may still take in one call by the kernel. */
export class NativeCalls {
  private left = nativeStepsMax;
  /** What `of` returns for each function that was called by its method `call`. */
  private readonly called = new WeakMap<Code, { readonly call: Code }>();

  reset(): void {
    this.left = nativeStepsMax;
  }

  /**
   * Replaces the receiver in a method call: the receiver itself, unless the method has a cost.
   * `text` is what engines call the method in their errors: `list.fill`.
   */
  of(receiver: unknown, name: PropertyKey, text: string, isOptional = false): unknown {
    if (receiver === undefined || receiver === null) return receiver;
    const code = (receiver as Record<PropertyKey, unknown>)[name];
    if (typeof code !== 'function') {
      const isSkipped = isOptional && (code === undefined || code === null);
      return isSkipped ? receiver : { [name]: notAFunction(text) };
    }
    // The loop around such a call is counted, and so is the function that it calls.
    if (walks.has(code) && (receiver as { length: number }).length <= shortList) return receiver;
    const cost = costOf(code);
    if (cost === undefined) return receiver;
    if (code === Function.prototype.call && typeof receiver === 'function') {
      const known = this.called.get(receiver as Code);
      if (known !== undefined) return known;
      if (costOf(receiver) === undefined) return this.calling(receiver as Code);
    }
    const counted: Code = (...given) => {
      this.spend(cost(receiver, given, this.left));
      const parts = given.map((one) => this.argument(one, code));
      return returned(code, given, Reflect.apply(code, receiver, parts));
    };
    return { [name]: counted };
  }

  /**
   * The same for `code.call(self, …)`, made once for each function of a protocol: imported ones are
   * called in this way, so most calls are such.
   */
  private calling(code: Code): { readonly call: Code } {
    const call: Code = (self, ...given) => {
      this.spend(1);
      for (let i = 0; i < given.length; i++) {
        if (typeof given[i] === 'function') given[i] = this.argument(given[i], call);
      }
      return Reflect.apply(code, self, given);
    };
    const made = { call };
    this.called.set(code, made);
    return made;
  }

  /** The first argument of `new Code(value)`, or of a global function called by its name. */
  given(code: unknown, value: unknown): unknown {
    const cost = costOf(code);
    if (cost === undefined) return value;
    this.spend(cost(undefined, [value], this.left));
    return this.argument(value, code);
  }

  /** Built-in functions call others, as in `list.map(decodeURI)`, and go through iterators. */
  private argument(value: unknown, by: unknown): unknown {
    if (typeof value === 'function') {
      if (by === Array.prototype.flatMap) return this.returningLists(value as Code);
      const cost = isGiven(by) ? undefined : costOf(value);
      if (cost === undefined) return value;
      return (...given: unknown[]) => {
        this.spend(cost(undefined, given, this.left));
        return (value as Code)(...given);
      };
    }
    return iterating.has(by) ? this.iterated(value) : value;
  }

  private returningLists(code: Code): Code {
    const count = (list: unknown) => {
      if (Array.isArray(list)) this.spend(list.length * slowElementWeight);
      return list;
    };
    return function (this: unknown, ...given) {
      return count(Reflect.apply(code, this, given));
    };
  }

  /** The same elements as those of an iterator, whose number is not known before. */
  private iterated(value: unknown): unknown {
    if (typeof value !== 'object' || value === null || !('next' in value)) return value;
    const { next } = value;
    if (typeof next !== 'function' || !(Symbol.iterator in value)) return value;
    const from = value as Iterator<unknown>;
    const counted: Iterator<unknown> = {
      next: () => {
        this.spend(slowElementWeight);
        return from.next();
      },
      return: () => from.return?.() ?? { done: true, value: undefined },
    };
    return { [Symbol.iterator]: () => counted };
  }

  /** The same for `receiver[name]()`: the method as a function that has its receiver. */
  method(receiver: unknown, name: PropertyKey, text: string, isOptional = false): unknown {
    const from = this.of(receiver, name, text, isOptional);
    const code = (from as Record<PropertyKey, unknown>)[name];
    return typeof code === 'function' ? (code as Code).bind(from) : code;
  }

  private spend(steps: number): void {
    this.left -= steps;
    if (!(this.left >= 0)) exceed('native-limit');
  }

  /** The new length of a list. */
  length<Value>(value: Value): Value {
    const length = typeof value === 'string' ? Number(value) : value;
    if (typeof length === 'number' && length >= 0) this.spend(length);
    return value;
  }

  /** A value whose elements are copied: `[...value]`. */
  spread(value: unknown): unknown {
    this.spend(sizeOf(value));
    return this.iterated(value);
  }

  /** A value whose fields are copied or listed: `{ ...value }`, `for (const key in value)`. */
  fields<Value>(value: Value): Value {
    this.spend(fieldsCount(value));
    return value;
  }

  /** A value that becomes part of a string. */
  text<Value>(value: Value): Value {
    if (typeof value === 'string') this.spend(value.length >> 6);
    else if (typeof value === 'bigint' || Array.isArray(value)) {
      this.spend(textCost(value, this.left));
    }
    return value;
  }

  /** `left ** right`, and other operators that go through digits or characters. */
  operate(left: unknown, operator: Operator, right: unknown): unknown {
    if (typeof left === 'bigint' && typeof right === 'bigint') {
      this.spend(digitCost(left, operator, right));
    } else if (typeof left === 'string' && typeof right === 'string') {
      this.spend(Math.min(left.length, right.length) >> 6);
    }
    const [a, b] = [left, right] as [number, number];
    return operators[operator](a, b);
  }
}

/** What each operator does. Bigints and strings are passed as if they were numbers. */
const operators = {
  '**': (a: number, b: number) => a ** b,
  '*': (a: number, b: number) => a * b,
  '<<': (a: number, b: number) => a << b,
  '>>': (a: number, b: number) => a >> b,
  '/': (a: number, b: number) => a / b,
  '%': (a: number, b: number) => a % b,
  '+': (a: number, b: number) => a + b,
  '-': (a: number, b: number) => a - b,
  '&': (a: number, b: number) => a & b,
  '|': (a: number, b: number) => a | b,
  '^': (a: number, b: number) => a ^ b,
  '<': (a: number, b: number) => a < b,
  '>': (a: number, b: number) => a > b,
  '<=': (a: number, b: number) => a <= b,
  '>=': (a: number, b: number) => a >= b,
  '===': (a: number, b: number) => a === b,
  '!==': (a: number, b: number) => a !== b,
} as const;

export type Operator = keyof typeof operators;

/** The functions that go through all elements of an iterator. */
const iterating: ReadonlySet<unknown> = new Set<unknown>([
  Array.from, Object.fromEntries, Reflect.get(Object, 'groupBy'), Reflect.get(Map, 'groupBy'),
  Set, Map, (Object.getPrototypeOf(Uint8Array) as typeof Uint8Array).from,
  ...Object.getOwnPropertyNames(globalThis)
    .filter((name) => /^\w+\d+(Clamped)?Array$/.test(name))
    .map((name) => Reflect.get(globalThis, name) as unknown),
]);

/** These pass a function on, and their own cost has that of the function already. */
const isGiven = (code: unknown): boolean =>
  code === Reflect.apply || code === Reflect.construct || code === Function.prototype.apply;

/** The engine would name the receiver by the text of the instrumented code. */
function notAFunction(text: string): Code {
  return () => {
    throw new TypeError(`${text} is not a function`);
  };
}

/** Multiplying takes a time between that of the digits and that of their square. */
function digitCost(left: bigint, operator: string, right: bigint): number {
  const bits = bitsOf(left);
  const isShift = operator === '<<';
  if (!['**', '*', '/', '%', '<<'].includes(operator)) {
    return bits <= 4_096 ? 0 : Math.min(bits, bitsOf(right)) / 64;
  }
  if (operator !== '**' && !isShift) {
    const words = (bits / 64) * (bitsOf(right) / 64);
    return words <= 1 ? 0 : words / 16;
  }
  const by = Number(right);
  const result = isShift ? bits + Math.max(0, by) : bits * Math.max(1, by);
  if (result <= 4_096) return 0;
  return isShift ? result / 64 : (result / 64) ** 1.5;
}
