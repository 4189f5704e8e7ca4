/**
 * Lets the invariants and derived events of a workspace protocol read states without proxies, which
 * are slow. Their code reports each object before it changes it, and is stopped there if the object
 * belongs to a node.
 */
import type { Observation } from '../../protocol/types.ts';
import { nodeViews, type Nodes } from './node-views.ts';
import type { PlainTrees } from './plain-state.ts';
import { frozenStep, refuseToModify } from './read-only.ts';
import { isTraced, tracedWhole } from './traced-reads.ts';
import { targetOf } from './views.ts';
import { nodesBehind } from './watched.ts';
import { checkingWrites } from './written.ts';

/**
 * Calls `read` with an observation of which it may change only the memory. `readers` is the subject
 * of the message for any other change: `invariants`.
 */
export function readNodes<Result>(
  observation: Observation<unknown>,
  readers: string,
  states: PlainTrees,
  read: (observation: Observation<unknown>) => Result,
): Result {
  const behind = nodesBehind(observation);
  if (behind !== undefined) return readWatched(observation, behind, readers, states, read);
  const { nodes } = observation;
  knowStates(targetOf(nodes), states);
  const own = shownOf(observation);
  const shown = own.nodes as Nodes;
  const check = (target: object, key: string | undefined) => {
    const whole = targetOf(target);
    if (whole === own) last = undefined;
    const path = pathTo(whole, shown, states);
    if (path !== undefined) refuseToModify(key === undefined ? path : memberOf(path, key), readers);
  };
  return checkingWrites(check, () => read(tracedWhole(own, observation)));
}

/** The last observation, as it was shown: all invariants of a step observe the same one. */
let last: { readonly of: Observation<unknown>; readonly own: Shown } | undefined;

type Shown = { -readonly [Field in keyof Observation<unknown>]: Observation<unknown>[Field] };

/**
 * What code sees of an observation. It is made once for a step, with the memory of the invariant
 * that is checked: an object with a getter is slow to make, and code that reads objects of many
 * makes is slow too. Code that changes it gets another one the next time.
 */
function shownOf(observation: Observation<unknown>): Shown {
  const { nodes, acted, memory } = observation;
  const isNoted = isTraced(nodes);
  const shown: Nodes = isNoted ? nodes : nodeViews(nodes);
  const { events, message, invoked, answers } = frozenStep(observation);
  const known = last?.of === observation ? last.own : undefined;
  if (
    known?.nodes === shown && known.events === events && known.message === message
    && known.invoked === invoked && known.answers === answers
  ) {
    known.memory = memory;
    return known;
  }
  // One that is traced is among the views already, and a search through them would read each.
  const ownActed = isNoted ? acted : acted && shown[nodes.indexOf(acted)];
  const own: Shown = {
    nodes: shown,
    acted: ownActed,
    time: observation.time,
    memory,
    events,
    message,
    invoked,
    answers,
    get history() {
      return observation.history;
    },
  };
  last = { of: observation, own };
  return own;
}

/** Nothing is read here, because every read of a watched observation counts. */
function readWatched<Result>(
  observation: Observation<unknown>,
  nodes: Nodes,
  readers: string,
  states: PlainTrees,
  read: (observation: Observation<unknown>) => Result,
): Result {
  knowStates(nodes, states);
  const check = (target: object, key: string | undefined) => {
    const path = pathTo(targetOf(target), nodes, states);
    if (path !== undefined) refuseToModify(key === undefined ? path : memberOf(path, key), readers);
  };
  return checkingWrites(check, () => read(withOwnFields(observation)));
}

/** What any other observation has of its own: code may copy or list it. */
const fields: readonly (string | symbol)[] = [
  'nodes', 'acted', 'time', 'memory', 'events', 'message', 'invoked', 'answers', 'history',
] satisfies (keyof Observation)[];

/** The history of a watched observation is not its own, as it is of any other. */
function withOwnFields<Watched extends Observation<unknown>>(observation: Watched): Watched {
  return new Proxy(observation, {
    ownKeys: () => fields as (string | symbol)[],
    getOwnPropertyDescriptor: (target, key) => {
      if (!fields.includes(key)) return undefined;
      // What is only listed is not read.
      return Reflect.getOwnPropertyDescriptor(target, key)
        ?? { get: () => Reflect.get(target, key) as unknown, enumerable: true, configurable: true };
    },
  });
}

/** The states of the last observation: all invariants of a step observe the same. */
let known: readonly object[] = [];

/** Only states that were checked are known to be states. A fork has states that were not. */
function knowStates(nodes: Nodes, states: PlainTrees): void {
  let isKnown = nodes.length === known.length;
  for (let i = 0; isKnown && i < nodes.length; i++) isKnown = nodes[i].state === known[i];
  if (isKnown) return;
  known = nodes.map(({ state }) => state as object);
  for (const state of known) if (!states.has(state)) states.check(state);
}

/** As code says it: `nodes[0]`, `nodes[0].state`. */
function memberOf(path: string, key: string | number): string {
  return /^\d+$/.test(String(key)) ? `${path}[${key}]` : `${path}.${key}`;
}

/** Where an object is in the nodes: `nodes[0].state.list`; undefined if it is not in them. */
function pathTo(target: object, nodes: Nodes, states: PlainTrees) {
  if (target === targetOf(nodes)) return 'nodes';
  const view = nodes.findIndex((node) => targetOf(node) === target);
  if (view >= 0) return `nodes[${view}]`;
  if (!states.has(target)) return undefined;
  for (const [index, { state }] of nodes.entries()) {
    const path = states.pathTo(target, targetOf(state));
    if (path === undefined) continue;
    return path.reduce<string>(memberOf, `nodes[${index}].state`);
  }
  return 'a state';
}
