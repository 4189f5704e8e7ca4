/** How threads, frames and moments are called. */
import type { Action } from '../../kernel/action.ts';
import { formatDuration, momentText } from '../../kernel/text/duration.ts';
import type { Pending } from '../../kernel/pending.ts';
import { actionText, messageName } from '../../kernel/text/action-text.ts';
import type { Slot, World } from '../../kernel/world.ts';
import type { Micros } from '../../protocol/types.ts';
import { type Handler, handlerOf } from '../../kernel/next-handler.ts';
import { messageOf } from '../../kernel/network/in-flight.ts';

/** `n3 · leader · term 2`. */
export function nodeName(slot: Slot): string {
  return [slot.id, ...standingParts(slot)].join(' · ');
}

/** `leader`, `term 2`; `down` or `paused` where it is that. */
function standingParts(slot: Slot): string[] {
  if (!slot.up) return ['down'];
  const { look } = slot;
  const parts = slot.paused ? ['paused'] : [];
  parts.push(look.standing || slot.role);
  if (look.epoch) parts.push(`${look.epoch.name} ${look.epoch.value}`);
  return parts;
}

/** `AppendEntries · n1 → n3 · 1.204 s`. */
export function handlerName(world: World, handler: Handler, time: Micros): string {
  const { kind, name, node, message } = handler;
  const id = world.plan.cast[node].id;
  const who = message ? `${message.from} → ${id}` : id;
  const what = kind === 'timer' ? `${name} timer` : name;
  return `${what} · ${who} · ${momentText(time)}`;
}

/** An action as a person says it: `AppendEntries n1 → n3`, `election timer of n2`, `crash n1`. */
export function actionName(world: World, action: Action | Pending): string {
  if (action.type === 'postponed') return actionName(world, action.action);
  if (action.type === 'fire') return `${action.timer} timer of ${action.node}`;
  if (action.type === 'deliver') {
    const message = messageOf(world, action);
    const type = message?.body.type ?? messageName(action);
    const lost = handlerOf(world, action) ? '' : ' (will be lost)';
    return `${type} ${action.from} → ${action.to}${lost}`;
  }
  if (action.type === 'invoke') {
    const { roles } = world.plan.setup.protocol;
    const role = world.node(action.node)?.role;
    const parameters = roles[role ?? '']?.operations?.[action.operation]?.parameters ?? {};
    const args = Object.entries(action.args).map(([name, value]) => {
      const isDuration = String(parameters[name]).startsWith('duration');
      return isDuration ? formatDuration(Number(value)) : String(value);
    });
    return [action.node, action.operation, ...args].join(' ');
  }
  return actionText(action);
}
