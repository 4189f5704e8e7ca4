/** Opens a run that a search found, as a branch of the session. */
import type { Action } from '../../kernel/action.ts';
import { equal } from '../../kernel/data/plain.ts';
import type { Run } from '../../kernel/run.ts';
import type { Arrival, Session } from '../session.ts';
import type { Branch } from '../simulation.ts';
import { type FoundEnd, stopFor } from '../stop.ts';

export interface FoundRun {
  /** The actions from the start of the run to the moment at which the search began. */
  readonly before: readonly Action[];
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
  return [branch, ...branches].find(({ run }) => beginsWith(run, before));
}

function beginsWith(run: Run, actions: readonly Action[]): boolean {
  if (run.length < actions.length) return false;
  return actions.every((action, i) => equal(run.action(i + 1), action));
}

/** The branch that was opened for the same run: also one that a restart repeated. */
function openedBefore({ branches }: Session, { before, actions }: FoundRun): Branch | undefined {
  const all = [...before, ...actions];
  return branches.find(({ parent, run }) =>
    parent !== null && run.base === before.length && beginsWith(run, all));
}

/** Parts at the moment and stops one action before the last one that was found. */
export function openFound(session: Session, found: FoundRun, from: Branch): Arrival {
  const { before, actions, promise, ends } = found;
  const { simulation } = session;
  const step = before.length;
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
  return session.goto(step + actions.length - 1, session.branch, why);
}
