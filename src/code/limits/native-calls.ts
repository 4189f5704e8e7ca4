/** Runs the language's own functions within the limits on workspace code. */
import { exceed, nativeStepsMax } from '../../kernel/text/execution-limits.ts';
import { costOf, partsOf, sizeOf } from './native-costs.ts';

type Code = (...given: unknown[]) => unknown;

/** The steps that built-in functions may still take in one call by the kernel. */
export class NativeCalls {
  private left = nativeStepsMax;

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
    const cost = costOf(code);
    if (cost === undefined) return receiver;
    const counted: Code = (...given) => {
      this.spend(cost(receiver, given, this.left));
      return Reflect.apply(code, receiver, given) as unknown;
    };
    return { [name]: counted };
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

  /** The length of a list to be made. */
  length<Value>(value: Value): Value {
    if (typeof value === 'number' && value >= 0) this.spend(value);
    return value;
  }

  /** A value whose elements are copied: `[...value]`, `new Set(value)`. */
  spread<Value>(value: Value): Value {
    this.spend(sizeOf(value));
    return value;
  }

  /** A value that becomes part of a string. */
  text<Value>(value: Value): Value {
    if (Array.isArray(value)) this.spend(partsOf(value, this.left));
    else if (typeof value === 'string') this.spend(value.length >> 6);
    return value;
  }

  /** `left ** right`, and the other operators whose result may have many more digits. */
  operate(left: unknown, operator: '**' | '*' | '<<' | '/' | '%', right: unknown): unknown {
    if (typeof left === 'bigint' && typeof right === 'bigint') {
      this.spend(digitCost(left, operator, right));
    }
    const [a, b] = [left, right] as [number, number];
    switch (operator) {
      case '**':
        return a ** b;
      case '*':
        return a * b;
      case '<<':
        return a << b;
      case '/':
        return a / b;
      case '%':
        return a % b;
    }
  }
}

/** The engine would name the receiver by the text of the instrumented code. */
function notAFunction(text: string): Code {
  return () => {
    throw new TypeError(`${text} is not a function`);
  };
}

const small = 2n ** 64n;

function bitsOf(value: bigint): number {
  if (-small < value && value < small) return 64;
  return value.toString(16).length * 4;
}

/** Multiplying takes a time between that of the digits and that of their square. */
function digitCost(left: bigint, operator: string, right: bigint): number {
  const bits = bitsOf(left);
  const isShift = operator === '<<';
  if (operator !== '**' && !isShift) {
    const words = (bits / 64) * (bitsOf(right) / 64);
    return words <= 1 ? 0 : words / 16;
  }
  const by = Number(right);
  const result = isShift ? bits + Math.max(0, by) : bits * Math.max(1, by);
  if (result <= 4_096) return 0;
  return isShift ? result / 64 : (result / 64) ** 1.5;
}
