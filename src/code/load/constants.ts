/** The constants of a module never change: all that a node remembers is in its state. */
import { languageObjects } from './globals.ts';

/** Those that are kept already; another module may have them too. */
const kept = new WeakSet<object>();
let ofLanguage: ReadonlySet<unknown> | undefined;

/**
 * Freezes values to their leaves, and answers the patterns among them that remember where they
 * stopped. No code of theirs runs: what a getter answers is not asked.
 */
export function keepConstants(values: readonly unknown[]): RegExp[] {
  ofLanguage ??= languageObjects();
  const patterns: RegExp[] = [];
  const left = [...values];
  while (left.length > 0) {
    const value = left.pop();
    if (!isObject(value) || kept.has(value) || ofLanguage.has(value)) continue;
    kept.add(value);
    if (value instanceof RegExp && (value.global || value.sticky)) {
      patterns.push(value);
    } else if (!ArrayBuffer.isView(value)) {
      for (const part of partsOf(value)) left.push(part);
    }
  }
  return patterns;
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

/** What an object holds, which is frozen now. */
function partsOf(value: object): unknown[] {
  const parts: unknown[] = [];
  try {
    if (value instanceof Map) parts.push(...Map.prototype.keys.call(value));
    if (value instanceof Map) parts.push(...Map.prototype.values.call(value));
    if (value instanceof Set) parts.push(...Set.prototype.values.call(value));
    if (value instanceof Map || value instanceof Set) keepCollection(value);
    Object.freeze(value);
    const isCode = typeof value === 'function';
    for (const [name, { value: part }] of Object.entries(Object.getOwnPropertyDescriptors(value))) {
      // What is made by a class may have fields of the same names as its methods.
      if (!isCode || name !== 'prototype') parts.push(part);
    }
  } catch {
    // A word that stands for a refusal, such as `Date`: who uses it is told.
  }
  return parts;
}

function keepCollection(collection: object): void {
  for (const change of ['set', 'add', 'delete', 'clear']) {
    const refuse = () => {
      throw new Error('a module keeps no state: what a node remembers belongs into node.state');
    };
    if (change in collection) Object.defineProperty(collection, change, { value: refuse });
  }
}
