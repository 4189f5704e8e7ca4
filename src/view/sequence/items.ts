/** What a step did, as items of the Sequence panel. */
import type { Action } from '../../kernel/action.ts';
import type {
  MessageMoment, Moment, ProbeMoment, StepEffects, Upcoming, Wording,
} from '../../kernel/seam/moment.ts';
import { messageName } from '../../kernel/text/action-text.ts';
import { dataText, labelMost } from '../../kernel/text/data-text.ts';
import { allFields, eventDetails, messageLabel } from '../../kernel/text/message-text.ts';
import type { WalkedStep } from '../../session/read/reading.ts';
import { actionSentence } from '../words.ts';
import type {
  FaultItem, ItemClock, MessageItem, Occurrence, Outcome, SequenceItem,
} from './sequence-view.ts';

/** A step, or the part of one that was executed so far. */
export interface NotedStep extends Omit<WalkedStep, 'action'> {
  readonly action: Action | Upcoming | null;
}

/** The logical clocks of what a step did. */
export interface ItemClocks {
  event(node: number, step: number): ItemClock | undefined;
  message(message: MessageMoment): ItemClock | undefined;
}

const noClocks: ItemClocks = { event: () => undefined, message: () => undefined };

/** In the order in which a reader wants them: what happened, then what it brought about. */
export function itemsOfStep(noted: NotedStep, clocks = noClocks): SequenceItem[] {
  const { step, action, effects, moment } = noted;
  const when: Occurrence = { step, at: moment.time, current: false };
  const { wording } = moment;
  const items = [...arrival(noted, clocks), ...intervention(noted)];
  const { failure } = effects;
  if (failure) {
    const text = `${failure.node} threw: ${failure.message}`;
    items.push({ type: 'fault', nodes: [failure.node], text, ...when });
  }
  if (action?.type === 'fire') {
    items.push({ type: 'timer', node: action.node, timer: action.timer, ...when });
  }
  for (const event of effects.events) {
    const { node, name } = event;
    const fields = eventDetails(event, wording, labelMost);
    const logicalClock = clocks.event(moment.node(node)?.index ?? -1, step);
    const clock = logicalClock ? { logicalClock } : {};
    items.push({ type: 'event', node, name, fields, ...clock, ...when });
  }
  for (const sent of effects.sent) {
    if (sent.lost !== '') items.push(messageItem(sent, 'lost', when, wording, clocks));
  }
  for (const { operation, node, ok, result } of effects.replies) {
    const text = dataText(result, wording.units, labelMost);
    items.push({ type: 'answer', node, operation, ok, text, ...when });
  }
  return items;
}

/** What arrived, or failed to. */
function arrival({ step, action, effects, moment }: NotedStep, clocks: ItemClocks): SequenceItem[] {
  const when: Occurrence = { step, at: moment.time, current: false };
  const { message, lost, refused, probe } = effects;
  const item = (outcome: Outcome) =>
    messageItem(message!, outcome, when, moment.wording, clocks);
  if (message && lost) return [item(refused ? 'reset' : 'lost')];
  if (probe) return [{ ...probeItem(probe), ...when }];
  if (action?.type !== 'deliver' || !message) return [];
  return [item(moment.refuses(message.body) ? 'refused' : 'delivered')];
}

function intervention({ step, action, effects, moment }: NotedStep): SequenceItem[] {
  const isShown = effects.message === null || !effects.lost;
  if (action === null || !isShown || effects.probe || !isIntervention(action, effects)) return [];
  const when: Occurrence = { step, at: moment.time, current: false };
  const about = { nodes: nodesOf(action, moment), text: actionSentence(action, effects, moment) };
  if (!isOperation(action)) return [{ type: 'fault', ...about, ...when }];
  const operation = effects.invoked ? { operation: effects.invoked.operation } : {};
  return [{ type: 'operation', ...operation, ...about, ...when }];
}

