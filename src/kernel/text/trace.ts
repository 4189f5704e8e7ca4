/** A recorded run as text, a line an action, and back. */
import type { Action } from '../action.ts';
import { formatMoment, parseMoment } from './duration.ts';
import { actionText, parseAction } from './action-text.ts';

export interface TraceProblem {
  /** Counted from 1. */
  line: number;
  message: string;
}

/**
 * `0.012345s deliver n1->n3#4`, and ` (step 3)` behind it where the scenario's step 3 asked for it.
 */
export function traceLine(action: Action): string {
  const step = action.step === undefined ? '' : ` (step ${action.step})`;
  return `${formatMoment(action.at)} ${actionText(action)}${step}`;
}

export function formatTrace(actions: Iterable<Action>): string {
  let text = '';
  for (const action of actions) text += `${traceLine(action)}\n`;
  return text;
}

/**
 * The actions of a trace, and what is wrong with it; blank lines and lines with `#` first are
 * passed over.
 */
export function parseTrace(text: string): { actions: Action[]; problems: TraceProblem[] } {
  const actions: Action[] = [];
  const problems: TraceProblem[] = [];
  text.split('\n').forEach((line, index) => {
    if (line.trim() === '' || line.startsWith('#')) return;
    const match = /^(\S+) (.*?)(?: \(step (\d+)\))?$/.exec(line.trimEnd());
    const at = match ? parseMoment(match[1]) : undefined;
    const action = match ? parseAction(match[2]) : undefined;
    if (!match || at === undefined || action === undefined) {
      const form = 'expected a moment and an action, as in "0.012345s deliver n1->n3#4"';
      const message = `${form}: ${line}`;
      problems.push({ line: index + 1, message });
      return;
    }
    actions.push({ ...action, at, ...(match[3] ? { step: Number(match[3]) } : {}) });
  });
  return { actions, problems };
}
