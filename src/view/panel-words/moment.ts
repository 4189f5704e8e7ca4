/** The words of a moment: its step, the last action, and why the debugger stopped. */
import { clockFieldsText } from '../../kernel/text/clocks-text.ts';
import type { LogicalClockView } from '../logical-clock-view.ts';
import type { ActionView, EnteredView, EventView, Moment, StopView } from '../contract.ts';
import { timeText } from '../../kernel/text/duration.ts';
import { limitMessage } from '../../kernel/text/execution-limits.ts';
import { hitText } from '../../kernel/text/hit-text.ts';
import { isInside, type Placed, stepNumber, stepsMost } from '../step-number.ts';
import { spokenEnding } from './ending.ts';

export const labels = {
  moment: 'Moment',
  step: 'Step',
  insideStep: 'Inside step',
  inside: 'Inside the handler of this step, which is not over: some of its lines have run',
  goToStep: 'Go to a step',
  running: 'Running …',
  all: 'All about this moment',
} as const;

/** The first branch needs no name. */
export function branchName(branch: number): string {
  return branch === 0 ? '' : `branch ${branch}`;
}

/** `Step 12`, or `Inside step 13` while its handler runs. */
export function stepName(moment: Placed): string {
  return `${isInside(moment) ? labels.insideStep : labels.step} ${stepNumber(moment)}`;
}

export function stepCount(moment: Moment): string {
  return `of ${stepsMost(moment)} · ${timeText(moment.time)}`;
}

export function sliderPosition(moment: Moment): string {
  return `${stepName(moment)} of ${stepsMost(moment)}, ${timeText(moment.time)}`;
}

/** What an action did, and what it caused. */
export function actionSummary(action: ActionView): string {
  return [action.sentence, ...consequences(action)].join(' — ');
}

/** The action that the header is about: the one that was entered, or else the last one. */
export function headCommand({ action, entered }: Moment): string {
  return entered ? entered.command : action.command;
}

/** What the action does or did, in a sentence; what it caused is told apart from it. */
export function headSentence({ action, entered }: Moment): string {
  if (entered) return enteredText(entered);
  return action.isCommandEnough ? action.command : action.sentence;
}

function consequences({ events, failure, replies }: ActionView): string[] {
  return [
    ...(events.length > 0 ? [events.map(eventInWords).join('; ')] : []),
    ...(failure === undefined ? [] : [failureInWords(failure)]),
    ...replies.map(replyInWords),
  ];
}

export function failureInWords(failure: string): string {
  return `its handler threw: ${failure}`;
}

export function replyInWords({ operation, ok, result }: ActionView['replies'][number]): string {
  return `${operation} ${ok ? 'returns' : 'fails:'} ${result}`;
}

export function eventInWords({ name, fields }: EventView): string {
  return fields === '' ? name : `${name} ${fields}`;
}

export function enteredText({ position, sentence = 'all nodes boot' }: EnteredView): string {
  return `${position === 'inside' ? 'Inside' : 'Next'}: ${sentence}`;
}

/** Empty if the user asked to stop here and needs no reason. */
export function stopReason(stop: StopView): string {
  switch (stop.type) {
    case 'step':
    case 'step back':
    case 'goto':
    case 'restarted':
    case 'taken':
      return '';
    case 'start':
      return 'The start of the run';
    case 'end':
      return spokenEnding(stop.ending);
    case 'pause':
      return 'Paused';
    case 'delivered':
      return `${stop.message} arrives`;
    case 'lost':
      return `${stop.message} is lost`;
    case 'answered':
      return `${stop.operation} is answered`;
    case 'round over':
      return 'All messages of this round have arrived';
    case 'branch left':
      return `Where branch ${stop.number} parted`;
    case 'found':
      return foundReason(stop);
    case 'reloaded':
      return stop.differsAt === undefined
        ? 'The code was reloaded'
        : `The reloaded code differs from step ${stop.differsAt} on`;
    case 'endless':
      return `${stop.action}: ${limitMessage('action-time-limit')}`;
    case 'internal error':
      return `Internal error: ${stop.message}`;
    default:
      return hitReason(stop);
  }
}

function foundReason({ promise, ends }: OfType<'found'>): string {
  if (ends === 'reached') return `One action before ${promise} is true`;
  return ends === 'broken'
    ? `One action before ${promise} breaks`
    : `One action before the end of a run that breaks ${promise}`;
}

type OfType<Type extends StopView['type']> = Extract<StopView, { type: Type }>;
type HitView = OfType<
  'line' | 'handler' | 'event' | 'violated' | 'thrown' | 'data' | 'scenario step'
>;

/** Why a breakpoint was hit. */
function hitReason(stop: HitView): string {
  switch (stop.type) {
    case 'line':
      return `${stop.file}:${stop.line}${stop.node === undefined ? '' : ` at ${stop.node}`}`;
    case 'handler':
    case 'event':
    case 'data':
      return hitText(stop);
    case 'violated':
      return violationText(stop);
    case 'thrown':
      return `${stop.node} threw: ${stop.message}`;
    case 'scenario step':
      return stop.text ?? 'The end of the scenario';
  }
}

function violationText({ property, name, why, threw }: OfType<'violated'>): string {
  if (property === 'scenario step') return `A step of the scenario failed: ${why}`;
  return `${properties[property]} ${threw ? 'threw' : 'violated'}: ${name}: ${why}`;
}

const properties = {
  invariant: 'Invariant',
  'derived event': 'Derived event',
  expectation: 'Expectation',
};

/** The moment as a screen reader announces it. */
export function spokenMoment(moment: Moment): string {
  const { action, entered, stop } = moment;
  const what = entered ? enteredText(entered) : actionSummary(action);
  const reason = stopReason(stop);
  const where = `${stepName(moment)} of ${stepsMost(moment)}`;
  return [where, what, ...(reason === '' ? [] : [reason])].join('. ');
}

/** The logical clock of an event in the tooltips of all panels. */
export function logicalClockText({ lamport, vector }: LogicalClockView): string {
  return clockFieldsText(lamport, vector);
}
