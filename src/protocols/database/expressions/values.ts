/** Values by type: how literals are read, values compared, calculated, converted and shown. */
import { isError, notModelled, type SqlError, sqlError } from '../sql/errors.ts';
import type { Arithmetic, ColumnType, Comparison, Value } from '../sql/syntax.ts';
import {
  addNumeric, compareNumeric, digitsMax, divideNumeric, isTooLong, multiplyNumeric,
  remainderNumeric, roundNumeric, subtractNumeric, toNumeric,
} from './numeric.ts';
import {
  addIntervals, calendarUnit, intervalBetween, intervalText, lengthOf, scaleInterval, toInterval,
} from './intervals.ts';
import { readJson } from './json.ts';
import { endOfTimestamps, firstTimestamp, timestampText, toTimestamp } from './times.ts';

/**
 * `unknown` is the type of a quoted literal and of NULL, until its place gives it another. An array
 * is a text such as `{1,2}`; only `pg_blocking_pids` gives one.
 */
export type Type = ColumnType | 'unknown' | 'void' | 'integer[]';

/** The name of a type in messages. */
export function typeName(type: Type): string {
  if (type === 'timestamp') return 'timestamp without time zone';
  return type === 'timestamptz' ? 'timestamp with time zone' : type;
}

export function isNumber(type: Type): boolean {
  return type === 'integer' || type === 'bigint' || type === 'numeric';
}

export function isJson(type: Type): type is 'json' | 'jsonb' {
  return type === 'json' || type === 'jsonb';
}

function isTimestamp(type: Type): boolean {
  return type === 'timestamp' || type === 'timestamptz';
}

const precedence: readonly Type[] = ['unknown', 'integer', 'bigint', 'numeric'];

/** The type to which two can be converted without a cast; undefined if there is none. */
export function commonType(one: Type, other: Type): Type | undefined {
  if (one === other || other === 'unknown') return one;
  if (one === 'unknown') return other;
  // The time zone is UTC, so the two kinds of timestamps have the same values.
  if (isTimestamp(one) && isTimestamp(other)) return 'timestamptz';
  if (!isNumber(one) || !isNumber(other)) return undefined;
  return precedence.indexOf(one) > precedence.indexOf(other) ? one : other;
}

// Literals

const timeWord = /^\s*(now|today|tomorrow|yesterday|epoch|-?infinity)\s*$/i;

/** A year of more than four digits, or before Christ. */
const otherYear = /^\s*\d{5,}-\d\d?-\d\d?|\bBC\s*$/i;

/** Reads a quoted literal as a value of this type. */
export function read(text: string, type: Type): Value | SqlError {
  switch (type) {
    case 'text':
    case 'unknown':
    case 'void':
      return text;
    case 'boolean':
      return readBoolean(text);
    case 'integer':
    case 'bigint':
      if (!/^\s*[-+]?\d+\s*$/.test(text)) return invalid(text, type);
      return inRange(Number(text), type, text.trim());
    case 'numeric':
      return readNumeric(text);
    case 'timestamp':
    case 'timestamptz':
      if (timeWord.test(text) || otherYear.test(text))
        return notModelled(`the timestamp '${text}'`);
      // A timestamp without time zone ignores the zone that is written behind it.
      return toTimestamp(text, type === 'timestamp') ?? badTimestamp(text, type);
    case 'interval':
      if (calendarUnit.test(text)) return notModelled(`intervals of months, such as '${text}'`);
      return readInterval(text);
    case 'json':
    case 'jsonb':
      return readJson(text, type);
    case 'integer[]':
      return text.replaceAll(' ', '');
  }
}

function readInterval(text: string): Value | SqlError {
  const found = toInterval(text);
  if (!isError(found)) return found ?? invalid(text, 'interval');
  return sqlError('22015', `interval field value out of range: "${text}"`);
}

function readNumeric(text: string): Value | SqlError {
  if (/^\s*[-+]?(nan|inf|infinity)\s*$/i.test(text)) return notModelled(`the number '${text}'`);
  const number = toNumeric(text);
  return number === null ? tooLong : number ?? invalid(text, 'numeric');
}

const tooLong = notModelled(`numbers with more than ${digitsMax} digits`);

function readBoolean(text: string): Value | SqlError {
  const word = text.trim().toLowerCase();
  const starts = (whole: string) => word !== '' && whole.startsWith(word);
  if (word === '1' || word === 'on' || starts('true') || starts('yes')) return true;
  if (word === '0' || (word.length > 1 && starts('off')) || starts('false') || starts('no')) {
    return false;
  }
  return invalid(text, 'boolean');
}

