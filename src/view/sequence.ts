/**
 * A stretch of a run → the items of a sequence diagram: messages, events, faults, in their order.
 */
import type { Action } from '../kernel/action.ts';
import type { Effects } from '../kernel/effects.ts';
import type { Message, Pending } from '../kernel/pending.ts';
import { messageName } from '../kernel/text/action-text.ts';
import type { World } from '../kernel/world.ts';
import { messagesInFlight } from '../kernel/network/in-flight.ts';
import { standingText } from './cluster.ts';
import type { SequenceItem, SequenceView } from './contract.ts';
import { sequenceToMermaid } from './mermaid.ts';
import { actionSentence, eventText, labelText } from './words.ts';

/** How many messages the panel draws, and how many of them may still be in flight. */
export const sequenceWindow = 30;
const flightWindow = 8;

/** Collects items step by step; give it every step of the stretch in turn. */
export class SequenceItems {
  readonly items: SequenceItem[] = [];
  constructor(private readonly world: World) {}

  /** `number` is the step that was just taken on the world; the start is no action. */
  note(number: number, action: Action | Pending | null, effects: Effects): void {
    const { message } = effects;
    if (message && effects.lost) this.message(message, 'lost', number);
    else if (action?.type === 'deliver' && message) {
      this.message(message, this.refuses(message) ? 'refused' : 'delivered', number);
    } else if (action !== null && isFromOutside(action)) {
      const text = actionSentence(action, effects, this.world);
      const nodes = nodesOf(action, this.world);
      const type = isOperation(action) ? 'operation' : 'fault';
      this.items.push({ type, nodes, text, step: number, current: false });
    }
    if (effects.failure) {
      const { node, message: text } = effects.failure;
      const fault = { nodes: [node], text: `${node} threw: ${text}` };
      this.items.push({ type: 'fault', ...fault, step: number, current: false });
    }
    for (const event of effects.events) {
      const text = eventText(event);
      const { node, name } = event;
      this.items.push({ type: 'event', node, name, text, step: number, current: false });
    }
    for (const sent of effects.sent) if (sent.lost !== '') this.message(sent, 'lost', number);
  }

  /** Marks what belongs to the current step, and adds what is in flight. */
  finish(current: number, world = this.world): SequenceItem[] {
    for (const item of this.items) item.current = item.step === current;
    for (const message of messagesInFlight(world).slice(0, flightWindow)) {
      this.message(message, 'in flight', message.cause);
    }
    return this.items;
  }

  private message(
    message: Message,
    outcome: Extract<SequenceItem, { type: 'message' }>['outcome'],
    number: number,
  ): void {
    const { from, to } = message;
    const label = labelText(message.body);
    const id = messageName(message);
    this.items.push({
      type: 'message',
      id,
      from,
      to,
      label,
      outcome,
      step: number,
      current: false,
    });
  }

  private refuses(message: Message): boolean {
    try {
      return this.world.plan.setup.protocol.refuses?.(message.body) ?? false;
    } catch {
      // An author's fault in how a message is drawn must not hide it.
      return false;
    }
  }
}

/** Neither the network nor a clock does it by itself. */
function isFromOutside(action: Action | Pending): boolean {
  return action.type !== 'deliver' && action.type !== 'fire' && action.type !== 'delay';
}

function isOperation(action: Action | Pending): boolean {
  if (action.type === 'postponed') return isOperation(action.action);
  return action.type === 'invoke';
}

/** The nodes that a fault or an operation concerns; all of them where it concerns the network. */
function nodesOf(action: Action | Pending, world: World): string[] {
  if (action.type === 'postponed') return nodesOf(action.action, world);
  if ('node' in action) return [action.node];
  const all = world.plan.cast.map((cast) => cast.id);
  if (action.type === 'partition') return all;
  if ((action.type === 'cut' || action.type === 'heal') && action.from && action.to) {
    return all.filter((id) => action.from!.includes(id) || action.to!.includes(id));
  }
  return all;
}

/** The last messages of `items`, with what happened among them. */
export function sequenceView(world: World, items: readonly SequenceItem[]): SequenceView {
  const isMessage = (item: SequenceItem) => item.type === 'message';
  const surplus = items.filter(isMessage).length - sequenceWindow;
  let skipped = 0;
  let from = 0;
  while (skipped < surplus) if (isMessage(items[from++])) skipped++;
  const shown = items.slice(from);
  const participants = world.nodes.map((slot) => {
    const standing = standingText(slot);
    return { id: slot.id, label: standing ? `${slot.id} · ${standing}` : slot.id };
  });
  return {
    participants,
    items: shown,
    before: Math.max(0, (shown[0]?.step ?? 1) - 1),
    mermaid: sequenceToMermaid(participants, shown),
  };
}
