/** What the readers of a workspace protocol see of its nodes. */
import type { Observed } from '../../protocol/types.ts';

/** What readers see of a node. The node itself has parts that no reader may change. */
class NodeView implements Observed {
  constructor(readonly node: Observed) {
    Object.freeze(this);
  }

  get id() {
    return this.node.id;
  }

  get role() {
    return this.node.role;
  }

  get up() {
    return this.node.up;
  }

  get state() {
    return this.node.state;
  }
}

export type Nodes = readonly Observed[];

/** The views of a world's nodes: made once, because a read of a node must cost next to nothing. */
const viewsOf = new WeakMap<Nodes, readonly NodeView[]>();

export function nodeViews(nodes: Nodes): Nodes {
  const known = viewsOf.get(nodes);
  if (known !== undefined && isUpToDate(known, nodes)) return known;
  const made = Object.freeze(nodes.map((node) => new NodeView(node)));
  viewsOf.set(nodes, made);
  return made;
}

function isUpToDate(known: readonly NodeView[], nodes: Nodes): boolean {
  if (known.length !== nodes.length) return false;
  for (let i = 0; i < nodes.length; i++) if (known[i].node !== nodes[i]) return false;
  return true;
}
