/** Actions in words, as panels and traces show them. */
import type { Micros } from '../protocol/types.ts';
import type { Action } from '../kernel/action.ts';
import type { Moment, StepEffects, Upcoming } from '../kernel/seam/moment.ts';
import { actionText } from '../kernel/text/action-text.ts';
import { exactTimeText } from '../kernel/text/duration.ts';
import { lostText } from '../kernel/text/lost-text.ts';
import { messageDetails } from '../kernel/text/message-text.ts';
import { operationText } from '../kernel/text/operation-text.ts';

type Invoke = Extract<Action, { type: 'invoke' }>;

type Words = Pick<Moment, 'parameters' | 'wording'>;

/** What an action does, or did: `n2 receives RequestVote from n3: term 1, the log is empty`. */
export function actionSentence(
  action: Action | Upcoming,
  effects: StepEffects | null,
  moment: Words,
): string {
  // Before it is delivered there are no effects, but a message in flight knows its own type.
  const message = effects?.message ?? ('body' in action ? action : undefined);
  const details = message ? messageDetails(message, moment.wording, sentenceMost) : '';
  const sentence = plainSentence(action, effects, moment, message?.body.type ?? 'a message');
  return details === '' ? sentence : `${sentence}: ${details}`;
}

/** `A gives up on connection A-db:1`, unless it still expects an answer. */
function repeatedSentence(
  { type, node, connection }: Extract<Action, { type: 'retransmit' | 'probe' }>,
  effects: StepEffects | null,
): string {
  const place = `connection ${connection}`;
  if (effects?.events.some(({ name }) => name === 'ConnectionEnded')) {
    return `${node} gives up on ${place}`;
  }
  if (type === 'retransmit') return `${node} sends again what did not arrive on ${place}`;
  if (effects === null) return `${node} probes its silent peer on ${place}`;
  const { probe } = effects;
  if (probe === null) return `${node} need not probe its peer yet on ${place}`;
  return `${node} probes ${probe.to} on ${place}: ${answerWords[probe.answer]}`;
}

const answerWords = {
  alive: 'its host answers',
  none: 'no answer',
  reset: 'its host does not know the connection',
} as const;

/** The room of a message's details at the end of a sentence. */
const sentenceMost = 120;

function plainSentence(
  action: Action | Upcoming,
  effects: StepEffects | null,
  moment: Words,
  type: string,
): string {
  switch (action.type) {
    case 'deliver':
      if (effects?.lost) {
        return `${type} from ${action.from} to ${action.to} is ${lostText(effects)}`;
      }
      return `${action.to} receives ${type} from ${action.from}`;
    case 'drop':
      return `${type} from ${action.from} to ${action.to} is dropped`;
    case 'duplicate':
      return `${type} from ${action.from} to ${action.to} is duplicated`;
    case 'delay': {
      const delay = exactTimeText(action.by);
      return `${type} from ${action.from} to ${action.to} is delayed by ${delay}`;
    }
    case 'fire':
      return `${action.node}'s ${action.timer} timer fires`;
    case 'invoke':
      return `${action.node} invokes ${invokeText(action, moment)}`;
    case 'crash':
      return `${action.node} crashes`;
    case 'add':
      return `${action.node} is added as ${action.role}`;
    case 'restart':
      return `${action.node} restarts`;
    case 'pause':
      return `${action.node} pauses${forText(action.for)}`;
    case 'resume':
      return `${action.node} resumes`;
    case 'power-off':
      return `the host of ${action.node} loses its power${forText(action.for)}`;
    case 'unplug':
      return `the host of ${action.node} is unplugged${forText(action.for)}`;
    case 'plug-in':
      return `the host of ${action.node} is plugged in`;
    case 'disk':
      return diskSentence(action);
    case 'synced':
      return `a write of ${action.node} is on disk`;
    case 'reset':
      return `the connections between ${action.nodes.join(' and ')} are reset`;
    case 'retransmit':
    case 'probe':
      return repeatedSentence(action, effects);
    case 'postponed':
      return plainSentence(action.action, effects, moment, type);
    case 'partition':
    case 'cut':
    case 'heal':
    case 'skew':
    case 'network':
      return actionText(action);
  }
}

function diskSentence(action: Extract<Action, { type: 'disk' }>): string {
  const disk = `the disk of ${action.node}`;
  if (action.does === 'slow') return `${disk} takes ${exactTimeText(action.by)} for each write`;
  return action.does === 'ok' ? `${disk} is quick again` : `${disk} stalls${forText(action.for)}`;
}

function forText(duration: Micros | undefined): string {
  return duration === undefined ? '' : ` for ${exactTimeText(duration)}`;
}

/** Whether the command of an action (see `commandText`) says all that its sentence does. */
export function isCommandEnough(action: Action | Upcoming): boolean {
  switch (action.type) {
    case 'invoke':
    case 'partition':
    case 'cut':
    case 'heal':
    case 'skew':
    case 'network':
      return true;
    case 'postponed':
      return isCommandEnough(action.action);
    default:
      return false;
  }
}

/** An action as a scenario writes it. */
export function commandText(
  action: Action | Upcoming,
  moment: Pick<Moment, 'parameters'>,
): string {
  if (action.type === 'postponed') return commandText(action.action, moment);
  if (action.type !== 'invoke') return actionText(action);
  const waking = action.woken ? ' on waking' : '';
  return `${action.node} ${invokeText(action, moment)}${waking}`;
}

/** An operation with its arguments: `lock order42 ttl=10s`. */
function invokeText(action: Invoke, moment: Pick<Moment, 'parameters'>): string {
  return operationText(action, moment.parameters(action.node, action.operation));
}
