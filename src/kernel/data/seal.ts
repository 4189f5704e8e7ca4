/**
 * Seals what a node hands out: makes a frozen copy of plain data, and refuses what is not plain
 * data. "Everywhere" means that data which is frozen already is checked too.
 */
import type { NotPlain } from '../refusals/refusal.ts';
import { Refused } from '../refusals/refused.ts';
import { isPlain, kindOf, shown } from './shown.ts';

const empty: readonly never[] = Object.freeze([]);

/** Deeper than any real message. A value that refers to itself ends here. */
const deepest = 500;

/** Thrown inside this file. Its callers find out which part is at fault, and refuse that. */
const notPlain = new Error('not plain data');

/**
 * Whether this step also checks data that is frozen already. Otherwise such data counts as plain
 * and frozen to its leaves, because checking each log entry in each message would take a fifth of a
 * simulation. The first steps of a run check everything, then one in 64. The choice depends only on
 * the number of the step, so that a replay makes the same one.
 */
export function checksEverything(step: number): boolean {
  return step < 4_096 || (step & 63) === 0;
}

/**
 * The value, frozen to its leaves and not shared with its author. A value that is so already is
 * returned itself. Refuses what is not plain data with the path to it, as `entries[2].seen`. The
 * path begins with `name`, which is empty if the field names are clear enough.
 */
export function seal<T>(value: T, name: string, holders: string, everywhere = true): T {
  if (typeof value === 'object' && value !== null) {
    try {
      return sealed(value, 0, everywhere);
    } catch (error) {
      throw refused(error, value, name, holders);
    }
  }
  if (isScalar(value)) return value;
  throw refused(notPlain, value, name, holders);
}

/** Freezes a message in place, and seals its fields. Most messages hold only scalars. */
export function sealMessage<T extends object>(message: T, everywhere: boolean): T {
  try {
    if (everywhere && !isPlain(message)) throw notPlain;
    if (Object.isFrozen(message)) return sealed(message, 0, everywhere);
    sealParts(message as Record<string, unknown>, 0, everywhere);
  } catch (error) {
    throw refused(error, message, '', 'messages');
  }
  return Object.freeze(message);
}

/**
 * A copy of the fields of an event that never changes again. It is made only if the event is kept,
 * and in the steps that check everything. In other steps a part that is not plain data is not
 * refused, because whether an event is kept must not change a run: it is replaced by a description.
 */
export function sealFields<T extends object>(fields: T, everywhere: boolean): T {
  const own = { ...fields } as Record<string, unknown>;
  try {
    if (!isPlain(fields)) throw notPlain;
    sealParts(own, 0, everywhere);
  } catch (error) {
    if (everywhere || error !== notPlain) throw refused(error, fields, '', 'events');
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

/** Refuses a value that is not plain data, as `seal` does. */
export function checkPlain(value: unknown, name: string, holders: string): void {
  if (isPlainData(value)) return;
  const fault = faultIn(value, name, []);
  if (fault !== undefined) throw new Refused({ ...fault, holders });
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

/** Whether all parts of a frozen value are frozen too. */
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

function refused(error: unknown, value: unknown, name: string, holders: string): unknown {
  if (error !== notPlain) return error;
  const unstable = { type: 'not plain data', path: name, problem: { type: 'unstable' } } as const;
  return new Refused({ ...(faultIn(value, name, []) ?? unstable), holders });
}

type PlainFault = Omit<NotPlain, 'holders'>;

/** The first part that is not plain data. */
function faultIn(value: unknown, path: string, above: readonly object[]): PlainFault | undefined {
  const fault = (problem: NotPlain['problem']): PlainFault => {
    return { type: 'not plain data', path, problem };
  };
  if (typeof value !== 'object' || value === null) {
    return isScalar(value) ? undefined : fault({ type: 'kind', kind: kindOf(value) });
  }
  if (above.includes(value)) return fault({ type: 'cyclic' });
  if (above.length > deepest) return fault({ type: 'deep', levels: deepest });
  const isList = Array.isArray(value);
  if (!isList && !isPlain(value)) return fault({ type: 'kind', kind: kindOf(value) });
  const within = [...above, value];
  for (const [key, part] of Object.entries(value)) {
    const field = path === '' ? key : `${path}.${key}`;
    const found = faultIn(part, isList ? `${path}[${key}]` : field, within);
    if (found !== undefined) return found;
  }
  return undefined;
}
