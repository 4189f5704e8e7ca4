/** Requests of panels: to take an action, or to go to a step. */
import { parseAction } from '../../kernel/text/action-text.ts';
import type { Session } from '../../session/session.ts';
import type { Stop } from '../../session/stop.ts';
import { RequestRefusal } from '../refusal.ts';
import { arrived } from './motions.ts';

/** Takes an action that is possible now, by its text; a branch begins if it is not the next one. */
export function takeByText(session: Session, text: string): Stop {
  const action = parseAction(text);
  if (!action) throw new RequestRefusal({ code: 'not an action', text });
  return arrived(session, session.take({ ...action, at: session.moment.time }), text);
}

/** Goes to the moment after `step` actions of this branch. */
export function gotoStep(session: Session, step: number): Stop {
  if (!Number.isInteger(step)) {
    throw new RequestRefusal({ code: 'not moved', why: { type: 'no such step', step } });
  }
  return arrived(session, session.goto(step));
}
