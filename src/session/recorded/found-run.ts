/** Opens a run that a search found, as a branch of the session. */
import type { Action } from '../../kernel/action.ts';
import { hash } from '../../kernel/compare/digest.ts';
import { contentText, equal } from '../../kernel/data/plain.ts';
import type { Run } from '../../kernel/run.ts';
import { nameIn } from '../branches/commands.ts';
import type { Arrival, Session } from '../session.ts';
import type { Branch } from '../simulation.ts';
import { type FoundEnd, stopFor } from '../stop.ts';

/** A moment of a run: a number of actions, and their hash, so that a finding keeps none of them. */
export interface Moment {
  readonly step: number;
  readonly hash: string;
}

export function momentAfter(actions: readonly Action[]): Moment {
  return momentOf(actions.length, (step) => actions[step - 1]);
}

function momentOf(step: number, action: (step: number) => Action): Moment {
  let found = '';
  for (let one = 1; one <= step; one++) found = hash(found + contentText(action(one)));
  return { step, hash: found };
}

export interface FoundRun {
  /** The moment at which the search began. */
  readonly before: Moment;
  /** Those that the search found. */
  readonly actions: readonly Action[];
  /** What it breaks, in words. */
  readonly promise: string;
  readonly ends: FoundEnd;
}

/**
 * The branch that contains the moment: the present one if it does. Undefined if there is none any
 * more, because the code has changed.
 */
export function branchOf({ branch, branches }: Session, { before }: FoundRun): Branch | undefined {
  return [branch, ...branches].find(({ run }) => contains(run, before));
}

function contains(run: Run, { step: last, hash: found }: Moment): boolean {
  return run.length >= last && momentOf(last, (step) => run.action(step)).hash === found;
}

function goesOnWith(run: Run, base: number, actions: readonly Action[]): boolean {
  if (run.length < base + actions.length) return false;
  return actions.every((action, i) => equal(run.action(base + i + 1), action));
}

/** The branch that was opened for the same run: also one that a restart repeated. */
function openedBefore({ branches }: Session, { before, actions }: FoundRun): Branch | undefined {
  const { step } = before;
  return branches.find(({ parent, run }) =>
    parent !== null && run.base === step && goesOnWith(run, step, actions) &&
    contains(run, before));
}

/** Parts at the moment and stops one action before the last one that was found. */
export function openFound(session: Session, found: FoundRun, from: Branch): Arrival {
  const { before, actions, promise, ends } = found;
  const { simulation } = session;
  const { step } = before;
  const here = { branch: session.branch, step: session.step };
  const obstacle = simulation.obstacleToGoto(step, from);
  if (obstacle) return obstacle;
  session.goto(step, from);
  const why = stopFor({ type: 'found', promise, ends });
  // The moment itself breaks it.
  if (actions.length === 0) return session.goto(step, from, why);
  const known = openedBefore(session, found);
  if (known !== undefined) return session.goto(step + actions.length - 1, known, why);
  const notPossible = simulation.branchOff(actions);
  if (notPossible) {
    session.goto(here.step, here.branch);
    return notPossible;
  }
  // A finding is kept for later sessions, as all that has a name.
  session.branch.name = nameIn(promise);
  return session.goto(step + actions.length - 1, session.branch, why);
}
