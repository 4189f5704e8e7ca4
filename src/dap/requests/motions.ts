/** The requests that move the session, each as the motion that it begins. */
import type { Capabilities } from '../../kernel/seam/movement.ts';
import {
  intoNext,
  intoNextOf,
  oneAction,
  type Pursuit,
  untilActs,
  untilBreakpoint,
  untilDelivered,
} from '../../session/pursuit.ts';
import { ReverseSearch, stepBack } from '../../session/reverse.ts';
import { outOfRound } from '../../session/round.ts';
import type { Arrival, Session } from '../../session/session.ts';
import { atStart, type Stop, stopFor } from '../../session/stop.ts';
import type { StepTarget } from '../../session/targets.ts';
import { RequestRefusal } from '../refusal.ts';

/** Carries a motion on by at most `budget` actions; the stop at its end, undefined before that. */
export type Advance = (budget: number) => Stop | undefined;

const stepped = stopFor({ type: 'step' });

/** The stop of a movement; refuses one that did not happen. `name` is its action in words. */
export function arrived(session: Session, arrival: Arrival, name?: string): Stop {
  if (arrival.type === 'stopped') return arrival.stop;
  const named = name === undefined ? {} : { name };
  throw new RequestRefusal({ code: 'not moved', why: arrival, length: session.length, ...named });
}

/** Refuses a request that needs what the supplier of moments cannot do. */
function require(session: Session, capability: keyof Capabilities): void {
  const why = session.simulation.lacking(capability);
  if (why) throw new RequestRefusal({ code: 'not moved', why });
}

export function continuing(session: Session): Advance {
  return leaving(session, undefined, untilBreakpoint);
}

/** Inside a handler to its next line, whichever thread is stepped; after the last, to its end. */
export function steppingOver(session: Session, node: number | undefined): Advance {
  const { entered, trace, line } = session;
  if (entered !== null) return leaving(session, trace?.over(line), oneAction);
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
  const { entered, trace, line } = session;
  if (entered === null) return pursuing(session, node === undefined ? intoNext : intoNextOf(node));
  // A send is treated like a call: step into enters the handler that receives the message.
  const message = trace?.sends(line);
  if (message && message.lost === '') {
    return leaving(session, undefined, untilDelivered(message, node));
  }
  return leaving(session, trace?.into(line), oneAction);
}

/** In the handler to a line; without one, to its end and then on. */
function leaving(session: Session, line: number | undefined, then: Pursuit): Advance {
  let follows: Advance | undefined;
  return (budget) => {
    const stop = follows ? undefined : goingOn(session, line, then);
    return stop ?? (follows ??= pursuing(session, then))(budget);
  };
}

function goingOn(session: Session, line: number | undefined, then: Pursuit): Stop | undefined {
  const isStart = session.entered?.type === 'start';
  const stop = session.continueTo(line, stepped);
  if (stop || !isStart) return stop;
  // A step also ends between the boot of the nodes and the first action.
  const isStep = then === oneAction;
  return session.afterBoot() ?? (isStep ? session.stopAt(atStart) : undefined);
}

/** Enters the handler of the action if it comes next; else takes the action, on a branch. */
function taking(
  session: Session,
  { type, name, action }: Exclude<StepTarget, { type: 'follow' }>,
): Stop {
  if (type === 'next' && session.moment.handler(action)) return session.enter(stepped);
  return arrived(session, session.take(action), name);
}

export function steppingOut(session: Session, node: number | undefined): Advance {
  const { entered, trace, line } = session;
  if (entered !== null) return leaving(session, trace?.out(line), oneAction);
  return pursuing(session, outOfRound(session, node));
}

export function steppingBack(session: Session, node: number | undefined): Advance {
  require(session, 'back');
  return () => arrived(session, stepBack(session, node));
}

export function reversing(session: Session): Advance {
  require(session, 'back');
  const search = new ReverseSearch(session);
  return (budget) => search.advance(budget);
}

function pursuing(session: Session, pursuit: Pursuit): Advance {
  session.pursue(pursuit);
  return (budget) => session.advance(budget);
}
