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
  untilScenarioStep,
} from '../../session/pursuit.ts';
import { ReverseSearch, stepBack, stepBefore } from '../../session/reverse.ts';
import { outOfRound } from '../../session/round.ts';
import type { Arrival, Session } from '../../session/session.ts';
import type { Frame } from '../../session/read/stack.ts';
import { atStart, type Stop, stopFor } from '../../session/stop.ts';
import type { Branch } from '../../session/simulation.ts';
import { beginOfStep, type StepTarget } from '../../session/targets.ts';
import { Travel } from '../../session/travel.ts';
import { RequestRefusal } from '../refusal.ts';

/** Carries a motion on by at most `budget` actions; the stop at its end, undefined before that. */
export interface Advance {
  (budget: number): Stop | undefined;
  /** Set if the motion is a jump to a moment that may be far away. */
  readonly travel?: Travel;
}

/** Replays the way to a step in parts; `arrive` then jumps there. */
export function travelling(
  session: Session,
  step: number,
  branch: Branch | undefined,
  arrive: () => Arrival,
): Advance {
  const travel = new Travel(session, step, branch);
  const advance = (budget: number) =>
    travel.advance(budget) ? arrived(session, arrive()) : undefined;
  return Object.assign(advance, { travel });
}

/** Goes to a recorded moment; refuses at once if there is none. */
export function goingTo(session: Session, step: number, branch?: Branch, why?: Stop): Advance {
  const obstacle = session.simulation.obstacleToGoto(step, branch);
  if (obstacle) arrived(session, obstacle);
  return travelling(session, step, branch, () => session.goto(step, branch, why));
}

/**
 * Goes to a moment that may not be recorded yet: takes what comes next until then, or until the run
 * ends. No breakpoint is hit on the way.
 */
export function runningTo(
  session: Session,
  step: number,
  branch?: Branch,
  why?: Stop,
): Advance {
  if (step <= session.length) return goingTo(session, step, branch, why);
  return (budget) => {
    session.finish();
    const { simulation } = session;
    for (let left = budget; left > 0; left--) {
      const isThere = session.step >= step || simulation.next().type !== 'moved';
      if (isThere) return arrived(session, session.goto(session.step, branch, why));
    }
    return undefined;
  };
}

/** Goes to where a step of the scenario began, or on to there; breakpoints on the way are hit. */
export function toScenarioStep(session: Session, index: number): Advance {
  const { script } = session;
  const begun = beginOfStep(session, index);
  if (begun !== undefined) {
    // Only the request `goto` stops for this reason: editors show the bare word for other threads.
    return goingTo(session, begun, undefined, asPause(stopFor({ type: 'goto', step: begun })));
  }
  const advance = pursuing(session, untilScenarioStep((world) => script.position(world), index));
  return (budget) => asPause(advance(budget));
}

function asPause(stop: Stop): Stop;
function asPause(stop: Stop | undefined): Stop | undefined;
function asPause(stop: Stop | undefined): Stop | undefined {
  return stop?.type === 'goto' ? { ...stop, type: 'pause' } : stop;
}

export function leavingBranch(session: Session): Advance {
  const obstacle = session.obstacleToLeaving();
  if (obstacle) arrived(session, obstacle);
  const { parent, run } = session.branch;
  return travelling(session, run.base, parent ?? undefined, () => session.leaveBranch());
}

/** Goes to the beginning of the handler or function of a frame that can be restarted. */
export function restarting(session: Session, { step, handler, look }: Frame): Advance {
  const why = stopFor({ type: 'restarted' });
  const first = look?.()?.frame.first;
  const before = step - 1;
  const obstacle = session.simulation.obstacleToGoto(before);
  if (obstacle) arrived(session, obstacle);
  return travelling(session, before, undefined, () => {
    const arrival = session.goto(before, undefined, why);
    if (!handler || arrival.type !== 'stopped') return arrival;
    session.enter(why);
    return { type: 'stopped', stop: session.moveTo(Math.max(0, first ?? 0), why) };
  });
}

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
  const back = () => stepBack(session, node);
  const step = stepBefore(session, node);
  if (step === undefined) return () => arrived(session, back());
  return travelling(session, step, undefined, back);
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
