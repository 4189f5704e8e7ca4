/** Views that note whatever code reads of an object: a way that is left out hides a dependency. */
import { shownBy } from '../../code/limits/views.ts';

/**
 * `get` notes and returns the value of a key; `note` is called when code tests or describes a key,
 * or, without one, lists them.
 */
export function noting<Whole extends object>(whole: Whole, { get, note }: {
  readonly get: (whole: Whole, key: string | symbol) => unknown;
  readonly note: (key?: string | symbol) => void;
}): Whole {
  return new Proxy(whole, {
    get,
    has: (target, key) => {
      note(key);
      return Reflect.has(target, key);
    },
    getOwnPropertyDescriptor: (target, key) => {
      note(key);
      return Reflect.getOwnPropertyDescriptor(target, key);
    },
    ownKeys: (target) => {
      note();
      return Reflect.ownKeys(target);
    },
  });
}

/**
 * A view of a step that notes when code changes it: other steps must not see that, and code may
 * catch an error, so none is thrown.
 */
export function notingChanges<Whole extends object>(whole: Whole, note: () => void): Whole {
  const noted = (): boolean => {
    note();
    return true;
  };
  return new Proxy(whole, {
    set: noted,
    defineProperty: noted,
    deleteProperty: noted,
    setPrototypeOf: noted,
    preventExtensions: (target) => noted() && Reflect.preventExtensions(target),
  });
}

/** A list of nodes; each that is read is noted by its index. Their number never changes. */
export function notingNodes<Nodes extends readonly object[]>(
  nodes: Nodes,
  noteNode: (index: number) => void,
): Nodes {
  const note = (key?: string | symbol) => {
    if (typeof key === 'string' && key >= '0' && key < ':') noteNode(Number(key));
  };
  return noting(nodes, {
    get: (target, key) => {
      // Code that changes the list is stopped, as in a run.
      if (key === shownBy) return target;
      note(key);
      return Reflect.get(target, key);
    },
    note,
  });
}
