/** What is typed in the debug console: a command that changes the run, else an expression. */
import type { Action } from '../kernel/action.ts';
import type { PointProblem } from '../kernel/causality/point.ts';
import type { Fault } from '../scenario/problem.ts';
import { faultOf } from '../check/console.ts';
import { nearestWord } from '../scenario/suggest.ts';
import { type BranchCommand, type BranchProblem, parseBranchCommand } from './branches/commands.ts';
import { BeforeQuestion } from './causality/before-question.ts';
import type { Evaluated, Evaluator } from './read/evaluate.ts';
import { actionName } from './read/names.ts';
import type { Frame } from './read/stack.ts';
import type { Session } from './session.ts';
import type { Stop } from './stop.ts';
import type { NotMoved } from '../kernel/seam/movement.ts';
import type { StepEffects } from '../kernel/seam/moment.ts';

export type ConsoleAnswer =
  | Evaluated
  | CommandAnswer
  /** The user asked for the forms of commands and expressions. */
  | { readonly type: 'help' }
  /** The user asks which of two events happened first, which takes a search. */
  | { readonly type: 'before'; readonly question: BeforeQuestion }
  /** The user wants to go to a branch, to list, name or delete branches. */
  | { readonly type: 'branch'; readonly command: BranchCommand }
  /** The user wants to leave the branch of this number, which parted at `step`. */
  | { readonly type: 'leave branch'; readonly branch: number; readonly step: number };

export type CommandAnswer =
  | { readonly type: 'problem'; readonly problem: CommandProblem }
  /** The actions of a command were taken. */
  | { readonly type: 'moved'; readonly stop: Stop; readonly done: readonly Done[] };

export type CommandProblem =
  | { readonly type: 'command'; readonly fault: Fault }
  | { readonly type: 'not a command'; readonly word: string; readonly similar: string }
  /** `before` without two events after it. */
  | { readonly type: 'before' }
  | { readonly type: 'point'; readonly problem: PointProblem }
  /** The command has no action at this moment. */
  | { readonly type: 'nothing to do' }
  | { readonly type: 'not moved'; readonly name: string; readonly why: NotMoved }
  | BranchProblem;

/** An action that was taken. */
export interface Done {
  readonly name: string;
  readonly effects: Caused | 'in progress';
  /** The number of the branch that began with it, if one did. */
  readonly branch?: number;
}

type Caused = Pick<
  StepEffects,
  'events' | 'sent' | 'replies' | 'lost' | 'again' | 'refused' | 'failure' | 'violations'
>;

/** What can be typed besides commands of the scenario language and expressions. */
export const consoleWords: readonly string[] = [
  'before', 'leave branch', 'branches', 'branch', 'name branch', 'delete branch', 'help',
];

/** A command of the scenario language, else an expression. */
export function consoleInput(
  session: Session,
  evaluator: Evaluator,
  text: string,
  frame: Frame | undefined,
): ConsoleAnswer {
  if (text.trim() === 'help') return { type: 'help' };
  if (/^\s*leave\s+branch\s*$/.test(text)) return leaveBranch(session);
  const command = parseBranchCommand(text);
  if (command !== undefined) return { type: 'branch', command };
  if (/^\s*before(\s+[\w"'].*)?\s*$/.test(text)) return askBefore(session, text);
  const typed = session.script.command(session.ahead, text);
  if (typed.type === 'actions') return obey(session, typed.actions);
  const answer = evaluator.evaluate(text, frame);
  if (answer.type !== 'problem') return answer;
  if (typed.type === 'fault') return faulty(typed.fault);
  // Two words that are not an expression may be a misspelt command.
  const [word, second] = text.trim().split(/\s+/);
  const isPlain = second !== undefined && /^[a-z]\w+$/.test(word);
  const similar = isPlain ? nearestWord(word, session.script.words(session.world)) : undefined;
  if (similar === undefined) return answer;
  return { type: 'problem', problem: { type: 'not a command', word, similar } };
}

/** A command of the scenario language alone, as the menus of panels give it. */
export function consoleCommand(session: Session, text: string): CommandAnswer {
  const typed = session.script.command(session.ahead, text);
  return typed.type === 'actions' ? obey(session, typed.actions) : faulty(faultOf(typed, text));
}

function faulty(fault: Fault): CommandAnswer {
  return { type: 'problem', problem: { type: 'command', fault } };
}

/** Takes the actions; an entered action is finished first, since actions happen one by one. */
function obey(session: Session, actions: readonly Action[]): CommandAnswer {
  const done: Done[] = [];
  let stop: Stop | undefined;
  for (const action of actions) {
    const { ahead, simulation } = session;
    const name = actionName(ahead, action);
    const why = simulation.obstacleTo(action, ahead);
    if (why) return { type: 'problem', problem: { type: 'not moved', name, why } };
    finishEntered(session, done);
    const branches = session.branches.length;
    const arrival = session.take(action);
    if (arrival.type === 'stopped') ({ stop } = arrival);
    const isNew = session.branches.length > branches;
    const branch = isNew ? { branch: session.branch.number } : {};
    done.push({ name, effects: session.entered ? 'in progress' : caused(session), ...branch });
  }
  if (stop === undefined) return { type: 'problem', problem: { type: 'nothing to do' } };
  return { type: 'moved', stop, done };
}

function finishEntered(session: Session, done: Done[]): void {
  const { entered, moment } = session;
  session.finish();
  if (entered === null || entered.type === 'start') return;
  const begun = done.at(-1)?.effects === 'in progress' ? done.pop() : undefined;
  done.push({ ...begun, name: actionName(moment, entered), effects: caused(session) });
}

/** Copies, because the effects of the next action replace these. */
function caused({ effects }: Session): Caused {
  const { events, sent, replies, lost, again, refused, failure, violations } = effects;
  return {
    ...{ lost, again, refused, failure },
    events: [...events],
    sent: [...sent],
    replies: [...replies],
    violations: [...violations],
  };
}

function leaveBranch(session: Session): ConsoleAnswer {
  const { branch } = session;
  const why = session.obstacleToLeaving();
  if (why) {
    return { type: 'problem', problem: { type: 'not moved', name: 'leave branch', why } };
  }
  return { type: 'leave branch', branch: branch.number, step: branch.run.base };
}

/** Events are searched up to the moment that the user sees. */
function askBefore(session: Session, text: string): ConsoleAnswer {
  const [, one, other, ...more] = text.trim().split(/\s+/);
  if (other === undefined || more.length > 0) {
    return { type: 'problem', problem: { type: 'before' } };
  }
  const { simulation, script, step } = session;
  const question = new BeforeQuestion(simulation, script, [one, other], step);
  return { type: 'before', question };
}
