/** The rank of a node, computed again only after the node may have changed. */
import { lookProblemText } from '../text/look-text.ts';
import type { Cast } from '../plan.ts';
import type { Rank } from '../seam/moment.ts';
import { inspectRank } from './look.ts';

/** Conditions read a rank at every step, of nodes that most steps do not change. */
export class KnownRank {
  /** Whether a handler of the node runs, which may change the state at any statement. */
  isHandling = false;
  private rank: Rank | undefined;

  of(cast: Cast, state: Readonly<Record<string, unknown>>): Rank {
    if (this.isHandling) return read(cast, state);
    return (this.rank ??= read(cast, state));
  }

  /** The node is about to change. */
  forget(): void {
    this.rank = undefined;
  }
}

function read(cast: Cast, state: Readonly<Record<string, unknown>>): Rank {
  const { look, problem } = inspectRank(cast, state);
  if (problem === undefined) return look;
  return { ...look, problem: lookProblemText(problem, cast.roleName, cast.id) };
}
