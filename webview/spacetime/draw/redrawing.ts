/** When a run that is read in parts is drawn anew. */

import type { Lane } from '../lane.ts';

const everyMs = 150;
const everyShare = 1.15;

/**
 * To draw anew takes as long as the run that is read so far. After parts that make it longer by a
 * share, all drawings together cost so many times the whole, and not its square.
 */
export class Redrawing {
  private shownAt = 0;
  private shownSteps = 0;

  isDue(lanes: readonly Lane[], now: number): boolean {
    const read = lanes.reduce((sum, { count }) => sum + count, 0);
    const isOther = read < this.shownSteps;
    const isMore = now - this.shownAt >= everyMs && read >= this.shownSteps * everyShare;
    if (!isOther && !isMore && !lanes.every((lane) => lane.isWhole)) return false;
    this.shownAt = now;
    this.shownSteps = read;
    return true;
  }
}
