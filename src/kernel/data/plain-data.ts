/** Plain data, which is all that states and messages may hold: finds what is not, and says why. */
import { isPlain, kindOf, nameOfClass } from './shown.ts';

/** Why a value is not plain data. */
export type NotPlainCode =
  | 'function'
  | 'symbol'
  | 'bigint'
  /** A Set, a Map, an Error: a copy of its fields would lose its contents. */
  | 'built-in-object'
  /** A copy of its fields would lose its methods. */
  | 'class-instance'
  /** Copies and comparisons skip such fields. */
  | 'symbol-key'
  | 'cycle'
  | 'too-deep'
  /** More parts, or a longer string, than can be copied and compared in each step. */
  | 'too-large'
  /** A getter that returned plain data on one read and something else on the next. */
  | 'unstable';

/** A part of a value that is not plain data. */
export interface NotPlain {
  readonly code: NotPlainCode;
  /** The keys that lead from the whole value to the part. */
  readonly path: readonly (string | number)[];
  readonly value: unknown;
}

/** What a value is stored in; messages name it. */
export type Holder =
  | 'states' | 'memories' | 'messages' | 'events' | 'timers' | 'replies' | 'arguments' | 'options';

type Parts = Record<string | number, unknown>;

/** Deeper than any message or state. A value that contains itself ends here. */
export const depthMax = 500;

/**
 * Far more parts and characters than any message or state has. An object in two places counts
 * twice, since it is copied for each: forty lists that each hold the previous one twice never end.
 */
export const partsMax = 500_000;
export const charactersMax = 10_000_000;

/** The first part of a value that is not plain data; undefined if all of it is. */
export function findNotPlain(value: unknown): NotPlain | undefined {
  const walk = new PlainWalk();
  walk.check(value);
  return walk.finding;
}

/**
 * A walk through a value that ends at the first part that is not plain data. A subclass may repair
 * such a part and go on.
 */
export class PlainWalk {
  /** The first part that is not plain data. */
  finding: NotPlain | undefined;
  protected readonly ancestors: object[] = [];
  private partsLeft = partsMax;
  private readonly path: (string | number)[] = [];

  /** Skips the objects of `known`, which are plain data. */
  constructor(private readonly known?: WeakSet<object>) {}

  /** Whether the value is plain data to its leaves. */
  check(value: unknown): boolean {
    const code = notPlainCode(value);
    if (code !== undefined) return this.refuse(code, value);
    if (isTooLong(value) || --this.partsLeft < 0) return this.refuse('too-large', value);
    if (typeof value !== 'object' || value === null || this.known?.has(value)) return true;
    if (this.ancestors.includes(value)) return this.refuse('cycle', value);
    if (this.ancestors.length > depthMax) return this.refuse('too-deep', value);
    this.ancestors.push(value);
    const isWhole = this.checkParts(value as Parts);
    this.ancestors.pop();
    return isWhole;
  }

  protected checkParts(whole: Parts): boolean {
    if (Array.isArray(whole)) return whole.every((_, index) => this.checkPart(whole, index));
    for (const key in whole) if (!this.checkPart(whole, key)) return false;
    return true;
  }

  protected checkPart(whole: Parts, key: string | number): boolean {
    this.path.push(key);
    const isWhole = this.check(whole[key]);
    this.path.pop();
    return isWhole;
  }

  /** Whether a part is small enough to be copied once more. */
  protected mayCopy(part: unknown): boolean {
    this.partsLeft = partsLeft(part, this.partsLeft);
    return this.partsLeft >= 0;
  }

  protected refusePart(key: string | number, code: NotPlainCode, value: unknown): void {
    this.path.push(key);
    this.refuse(code, value);
    this.path.pop();
  }

  protected refuse(code: NotPlainCode, value: unknown): false {
    this.finding ??= { code, path: [...this.path], value };
    return false;
  }
}

/** Whether a string or a list is too large by its length alone. */
export function isTooLong(value: unknown): boolean {
  if (typeof value === 'string') return value.length > charactersMax;
  return Array.isArray(value) && value.length > partsMax;
}

