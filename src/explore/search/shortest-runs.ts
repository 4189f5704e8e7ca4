/**
 * Depth-first with a limit of the depth: the length of the shortest run to each state so far. A
 * shorter one leaves more to explore, so that the state is visited again.
 */

/** What a number in a set takes, roughly. */
const cutBytes = 40;

export class ShortestRuns {
  private readonly lengths = [0];
  /** The states at the limit, as long as no shorter run to them is explored. */
  private readonly cut = new Set<number>();

  get bytes(): number {
    return this.lengths.length * 8 + this.cut.size * cutBytes;
  }

  /** Whether the limit leaves out any state. */
  get isAnyCut(): boolean {
    return this.cut.size > 0;
  }

  /** Whether a run is the shortest to its state so far. It is noted. */
  isShorter(state: number, length: number): boolean {
    if (this.lengths[state] <= length) return false;
    this.lengths[state] = length;
    return true;
  }

  /** Whether the state was reached by a shorter run than that. */
  isOld(state: number, length: number): boolean {
    return length > this.lengths[state];
  }

  leaveOut(state: number): void {
    this.cut.add(state);
  }

  explore(state: number): void {
    this.cut.delete(state);
  }
}
