/**
 * Depth-first with a limit of the depth: the length of the shortest run to each state so far. A
 * shorter one leaves more to explore, so that the state is visited again.
 */
export class ShortestRuns {
  /** By state: twice the length, and one more while the limit leaves out what follows the state. */
  private readonly lengths = [0];
  private cuts = 0;

  get bytes(): number {
    return this.lengths.length * 8;
  }

  /** Whether the limit leaves out any state. */
  get isAnyCut(): boolean {
    return this.cuts > 0;
  }

  /** Whether a run is the shortest to its state so far. It is noted. */
  isShorter(state: number, length: number): boolean {
    const known = this.lengths[state];
    if (known !== undefined && known >> 1 <= length) return false;
    this.lengths[state] = length * 2 + (known === undefined ? 0 : known & 1);
    return true;
  }

  /** Whether the state was reached by a shorter run than that. */
  isOld(state: number, length: number): boolean {
    return length > this.lengths[state] >> 1;
  }

  /** The state is at the limit, until a shorter run to it is explored. */
  leaveOut(state: number): void {
    if ((this.lengths[state] & 1) === 1) return;
    this.lengths[state]++;
    this.cuts++;
  }

  explore(state: number): void {
    if ((this.lengths[state] & 1) === 0) return;
    this.lengths[state]--;
    this.cuts--;
  }
}
