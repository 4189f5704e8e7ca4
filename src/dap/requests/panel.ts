/** What a panel asks the session to do. */
import { parseAction } from '../../kernel/text/action-text.ts';
import type { Session } from '../../session/session.ts';
import type { Stop } from '../../session/stop.ts';
import { Refusal } from '../refusal.ts';

/** Takes an action that is possible now, by its text; makes a branch if it was not the next one. */
export function takeByText(session: Session, text: string): Stop {
  const action = parseAction(text);
  if (!action) throw new Refusal(`This is no action: ${text}`);
  const stop = session.take({ ...action, at: session.world.time });
  if (!stop) throw new Refusal(`This is not possible now: ${text}`);
  return stop;
}

/** Goes to the moment after `step` actions of the present branch. */
export function gotoStep(session: Session, step: number): Stop {
  const { length } = session.branch.run;
  if (!Number.isInteger(step) || step < 0 || step > length) {
    throw new Refusal(`There is no moment ${step}: this run has ${length} actions.`);
  }
  return session.goto(step);
}
