/** What an invariant or a fact is given of a moment: nodes to look at, which it cannot change. */
import type { Effects } from '../kernel/effects.ts';
import type { World } from '../kernel/world.ts';
import type { Observation } from '../protocol/types.ts';

/**
 * A view that refuses changes makes a check several times as slow. So the first steps are guarded,
 * and then some; which ones depends on nothing but their number.
 */
function isGuarded(step: number): boolean {
  return step < 64 || (step & 1_023) === 0;
}

export function observationOf(
  world: World,
  effects: Effects,
  memory: unknown,
): Observation<unknown> {
  const { time, step } = world;
  const nodes = isGuarded(step) ? guarded(world.nodes, 'nodes', new WeakMap()) : world.nodes;
  return { nodes, acted: effects.acted < 0 ? undefined : nodes[effects.acted], time, memory };
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
