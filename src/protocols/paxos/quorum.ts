/** How many acceptors are a quorum, for proposers and learners. */
import { majority } from '../../protocol/patterns.ts';

interface Counting {
  readonly options: { readonly quorum: string };
  nodes(role: string): readonly string[];
}

/** Any two majorities have an acceptor in common (§2.2); sets that are smaller may have none. */
export function quorum(node: Counting): number {
  const needed = majority(node.nodes('acceptor').length);
  return node.options.quorum === 'majority' ? needed : Math.max(1, needed - 1);
}
