/** A step as a line: for people, and as JSON for tools. */
import { formatTime } from '../kernel/text/duration.ts';
import type { Action } from '../kernel/action.ts';
import type { Effects } from '../kernel/effects.ts';
import type { Pending } from '../kernel/pending.ts';
import { actionText, messageName } from '../kernel/text/action-text.ts';
import { dataText, detailsMost } from '../kernel/text/data-text.ts';
import { lostText } from '../kernel/text/lost-text.ts';
import { eventLabel, messageLabel } from '../kernel/text/message-text.ts';
import type { World } from '../kernel/world.ts';
import { placeText, violationSentence } from '../check/verdict-words.ts';
import { handlerName } from '../scenario/handler-name.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { Place } from '../scenario/verdict.ts';
import { commandText } from '../view/words.ts';
import type { StepClocks } from './clocks/step-clocks.ts';

/** `0.155233s  fire n1 election  |  n1 TermChanged from 0 to 1` */
export function stepLine(
  scenario: Scenario,
  world: World,
  action: Action | Pending | null,
  effects: Effects,
  thrownAt?: Place,
  clocks?: StepClocks,
): string {
  const { wording } = world;
  const parts = [action === null ? 'start' : commandText(action, world)];
  const { message } = effects;
  if (message) parts[0] += ` ${messageLabel(message, wording, detailsMost)}`;
  if (effects.lost) parts.push(lostText(effects));
  // In the order of a trace: what happened, and then what it caused.
  for (const event of effects.events) parts.push(`${event.node} ${eventLabel(event, wording)}`);
  for (const sent of effects.sent) {
    if (sent.lost === '') continue;
    const label = messageLabel(sent, wording);
    parts.push(`${label} to ${sent.to} lost (${sent.lost})`);
  }
  for (const { operation, ok, result } of effects.replies) {
    const what = dataText(result, wording.units, 120);
    parts.push(`${operation} ${ok ? 'answered' : 'failed'}: ${what}`);
  }
  const { failure } = effects;
  if (failure) {
    const at = thrownAt ? ` (${placeText(thrownAt)})` : '';
    parts.push(`${failure.node} threw: ${failure.message}${at}`);
  }
  for (const violation of effects.violations) {
    const why = violationSentence(violation, wording.units);
    parts.push(`VIOLATED ${violation.monitor}: ${why}`);
  }
  const time = clocks?.text(world);
  if (time !== undefined) parts.push(time);
  const step = scenarioStep(action);
  const line = step === undefined ? '' : ` [line ${scenario.steps[step]?.range.line ?? '?'}]`;
  return `${formatTime(world.time)}${line}  ${parts.join('  |  ')}`;
}

/** Whether the boot of the nodes caused something that deserves a line. */
export function hasStartEffects({ events, failure, violations, sent }: Effects): boolean {
  const isEventful = events.length > 0 || failure !== null || violations.length > 0;
  return isEventful || sent.some(({ lost }) => lost !== '');
}

export function actionName(action: Action | Pending | null): string {
  return action === null ? 'start' : actionText(action);
}

function scenarioStep(action: Action | Pending | null): number | undefined {
  if (action === null) return undefined;
  if (action.type === 'postponed') return scenarioStep(action.action);
  return 'step' in action ? action.step : undefined;
}

/**
 * One object: `step`, `time` (µs), `action`, `node`, `lamport` and `vector` if a node acted,
 * `events`, and other effects if there are any.
 */
export function jsonLine(
  world: World,
  action: Action | Pending | null,
  effects: Effects,
  clocks: StepClocks,
  thrownAt?: Place,
): string {
  const { message, sent, replies, failure, violations } = effects;
  const step = scenarioStep(action);
  return JSON.stringify({
    step: world.step,
    time: world.time,
    action: actionName(action),
    node: effects.acted >= 0 ? world.nodes[effects.acted].id : null,
    ...clocks.fields(world),
    events: effects.events.map((event) => ({
      ...event.fields,
      name: event.name,
      node: event.node,
    })),
    ...(message && { message: message.body }),
    ...(sent.length > 0 && { sends: sent.map(sendFields) }),
    ...(effects.lost && { lost: true }),
    ...(effects.again >= 0 && { sentAgainAt: effects.again }),
    ...(replies.length > 0 && {
      replies: replies.map(({ operation, ok, result }) => ({ operation, ok, result })),
    }),
    ...(failure && {
      failure: {
        node: failure.node,
        handler: handlerName(action, effects),
        message: failure.message,
        ...thrownAt,
      },
    }),
    ...(violations.length > 0 && {
      violations: violations.map((violation) => {
        const { monitor, reason } = violation;
        const why = violationSentence(violation, world.wording.units);
        return { monitor, code: reason.code, why };
      }),
    }),
    ...(step !== undefined && { scenarioStep: step }),
  });
}

/** A message that the step sent: when it arrives, or why it never will. */
function sendFields(message: Effects['sent'][number]): object {
  const { from, to, at, lost, body } = message;
  const fate = lost === '' ? { arrivesAt: at } : { lost };
  return { id: messageName(message), from, to, ...fate, message: body };
}
