/** What an invariant of the workspace is given: nodes to look at, which it cannot change. */
import type { Observation } from '../../protocol/types.ts';

/** Views that refuse changes: built-in invariants, which are known to make none, do without. */
export function lookedAt<Memory>(observation: Observation<Memory>): Observation<Memory> {
  const { nodes, acted, time, memory } = observation;
  const views = new WeakMap<object, object>();
  const own = guarded(nodes, 'nodes', views);
  return { nodes: own, acted: acted && own[nodes.indexOf(acted)], time, memory };
}

/** The same object to look at: each change of it, or of a part, throws with the path of that. */
function guarded<T extends object>(whole: T, path: string, views: WeakMap<object, object>): T {
  const known = views.get(whole);
  if (known !== undefined) return known as T;
  const where = (key: string | symbol) =>
    Array.isArray(whole) ? `${path}[${String(key)}]` : `${path}.${String(key)}`;
  const refuse = (_: object, key?: unknown): never => {
    const what = typeof key === 'string' ? where(key) : path;
    const instead = 'copy it first, or keep notes in memory';
    throw new Error(`it changes ${what}, and it may only look: ${instead}`);
  };
  const view = new Proxy<T>(whole, {
    get(target, key): unknown {
      // With the object itself as `this` of a getter.
      const part: unknown = Reflect.get(target, key);
      if (typeof part !== 'object' || part === null || Object.isFrozen(part)) return part;
      return guarded(part, where(key), views);
    },
    set: refuse,
    deleteProperty: refuse,
    defineProperty: refuse,
    setPrototypeOf: refuse,
    preventExtensions: refuse,
  });
  views.set(whole, view);
  return view;
}
