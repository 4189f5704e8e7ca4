/**
 * What the language's own functions cost: the elements and characters that a call goes through. A
 * single call, which counts as one function call, can run for hours or exhaust the memory:
 * `'x'.repeat(1e9)`, `new Array(1e9).fill(0)`, a regular expression that backtracks.
 */
import { patternSteps } from './pattern-steps.ts';
import { targetOf } from './views.ts';

/** Returns the cost of a call; it may stop counting once that is above `limit`. */
export type Cost = (receiver: unknown, given: readonly unknown[], limit: number) => number;

/** A step of a regular expression takes the time and the memory of several elements. */
const patternWeight = 4;

/** How many characters are compared in the time of one element. */
const comparedAtOnce = 64;

/** Engines keep the fields of larger objects in a table, which they sort for each list of keys. */
const quickFieldsMax = 1_000;
const slowFieldWeight = 32;

/** A digit of a decimal number has a little over three bits. */
const bitsPerDigit = 3.33;

const numberOf = (value: unknown): number => Math.max(0, Number(value) || 0);

/** The elements, characters or entries of a value; 1 for anything else. */
export function sizeOf(value: unknown): number {
  if (typeof value === 'string' || Array.isArray(value)) return value.length;
  if (typeof value !== 'object' || value === null) return 1;
  if (value instanceof Map || value instanceof Set) return value.size;
  const { length } = value as { length?: unknown };
  return typeof length === 'number' || typeof length === 'string' ? numberOf(length) : 1;
}

/** The fields of a value that a copy or a list of its keys goes through. */
export function fieldsCount(value: unknown): number {
  if (typeof value === 'string' || Array.isArray(value)) return value.length;
  if (!isObject(value)) return 0;
  if (ArrayBuffer.isView(value)) return sizeOf(value);
  // Listing the fields of a view would ask the view for each.
  const count = Object.keys(targetOf(value)).length;
  return count * Math.min(Math.max(1, count / quickFieldsMax), slowFieldWeight);
}

const small = 2n ** 64n;

export function bitsOf(value: bigint): number {
  if (-small < value && value < small) return 64;
  return value.toString(16).length * 4;
}

/** Converting between digits and bits takes a time between that of the digits and their square. */
const digitsCost = (bits: number): number => (bits <= 4_096 ? 0 : (bits / 64) ** 1.5);

/** A value that becomes a string, or a number that is read from one. */
export function textCost(value: unknown, limit: number): number {
  if (typeof value === 'bigint') return digitsCost(bitsOf(value));
  return typeof value === 'string' ? value.length : partsOf(value, limit);
}

function* fieldsOf(value: object): Generator<[string, unknown]> {
  for (const key in value) yield [key, (value as Record<string, unknown>)[key]];
}

/** The parts of a value with all that it holds: an object in two places counts twice. */
export function partsOf(value: unknown, limit: number, depth = 0): number {
  if (typeof value === 'string') return 1 + value.length;
  if (typeof value !== 'object' || value === null || depth > 1_000) return 1;
  let count = 1;
  if (Array.isArray(value)) {
    count += value.length;
    if (count > limit) return count;
    for (const part of value as unknown[]) {
      count += partsOf(part, limit - count, depth + 1);
      if (count > limit) break;
    }
    return count;
  }
  for (const [key, part] of fieldsOf(value)) {
    count += key.length + partsOf(part, limit - count, depth + 1);
    if (count > limit) break;
  }
  return count;
}

const own: Cost = (receiver) => sizeOf(receiver);
const deep: Cost = (receiver, _, limit) => partsOf(receiver, limit);
const both: Cost = (receiver, given) =>
  given.reduce<number>((sum, one) => sum + sizeOf(one), sizeOf(receiver));
const first: Cost = (_, [value]) => sizeOf(value);
const fields: Cost = (_, given) => given.reduce<number>((sum, one) => sum + fieldsCount(one), 0);
/** A list of entries makes an array or an object for each. */
const entries: Cost = (_, [value]) => fieldsCount(value) * 2;
const converted: Cost = (_, [value], limit) => textCost(value, limit);
const bigConverted: Cost = (_, [value], limit) => {
  const bits = typeof value === 'string' ? value.length * bitsPerDigit : 0;
  return textCost(value, limit) + digitsCost(bits);
};
const bigWritten: Cost = (receiver, _, limit) => textCost(receiver, limit);
const bigCut: Cost = (_, [bits, value]) =>
  Math.min(numberOf(bits), 2 ** 30) / 64 + (typeof value === 'bigint' ? bitsOf(value) / 64 : 0);
