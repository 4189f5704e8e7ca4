/** A nemesis must have an end. */
import type { Step } from '../scenario.ts';
import { workloadsOf } from '../workload/order.ts';
import type { Problems } from './positions.ts';

/** A nemesis ends after a time, or with the workloads that follow it. */
export function checkEnds(steps: readonly Step[], problems: Problems): void {
  for (const { index, command, range } of steps) {
    if (command.type !== 'nemesis' || command.for !== undefined) continue;
    if (workloadsOf(steps, index).length > 0) continue;
    problems.list.push({
      ...range,
      severity: 'error',
      code: 'endless-nemesis',
      message: 'the nemesis has no end',
      hint: 'write `for 30s` at the end of its line, or let a `repeat` follow it',
    });
  }
}
