/** What reads at a server promise, by its settings; invariants check it. */
import { leaderOf } from './leader.ts';
import { quorumsOf } from './quorum.ts';
import type { Promised, ServerNode } from './data/state.ts';

/**
 * `atomic`: all operations take effect in one order, each between its invocation and its response.
 * `regular` (Lamport 1986): a read returns the last completed write or one that overlaps it, but
 * the next read may return an older one again. `nothing`: a read may be stale.
 */
export function promiseOf(node: ServerNode): Promised {
  const { options, id, peers } = node;
  switch (options.replication) {
    case 'single':
      return 'atomic';
    case 'leader':
      if (leaderOf(node) === id) return 'atomic';
      // A write is answered only when all followers have it.
      return options.synchronousFollowers >= peers.length ? 'regular' : 'nothing';
    case 'quorum': {
      const { n, r, w } = quorumsOf(options, node.nodes('server').length);
      // A stand-in is in no other quorum, so they need not intersect.
      if (r + w <= n || options.sloppy) return 'nothing';
      return options.writeBack ? 'atomic' : 'regular';
    }
    default:
      return 'nothing';
  }
}
