/** An action with its time as one line of a trace, and back. */
import type { Action } from '../action.ts';
import { actionText, parseAction } from './action-text.ts';
import { formatTime, parseTime } from './duration.ts';

/**
 * `0.012345s deliver n1->n3#4`, then ` (draws 2 0)` if these numbers were chosen for its handler,
 * and ` (step 3)` if step 3 of the scenario requested it.
 */
export function traceLine(action: Action): string {
  const step = action.step === undefined ? '' : ` (step ${action.step})`;
  const draws = action.draws === undefined ? '' : ` (draws ${action.draws.join(' ')})`;
  return `${formatTime(action.at)} ${actionText(action)}${draws}${step}`;
}

/** The action that `traceLine` wrote; undefined for any other line. */
export function parseTraceLine(line: string): Action | undefined {
  const [time] = line.split(' ', 1);
  const at = parseTime(time);
  const step = / \(step (\d{1,9})\)$/.exec(line);
  const rest = line.slice(0, step?.index ?? line.length);
  const drawn = / \(draws (\d{1,16}(?: \d{1,16})*)\)$/.exec(rest);
  const action = parseAction(rest.slice(time.length, drawn?.index ?? rest.length));
  if (at === undefined || action === undefined) return undefined;
  return {
    ...action,
    at,
    ...(step && { step: Number(step[1]) }),
    ...(drawn && { draws: drawn[1].split(' ').map(Number) }),
  };
}
