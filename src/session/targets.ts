/** Where a step can lead instead of to the next action, and when a scenario line began. */
import type { Action } from '../kernel/action.ts';
import { formatDuration } from '../kernel/text/duration.ts';
import { Message, type Pending } from '../kernel/pending.ts';
import { actionText } from '../kernel/text/action-text.ts';
import type { World } from '../kernel/world.ts';
import { handlerOf } from '../kernel/next-handler.ts';
import { possibleActions } from '../kernel/possible.ts';
import { actionName, momentText } from './read/names.ts';
import type { Branch, Session } from './session.ts';

export type StepTarget =
  /** Runs until the message is delivered. */
  | { readonly type: 'follow'; readonly label: string; readonly message: Message }
  /** Takes this action now instead of the next one. */
  | { readonly type: 'take'; readonly label: string; readonly action: Action | Pending };

/** How many are offered: a list that a person can read. */
const offeredMost = 40;

/** The next action first, then the messages that the last one sent, then what else is possible. */
export function stepTargets(session: Session): StepTarget[] {
  if (session.entered !== null) return targetsInside(session);
  const { world } = session;
  const next = session.next();
  const fresh = world.queue.items.filter(
    (one): one is Message =>
      one instanceof Message && one.cause === session.step && session.step > 0,
  );
  const follow = fresh
    .sort((a, b) => a.at - b.at || a.tie - b.tie)
    .map((message): StepTarget => {
      return { type: 'follow', label: followLabel(world, message), message };
    });
  const taken = next && actionText(next);
  const others = possibleActions(world)
    .filter((one) => actionText(one) !== taken)
    .map((action): StepTarget => {
      return { type: 'take', label: `instead: ${actionName(world, action)}`, action };
    });
  const first: StepTarget[] = next
    ? [{ type: 'take', label: `next: ${actionName(world, next)}`, action: next }]
    : [];
  return [...first, ...follow, ...others].slice(0, offeredMost);
}

/** Inside of a handler: the messages that it sent so far. */
function targetsInside({ trace, line }: Session): StepTarget[] {
  if (trace === undefined || line < 0) return [];
  const { moment, effects } = trace.at(line);
  return effects.sent
    .filter(({ lost }) => lost === '')
    .slice(0, offeredMost)
    .map((message) => ({ type: 'follow', label: followLabel(moment, message), message }));
}

function followLabel(world: World, message: Message): string {
  const left = formatDuration(Math.max(0, message.at - world.time));
  return `follow: ${actionName(world, message)} (in ${left})`;
}

/** Whether taking an action runs a handler that can be entered. */
export function entersHandler(session: Session, action: Action | Pending): boolean {
  return handlerOf(session.world, action) !== undefined;
}

export interface GotoTarget {
  readonly label: string;
  readonly branch: Branch;
  readonly step: number;
}

/** The moments at which a step of the scenario began, on each branch that holds them itself. */
export function gotoTargets(session: Session, index: number): GotoTarget[] {
  return session.branches.flatMap((branch): GotoTarget[] => {
    const step = beginOf(session, branch, index);
    if (step === undefined || (branch.parent !== null && step < branch.run.base)) return [];
    const where = branch.number === 0 ? '' : ` on branch ${branch.number}`;
    const label = `before it, at ${momentText(branch.run.time(step))}${where}`;
    return [{ label, branch, step }];
  });
}

/** The first moment at which this step of the scenario, or a later one, is the one under way. */
function beginOf({ script }: Session, { run }: Branch, index: number): number | undefined {
  const isThere = (step: number) => script.position(run.at(step)) >= index;
  if (!isThere(run.length)) return undefined;
  let [before, there] = [-1, run.length];
  while (there - before > 1) {
    const middle = (before + there) >> 1;
    if (isThere(middle)) there = middle;
    else before = middle;
  }
  return there;
}
