/** Seals what a node hands out: a frozen copy of plain data; what is no plain data is refused. */
import { isPlain, kindOf, shown } from './shown.ts';

const empty: readonly never[] = Object.freeze([]);

/** Deeper than any message: what holds itself is at its end here. */
const deepest = 500;

/** Thrown inside, and told in words by whoever knows where the value came from. */
const notPlain = new Error('it is no plain data');

/**
 * How far to look. What is frozen counts as frozen to its leaves, and as plain data: looking into
 * each log entry of each message would take a fifth of a simulation. So the first steps of a run
 * look everywhere, and then some: which ones depends on nothing but their number.
 */
export function looksEverywhere(step: number): boolean {
  return step < 4_096 || (step & 63) === 0;
}

/**
 * The value, frozen to its leaves and nobody else's; what is already so is shared. Throws where it
 * is no plain data, naming the part by its path from `name`, which is empty where the fields speak
 * for themselves: `entries[2].seen`.
 */
export function seal<T>(value: T, name: string, holders: string, everywhere = true): T {
  if (typeof value === 'object' && value !== null) {
    try {
      return sealed(value, 0, everywhere);
    } catch (error) {
      throw inWords(error, value, name, holders);
    }
  }
  if (isScalar(value)) return value;
  throw inWords(notPlain, value, name, holders);
}

/** Freezes a message as it is; what it holds is sealed. In place: most messages hold scalars. */
export function sealMessage<T extends object>(message: T, everywhere: boolean): T {
  try {
    if (everywhere && !isPlain(message)) throw notPlain;
    if (Object.isFrozen(message)) return sealed(message, 0, everywhere);
    sealParts(message as Record<string, unknown>, 0, everywhere);
  } catch (error) {
    throw inWords(error, message, '', 'messages');
  }
  return Object.freeze(message);
}

/**
 * The fields of an event, which nobody changes any more. To be called where they are kept, and on
 * some steps; a part that slips through on others is kept as words.
 */
export function sealFields<T extends object>(fields: T, everywhere: boolean): T {
  const own = { ...fields } as Record<string, unknown>;
  try {
    if (!isPlain(fields)) throw notPlain;
    sealParts(own, 0, everywhere);
  } catch (error) {
    if (everywhere || error !== notPlain) throw inWords(error, fields, '', 'events');
    for (const [name, part] of Object.entries(own)) own[name] = plainOrShown(part);
  }
  return own as T;
}

function plainOrShown(part: unknown): unknown {
  return isPlainData(part) ? seal(part, '', 'events') : shown(part);
}

/** Whether the value is plain data to its leaves. */
export function isPlainData(value: unknown, depth = 0): boolean {
  if (typeof value !== 'object' || value === null) return isScalar(value);
  if (depth > deepest) return false;
  if (Array.isArray(value)) return value.every((part) => isPlainData(part, depth + 1));
  if (!isPlain(value)) return false;
  for (const key in value) {
    if (!isPlainData((value as Record<string, unknown>)[key], depth + 1)) return false;
  }
  return true;
}

/** Throws where the value is no plain data, in the words of `seal`. */
export function checkPlain(value: unknown, name: string, holders: string): void {
  if (isPlainData(value)) return;
  const found = firstLoose(value, name, []);
  if (found !== undefined) throw new Error(`${found}: ${instead(holders)}`);
}

function isScalar(value: unknown): boolean {
  const kind = typeof value;
  return kind !== 'function' && kind !== 'bigint' && kind !== 'symbol';
}

function sealed<T extends object>(value: T, depth: number, everywhere: boolean): T {
  if (depth > deepest) throw notPlain;
  const isList = Array.isArray(value);
  if (isList && value.length === 0) return empty as readonly unknown[] as T;
  if (Object.isFrozen(value) && (!everywhere || isWhole(value, depth))) return value;
  if (isList) return sealedList(value, depth, everywhere) as readonly unknown[] as T;
  if (!isPlain(value)) throw notPlain;
  const own = { ...value };
  sealParts(own as Record<string, unknown>, depth, everywhere);
  return Object.freeze(own);
}

function sealParts(fields: Record<string, unknown>, depth: number, everywhere: boolean): void {
  for (const field in fields) {
    const part = fields[field];
    if (typeof part === 'object') {
      if (part === null) continue;
      const own = sealed(part, depth + 1, everywhere);
      if (own !== part) fields[field] = own;
    } else if (!isScalar(part)) throw notPlain;
  }
}

function sealedList(list: readonly unknown[], depth: number, everywhere: boolean) {
  const own: unknown[] = [];
  for (const part of list) {
    if (typeof part === 'object') {
      own.push(part === null ? null : sealed(part, depth + 1, everywhere));
    } else if (isScalar(part)) own.push(part);
    else throw notPlain;
  }
  return Object.freeze(own);
}

/** Whether all parts of something frozen are frozen too. */
function isWhole(value: object, depth: number): boolean {
  if (depth > deepest || (!Array.isArray(value) && !isPlain(value))) throw notPlain;
  for (const key in value) {
    const part = (value as Record<string, unknown>)[key];
    if (typeof part === 'object') {
      if (part !== null && !(Object.isFrozen(part) && isWhole(part, depth + 1))) return false;
    } else if (!isScalar(part)) throw notPlain;
  }
  return true;
}

function inWords(error: unknown, value: unknown, name: string, holders: string): unknown {
  if (error !== notPlain) return error;
  const found = firstLoose(value, name, []) ?? `${name} differs from look to look`;
  return new Error(`${found}: ${instead(holders)}`);
}

function instead(holders: string): string {
  return `${holders} hold plain data, such as a list or an object`;
}

/** The first part that is no plain data, as `entries[2].seen is a Set`. */
function firstLoose(value: unknown, path: string, above: readonly object[]): string | undefined {
  const where = path === '' ? 'it' : path.length > 60 ? `${path.slice(0, 60)}…` : path;
  if (typeof value !== 'object' || value === null) {
    return isScalar(value) ? undefined : `${where} is ${kindOf(value)}`;
  }
  if (above.includes(value)) return `${where} holds itself`;
  if (above.length > deepest) return `${where} is more than ${deepest} levels deep`;
  const isList = Array.isArray(value);
  if (!isList && !isPlain(value)) return `${where} is ${kindOf(value)}`;
  const within = [...above, value];
  for (const [key, part] of Object.entries(value)) {
    const field = path === '' ? key : `${path}.${key}`;
    const found = firstLoose(part, isList ? `${path}[${key}]` : field, within);
    if (found !== undefined) return found;
  }
  return undefined;
}