export function messageItem(
  message: MessageMoment,
  outcome: Outcome,
  when: Occurrence,
  wording: Wording,
  clocks = noClocks,
): SequenceItem & MessageItem {
  const { from, to, body } = message;
  const words = { label: messageLabel(message, wording), fields: allFields(message, wording) };
  const about = { id: messageName(message), from, to, messageType: body.type, ...words, outcome };
  const sentAt = clocks.message(message);
  const hasArrived = outcome === 'delivered' || outcome === 'refused' || outcome === 'reset';
  const receivedAt = hasArrived ? clocks.event(message.toIndex, when.step) : undefined;
  return {
    type: 'message', ...about, ...when,
    ...(sentAt && { sentAt }), ...(receivedAt && { receivedAt }),
  };
}

const probeOutcomes = { alive: 'delivered', none: 'lost', reset: 'reset' } as const;

function probeItem({ from, to, connection, answer }: ProbeMoment): MessageItem {
  const messageType = 'keep-alive probe';
  const words = { label: messageType, fields: `connection ${connection}` };
  const outcome = probeOutcomes[answer];
  const id = `probe ${from} ${connection}`;
  return { type: 'message', id, from, to, messageType, ...words, outcome };
}

/**
 * An action that neither the network nor a timer takes by itself. A keep-alive timer that only
 * begins anew is not shown; one that gives up on the connection is.
 */
function isIntervention(
  action: Action | Upcoming,
  { events }: Pick<StepEffects, 'events'>,
): boolean {
  if (action.type === 'postponed') return isIntervention(action.action, { events });
  if (action.type === 'probe') return events.length > 0;
  return action.type !== 'deliver' && action.type !== 'fire' && action.type !== 'delay';
}

function isOperation(action: Action | Upcoming): boolean {
  if (action.type === 'postponed') return isOperation(action.action);
  return action.type === 'invoke';
}

/** The nodes that an operation or a fault concerns. A fault of the network may concern all. */
function nodesOf(action: Action | Upcoming, moment: Moment): FaultItem['nodes'] {
  if (action.type === 'postponed') return nodesOf(action.action, moment);
  if ('node' in action) return [action.node];
  const all = moment.nodes.map(({ id }) => id);
  if ((action.type === 'cut' || action.type === 'heal') && action.from && action.to) {
    return all.filter((id) => action.from!.includes(id) || action.to!.includes(id));
  }
  return all;
}

/** A timer that only sends has no row of its own: its messages show it. */
export function isQuietTimer(item: SequenceItem, index: number, items: SequenceItem[]): boolean {
  if (item.type !== 'timer' || item.current) return false;
  const next = items[index + 1];
  return next?.step !== item.step || next.type === 'message';
}

/** Messages that say the same, one after the other, become one item: the last of them. */
export function merged(items: readonly SequenceItem[]): SequenceItem[] {
  const rows: SequenceItem[] = [];
  for (const item of items) {
    const before = rows.at(-1);
    if (before?.type === 'message' && item.type === 'message' && isAlike(before, item)) {
      const { times, since } = before.repeated ?? { times: 1, since: before.step };
      const { folded } = before;
      const one = { ...item, repeated: { times: times + 1, since }, ...(folded && { folded }) };
      rows[rows.length - 1] = one;
    } else rows.push(item);
  }
  return rows;
}

type Message = SequenceItem & MessageItem;

function isAlike(one: Message, other: Message): boolean {
  const { from, to, label, fields, outcome } = one;
  return (
    from === other.from && to === other.to && outcome === other.outcome &&
    label === other.label && fields === other.fields && one.future === other.future
  );
}

/** The items of a whole run, without its state: call `note` for each step, then `finish` once. */
export class SequenceItems {
  private readonly items: SequenceItem[] = [];

  note(noted: NotedStep): void {
    this.items.push(...itemsOfStep(noted));
  }

  /** All items, then what is in flight at `moment`. */
  finish({ messages, wording }: Pick<Moment, 'messages' | 'wording'>): SequenceItem[] {
    const loud = this.items.filter((item, index) => !isQuietTimer(item, index, this.items));
    const flying = messages.slice(0, flightWindow).map((message) => flightItem(message, wording));
    return [...merged(loud), ...flying];
  }
}

/** How many messages in flight are drawn. */
export const flightWindow = 8;

export function flightItem(
  message: MessageMoment,
  wording: Wording,
  clocks?: ItemClocks,
): SequenceItem & MessageItem {
  const when = { step: message.cause, at: message.at, current: false };
  return messageItem(message, 'in-flight', when, wording, clocks);
}
