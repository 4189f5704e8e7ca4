/** An action with its time as one line of a trace, and back. */
import type { Action } from '../action.ts';
import { actionText, parseAction } from './action-text.ts';
import { formatTime, parseTime } from './duration.ts';

/** `0.012345s deliver n1->n3#4`, then ` (step 3)` if step 3 of the scenario requested it. */
export function traceLine(action: Action): string {
  const step = action.step === undefined ? '' : ` (step ${action.step})`;
  return `${formatTime(action.at)} ${actionText(action)}${step}`;
}

/** The action that `traceLine` wrote; undefined for any other line. */
export function parseTraceLine(line: string): Action | undefined {
  const [time] = line.split(' ', 1);
  const at = parseTime(time);
  const step = / \(step (\d{1,9})\)$/.exec(line);
  const action = parseAction(line.slice(time.length, step?.index ?? line.length));
  if (at === undefined || action === undefined) return undefined;
  return { ...action, at, ...(step && { step: Number(step[1]) }) };
}
