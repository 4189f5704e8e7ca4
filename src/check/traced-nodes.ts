/** Nodes that note which fields are read of them: what an invariant sees in some of the steps. */
import { noteView } from '../code/limits/views.ts';
import type { Observed } from '../protocol/types.ts';

/** Called with a field that an object lacks, and the path to the object from a node's state. */
export type Missed = (path: string, field: string) => void;
/** Called with an object that is read. */
export type Visited = (path: string, object: object) => void;

/** The path of a node itself, which has other fields than its state. */
export const ofNode = 'node';
export const ofState = 'state';

/** One view per object, so that two reads of a node return the same one. */
export function tracedNode<Node extends Observed>(
  node: Node,
  missed: Missed,
  visited: Visited,
): Node {
  const views = new WeakMap<object, object>();
  return new Proxy(node, {
    get(target, key): unknown {
      // Without a receiver, a getter runs on the node itself instead of on this view.
      const value: unknown = Reflect.get(target, key);
      if (key === 'state') return traced(target.state, ofState, { missed, visited, views });
      if (typeof key === 'string' && !(key in target)) missed(ofNode, key);
      return value;
    },
  });
}

/** A state that notes the same. */
export function tracedState<State extends object>(
  state: State,
  missed: Missed,
  visited: Visited,
): State {
  return traced(state, ofState, { missed, visited, views: new WeakMap() });
}

interface Trace {
  readonly missed: Missed;
  readonly visited: Visited;
  readonly views: WeakMap<object, object>;
}

function traced<Part extends object>(whole: Part, path: string, trace: Trace): Part {
  const known = trace.views.get(whole);
  if (known !== undefined) return known as Part;
  const isList = Array.isArray(whole);
  if (!isList) trace.visited(path, whole);
  const view = new Proxy(whole, {
    get(target, key): unknown {
      const part: unknown = Reflect.get(target, key);
      if (typeof key !== 'string') return part;
      if (part === undefined && !(key in target)) trace.missed(path, key);
      const isObject = typeof part === 'object' && part !== null;
      // A view must return the parts of a frozen object as they are.
      if (!isObject || Object.isFrozen(part) || Object.isFrozen(target)) return part;
      return traced(part, isList ? `${path}[]` : `${path}.${key}`, trace);
    },
  });
  trace.views.set(whole, view);
  return noteView(view, whole);
}
