/** Freezes the constants of modules, so that all state of a run is in its nodes. */
import { CodeRefusal } from '../code-fault.ts';
import { languageObjects } from './hidden-globals.ts';

/** Objects that were frozen here before; several modules may export the same one. */
const frozen = new WeakSet<object>();
let ofLanguage: ReadonlySet<unknown> | undefined;

/**
 * Freezes values and all that they hold. It reads no getter, since that would run code of the
 * protocol. Returns the regular expressions that keep a position between calls (`lastIndex`):
 * they must stay writable, so their position is reset before each call of a handler.
 */
export function freezeConstants(values: readonly unknown[]): RegExp[] {
  ofLanguage ??= languageObjects();
  const patterns: RegExp[] = [];
  const left = [...values];
  while (left.length > 0) {
    const value = left.pop();
    // The objects of the language itself are shared with the debugger and stay as they are.
    if (!isObject(value) || frozen.has(value) || ofLanguage.has(value)) continue;
    frozen.add(value);
    if (value instanceof RegExp && (value.global || value.sticky)) {
      patterns.push(value);
    } else if (!ArrayBuffer.isView(value)) {
      // An array of bytes cannot be frozen.
      for (const part of frozenParts(value)) left.push(part);
    }
  }
  return patterns;
}

/** Whether code may compare an object with a constant of a module, because it is one. */
export function isConstant(object: object): boolean {
  return frozen.has(object);
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

/** Freezes one object, and returns the values that it holds. */
function frozenParts(value: object): unknown[] {
  const parts: unknown[] = [];
  try {
    if (value instanceof Map) parts.push(...Map.prototype.keys.call(value));
    if (value instanceof Map) parts.push(...Map.prototype.values.call(value));
    if (value instanceof Set) parts.push(...Set.prototype.values.call(value));
    if (value instanceof Map || value instanceof Set) freezeCollection(value);
    Object.freeze(value);
    const isFunction = typeof value === 'function';
    for (const [name, { value: part }] of Object.entries(Object.getOwnPropertyDescriptors(value))) {
      // An instance could not have a field with the name of a method if the prototype were frozen.
      if (!isFunction || name !== 'prototype') parts.push(part);
    }
  } catch {
    // The substitute of a hidden global, such as `Date`, throws whatever is done with it. A handler
    // that uses it gets the message.
  }
  return parts;
}

/** `Object.freeze` does not stop a Map or a Set from changing: its methods have to. */
function freezeCollection(collection: object): void {
  const kind = collection instanceof Map ? 'Map' : 'Set';
  const message = `a module-level ${kind} cannot change: keep what changes in node.state`;
  for (const change of ['set', 'add', 'delete', 'clear']) {
    const refuse = () => {
      throw new CodeRefusal('module-collection', message);
    };
    if (change in collection) Object.defineProperty(collection, change, { value: refuse });
  }
}
