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
  private shown: readonly Lane[] = [];

  isDue(lanes: readonly Lane[], now: number): boolean {
    const read = lanes.reduce((sum, { count }) => sum + count, 0);
    // Another run may be as long so far as what was drawn.
    const isOther =
      lanes.length !== this.shown.length || lanes.some((lane, index) => lane !== this.shown[index]);
    const isMore = now - this.shownAt >= everyMs && read >= this.shownSteps * everyShare;
    if (!isOther && !isMore && !lanes.every((lane) => lane.isWhole)) return false;
    this.shownAt = now;
    this.shownSteps = read;
    this.shown = [...lanes];
    return true;
  }
}
