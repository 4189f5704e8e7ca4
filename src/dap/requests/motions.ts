/** The requests that move the session, each as the motion that it begins. */
import { begin } from '../../session/boot.ts';
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
import { atStart, type Stop } from '../../session/stop.ts';
import type { StepTarget } from '../../session/targets.ts';
import { RequestRefusal } from '../refusal.ts';

/** Carries a motion on by at most `budget` actions; the stop at its end, undefined before that. */
export type Advance = (budget: number) => Stop | undefined;

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

/** The stop before the first action, if there is one. `onEntry` asks for it, or for none. */
export function firstStop(session: Session, onEntry: boolean | undefined): Stop | undefined {
  const stopOnEntry = onEntry ?? !session.watch.stopsAtMore;
  const hit = begin(session);
  // A stop on entry goes before a breakpoint on the first line of the scenario.
  const isEntry = stopOnEntry && (!hit || hit.begins !== undefined);
  return isEntry ? session.stopAt(atStart) : hit;
}

export function continuing(session: Session): Advance {
  return pursuing(session, untilBreakpoint);
}

/**
 * Inside a handler to its next line, whichever thread is stepped; after the last, to its end. An
 * event that stopped the session on its way does not change how far a step goes: to the end of the
 * action.
 */
export function steppingOver(session: Session, node: number | undefined): Advance {
  const { entered, isPassing, trace, line } = session;
  if (entered !== null && !isPassing) return pursuing(session, oneAction, trace?.over(line));
  return pursuing(session, node === undefined ? oneAction : untilActs(node));
}

export function steppingInto(
  session: Session,
  node: number | undefined,
  target: StepTarget | undefined,
): Advance {
  if (target?.type === 'follow') {
    return pursuing(session, untilDelivered(target.message, node));
  }
  if (target?.type === 'next') return pursuing(session, intoNext);
  if (target) return () => arrived(session, session.take(target.action), target.name);
  const { entered, trace, line } = session;
  if (entered === null) return pursuing(session, node === undefined ? intoNext : intoNextOf(node));
  // A send is treated like a call: step into enters the handler that receives the message.
  const message = trace?.sends(line);
  if (message && message.lost === '') {
    return pursuing(session, untilDelivered(message, node));
  }
  return pursuing(session, oneAction, trace?.into(line));
}

/**
 * Inside a function to its caller, or to the end of the action; between actions to the end of what
 * the last one belongs to.
 */
export function steppingOut(session: Session, node: number | undefined): Advance {
  const { entered, trace, line } = session;
  if (entered !== null) return pursuing(session, oneAction, trace?.out(line));
  const pursuit = outOfRound(session, node);
  if (pursuit === undefined) throw new RequestRefusal({ code: 'nothing to step out of' });
  return pursuing(session, pursuit);
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

/** Inside a handler it goes first to line `target`, or without one to the end. */
function pursuing(session: Session, pursuit: Pursuit, target?: number): Advance {
  let isBegun = false;
  return (budget) => {
    if (!isBegun) session.pursue(pursuit, target);
    isBegun = true;
    return session.advance(budget);
  };
}
