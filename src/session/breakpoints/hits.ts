/** Hit conditions of breakpoints: `5`, `>= 5`, `% 10`. */

export type HitRule = (hit: number) => boolean;

const comparisons: Readonly<Record<string, (hit: number, count: number) => boolean>> = {
  '': (hit, count) => hit === count,
  '=': (hit, count) => hit === count,
  '==': (hit, count) => hit === count,
  '>': (hit, count) => hit > count,
  '>=': (hit, count) => hit >= count,
  '<': (hit, count) => hit < count,
  '<=': (hit, count) => hit <= count,
  '%': (hit, count) => count > 0 && hit % count === 0,
};

/** Undefined if the string is not a hit condition. */
export function parseHitRule(text: string): HitRule | undefined {
  const match = /^\s*(==?|>=?|<=?|%|)\s*(\d+)\s*$/.exec(text);
  if (!match) return undefined;
  const compare = comparisons[match[1]];
  const count = Number(match[2]);
  return (hit) => compare(hit, count);
}

/**
 * The moments of a branch at which a breakpoint was hit, in order. A moment keeps its number when
 * the run is replayed over it, so that going back does not change hit counts.
 */
export class Hits {
  private readonly hits = new Map<number, number[]>();

  /** Which hit this moment is, counted from 1. */
  count(branch: number, moment: number): number {
    const moments = this.of(branch);
    let low = 0;
    let high = moments.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (moments[middle] < moment) low = middle + 1;
      else high = middle;
    }
    if (moments[low] !== moment) moments.splice(low, 0, moment);
    return low + 1;
  }

  /** A new branch has the hits of its parent up to the moment at which it begins. */
  branch(from: number, to: number, until: number): void {
    this.hits.set(
      to,
      this.of(from).filter((moment) => moment <= until),
    );
  }

  private of(branch: number): number[] {
    let moments = this.hits.get(branch);
    if (!moments) this.hits.set(branch, (moments = []));
    return moments;
  }
}
