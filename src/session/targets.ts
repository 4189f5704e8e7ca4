/** Where a step can lead other than to the next action, and when a line of the scenario began. */
import type { Action, MessageName } from '../kernel/action.ts';
import { possibleActions } from '../kernel/possible.ts';
import type { Pending } from '../kernel/pending.ts';
import type { MessageMoment } from '../kernel/seam/moment.ts';
import { actionText } from '../kernel/text/action-text.ts';
import type { Micros } from '../protocol/types.ts';
import { actionTitle } from './read/names.ts';
import type { Session } from './session.ts';
import type { Branch } from './simulation.ts';

export type StepTarget =
  /** Runs until the message is handled or lost. */
  | {
      readonly type: 'follow';
      /** The action of its delivery, in words. */
      readonly name: string;
      readonly message: MessageName;
      /** Until it arrives, in virtual time. */
      readonly left: Micros;
    }
  /** Takes this action now: the one that comes next, or another instead of it. */
  | {
      readonly type: 'next' | 'instead';
      readonly name: string;
      readonly action: Action | Pending;
    };

/** The most targets that are offered: a user would not read a longer list. */
const offeredMost = 40;

/** The next action first, then the messages that the last one sent, then what else is possible. */
export function stepTargets(session: Session): StepTarget[] {
  if (session.entered !== null) return targetsInside(session);
  const { world } = session;
  const next = session.next();
  const first: StepTarget[] = next
    ? [{ type: 'next', name: actionTitle(world, next), action: next }]
    : [];
  const follow = world.messages
    .filter(({ cause }) => cause === session.step && session.step > 0)
    .map((message) => followTarget(session, message));
  const taken = next && actionText(next);
  const others = session.capabilities.branches
    ? possibleActions(world).filter((one) => actionText(one) !== taken)
    : [];
  const instead = others.map((action): StepTarget => {
    return { type: 'instead', name: actionTitle(world, action), action };
  });
  return [...first, ...follow, ...instead].slice(0, offeredMost);
}

/** Inside a handler: the messages that it has sent so far. */
function targetsInside(session: Session): StepTarget[] {
  const { inside } = session;
  if (inside === undefined) return [];
  return inside.effects.sent
    .filter(({ lost }) => lost === '')
    .slice(0, offeredMost)
    .map((message) => followTarget(session, message));
}

function followTarget(session: Session, message: MessageMoment): StepTarget {
  const moment = session.inside?.moment ?? session.moment;
  const left = Math.max(0, message.at - moment.time);
  return { type: 'follow', name: actionTitle(moment, message), message, left };
}

export interface GotoTarget {
  readonly branch: Branch;
  readonly step: number;
  readonly time: Micros;
}

/** The moments at which a step of the scenario began, on each branch that holds them itself. */
export function gotoTargets({ script, branches }: Session, index: number): GotoTarget[] {
  return branches.flatMap((branch): GotoTarget[] => {
    const { run, parent } = branch;
    const isThere = (step: number) => script.position(run.at(step)) >= index;
    const step = firstWhere(isThere, run.length);
    if (step === undefined || (parent !== null && step < run.base)) return [];
    return [{ branch, step, time: run.time(step) }];
  });
}

/** Where a step of the scenario becomes current in this branch, if it was reached. */
export function beginOfStep(session: Session, index: number): number | undefined {
  const { script, branch: { run } } = session;
  return firstWhere((step) => script.position(run.at(step)) >= index, run.length);
}

/** The first number up to `last` at which `isThere` holds, given that it holds from there on. */
function firstWhere(isThere: (step: number) => boolean, last: number): number | undefined {
  if (!isThere(last)) return undefined;
  let [before, there] = [-1, last];
  while (there - before > 1) {
    const middle = (before + there) >> 1;
    if (isThere(middle)) there = middle;
    else before = middle;
  }
  return there;
}
