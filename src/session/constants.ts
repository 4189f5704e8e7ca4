/** The constants of a module never change: all that a node remembers is in its state. */

export function keepConstants(values: readonly unknown[]): void {
  const seen = new Set<unknown>();
  for (const value of values) keepWhole(value, seen);
}

function keepWhole(value: unknown, seen: Set<unknown>): void {
  if (typeof value !== 'object' || value === null || seen.has(value)) return;
  seen.add(value);
  if (value instanceof Map || value instanceof Set) return keepCollection(value);
  if (ArrayBuffer.isView(value)) return;
  Object.freeze(value);
  for (const part of Object.values(value)) keepWhole(part, seen);
}

function keepCollection(collection: object): void {
  for (const change of ['set', 'add', 'delete', 'clear']) {
    const refuse = () => {
      throw new Error('a module keeps no state: what a node remembers belongs into node.state');
    };
    if (change in collection) Object.defineProperty(collection, change, { value: refuse });
  }
}
