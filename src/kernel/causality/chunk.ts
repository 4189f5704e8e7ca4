/**
 * A stretch of a run with the clocks of its events. What it keeps for good is small: the clocks of
 * all nodes before its first step, and those of messages that were under way. Everything else is
 * computed again when it is read.
 */
import type { Occurrence } from '../seam/causality.ts';

/** The last event of each node before a chunk. */
export interface Base {
  readonly vectors: Int32Array;
  readonly lamports: Int32Array;
  /** −1 for a node that had no event. */
  readonly steps: Int32Array;
}

/** The events of a chunk, by the position of their step in it. The lists grow with the chunk. */
export interface Content {
  /** The node that acted; −1 if none did. */
  actors: Int16Array;
  lamports: Int32Array;
  vectors: Int32Array;
  /** The position of the last event of each node; −1 for those in the base. */
  readonly last: Int32Array;
}

export class Chunk {
  /** How many of its steps are known. */
  count = 0;
  content: Content | undefined;
  /** Clocks from before the chunk that messages brought into it, by step and node. */
  readonly imports = new Map<number, Occurrence | undefined>();

  /** Its steps follow `from`; its events are those of the first `nodes` nodes. */
  constructor(
    readonly from: number,
    readonly nodes: number,
    readonly base: Base,
  ) {}

  emptyContent(room: number): Content {
    return {
      actors: new Int16Array(room),
      lamports: new Int32Array(room),
      vectors: new Int32Array(room * this.nodes),
      last: new Int32Array(this.nodes).fill(-1),
    };
  }

  /** Doubles the lists if the next step has no room: most runs are far shorter than a chunk. */
  makeRoom(content: Content): void {
    const room = content.actors.length;
    if (this.count < room) return;
    const { actors, lamports, vectors } = this.emptyContent(2 * room);
    actors.set(content.actors);
    lamports.set(content.lamports);
    vectors.set(content.vectors);
    Object.assign(content, { actors, lamports, vectors });
  }

  /** The last event of a node before the chunk. */
  before(node: number): Occurrence | undefined {
    const { base, nodes } = this;
    if (node >= nodes || base.steps[node] < 0) return undefined;
    const vector = Array.from(base.vectors.subarray(node * nodes, (node + 1) * nodes));
    return { node, step: base.steps[node], lamport: base.lamports[node], vector };
  }

  event({ actors, lamports, vectors }: Content, position: number): Occurrence {
    const { nodes, from } = this;
    const vector = Array.from(vectors.subarray(position * nodes, (position + 1) * nodes));
    const step = from + 1 + position;
    return { node: actors[position], step, lamport: lamports[position], vector };
  }

  /** The last event of a node up to a step of the chunk, or before the chunk. */
  latest(content: Content, node: number, step: number): Occurrence | undefined {
    for (let at = step - this.from - 1; at >= 0; at--) {
      if (content.actors[at] === node) return this.event(content, at);
    }
    return this.before(node);
  }

  /** The first event of a node that knows `first`, or is it. */
  firstThatKnows(
    content: Content,
    node: number,
    first: Occurrence,
  ): Occurrence | undefined {
    const { nodes, count } = this;
    const { actors, vectors } = content;
    if (first.node >= nodes) return undefined;
    const least = first.vector[first.node];
    for (let at = 0; at < count; at++) {
      if (actors[at] === node && vectors[at * nodes + first.node] >= least) {
        return this.event(content, at);
      }
    }
    return undefined;
  }

  /** The base of the chunk that follows it, for the first `nodes` nodes. */
  baseAfter(content: Content, nodes: number): Base {
    const base = emptyBase(nodes);
    for (let node = 0; node < this.nodes; node++) {
      const at = content.last[node];
      const event = at < 0 ? this.before(node) : this.event(content, at);
      if (event) fill(base, nodes, event);
    }
    return base;
  }
}

function emptyBase(nodes: number): Base {
  return {
    vectors: new Int32Array(nodes * nodes),
    lamports: new Int32Array(nodes),
    steps: new Int32Array(nodes).fill(-1),
  };
}

function fill(base: Base, nodes: number, { node, step, lamport, vector }: Occurrence): void {
  base.vectors.set(vector, node * nodes);
  base.lamports[node] = lamport;
  base.steps[node] = step;
}

/** The base of these events, at most one of each of `nodes` nodes. */
export function baseOf(nodes: number, events: readonly (Occurrence | undefined)[]): Base {
  const base = emptyBase(nodes);
  for (const event of events) if (event) fill(base, nodes, event);
  return base;
}
