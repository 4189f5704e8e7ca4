/** The commands that move the session, each as what it runs towards. */
import { ReverseSearch, stepBack } from '../../session/reverse.ts';
import {
  intoNext,
  intoNextOf,
  oneAction,
  type Pursuit,
  untilActs,
  untilBreakpoint,
  untilDelivered,
} from '../../session/pursuit.ts';
import { outOfRound } from '../../session/round.ts';
import type { Session } from '../../session/session.ts';
import { type Stop, stopOf } from '../../session/stop.ts';
import { entersHandler, type StepTarget } from '../../session/targets.ts';
import { Refusal } from '../refusal.ts';

export type Advance = (budget: number) => Stop | undefined;

export function continuing(session: Session): Advance {
  return leaving(session, undefined, untilBreakpoint);
}

/** Inside a handler its next line, whichever thread is asked; past its last, the step's end. */
export function steppingOver(session: Session, node: number | undefined): Advance {
  const { entered, trace: lines, line } = session;
  if (entered !== null) return leaving(session, lines?.over(line), oneAction);
  return pursuing(session, node === undefined ? oneAction : untilActs(node));
}

export function steppingInto(
  session: Session,
  node: number | undefined,
  target: StepTarget | undefined,
): Advance {
  if (target?.type === 'follow') {
    return leaving(session, undefined, untilDelivered(target.message, node));
  }
  if (target) return () => taking(session, target);
  const { entered, trace: lines, line } = session;
  if (entered === null) return pursuing(session, node === undefined ? intoNext : intoNextOf(node));
  // A send is the call of this world: it leads into the handler of whoever receives the message.
  const message = lines?.sends(line);
  if (message && message.lost === '') {
    return leaving(session, undefined, untilDelivered(message, node));
  }
  return leaving(session, lines?.into(line), oneAction);
}

/** Goes on in the handler to a line, or to its end and then on from there. */
function leaving(session: Session, line: number | undefined, then: Pursuit): Advance {
  let follows: Advance | undefined;
  return (budget) => {
    const stop = follows ? undefined : goingOn(session, line, then);
    return stop ?? (follows ??= pursuing(session, then))(budget);
  };
}

function goingOn(session: Session, line: number | undefined, then: Pursuit): Stop | undefined {
  const isStart = session.entered?.type === 'start';
  const stop = session.goOn(line, stopOf('step', 'step'));
  if (stop || !isStart) return stop;
  // All nodes have booted: between that and the first action one can stand.
  const isStep = then === oneAction;
  return session.booted() ?? (isStep ? session.stopAt(stopOf('entry', 'the start')) : undefined);
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
  const { entered, trace: lines, line } = session;
  if (entered !== null) return leaving(session, lines?.out(line), oneAction);
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
