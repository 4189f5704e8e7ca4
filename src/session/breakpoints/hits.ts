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

/** Undefined where the text is no hit condition. */
export function parseHitRule(text: string): HitRule | undefined {
  const match = /^\s*(==?|>=?|<=?|%|)\s*(\d+)\s*$/.exec(text);
  if (!match) return undefined;
  const compare = comparisons[match[1]];
  const count = Number(match[2]);
  return (hit) => compare(hit, count);
}

export const hitRuleExpected = 'a hit condition is a count, such as `5`, `>= 5` or `% 10`';

/**
 * The moments of a branch at which a breakpoint was met, in order: a moment keeps its place among
 * them however often it is passed, forwards or backwards.
 */
export class Hits {
  private readonly met = new Map<number, number[]>();

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

  /** A branch begins with what was met before it. */
  branch(from: number, to: number, until: number): void {
    this.met.set(
      to,
      this.of(from).filter((moment) => moment <= until),
    );
  }

  private of(branch: number): number[] {
    let moments = this.met.get(branch);
    if (!moments) this.met.set(branch, (moments = []));
    return moments;
  }
}
