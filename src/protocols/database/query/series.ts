/** The rows of generate_series. */
import type { Bound } from '../expressions/bound.ts';
import { type Env, isStop } from '../expressions/scope.ts';
import { sqlError } from '../sql/errors.ts';
import type { Rows } from './execution.ts';

/** The numbers from the first bound to the second, by the third or by 1. */
export function series(bounds: readonly Bound[], env: Env): Rows {
  let next: number | undefined;
  return () => {
    const numbers: number[] = [];
    for (const bound of bounds) {
      const value = bound.value(env);
      if (isStop(value)) return value;
      if (value === null) return null;
      numbers.push(Number(value));
    }
    const [from, to, by = 1] = numbers;
    if (by === 0) return sqlError('22023', 'step size cannot equal zero');
    next = next === undefined ? from : next + by;
    return (by > 0 ? next > to : next < to) ? null : [next];
  };
}
