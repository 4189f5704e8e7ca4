/** The interval that a node's role shows, when the node's own clock has a certain reading. */
import type { IntervalLook } from '../../protocol/look.ts';
import type { Micros } from '../../protocol/types.ts';

export interface Interval {
  readonly earliest: Micros;
  readonly latest: Micros;
  /** Half of its width. */
  readonly uncertainty: Micros;
}

export function intervalAt(
  { correction, uncertainty: atFirst, at, growth }: IntervalLook,
  clock: Micros,
): Interval {
  const uncertainty = atFirst + Math.ceil(Math.max(0, clock - at) * growth);
  const middle = clock + correction;
  return { earliest: middle - uncertainty, latest: middle + uncertainty, uncertainty };
}
