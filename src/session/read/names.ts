/** The names of threads, frames and actions. */
import type { Action } from '../../kernel/action.ts';
import {
  type HandlerMoment, isOff, type Moment, type NodeMoment, type Upcoming,
} from '../../kernel/seam/moment.ts';
import { formatDuration, secondsText } from '../../kernel/text/duration.ts';
import { actionText, messageName } from '../../kernel/text/action-text.ts';
import type { Micros } from '../../protocol/types.ts';

/** `n3 · leader · term 2`. */
export function nodeName(node: NodeMoment): string {
  return [node.id, ...standingParts(node)].join(' · ');
}

/** `leader`, `term 2`; `crashed` or `paused` if the node is that. */
function standingParts(node: NodeMoment): string[] {
  if (isOff(node.status)) return [node.status];
  const { look } = node;
  const parts = node.status === 'paused' ? ['paused'] : [];
  parts.push(look.standing || node.role);
  if (look.epoch) parts.push(`${look.epoch.name} ${look.epoch.value}`);
  return parts;
}

/** `AppendEntries · n1 → n3 · 1.204 s`. */
export function handlerName(moment: Moment, handler: HandlerMoment, time: Micros): string {
  const { kind, name, node, message } = handler;
  const id = handler.joining ?? moment.nodes[node].id;
  const place = message ? `${message.from} → ${id}` : id;
  const title = kind === 'timer' ? `${name} timer` : name;
  return `${title} · ${place} · ${secondsText(time)}`;
}

/** An action in words: `AppendEntries n1 → n3`, `election timer of n2`, `crash n1`. */
export function actionName(moment: Moment, action: Action | Upcoming): string {
  if (action.type === 'postponed') return actionName(moment, action.action);
  if (action.type === 'fire') return `${action.timer} timer of ${action.node}`;
  if (action.type === 'deliver') {
    const message = 'body' in action ? action : moment.message(action);
    const type = message?.body.type ?? messageName(action);
    const lost = moment.handler(action) ? '' : ' (will be lost)';
    return `${type} ${action.from} → ${action.to}${lost}`;
  }
  if (action.type === 'invoke') {
    const parameters = moment.parameters(action.node, action.operation);
    const args = Object.entries(action.args).map(([name, value]) => {
      const isDuration = parameters[name]?.startsWith('duration');
      return isDuration ? formatDuration(Number(value)) : String(value);
    });
    return [action.node, action.operation, ...args].join(' ');
  }
  return actionText(action);
}
