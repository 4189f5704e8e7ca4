/** Which workloads a nemesis accompanies. */
import type { Step } from '../scenario.ts';

/** The `repeat`s between a nemesis and the next one, by their indices. */
export function workloadsOf(steps: readonly Step[], nemesis: number): number[] {
  const found: number[] = [];
  for (let index = nemesis + 1; index < steps.length; index++) {
    const { type } = steps[index].command;
    if (type === 'nemesis') break;
    if (type === 'repeat') found.push(index);
  }
  return found;
}
