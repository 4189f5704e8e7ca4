/**
 * What the language's own functions cost: the elements and characters that a call goes through. A
 * single call, which counts as one function call, can run for hours or exhaust the memory:
 * `'x'.repeat(1e9)`, `new Array(1e9).fill(0)`, a regular expression that backtracks.
 */
import { patternSteps } from './pattern-steps.ts';

/** Returns the cost of a call; it may stop counting once that is above `limit`. */
export type Cost = (receiver: unknown, given: readonly unknown[], limit: number) => number;

/** A step of a regular expression takes the time and the memory of several elements. */
const patternWeight = 4;

/** How many characters are compared in the time of one element. */
const comparedAtOnce = 64;

const numberOf = (value: unknown): number => Math.max(0, Number(value) || 0);

/** The elements, characters or entries of a value; 1 for anything else. */
export function sizeOf(value: unknown): number {
  if (typeof value === 'string' || Array.isArray(value)) return value.length;
  if (typeof value !== 'object' || value === null) return 1;
  if (value instanceof Map || value instanceof Set) return value.size;
  const { length } = value as { length?: unknown };
  return typeof length === 'number' ? length : 1;
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
const fields: Cost = (_, given) =>
  given.reduce<number>((sum, one) => sum + (isObject(one) ? Object.keys(one).length : 0), 0);
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
  const added = typeof by === 'string' ? places * by.length : 0;
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
const applying: Cost = (receiver, [self, given], limit) =>
  costOf(receiver)?.(self, Array.isArray(given) ? given : [], limit) ?? sizeOf(given);
const reflecting: Cost = (_, [code, self, given], limit) => applying(code, [self, given], limit);

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

type Table = Readonly<Record<string, Cost>>;

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
  ...table(own, 'trimStart trimEnd localeCompare'),
  ...table(finding, 'indexOf lastIndexOf includes'),
  ...table(both, 'concat'),
  ...table(padding, 'padStart padEnd'),
  ...table(matching, 'match matchAll search split'),
  ...table(replacing, 'replace replaceAll'),
  repeat: (receiver, [times]) => sizeOf(receiver) * numberOf(times),
};

const ofCollections = table(own, 'forEach union intersection difference symmetricDifference');

/** Each object of the language, and the functions of it that have a cost of their own. */
const owners: readonly (readonly [owner: object, costs: Table])[] = [
  [Array.prototype, ofArrays],
  [String.prototype, ofStrings],
  [Object.getPrototypeOf(Uint8Array.prototype) as object, { ...ofArrays, set: first, join: own }],
  [Set.prototype, ofCollections],
  [Map.prototype, ofCollections],
  [RegExp.prototype, table(testing, 'test exec')],
  [Array, table(first, 'from')],
  [JSON, { stringify: (_, [value], limit) => partsOf(value, limit), parse: first }],
  [Object, table(fields, 'keys values entries assign freeze getOwnPropertyNames fromEntries')],
  [Function.prototype, { call: calling, apply: applying }],
  [Reflect, { apply: reflecting, ownKeys: fields }],
];

const costs = new Map<unknown, Cost>(
  owners.flatMap(([owner, one]) =>
    Object.entries(one).flatMap(([name, cost]): [unknown, Cost][] => {
      const code: unknown = Reflect.get(owner, name);
      return typeof code === 'function' ? [[code, cost]] : [];
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
