/** Loops of a script that only add up: they are how scripts spend time. */
import type { Frame, Machine } from './machine.ts';
import { compute, isArithmetic } from './operators.ts';
import type { Statement } from './syntax.ts';

/** Returns false if a variable is not a number; then the loop runs like any other. */
type Sum = (machine: Machine, frame: Frame, first: number, last: number, step: number) => boolean;

/** `for i = 1, n do x = x + i end` without a call per round; undefined for other loops. */
export function sumOf({ variable, block }: Extract<Statement, { type: 'count' }>): Sum | undefined {
  const [only] = block;
  if (block.length !== 1 || only.type !== 'assign') return undefined;
  const [target] = only.targets;
  const [value] = only.values;
  if (only.targets.length !== 1 || only.values.length !== 1) return undefined;
  if (target.type !== 'local' || value.type !== 'binary') return undefined;
  const { operator, left, right } = value;
  if (!isArithmetic(operator) || left.type !== 'local' || right.type !== 'local') return undefined;
  if (left.variable !== target.variable || right.variable !== variable) return undefined;
  const { slot } = target.variable;
  if (target.variable.isCaptured || variable.isCaptured || variable === target.variable) {
    return undefined;
  }
  return (machine, { slots }, first, last, step) => {
    let total = slots[slot];
    if (typeof total !== 'number' || step === 0) return false;
    machine.count(2 * Math.max(0, Math.floor((last - first) / step) + 1));
    if (operator === '+') {
      for (let i = first; step > 0 ? i <= last : i >= last; i += step) total += i;
    } else {
      for (let i = first; step > 0 ? i <= last : i >= last; i += step) {
        total = compute(operator, total, i);
      }
    }
    slots[slot] = total;
    return true;
  };
}
