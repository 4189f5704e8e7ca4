/** Commands of panels: to send a view, to take an action, or to go to a step. */
import { parseAction } from '../../kernel/text/action-text.ts';
import { consoleCommand } from '../../session/console.ts';
import type { Reading } from '../../session/read/reading.ts';
import type { Session } from '../../session/session.ts';
import { type Stop, stopFor } from '../../session/stop.ts';
import type { FocusKept, PanelCommand } from '../../view/contract.ts';
import { isPanelName, type PanelName } from '../../view/panels.ts';
import type { CommandOrigin, Moving } from '../motion/moving.ts';
import { RequestRefusal } from '../refusal.ts';
import { echoText } from '../words/console.ts';
import { twinOf } from '../../view/spacetime/twin.ts';
import { compareWith, type ComparingHost } from './comparing.ts';
import {
  type Advance, arrived, goingTo, runningTo, steppingOver, toScenarioStep,
} from './motions.ts';

/** What panel commands need of the adapter. */
export interface PanelHost extends ComparingHost {
  /** Writes a line to the debug console. */
  print(line: string): void;
  /** What panels show; undefined before the launch and after the end. */
  readonly viewed: Reading | undefined;
  readonly stops: { kept: FocusKept };
  /** Sends the client a stop. `from` is set if the client did not send a motion. */
  reportStop(stop: Stop, thread?: number, from?: CommandOrigin): void;
  /** Begins a motion at once; the node whose thread moves, undefined for the cluster's. */
  move(advance: Advance, node: number | undefined, moving?: Moving): void;
  /** Does something once the current request is answered. */
  later(next: () => void): void;
}

const focusesKept: readonly FocusKept[] = ['always', 'after commands', 'never'];

/** Returns the body of the response. */
export function obeyPanel(
  host: PanelHost,
  command: PanelCommand,
): object | void | Promise<void> {
  switch (command.type) {
    case 'ready':
      return openLater(host, panelOf(command));
    case 'hidden':
      return host.view.panelHidden(panelOf(command));
    case 'focus':
      host.stops.kept = focusOf(command);
      return;
    case 'goto':
      return moveLater(host, gotoStep(host.stopped.session, command.step, goingTo, command.branch));
    case 'run to':
      return moveLater(host, gotoStep(host.stopped.session, command.step, runningTo));
    case 'take':
      return stopLater(host, takeByText(host.stopped.session, command.action));
    case 'compare':
      return compareWith(host, comparedProgram(host, command));
    case 'do':
      return doCommand(host, command.command);
    case 'step':
      return moveLater(host, steppingOver(host.stopped.session, undefined));
    case 'scenario step':
      return moveLater(host, toScenarioStep(host.stopped.session, command.index));
    case 'select':
      return select(host, command);
    case 'ask': {
      const { session } = host.stopped;
      const answered = host.view.answer(panelOf(command), command.question, session);
      if (answered) return answered;
      throw unknownCommand(command);
    }
    default:
      throw unknownCommand(command);
  }
}

/** The scenario that the client names, or else the counterpart of the present one. */
function comparedProgram(
  { stopped }: PanelHost,
  command: Extract<PanelCommand, { type: 'compare' }>,
): string {
  const { program = twinOf(stopped.launched.program) } = command;
  if (typeof program !== 'string' || program === '') throw unknownCommand(command);
  return program;
}

function openLater(host: PanelHost, panel: PanelName): void {
  host.later(() => host.view.panelOpened(panel, host.viewed, host.isMoving));
}

function select(host: PanelHost, command: Extract<PanelCommand, { type: 'select' }>): void {
  const shown = host.isMoving ? undefined : host.viewed;
  if (!host.view.select(panelOf(command), command.selection, shown)) throw unknownCommand(command);
}

function moveLater(host: PanelHost, advance: Advance): void {
  host.later(() => host.move(advance, undefined, { from: 'panel' }));
}

function stopLater(host: PanelHost, stop: Stop): void {
  host.later(() => host.reportStop(stop, undefined, 'panel'));
}

/** Does what the same line does in the debug console, and writes both there. */
function doCommand(host: PanelHost, command: string): void {
  const { session } = host.stopped;
  const answer = consoleCommand(session, command);
  if (answer.type === 'problem') {
    throw new RequestRefusal({ code: 'problem', problem: answer.problem });
  }
  host.print(echoText(command, answer.done, session.moment.wording.units));
  stopLater(host, answer.stop);
}

function focusOf(command: PanelCommand & { kept: FocusKept }): FocusKept {
  if (!focusesKept.includes(command.kept)) throw unknownCommand(command);
  return command.kept;
}

function panelOf(command: PanelCommand & { panel: PanelName }): PanelName {
  if (!isPanelName(command.panel)) throw unknownCommand(command);
  return command.panel;
}

function unknownCommand(command: unknown): RequestRefusal {
  return new RequestRefusal({ code: 'panel command', text: JSON.stringify(command) });
}

/** Takes an action that is possible now, by its text; a branch begins if it is not the next one. */
function takeByText(session: Session, text: string): Stop {
  const action = parseAction(text);
  if (!action) throw new RequestRefusal({ code: 'not an action', text });
  return arrived(session, session.take({ ...action, at: session.moment.time }), text);
}

/** Goes to the moment after `step` actions of this branch, or of the one with that number. */
function gotoStep(
  session: Session,
  step: number,
  going = goingTo,
  number = session.branch.number,
): Advance {
  const branch = session.branches.find((one) => one.number === number);
  if (branch === undefined) throw unknownCommand({ type: 'goto', step, branch: number });
  if (!Number.isInteger(step)) {
    throw new RequestRefusal({ code: 'not moved', why: { type: 'no such step', step } });
  }
  // Only the request `goto` stops for this reason: editors show the bare word for other threads.
  const why: Stop = { ...stopFor({ type: 'goto', step }), type: 'pause' };
  return going(session, step, branch, why);
}
