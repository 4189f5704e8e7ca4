/** The commands that move the session, each as what it runs towards. */
import { ReverseSearch, stepBack } from '../session/reverse.ts';
import {
  intoNext,
  intoNextOf,
  oneAction,
  type Pursuit,
  untilActs,
  untilBreakpoint,
  untilDelivered,
} from '../session/pursuit.ts';
import { outOfRound } from '../session/round.ts';
import type { Session } from '../session/session.ts';
import { type Stop, stopOf } from '../session/stop.ts';
import { entersHandler, type StepTarget } from '../session/targets.ts';
import { Refusal } from './refusal.ts';

export type Advance = (budget: number) => Stop | undefined;

export function continuing(session: Session): Advance {
  return pursuing(session, untilBreakpoint);
}

export function steppingOver(session: Session, node: number | undefined): Advance {
  // Inside a handler there is one thing to finish, whichever thread is asked.
  const isWhole = node === undefined || session.entered !== null;
  return pursuing(session, isWhole ? oneAction : untilActs(node));
}

export function steppingInto(
  session: Session,
  node: number | undefined,
  target: StepTarget | undefined,
): Advance {
  if (target?.type === 'follow') return pursuing(session, untilDelivered(target.message, node));
  if (target) return () => taking(session, target);
  if (session.entered !== null) return pursuing(session, oneAction);
  return pursuing(session, node === undefined ? intoNext : intoNextOf(node));
}

/** Enters the handler of the chosen action where it is the next one; else takes it, on a branch. */
function taking(session: Session, { action, label }: Extract<StepTarget, { type: 'take' }>): Stop {
  if (action === session.next() && entersHandler(session, action)) {
    return session.enter(stopOf('step', label));
  }
  const stop = session.take(action);
  if (!stop) throw new Refusal(`This is not possible now: ${label}`);
  return stop;
}

export function steppingOut(session: Session, node: number | undefined): Advance {
  if (session.entered !== null) return pursuing(session, oneAction);
  return pursuing(session, outOfRound(session, node));
}

export function steppingBack(session: Session, node: number | undefined): Advance {
  return () => stepBack(session, node);
}

export function reversing(session: Session): Advance {
  const search = new ReverseSearch(session);
  return (budget) => search.advance(budget);
}

function pursuing(session: Session, pursuit: Pursuit): Advance {
  session.pursue(pursuit);
  return (budget) => session.advance(budget);
}