/** How many more parts a value may have, of `most`; negative if it has too many. */
function partsLeft(value: unknown, most: number, depth = 0): number {
  if (isTooLong(value)) return -1;
  if (typeof value !== 'object' || value === null || depth > depthMax) return most - 1;
  let left = most - 1;
  for (const key in value) {
    if (left < 0) break;
    left = partsLeft((value as Parts)[key], left, depth + 1);
  }
  return left;
}

/** Why a value itself is not plain data, whatever its parts are. */
export function notPlainCode(value: unknown): NotPlainCode | undefined {
  const type = typeof value;
  if (type === 'function' || type === 'symbol' || type === 'bigint') return type;
  if (typeof value !== 'object' || value === null) return undefined;
  // The prototype of an array is an array itself, unless a class extends Array.
  const isPlainList = Array.isArray(value) && Array.isArray(Object.getPrototypeOf(value));
  if (isPlainList || (!Array.isArray(value) && isPlain(value))) {
    return Object.getOwnPropertySymbols(value).length > 0 ? 'symbol-key' : undefined;
  }
  const name = nameOfClass(value);
  const isBuiltIn = name !== '' && Reflect.get(globalThis, name) === value.constructor;
  return isBuiltIn ? 'built-in-object' : 'class-instance';
}

/** Subject and verb for each holder, and what a whole value of it is called. */
const holders: Readonly<Record<Holder, readonly [string, string, string]>> = {
  states: ['state', 'is', 'the state'],
  memories: ['memory', 'is', 'the memory'],
  messages: ['messages', 'are', 'the message'],
  events: ['events', 'are', 'the event'],
  timers: ['timer data', 'is', 'the data'],
  replies: ['replies', 'are', 'the reply'],
  arguments: ['arguments', 'are', 'the arguments'],
  options: ['options', 'are', 'the options'],
};

/**
 * `node.state.votes is a Set, but state is saved and compared as plain data: use an array or an
 * object`. The path begins with `root`; if that is empty, with the name of the first field.
 */
export function notPlainMessage({ code, path, value }: NotPlain, root: string, holder: Holder) {
  const [subject, verb, whole] = holders[holder];
  const where = pathText(root, path) || whole;
  switch (code) {
    case 'cycle':
      return `${where} refers to itself: store an id instead`;
    case 'too-deep':
      return `${where} is nested more than ${depthMax} levels deep: use an array or store ids`;
    case 'too-large': {
      const [parts, characters] = [partsMax, charactersMax].map((max) => max.toLocaleString('en'));
      const limit = `${parts} parts or ${characters} characters`;
      return `${where} has more than ${limit}: store less, or store ids`;
    }
    case 'symbol-key':
      return `${where} has a symbol as a key, but keys must be strings: use a string`;
    case 'unstable':
      return `${where} changes between reads: use plain fields instead of getters`;
    case 'function': {
      const rule = `${subject} cannot hold functions`;
      return `${where} is a function, but ${rule}: define them in the module`;
    }
    default: {
      const rule = `${subject} ${verb} saved and compared as plain data`;
      return `${where} is ${notPlainKind(code, value)}, but ${rule}: ${insteadOf(code, value)}`;
    }
  }
}

/** The message for an `init` that does not return an object; `returned` describes its value. */
export function notAState(returned: string): string {
  return `\`init\` returned ${returned}: it must return an object, such as { count: 0 }`;
}

/** What a part is, in a few words: `a Set`, `an instance of the class Log`. */
export function notPlainKind(code: NotPlainCode, value: unknown): string {
  if (code === 'symbol-key') return 'an object with a symbol as a key';
  if (code !== 'class-instance') return kindOf(value);
  const name = nameOfClass(value as object);
  return name === '' ? 'an instance of a class' : `an instance of the class ${name}`;
}

function insteadOf(code: NotPlainCode, value: unknown): string {
  if (code === 'bigint') return 'use a number or a string';
  if (code === 'symbol') return 'use a string';
  if (code === 'class-instance') return 'use an object and functions that take it';
  return value instanceof Error ? 'store its message' : 'use an array or an object';
}

const plainName = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

function pathText(root: string, path: NotPlain['path']): string {
  let text = root;
  for (const key of path) {
    const isName = typeof key === 'string' && plainName.test(key);
    if (isName) text += text === '' ? key : `.${key}`;
    else text += `[${JSON.stringify(key)}]`;
  }
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