function badTimestamp(text: string, type: Type): SqlError {
  if (!/^\s*\d{4}-\d\d?-\d\d?/.test(text)) return invalid(text, type);
  return sqlError('22008', `date/time field value out of range: "${text}"`);
}

function invalid(text: string, type: Type): SqlError {
  const code = isTimestamp(type) || type === 'interval' ? '22007' : '22P02';
  const name = type === 'timestamp' ? type : typeName(type);
  return sqlError(code, `invalid input syntax for type ${name}: "${text}"`);
}

/** An integer has 32 bits. A bigint is limited to what a number of JavaScript can hold. */
function inRange(number: number, type: Type, written?: string): Value | SqlError {
  // Turns −0 into 0.
  const value = number === 0 ? 0 : number;
  if (type === 'integer' && (value > 2_147_483_647 || value < -2_147_483_648)) {
    if (written === undefined) return sqlError('22003', 'integer out of range');
    return sqlError('22003', `value "${written}" is out of range for type integer`);
  }
  if (Number.isSafeInteger(value)) return value;
  return notModelled(`integers beyond ${Number.MAX_SAFE_INTEGER}`);
}

// Comparisons

/** Less than 0, 0 or greater than 0, for two values of the same type. */
export function order(type: Type, a: NonNullable<Value>, b: NonNullable<Value>): number {
  if (type === 'numeric') return compareNumeric(String(a), String(b));
  if (type === 'interval') return lengthOf(a) - lengthOf(b);
  return a < b ? -1 : a > b ? 1 : 0;
}

export function compared(
  operator: Comparison,
  type: Type,
  a: NonNullable<Value>,
  b: NonNullable<Value>,
): boolean {
  const difference = order(type, a, b);
  switch (operator) {
    case '=':
      return difference === 0;
    case '<>':
      return difference !== 0;
    case '<':
      return difference < 0;
    case '<=':
      return difference <= 0;
    case '>':
      return difference > 0;
    case '>=':
      return difference >= 0;
  }
}

// Arithmetic

/** The type of a result, and those to which the operands are converted first. */
interface Rule {
  readonly left: Type;
  readonly right: Type;
  readonly type: ColumnType;
}

/** Undefined if PostgreSQL has no such operator. */
export function arithmeticRule(operator: Arithmetic, left: Type, right: Type): Rule | undefined {
  const isSum = operator === '+' || operator === '-';
  const rule = (l: Type, r: Type, type: ColumnType): Rule => ({ left: l, right: r, type });
  if (isSum && isTimestamp(left) && (right === 'interval' || right === 'unknown')) {
    if (right === 'interval') return rule(left, right, left as ColumnType);
    return operator === '-'
      ? rule(left, left, 'interval')
      : rule(left, 'interval', left as ColumnType);
  }
  if (operator === '-' && isTimestamp(left) && isTimestamp(right)) {
    return rule('timestamptz', 'timestamptz', 'interval');
  }
  if (operator === '+' && left === 'interval' && isTimestamp(right)) {
    return rule(left, right, right as ColumnType);
  }
  const both = commonType(left, right);
  if (isSum && both === 'interval') return rule(both, both, both);
  if (left === 'interval' && isNumber(right) && (operator === '*' || operator === '/')) {
    return rule(left, 'numeric', 'interval');
  }
  if (isNumber(left) && right === 'interval' && operator === '*') {
    return rule('numeric', right, 'interval');
  }
  if (both === undefined || !isNumber(both)) return undefined;
  return rule(both, both, both as ColumnType);
}

export function calculated(
  operator: Arithmetic,
  { left, right, type }: Rule,
  a: NonNullable<Value>,
  b: NonNullable<Value>,
): Value | SqlError {
  if (type === 'numeric') {
    const result = calculatedNumeric(operator, String(a), String(b));
    return typeof result === 'string' && isTooLong(result) ? tooLong : result;
  }
  if (type === 'interval') return calculatedInterval(operator, left, right, [a, b]);
  const lengthIf = (value: NonNullable<Value>, of: Type) =>
    of === 'interval' ? lengthOf(value) : Number(value);
  const [x, y] = [lengthIf(a, left), lengthIf(b, right)];
  if ((operator === '/' || operator === '%') && y === 0) {
    return sqlError('22012', 'division by zero');
  }
  const result = Math.trunc(plain(operator, x, y));
  return isTimestamp(type) ? timestampInRange(result) : inRange(result, type);
}

const shownRange = notModelled('timestamps before the year 1 or after the year 9999');