const starting: Cost = (_, [part]) => sizeOf(part) / comparedAtOnce;
const listLength: Cost = (_, [length]) => (typeof length === 'number' ? numberOf(length) : 1);
/** Typed arrays are made of a length or a list; a view of a buffer copies nothing. */
const elements: Cost = (_, [from]) => (isObject(from) ? sizeOf(from) : numberOf(from));
const bytes: Cost = (receiver, [length]) => {
  const { byteLength } = receiver as { byteLength?: unknown };
  return Math.max(numberOf(byteLength), typeof length === 'number' ? numberOf(length) : 0);
};
const raw: Cost = (_, [strings, ...values], limit) => {
  const parts = isObject(strings) ? (strings as { raw?: unknown }).raw : undefined;
  const length = sizeOf(parts);
  if (length > limit) return length;
  return textCost(parts, limit) + values.reduce<number>((sum, one) => sum + sizeOf(one), length);
};
const ordering: Cost = (receiver) => {
  const size = sizeOf(receiver);
  return size * Math.ceil(Math.log2(size + 2));
};
const padding: Cost = (receiver, [length]) => Math.max(sizeOf(receiver), numberOf(length));

/** Looking for a string compares it at each place, in the worst case to its end. */
const finding: Cost = (receiver, [part]) => {
  const size = sizeOf(receiver);
  if (Array.isArray(receiver) || typeof part !== 'string') return size;
  return size + (size * part.length) / comparedAtOnce;
};

const matching: Cost = (receiver, [wanted], limit) => {
  if (!(wanted instanceof RegExp)) return finding(receiver, [wanted], limit);
  return patternCost(wanted, String(receiver), true, limit);
};

