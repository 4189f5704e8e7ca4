/** `lockstep explore --nearest`: the nearest run that does not break, beside one that does. */
import { type Change, nearestHolding } from '../../explore/nearest/nearest.ts';
import { violatingRun } from '../../explore/nearest/of-finding.ts';
import { changeText } from '../../explore/nearest/words.ts';
import { stepInTime } from '../../dap/process/run-limit.ts';
import type { Loaded } from '../load.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import type { Terminal } from '../terminal.ts';
import { isOfScenario } from '../../explore/find/request.ts';
import { formatDuration } from '../../kernel/text/duration.ts';
import type { Found } from './found.ts';
import { lasting, nearestMsMost } from './request.ts';

/** What is different in it first, in words as well; null if none of so many runs holds. */
export interface Nearest {
  readonly nearest: (Change & { readonly text: string }) | null;
  readonly tried: number;
  /** There were more to try, but no time. */
  readonly isCutShort?: true;
}

/** Undefined if the promise is an option of the command, or the start itself breaks it. */
export async function nearestTo(
  { scenario, code }: Loaded & { readonly scenario: Scenario },
  { subject, setup, actions, hasOwnSteps }: Found,
  terminal: Terminal,
): Promise<Nearest | undefined> {
  if (!isOfScenario(subject)) return undefined;
  const violating = violatingRun(scenario, { setup, actions, subject, hasOwnSteps });
  if (violating === undefined) return undefined;
  const all = nearestHolding(violating);
  const isOver = lasting(nearestMsMost);
  let tried = 0;
  for (;;) {
    if (isOver()) return { nearest: null, tried, isCutShort: true };
    const next = code === undefined ? all.next()
      : stepInTime(scenario.file, actions.length, () => all.next());
    if (!next.done) {
      tried = next.value;
      await terminal.rest?.();
      continue;
    }
    const found = next.value;
    if (found === undefined) return { nearest: null, tried };
    return { nearest: { ...found.change, text: changeText(found.change) }, tried: found.tried };
  }
}

export function nearestText({ nearest, tried, isCutShort }: Nearest): string {
  const most = isCutShort ? `, in ${formatDuration(nearestMsMost * 1_000)}` : '';
  const what = nearest === null
    ? `none of ${tried} runs that differ in the place of one action keeps the promise to the end` +
      most
    : `the nearest run that keeps the promise: ${nearest.text}`;
  return `    ${what}\n`;
}
