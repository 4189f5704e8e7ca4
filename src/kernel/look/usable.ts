/** Values that `look` returned, as far as a panel can show them. */
import type { Json } from '../../protocol/types.ts';
import { isPlain, shown } from '../data/shown.ts';
import type { LookProblem } from './problem.ts';

/** Notes that a field is wrong. Returns an empty object, as nothing of it is shown. */
export function wrong(
  problems: LookProblem[],
  field: string,
  value: unknown,
  expected: string,
): object {
  problems.push({ type: 'field', field, found: shown(value, 60), expected });
  return {};
}

/** A value as it is if that is a small one, otherwise as a short string. */
export function usable(field: string, value: unknown, problems: LookProblem[]): Json {
  const size = sizeOf(value, 0);
  if (size <= sizeMost) return value as Json;
  if (size === notPlain) wrong(problems, field, value, 'plain data');
  return shown(value);
}

const sizeMost = 1_000;
const tooLarge = sizeMost + 1;
const notPlain = Infinity;

/** How many values there are in plain data, counted up to `tooLarge`; `notPlain` for other data. */
function sizeOf(value: unknown, depth: number): number {
  if (typeof value === 'string') return value.length > sizeMost ? tooLarge : 1;
  if (typeof value !== 'object' || value === null) {
    return ['function', 'symbol', 'bigint'].includes(typeof value) ? notPlain : 1;
  }
  // A value that refers to itself has no end.
  if (depth > 100 || !(Array.isArray(value) || isPlain(value))) return notPlain;
  let size = 1;
  for (const key in value) {
    size += sizeOf((value as Readonly<Record<string, unknown>>)[key], depth + 1);
    if (size > sizeMost) return size === notPlain ? notPlain : tooLarge;
  }
  return size;
}