const replacing: Cost = (receiver, [wanted, by], limit) => {
  const text = String(receiver);
  const places = wanted instanceof RegExp ? text.length : text.length / Math.max(1, sizeOf(wanted));
  // `$&` and the like insert parts of the text.
  const inserted = typeof by === 'string' ? (by.split(/\$[&`']/).length - 1) * text.length : 0;
  const added = typeof by === 'string' ? places * (by.length + inserted) : 0;
  return matching(text, [wanted], limit) + Math.min(added, limit + 1);
};

const testing: Cost = (receiver, [text], limit) =>
  receiver instanceof RegExp ? patternCost(receiver, String(text), false, limit) : 1;

function patternCost(pattern: RegExp, text: string, isWhole: boolean, limit: number): number {
  const moves = pattern.global || pattern.sticky;
  const start = !isWhole && moves ? Math.min(pattern.lastIndex, text.length) : 0;
  const isAll = isWhole && moves;
  const steps = patternSteps(pattern, text, { start, isAll, limit: limit / patternWeight });
  return steps * patternWeight;
}

/** Functions that call others: the cost is that of the function that they call. */
const calling: Cost = (receiver, [self, ...given], limit) =>
  costOf(receiver)?.(self, given, limit) ?? 1;
const applying: Cost = (receiver, [self, given], limit) => {
  const length = sizeOf(given);
  if (length > limit) return length;
  const list = isObject(given) ? Array.from(given as ArrayLike<unknown>) : [];
  return length + (costOf(receiver)?.(self, list, limit) ?? 0);
};
const constructing: Cost = (_, [code, given], limit) => applying(code, [undefined, given], limit);
const reflecting: Cost = (_, [code, self, given], limit) => applying(code, [self, given], limit);

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** The methods that strings call on a regular expression. */
const searched: Cost = (receiver, [text], limit) =>
  receiver instanceof RegExp ? matching(String(text), [receiver], limit) : sizeOf(text);
const replaced: Cost = (receiver, [text, by], limit) =>
  receiver instanceof RegExp ? replacing(String(text), [receiver, by], limit) : sizeOf(text);

type Table = Readonly<Record<PropertyKey, Cost>>;

function table(cost: Cost, names: string): Table {
  return Object.fromEntries(names.split(' ').map((name) => [name, cost]));
}

const ofArrays: Table = {
  ...table(own, 'fill slice reverse toReversed map filter forEach some every find findIndex'),
  ...table(own, 'findLast findLastIndex reduce reduceRight shift copyWithin with flatMap'),
  ...table(own, 'indexOf lastIndexOf includes'),
  ...table(both, 'concat splice toSpliced unshift'),
  ...table(ordering, 'sort toSorted'),
  ...table(deep, 'join toString toLocaleString flat'),
};

const ofStrings: Table = {
  ...table(own, 'toUpperCase toLowerCase toLocaleUpperCase toLocaleLowerCase normalize trim'),
  ...table(own, 'trimStart trimEnd localeCompare isWellFormed toWellFormed'),
  ...table(starting, 'startsWith endsWith'),
  ...table(first, 'anchor link fontcolor fontsize'),
  ...table(finding, 'indexOf lastIndexOf includes'),
  ...table(both, 'concat'),
  ...table(padding, 'padStart padEnd'),
  ...table(matching, 'match matchAll search split'),
  ...table(replacing, 'replace replaceAll'),
  repeat: (receiver, [times]) => sizeOf(receiver) * numberOf(times),
};

const ofCollections: Table = {
  ...table(own, 'forEach clear'),
  ...table(both, 'union intersection difference symmetricDifference'),
  ...table(both, 'isSubsetOf isSupersetOf isDisjointFrom'),
};

const ofPatterns: Table = {
  ...table(testing, 'test exec'),
  ...table(own, 'toString'),
  compile: first,
  [Symbol.match]: searched,
  [Symbol.matchAll]: searched,
  [Symbol.search]: searched,
  [Symbol.split]: searched,
  [Symbol.replace]: replaced,
};

const ofBytes: Table = {
  ...ofArrays,
  ...table(own, 'join toString toLocaleString toBase64 toHex'),
  ...table(first, 'set setFromBase64 setFromHex'),
};

const ofObjects: Table = {
  ...table(fields, 'keys values assign freeze seal isFrozen isSealed getOwnPropertyNames'),
  ...table(fields, 'getOwnPropertySymbols defineProperties preventExtensions'),
  ...table(entries, 'entries fromEntries getOwnPropertyDescriptors'),
  ...table(first, 'groupBy'),
};

const typedArray = Object.getPrototypeOf(Uint8Array) as { prototype: object };

/** Functions that code calls by the name of a global. */
const ofGlobals: Table = {
  ...table(converted, 'Number String parseFloat parseInt isNaN isFinite RegExp'),
  ...table(converted, 'decodeURI decodeURIComponent encodeURI encodeURIComponent escape unescape'),
  ...table(elements, 'ArrayBuffer Int8Array Uint8Array Uint8ClampedArray Int16Array Uint16Array'),
  ...table(elements, 'Int32Array Uint32Array Float32Array Float64Array Float16Array'),
  ...table(elements, 'BigInt64Array BigUint64Array'),
  ...table(first, 'Set Map WeakSet WeakMap'),
  Array: listLength,
  BigInt: bigConverted,
};

/** Each object of the language, and the functions of it that have a cost of their own. */
const owners: readonly (readonly [owner: object, costs: Table])[] = [
  [Array.prototype, ofArrays],
  [String.prototype, ofStrings],
  [typedArray.prototype, ofBytes],
  [Set.prototype, ofCollections],
  [Map.prototype, { ...ofCollections }],
  [RegExp.prototype, ofPatterns],
  [ArrayBuffer.prototype, table(bytes, 'slice resize transfer transferToFixedLength')],
  [BigInt.prototype, table(bigWritten, 'toString toLocaleString')],
  [Array, table(first, 'from')],
  [typedArray, table(first, 'from')],
  [Uint8Array, table(first, 'fromBase64 fromHex')],
  [String, { raw }],
  [Number, table(converted, 'parseFloat parseInt')],
  [BigInt, table(bigCut, 'asIntN asUintN')],
  [RegExp, table(first, 'escape')],
  [Map, table(first, 'groupBy')],
  [JSON, { stringify: (_, [value], limit) => partsOf(value, limit), parse: first, rawJSON: first }],
  [Object, ofObjects],
  [Function.prototype, { call: calling, apply: applying }],
  [Reflect, { apply: reflecting, construct: constructing, ownKeys: fields }],
  [globalThis, ofGlobals],
];

const costs = new Map<unknown, Cost>(
  owners.flatMap(([owner, one]) =>
    Reflect.ownKeys(one).flatMap((name): [unknown, Cost][] => {
      const code: unknown = Reflect.get(owner, name);
      return typeof code === 'function' ? [[code, one[name]]] : [];
    }),
  ),
);

/** Undefined for functions that cost no more than any call. */
export function costOf(code: unknown): Cost | undefined {
  return costs.get(code);
}

/** The names of all functions with a cost: calls of other names are not instrumented. */
export const costlyNames: ReadonlySet<string> = new Set(
  owners.flatMap(([, one]) => Object.keys(one)),
);

/** The globals with a cost. A constructor may have another name, so `new` looks at its value. */
export const costlyGlobals: ReadonlySet<string> = new Set(Object.keys(ofGlobals));
