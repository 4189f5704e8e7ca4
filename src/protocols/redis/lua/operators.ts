/** The operators of Lua 5.1, with the errors that they raise. */
import type { Machine } from './machine.ts';
import type { Binary, Expression } from './syntax.ts';
import { LuaError, numberOf, stringOf, Table, textOf, typeOf, type Value } from './values.ts';

type Arithmetic = '+' | '-' | '*' | '/' | '%' | '^';

/** An operand as messages name it: its kind and name, and a type. */
export function nameOf(expression: Expression): string {
  switch (expression.type) {
    case 'local':
      return `local '${expression.variable.name}'`;
    case 'upvalue':
      return `upvalue '${expression.name}'`;
    case 'global':
      return `global '${expression.name}'`;
    case 'index': {
      const { key } = expression;
      if (key.type === 'constant' && typeof key.value === 'string') return `field '${key.value}'`;
      return '';
    }
    default:
      return '';
  }
}

/** `local 'x' (a nil value)`, or `a nil value`. */
export function describe(expression: Expression, value: Value): string {
  const name = nameOf(expression);
  const type = `a ${typeOf(value)} value`;
  return name === '' ? type : `${name} (${type})`;
}

export function compute(operator: Arithmetic, a: number, b: number): number {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
    case '%':
      return a - Math.floor(a / b) * b;
    case '^':
      return a ** b;
    default:
      throw new Error(`not an operator: ${String(operator satisfies never)}`);
  }
}

export function isArithmetic(operator: Binary): operator is Arithmetic {
  return '+-*/%^'.includes(operator);
}

interface Operation {
  readonly left: Expression;
  readonly right: Expression;
  readonly line: number;
}

export function arithmetic(
  machine: Machine, operator: Arithmetic, { left, right, line }: Operation, a: Value, b: Value,
): number {
  const first = numberOf(a);
  const second = numberOf(b);
  if (first !== undefined && second !== undefined) return compute(operator, first, second);
  const wrong = first === undefined ? describe(left, a) : describe(right, b);
  return machine.fail(`attempt to perform arithmetic on ${wrong}`, line);
}

export function concatenate(
  machine: Machine, { left, right, line }: Operation, a: Value, b: Value,
): string {
  const first = stringOf(a);
  const second = stringOf(b);
  if (first !== undefined && second !== undefined) return first + second;
  const wrong = first === undefined ? describe(left, a) : describe(right, b);
  return machine.fail(`attempt to concatenate ${wrong}`, line);
}

/** Whether `a` is less than `b`; two strings are compared by their characters. */
/** `line` is null when a library compares: then an error has no place in the script. */
export function isLess(machine: Machine, a: Value, b: Value, line: number | null): boolean {
  if (typeof a === 'number' && typeof b === 'number') return a < b;
  if (typeof a === 'string' && typeof b === 'string') return a < b;
  return incomparable(machine, a, b, line);
}

export function isLessOrEqual(machine: Machine, a: Value, b: Value, line: number): boolean {
  if (typeof a === 'number' && typeof b === 'number') return a <= b;
  if (typeof a === 'string' && typeof b === 'string') return a <= b;
  return incomparable(machine, a, b, line);
}

function incomparable(machine: Machine, a: Value, b: Value, line: number | null): never {
  const [first, second] = [typeOf(a), typeOf(b)];
  const which = first === second ? `two ${first} values` : `${first} with ${second}`;
  if (line === null) throw new LuaError(`attempt to compare ${which}`);
  return machine.fail(`attempt to compare ${which}`, line);
}

/** The number of bytes of a string in UTF-8, as Redis and Lua count. */
export function byteLength(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const code = character.codePointAt(0)!;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}

export function lengthOf(
  machine: Machine, operand: Expression, value: Value, line: number,
): number {
  if (typeof value === 'string') return byteLength(value);
  if (value instanceof Table) return value.length;
  return machine.fail(`attempt to get length of ${describe(operand, value)}`, line);
}

/** An element of a table, or a function of the string library: `s:len()`. */
export function elementOf(
  machine: Machine, of: Expression, value: Value, key: Value, line: number,
): Value {
  if (value instanceof Table) {
    if (value === machine.globals) return globalOf(machine, key, line);
    return value.get(key);
  }
  if (typeof value === 'string') return (machine.globals.get('string') as Table).get(key);
  return machine.fail(`attempt to index ${describe(of, value)}`, line);
}

export function globalOf(machine: Machine, name: Value, line: number): Value {
  const value = machine.globals.get(name);
  if (value !== null) return value;
  const text = textOf(name);
  return machine.fail(`Script attempted to access nonexistent global variable '${text}'`, line);
}
