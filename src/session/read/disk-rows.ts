/** What *Variables* shows of a disk that is slow or stalled, and of the writes that wait for it. */
import type { Moment } from '../../kernel/seam/moment.ts';
import { exactSecondsText, exactTimeText } from '../../kernel/text/duration.ts';
import { plainRow, type Variable, variableOf } from './variables.ts';

/** Empty if writes of the node reach the disk at once. */
export function diskRows({ nodes, time, wording }: Moment, node: number): Variable[] {
  const { slow, stalledUntil, writes } = nodes[node].fsync;
  const rows: Variable[] = [];
  if (stalledUntil > time) rows.push(plainRow('stalled', untilText(stalledUntil)));
  if (slow > 0) rows.push(plainRow('fsync', `takes ${exactTimeText(slow)}`));
  for (const { fields, cause, outputs } of writes) {
    const row = variableOf(`write of step ${cause}`, fields, { units: wording.units });
    const count = outputs.length;
    const waits = count === 0 ? '' : `  ${count} to send after it`;
    rows.push({ ...row, value: `${row.value}${waits}`, virtual: true });
  }
  return rows;
}

function untilText(time: number): string {
  const isLasting = time === Number.MAX_SAFE_INTEGER;
  return isLasting ? 'until a command ends it' : `until ${exactSecondsText(time)}`;
}
