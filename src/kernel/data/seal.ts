/** Seals what a node hands out: makes a frozen copy of plain data, and refuses anything else. */
import { HandlerRefusal } from '../refusals/refused.ts';
import {
  charactersMax, depthMax, findNotPlain, type Holder, isTooLong, type NotPlain, partsMax,
} from './plain-data.ts';
import { isPlain, shown } from './shown.ts';

const empty: readonly never[] = Object.freeze([]);

/**
 * Thrown inside this file when a value turns out not to be plain data. Sealing runs for every
 * message, so it keeps no path; a second walk finds the part at fault, and only then is it worded.
 */
const notPlain = new Error('not plain data');

/** How many objects one call may still seal: see `partsMax`. */
let objectsLeft = partsMax;

/**
 * Whether this step checks frozen values too. Otherwise a frozen value counts as plain data that
 * is frozen to its leaves: checking each log entry of each message would take a fifth of a
 * simulation. The first steps of a run check everything, and later steps do so now and then; the
 * choice depends on the number of the step alone, so that every run makes it alike.
 */
export function checksEverything(step: number): boolean {
  return step < 4_096 || (step & 63) === 0;
}

/**
 * Returns the value frozen to its leaves: a copy, except for parts that are frozen already. Throws
 * if a part is not plain data. The message gives its path, which begins with `name`; an empty name
 * lets it begin with the field: `entries[2].seen`.
 */
export function seal<T>(value: T, name: string, holder: Holder, everywhere = true): T {
  if (typeof value === 'object' && value !== null) {
    objectsLeft = partsMax;
    try {
      return sealed(value, 0, everywhere);
    } catch (error) {
      throw worded(error, value, name, holder);
    }
  }
  if (isScalar(value)) return value;
  throw worded(notPlain, value, name, holder);
}

/**
 * Freezes a message in place and seals its parts. Most messages hold only scalars, which makes a
 * copy of each a waste.
 */
export function sealMessage<T extends object>(message: T, everywhere: boolean): T {
  objectsLeft = partsMax;
  try {
    if (everywhere && !isPlain(message)) throw notPlain;
    if (Object.isFrozen(message)) return sealed(message, 0, everywhere);
    sealParts(message as Record<string, unknown>, 0, everywhere);
  } catch (error) {
    throw worded(error, message, '', 'messages');
  }
  return Object.freeze(message);
}

/**
 * Returns the fields of an event, which no longer change with the state. A step that does not
 * check everywhere calls this only if it records events; there, a part that is not plain data is
 * replaced by its description, so that recording a run does not change its outcome.
 */
export function sealFields<T extends object>(fields: T, everywhere: boolean): T {
  const own = { ...fields } as Record<string, unknown>;
  objectsLeft = partsMax;
  try {
    if (!isPlain(fields)) throw notPlain;
    sealParts(own, 0, everywhere);
  } catch (error) {
    if (everywhere || error !== notPlain) throw worded(error, fields, '', 'events');
    for (const [name, part] of Object.entries(own)) own[name] = plainOrShown(part);
  }
  return own as T;
}

function plainOrShown(part: unknown): unknown {
  return findNotPlain(part) === undefined ? seal(part, '', 'events') : shown(part);
}

/** Throws if the value is not plain data, with the same message as `seal`. */
export function checkPlain(value: unknown, name: string, holder: Holder): void {
  const found = findNotPlain(value);
  if (found !== undefined) throw refused(found, name, holder);
}

function isScalar(value: unknown): boolean {
  const kind = typeof value;
  return kind !== 'function' && kind !== 'bigint' && kind !== 'symbol';
}

function sealed<T extends object>(value: T, depth: number, everywhere: boolean): T {
  if (depth > depthMax || --objectsLeft < 0 || isTooLong(value)) throw notPlain;
  const isList = Array.isArray(value);
  if (isList && value.length === 0) return empty as readonly unknown[] as T;
  if (Object.isFrozen(value) && (!everywhere || isDeeplyFrozen(value, depth))) return value;
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
    } else if (typeof part === 'string' ? part.length > charactersMax : !isScalar(part)) {
      throw notPlain;
    }
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

/** Whether all parts of a frozen value are frozen too. Throws if one is not plain data. */
function isDeeplyFrozen(value: object, depth: number): boolean {
  if (depth > depthMax || --objectsLeft < 0 || isTooLong(value)) throw notPlain;
  if (!Array.isArray(value) && !isPlain(value)) throw notPlain;
  for (const key in value) {
    const part = (value as Record<string, unknown>)[key];
    if (typeof part === 'object') {
      if (part !== null && !(Object.isFrozen(part) && isDeeplyFrozen(part, depth + 1))) {
        return false;
      }
    } else if (!isScalar(part)) throw notPlain;
  }
  return true;
}

function worded(error: unknown, value: unknown, name: string, holder: Holder): unknown {
  if (error !== notPlain) return error;
  // A getter may have returned something else this time.
  return refused(findNotPlain(value) ?? { code: 'unstable', path: [], value }, name, holder);
}

function refused(finding: NotPlain, root: string, holder: Holder): HandlerRefusal {
  return new HandlerRefusal({ type: 'not plain data', finding, root, holder });
}
