/** The names of threads, frames and actions. */
import type { Action } from '../../kernel/action.ts';
import {
  type HandlerMoment, isOff, type MessageMoment, type Moment, type NodeMoment, type Upcoming,
} from '../../kernel/seam/moment.ts';
import { actionText, messageName } from '../../kernel/text/action-text.ts';
import { timeText } from '../../kernel/text/duration.ts';
import { messageDetails } from '../../kernel/text/message-text.ts';
import { operationText } from '../../kernel/text/operation-text.ts';
import { statusWords } from '../../kernel/text/status-text.ts';
import type { Micros } from '../../protocol/types.ts';

/** `n3 · leader · term 2`. */
export function nodeName(node: NodeMoment): string {
  return [node.id, ...standingParts(node)].join(' · ');
}

/** `leader`, `term 2`; `crashed` or `paused` if the node is that. */
function standingParts(node: NodeMoment): string[] {
  const words = statusWords(node);
  if (isOff(node.status)) return words;
  const { look } = node;
  const parts = words;
  parts.push(look.standing || node.role);
  if (look.epoch) parts.push(`${look.epoch.name} ${look.epoch.value}`);
  return parts;
}

/** The room of a message's details in the name of a frame or an action. */
const nameMost = 60;

/** `AppendEntries · n1 → n3 · term 2, 1 entry after 3 · 1.204 s`. */
export function handlerName(moment: Moment, handler: HandlerMoment, time: Micros): string {
  const { kind, name, node, message } = handler;
  const id = handler.joining ?? moment.nodes[node].id;
  const place = message ? `${message.from} → ${id}` : id;
  const title = kind === 'timer' ? `${name} timer` : name;
  const details = message ? messageDetails(message, moment.wording, nameMost) : '';
  const parts = [title, place, ...(details === '' ? [] : [details]), timeText(time)];
  return parts.join(' · ');
}

/** The same with the summary of a message: `AppendEntries n1 → n3 · term 2`. */
export function actionTitle(moment: Moment, action: Action | Upcoming): string {
  const name = actionName(moment, action);
  const isMessage = action.type === 'deliver';
  const message = isMessage && ('body' in action ? action : moment.message(action));
  const details = message ? messageDetails(message, moment.wording, nameMost) : '';
  return details === '' ? name : `${name} · ${details}`;
}

/** What becomes of a message that no handler receives if it is delivered now. */
function fateText(moment: Moment, message: MessageMoment | undefined): string {
  if (!message || message.connection === '') return ' (will be lost)';
  const { fromIndex, toIndex, isSignal } = message;
  if (moment.isCut(fromIndex, toIndex)) return ' (will be sent again)';
  if (isSignal || moment.nodes[toIndex].status === 'paused') return '';
  return ' (will be lost)';
}

/** An action in words: `AppendEntries n1 → n3`, `election timer of n2`, `crash n1`. */
export function actionName(moment: Moment, action: Action | Upcoming): string {
  if (action.type === 'postponed') return actionName(moment, action.action);
  if (action.type === 'fire') return `${action.timer} timer of ${action.node}`;
  if (action.type === 'deliver') {
    const message = 'body' in action ? action : moment.message(action);
    const type = message?.body.type ?? messageName(action);
    const fate = moment.handler(action) ? '' : fateText(moment, message);
    return `${type} ${action.from} → ${action.to}${fate}`;
  }
  if (action.type === 'invoke') {
    const parameters = moment.parameters(action.node, action.operation);
    return `${action.node} ${operationText(action, parameters)}`;
  }
  return actionText(action);
}