function timestampInRange(time: number): Value | SqlError {
  if (time >= firstTimestamp && time < endOfTimestamps) return time;
  // PostgreSQL ends with the year 294276, and begins with 4713 BC.
  const isKnown = time >= -210_866_803_200_000_000 && time < 9_224_318_016_000_000_000;
  return isKnown ? shownRange : sqlError('22008', 'timestamp out of range');
}

function calculatedInterval(
  operator: Arithmetic,
  left: Type,
  right: Type,
  [a, b]: readonly [NonNullable<Value>, NonNullable<Value>],
): Value | SqlError {
  if (isTimestamp(left)) return intervalBetween(Number(b), Number(a));
  if (left === right) {
    const other = operator === '-' ? scaleInterval(b, -1) : b;
    return isError(other) ? other : addIntervals(a, other);
  }
  if (left !== 'interval') return scaleInterval(b, Number(a));
  const factor = Number(b);
  if (operator === '/' && factor === 0) return sqlError('22012', 'division by zero');
  return scaleInterval(a, operator === '/' ? 1 / factor : factor);
}

function plain(operator: Arithmetic, x: number, y: number): number {
  switch (operator) {
    case '+':
      return x + y;
    case '-':
      return x - y;
    case '*':
      return x * y;
    case '/':
      return x / y;
    case '%':
      return x % y;
  }
}

function calculatedNumeric(operator: Arithmetic, a: string, b: string): Value | SqlError {
  if ((operator === '/' || operator === '%') && compareNumeric(b, '0') === 0) {
    return sqlError('22012', 'division by zero');
  }
  switch (operator) {
    case '+':
      return addNumeric(a, b);
    case '-':
      return subtractNumeric(a, b);
    case '*':
      return multiplyNumeric(a, b);
    case '/':
      return divideNumeric(a, b);
    case '%':
      return remainderNumeric(a, b);
  }
}

// Conversions

/** Whether a value of one type can be stored in a column of another without a cast. */
export function canAssign(from: Type, to: Type): boolean {
  if (from === to || from === 'unknown') return true;
  if (isNumber(from) && isNumber(to)) return true;
  if (isTimestamp(from) && isTimestamp(to)) return true;
  if (isJson(from) && isJson(to)) return true;
  return to === 'text' && from !== 'void';
}

/** Whether `CAST (… AS …)` exists. */
export function canCast(from: Type, to: Type): boolean {
  if (canAssign(from, to)) return true;
  if (from === 'text') return true;
  return (from === 'integer' && to === 'boolean') || (from === 'boolean' && to === 'integer');
}

export function convert(value: Value, from: Type, to: Type): Value | SqlError {
  if (value === null || from === to) return value;
  if (to === 'unknown' || to === 'void') return value;
  if (isTimestamp(from) && isTimestamp(to)) return value;
  if (from === 'unknown' || from === 'text') return read(String(value), to);
  if (to === 'text') return asText(value, from);
  if (isJson(to)) return readJson(String(value), to);
  if (to === 'boolean') return value !== 0;
  if (from === 'boolean') return value === true ? 1 : 0;
  if (to === 'numeric') return String(value);
  if (from === 'numeric') return inRange(Number(roundNumeric(String(value), 0)), to);
  return inRange(Number(value), to);
}

/** A value as the cast to text shows it. */
function asText(value: NonNullable<Value>, type: Type): string {
  return String(type === 'boolean' ? value : shown(value, type));
}

/** A value as a result has it: what is not a plain number or boolean is text. */
export function shown(value: Value, type: Type): Value {
  if (value === null) return null;
  switch (type) {
    case 'timestamp':
      return timestampText(Number(value));
    case 'timestamptz':
      return `${timestampText(Number(value))}+00`;
    case 'interval':
      return intervalText(value);
    case 'void':
      return '';
    default:
      return value;
  }
}

/** A value as a column with a size stores it, such as `varchar(20)` or `numeric(10, 2)`. */
export function fitted(
  value: Value,
  type: Type,
  [size, scale = 0]: readonly number[],
): Value | SqlError {
  if (value === null) return value;
  if (type === 'numeric') {
    const rounded = roundNumeric(String(value), scale);
    const digits = rounded.replace(/^-/, '').replace(/^0+/, '').split('.')[0].length;
    return digits > size - scale ? sqlError('22003', 'numeric field overflow') : rounded;
  }
  const characters = [...String(value)];
  if (characters.slice(size).every((one) => one === ' ')) return characters.slice(0, size).join('');
  return sqlError('22001', `value too long for type character varying(${size})`);
}
