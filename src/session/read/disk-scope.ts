/** What *Variables* shows of a disk that is slow or stalled, and of the writes that wait for it. */
import type { Moment } from '../../kernel/seam/moment.ts';
import { exactSecondsText, formatDuration } from '../../kernel/text/duration.ts';
import type { FrameScope } from './scopes.ts';
import { plainRow, rowsOf, type Variable, variableOf } from './variables.ts';

/** Undefined if writes of the node reach the disk at once. */
export function diskScope({ nodes, time, wording }: Moment, node: number): FrameScope | undefined {
  const { slow, stalledUntil, writes } = nodes[node].fsync;
  const rows: Variable[] = [];
  if (stalledUntil > time) rows.push(plainRow('stalled', untilText(stalledUntil)));
  if (slow > 0) rows.push(plainRow('fsync', `takes ${formatDuration(slow)}`));
  for (const { fields, cause, outputs } of writes) {
    const row = variableOf(`write of step ${cause}`, fields, { units: wording.units });
    const count = outputs.length;
    const waits = count === 0 ? '' : `  ${count} ${count === 1 ? 'message waits' : 'messages wait'}`;
    rows.push({ ...row, value: `${row.value}${waits}`, virtual: true });
  }
  if (rows.length === 0) return undefined;
  return { name: 'Disk', expensive: false, children: rowsOf(rows.length, () => rows) };
}

function untilText(time: number): string {
  return time === Number.MAX_SAFE_INTEGER ? 'until a command ends it' : `until ${exactSecondsText(time)}`;
}
